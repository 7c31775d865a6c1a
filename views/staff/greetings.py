"""Greetings: batches to approve, occasions and their words, the list for those without mail."""

from flask import (
    abort,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask_babel import force_locale, pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from models.adapters import outbox
from models.care import Greeting, GreetingBatch, GreetingText, Occasion
from models.care.greeting import JOINED, compose
from models.care.occasion import GREETINGS, KEYS, PLACEHOLDERS, reachable
from models.core.clock import today
from models.core.errors import Refused, refuse
from models.customers import Contact
from views.forms import Form, WholeField, clean
from views.refusals import sentence
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.downloads import table_file
from views.web.fields import form_ids
from views.web.firm import firm
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "greetings", __name__, url_prefix="/greetings", menu="greetings", help="13-care"
)
NAMES = {
    "new_year": _l("New Year"),
    "spring_festival": _l("Spring Festival"),
    "dragon_boat": _l("Dragon Boat Festival"),
    "mid_autumn": _l("Mid-Autumn Festival"),
    "birthday": _l("Birthdays"),
    "company_day": _l("Company anniversaries"),
    "first_order": _l("First-order anniversaries"),
    "survey": _l("Satisfaction survey after a delivery"),
}
CHINESE_FEASTS = ("spring_festival", "dragon_boat", "mid_autumn")
HELD = {
    "opted_out": _l("unsubscribed from greetings"),
    "left": _l("deactivated"),
    "same_person": _l("already greeted as another contact"),
    "final_reminder": _l("last reminder this week"),
    "open_complaint": _l("open complaint"),
    "left_out": _l("skipped"),
    JOINED: _l("waiting for approval"),
    "too_late": _l("day was past"),
    "disputed": _l("open dispute"),
}


def occasion_name(key):
    return str(NAMES.get(key, key))


class WordsForm(Form):
    subject = StringField(
        _l("Subject"), [InputRequired(), Length(max=200, message=_l("This is too long.")), clean]
    )
    text = TextAreaField(
        _l("Email text"),
        [InputRequired(), Length(max=4000, message=_l("This is too long.")), clean],
    )


class OccasionForm(Form):
    active = BooleanField(_l("Observe"))
    lead_days = WholeField(
        _l("Days prepared in advance"), [InputRequired(), NumberRange(1, 60)], default=7
    )


@bp.get("/")
@staff_only
def index():
    rows = list(
        sees()
        .greeting_batches()
        .order_by(GreetingBatch.first_day.desc(), GreetingBatch.id.desc())
        .limit(100)
    )
    return render_template("staff/greetings/index.html", rows=rows, name=occasion_name, day=today())


class GreetingsPage:
    """A batch of greetings, and what someone may do with it."""

    def __init__(self, batch, person):
        self.batch, self.person = batch, person
        rows = batch.seen_by(person).join(Contact).order_by(Greeting.day, Greeting.id)
        self.rows = list(rows.limit(1000))
        self.mailed, self.listed = (
            sum(r.channel == c and not r.why_held for r in self.rows) for c in ("mail", "list")
        )

    @property
    def proposed(self):
        return self.batch.state == "proposed"

    @property
    def held_back(self):
        return len(self.rows) - self.mailed - self.listed

    @property
    def has_list(self):
        """Those without mail are greeted by hand once the batch is approved."""
        return self.batch.state in ("approved", "sent") and self.listed

    @property
    def may_approve(self):
        return self.proposed and self.person.may("govern")

    @property
    def may_approve_joined(self):
        return (
            self.batch.state == "approved"
            and self.person.may("govern")
            and any(row.held == JOINED for row in self.rows)
        )

    @property
    def may_choose(self):
        return self.may_approve or self.may_approve_joined

    def may_leave_out(self, row):
        return not row.held if self.proposed else row.held == JOINED

    @property
    def may_stop(self):
        return self.batch.state == "approved" and self.person.may("govern")


