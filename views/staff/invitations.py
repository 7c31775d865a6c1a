"""New colleagues, invited by mail: several at once, each address under the role it is to have."""

import re

from flask import current_app, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from wtforms import TextAreaField, ValidationError
from wtforms.validators import Length

from models.core.errors import Refused
from models.core.mail_address import MAIL
from models.people import User
from views.auth import link_for
from views.forms import Form, clean
from views.refusals import sentence
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.proof import must_prove
from views.web.roles import ROLES
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "invitations", __name__, url_prefix="/people", menu="people", help="14-accounts"
)

SEPARATORS = re.compile(r"[,;，；\r\n]")


class AddressesField(TextAreaField):
    """Mail addresses as people paste them: by comma or line, with or without a name."""

    def addresses(self):
        """[(name or "", address)]; ("", what it is) where it is none."""
        for part in SEPARATORS.split(self.data or ""):
            *name, address = part.replace("<", " ").split() or [""]
            if name and "@" not in address:
                yield "", part.strip()
            elif address:
                yield " ".join(name).strip('" '), address.removesuffix(">").lower()

    def pre_validate(self, form):
        for _name, email in self.addresses():
            if not MAIL.fullmatch(email):
                raise ValidationError(_("%(text)s is not an email address.", text=email))


class InvitationForm(Form):
    """A field for each role."""

    def wanted(self):
        """{address: (name, roles)}."""
        found = {}
        for role in ROLES:
            for name, email in self[role].addresses():
                known, roles = found.get(email, ("", []))
                found[email] = (known or name or called_after(email), [*roles, role])
        return found


for role, (label, does) in ROLES.items():
    field = AddressesField(
        label, [Length(max=5000), clean], description=does, render_kw={"rows": 1}
    )
    setattr(InvitationForm, role, field)


def called_after(email):
    """A name until they tell theirs: Mei Lin for mei.lin@firm.test."""
    return email.partition("@")[0].replace(".", " ").replace("_", " ").title()


def link(code):
    return link_for("joining", code)


@bp.get("/invitations")
@can("manage_people")
def new():
    return _page(InvitationForm())


@bp.post("/invitations")
@can("manage_people")
@idempotent
def create():
    form, problem = InvitationForm(), ""
    if form.validate_on_submit():
        wanted = form.wanted()
        problem = "" if wanted else _("Enter at least one email address.")
        try:
            if wanted:
                must_prove()
                User.invite_all(person(), wanted, link)
                flash_ok(_("Invitations queued for sending."))
                return redirect(url_for("people.index"), 303)
        except Refused as error:
            problem = sentence(error)
    return _page(form, problem)


def _page(form, problem=""):
    return make_response(
        render_template(
            "staff/invitations/new.html",
            form=form,
            problem=problem,
            server=current_app.config["SMTP_URL"],
        ),
        422 if form.is_submitted() else 200,
    )


@bp.post("/<int:id>/invitation")
@can("manage_people")
@idempotent
def again(id):
    get_or_404(sees().people(), id).invite(person(), link)
    flash_ok(_("Invitation queued for sending."))
    return redirect(url_for("people.index"), 303)
