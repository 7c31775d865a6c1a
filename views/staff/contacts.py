"""People at a customer, and their invitation to the portal."""

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _pl
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from views.auth import link_for
from views.forms import LANGUAGES, SHORT, DayField, Form, clean, mail_address, options
from views.refusals import sentence
from views.web.addresses import safe_next_url
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import query_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.proof import Unproved, must_prove
from views.web.scope import get_customer, get_or_404, person, sees

bp = StaffBlueprint("contacts", __name__, menu="customers", help="02-customers")


MONTHS = "正月 二月 三月 四月 五月 六月 七月 八月 九月 十月 冬月 腊月".split()
DAYS = (
    "初一 初二 初三 初四 初五 初六 初七 初八 初九 初十 十一 十二 十三 十四 十五 "
    "十六 十七 十八 十九 二十 廿一 廿二 廿三 廿四 廿五 廿六 廿七 廿八 廿九 三十"
).split()


def numbered(names):
    """The choices of a lunar month or day, by number and Chinese name; 0 is none."""
    return options([(0, "—"), *((n, f"{n} {name}") for n, name in enumerate(names, 1))])


class ContactForm(Form):
    GROUPS = (
        (_l("Contact"), "name position email phone language"),
        (
            _l("Receives"),
            "gets_invoices gets_reminders gets_statements gets_greetings sees_company",
        ),
        (_l("Birthday"), "birthday birthday_lunar lunar_month lunar_day lunar_leap"),
    )
    IN_CHINESE = ("birthday_lunar", "lunar_month", "lunar_day", "lunar_leap")
    name = StringField(_pl("person", "Name"), [InputRequired(), SHORT, clean])
    email = StringField(
        _l("Email address"),
        [Optional(), mail_address, SHORT],
        filters=[lambda v: (v or "").strip().lower()],
    )
    phone = StringField(_l("Phone"), [SHORT, clean])
    position = StringField(_l("Position"), [SHORT, clean])
    birthday = DayField(_l("Birthday"), [Optional()])
    birthday_lunar = BooleanField(_l("celebrates the birthday by the Chinese calendar"))
    lunar_month = SelectField(
        _l("Month of the Chinese calendar"),
        choices=numbered(MONTHS),
        coerce=int,
        default=0,
        description=_l("If only the month and day of the birthday are known."),
    )
    lunar_day = SelectField(
        _l("Day of the Chinese calendar"), choices=numbered(DAYS), coerce=int, default=0
    )
    lunar_leap = BooleanField(_l("in the leap month (闰月)"))
    language = SelectField(_l("Language"), choices=LANGUAGES)
    sees_company = BooleanField(_l("Can see all documents of their company"), default=True)
    gets_invoices = BooleanField(_l("Receives invoices"))
    gets_reminders = BooleanField(_l("Receives payment reminders"))
    gets_statements = BooleanField(_l("Receives statements"))
    gets_greetings = BooleanField(_l("Receives greetings and offers"))

    def validate_lunar_day(self, field):
        if bool(field.data) != bool(self.lunar_month.data):
            raise ValidationError(_l("Choose month and day of the Chinese calendar, or neither."))


@bp.route("/customers/<int:id>/contacts/new", methods=["GET", "POST"])
@can("write_customer")
def new(id):
    customer = get_customer(id)
    form = ContactForm.of(None, language=customer.language, **_first_guess(customer))
    if form.validate_on_submit():
        customer.add_contact(person(), **form.changes())
        back = query_text("next", 200) or url_for("customers.show", id=customer.id, tab="contacts")
        return redirect(safe_next_url(back), 303)
    return make_response(
        render_template("staff/contacts/edit.html", form=form, edited=None, customer=customer),
        422 if form.is_submitted() else 200,
    )


def _first_guess(customer):
    """The first contact usually has the address that was typed for the company."""
    alone = not customer.all_contacts().exists()
    return {**customer.mails_of_a_new_contact(), **({"email": customer.email} if alone else {})}


@bp.route("/contacts/<int:id>/edit", methods=["GET", "POST"])
@can("write_customer")
def edit(id):
    contact = get_or_404(sees().contacts(), id)
    form, problem = ContactForm.of(contact), ""
    if form.validate_on_submit():
        try:
            if contact.password and "email" in form.changes():
                must_prove()  # the address opens the portal
            contact.revise(person(), **form.changes())
            return redirect(url_for("customers.show", id=contact.customer_id, tab="contacts"), 303)
        except Unproved as error:
            problem = sentence(error)
    return make_response(
        render_template(
            "staff/contacts/edit.html",
            form=form,
            edited=contact,
            customer=contact.customer,
            problem=problem,
        ),
        422 if form.is_submitted() else 200,
    )


@bp.post("/contacts/<int:id>/invitation")
@can("invite")
@idempotent
def invite(id):
    contact = get_or_404(sees().contacts(), id)
    contact.invite(by=person(), link=lambda code: link_for("invitation", code))
    flash_ok(_("Invitation queued for sending."))
    return redirect(url_for("customers.show", id=contact.customer_id, tab="contacts"), 303)


@bp.post("/contacts/<int:id>/activity")
@can("invite")
@idempotent
def toggle(id):
    contact = get_or_404(sees().contacts(), id)
    (contact.disable if contact.active else contact.enable)(by=person())
    return redirect(url_for("customers.show", id=contact.customer_id, tab="contacts"), 303)
