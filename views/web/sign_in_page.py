"""The sign-in page: shown at its own address, and at any other for someone not signed in."""

from flask import make_response, render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from models import people
from models.adapters import provider
from models.company import Company
from models.customers import Contact
from models.people import passwords, staff_networks
from views.forms import Form, clean
from views.web.visitors import is_demo_open


class SignInForm(Form):
    email = StringField(
        _l("Email address"),
        [InputRequired(), Length(max=200), clean],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(), Length(max=128)],
        render_kw={"autocomplete": "current-password"},
    )


def sign_in_page(form, target, status, problem="", left=False):
    """The form, with the way by the provider; in a demo firm with the accounts to try. `left`: one
    has just signed out here, and not at the provider."""
    return make_response(
        render_template(
            "auth/sign_in.html",
            form=form,
            problem=problem,
            demo=demo_people(),
            demo_password=passwords.DEMO,
            next=target,
            provider=provider.name() if staff_networks.inside(request.remote_addr) else "",
            left=left,
        ),
        status,
    )


def demo_people():
    """One account per role and two customers, shown only in a demo firm, and only where strangers
    do not come."""
    firm = Company.current()
    if not firm or not firm.demo or not is_demo_open():
        return []
    staff = {
        user.first_role: user
        for user in reversed(
            people.User.with_role("sales")
            + people.User.with_role("manager")
            + people.User.with_role("finance")
            + people.User.with_role("archivist")
            + people.User.with_role("admin")
        )
    }
    return list(staff.values()) + Contact.with_password(2)
