"""Colleagues and their roles."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _pl
from flask_babel import pgettext
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField, widgets
from wtforms.validators import InputRequired, Length, Optional

from models.core.errors import Refused
from models.people import Code, Session, User
from views.forms import LANGUAGES, SHORT, Form, RowField, clean, mail_address, options
from views.lists import Listing
from views.refusals import sentence, word
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import query_text
from views.web.idempotency import idempotent
from views.web.labels import listed
from views.web.pages import flash_ok
from views.web.proof import must_prove
from views.web.roles import ROLES
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("people", __name__, url_prefix="/people", menu="people", help="14-accounts")


class PersonForm(Form):
    name = StringField(_pl("person", "Name"), [InputRequired(), SHORT, clean])
    email = StringField(
        _l("Email address"),
        [InputRequired(), mail_address, SHORT],
        filters=[lambda v: (v or "").strip().lower()],
    )
    roles = SelectMultipleField(
        _l("Roles"),
        choices=options(
            (role, _l("%(role)s: %(does)s", role=label, does=does))
            for role, (label, does) in ROLES.items()
        ),
        validate_choice=False,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    team = StringField(_l("Team"), [SHORT, clean])
    superior = RowField(_l("Superior"))
    language = SelectField(_l("Language"), choices=LANGUAGES)
    password = PasswordField(
        _l("First password"),
        [Optional(), Length(min=12, max=128)],
        description=_l("At least 12 characters. Leave empty to keep."),
    )

    def offer(self, row):
        self.superior.offer(User.with_role("manager"))


def listing():
    """The colleagues, narrowed and sorted by the query string."""
    q, rows = query_text("q"), sees().people()
    rows = rows.where(User.name.contains(q) | User.email.contains(q)) if q else rows
    return Listing(
        "people", rows, {"name": (User.name, "text"), "email": (User.email, "text")}, "name"
    )


@bp.get("/")
@can("manage_people")
def index():
    return render_template(
        "staff/people/index.html",
        listing=listing(),
        invited=Code.open_until("joining"),
        chosen=request.args,
    )


@bp.get("/export.<any(csv,xlsx):form>")
@can("manage_people")
def export(form):
    return listing().as_file(
        form,
        [
            pgettext("person", "Name"),
            _("Email address"),
            _("Roles"),
            _("Team"),
            _("Superior"),
            _("Active"),
        ],
        lambda p: [
            p.name,
            p.email,
            listed(word(role) for role in p.roles),
            p.team.name if p.team else "",
            p.superior.name if p.superior else "",
            1 if p.active else 0,
        ],
    )


@bp.route("/new", methods=["GET", "POST"])
@can("manage_people")
def new():
    return _form(None)


@bp.route("/<int:id>/edit", methods=["GET", "POST"])
@can("manage_people")
def edit(id):
    return _form(get_or_404(sees().people(), id))


def _form(colleague):
    team = colleague.team.name if colleague and colleague.team else ""
    form, problem = PersonForm.of(colleague, team=team), ""
    if form.validate_on_submit():
        try:
            must_prove()
            data = {**form.changes(), "password": form.password.data}
            User.put_in_place(person(), colleague, **data)
            return redirect(url_for("people.index"), 303)
        except Refused as error:
            problem = sentence(error)
    return make_response(
        render_template(
            "staff/people/edit.html",
            form=form,
            person=colleague,
            problem=problem,
            account=colleague and colleague != person() and colleague.provider_account,
            resettable=colleague and colleague != person() and colleague.has_second_factor,
            sessions=Session.open_of(colleague) if colleague else [],
        ),
        422 if form.is_submitted() else 200,
    )


@bp.post("/<int:id>/sessions/end")
@can("manage_people")
@idempotent
def sign_out(id):
    colleague = get_or_404(sees().people(), id)
    colleague.sign_out_everywhere(by=person())
    flash_ok(_("%(name)s is signed out on every device.", name=colleague.name))
    return redirect(url_for("people.edit", id=id), 303)


@bp.post("/<int:id>/activity")
@can("manage_people")
@idempotent
def toggle(id):
    colleague = get_or_404(sees().people(), id)
    (colleague.disable if colleague.active else colleague.enable)(by=person())
    return redirect(url_for("people.index"), 303)