@bp.get("/<int:id>")
@staff_only
def show(id):
    batch = get_or_404(sees().greeting_batches(), id)
    page = GreetingsPage(batch, person())
    return render_template(
        "staff/greetings/show.html",
        page=page,
        batch=batch,
        name=occasion_name,
        held=HELD,
        events=list(batch.events),
    )


@bp.post("/<int:id>/approval")
@can("govern")
@idempotent
def approve(id):
    get_or_404(sees().greeting_batches(), id).approve(person())
    flash_ok(_("Approved. The greetings are sent on their date."))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/leaving-out")
@can("govern")
@idempotent
def leave_out(id):
    get_or_404(sees().greeting_batches(), id).leave_out(person(), form_ids("ids", 1000))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/words")
@can("govern")
@idempotent
def write_again(id):
    get_or_404(sees().greeting_batches(), id).rewrite(person())
    flash_ok(_("All greetings now use the latest texts."))
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/end")
@can("govern")
@idempotent
def drop(id):
    get_or_404(sees().greeting_batches(), id).drop(person())
    return redirect(url_for(".show", id=id), 303)


@bp.get("/<int:id>/list.<any(csv,xlsx):form>")
@staff_only
def as_list(id, form):
    """Those without mail, to be greeted by text message or WeChat."""
    batch = get_or_404(sees().greeting_batches(), id)
    batch.state in ("approved", "sent") or refuse("not_approved")
    rows = [
        [r.day, r.contact.name, r.contact.customer.name, r.contact.phone, r.text]
        for r in batch.seen_by(person())
        .where(Greeting.channel == "list")
        .order_by(Greeting.day, Greeting.id)
        if not r.why_held
    ]
    heads = [_("Day"), pgettext("person", "Name"), _("Customer"), _("Phone"), _("Text")]
    return table_file(f"greetings-{batch.first_day}", form, heads, rows)


@bp.get("/occasions")
@can("configure")
def occasions():
    kept = {o.key: o for o in Occasion.select()}
    chinese = () if firm().in_china else CHINESE_FEASTS
    return render_template(
        "staff/greetings/occasions.html",
        keys=[k for k in KEYS if k not in chinese or k in kept],
        kept=kept,
        name=occasion_name,
        written=GREETINGS,
    )


@bp.route("/occasions/<key>", methods=["GET", "POST"])
@can("configure")
def keep(key):
    if key not in KEYS:
        abort(404)
    form = OccasionForm.of(next(iter(Occasion.select().where(Occasion.key == key)), None))
    if form.validate_on_submit():
        Occasion.configure(person(), key, **form.changes())
        flash_ok(_("Saved."))
        return redirect(url_for(".occasions"), 303)
    return make_response(
        render_template("staff/greetings/keep.html", form=form, key=key, name=occasion_name),
        422 if form.is_submitted() else 200,
    )


@bp.route("/words/<key>/<language>", methods=["GET", "POST"])
@can("configure")
def words(key, language):
    """The words of an occasion in one language, and how they read to someone."""
    if not (key in GREETINGS and language in ("zh", "en")):
        abort(404)
    subject, text = GreetingText.of(key, language)
    form, problem = WordsForm(data={"subject": subject, "text": text}), ""
    if form.validate_on_submit():
        try:
            GreetingText.write(person(), key, language, form.subject.data, form.text.data)
            flash_ok(_("Saved."))
            return redirect(url_for(".words", key=key, language=language), 303)
        except Refused as error:
            problem = sentence(error)
    return make_response(
        render_template(
            "staff/greetings/words.html",
            form=form,
            key=key,
            language=language,
            name=occasion_name,
            problem=problem,
            places=PLACEHOLDERS,
            sample=sample(key, language),
        ),
        422 if form.is_submitted() else 200,
    )


def sample(key, language):
    """(subject, text) as the first contact of that language would have it, or None."""
    contact = reachable().where(Contact.language == language).order_by(Contact.id).first()
    if contact is None:
        return None
    subject, text = compose(key, contact, 3)
    with force_locale(language):
        return outbox.preview(
            to=contact.email,
            template="greeting",
            language=language,
            context={"name": contact.name, "subject": subject, "text": text, "opt_out": "…"},
        )[:2]
