"""The way out of letters that nobody must get: a look shows the question, only the button answers it."""
from flask import Blueprint, abort, current_app, render_template
from itsdangerous import BadSignature, URLSafeSerializer

from models.customers import Contact
from views.helpers import audience

bp = Blueprint("opt_out", __name__, url_prefix="/opt-out")


def _signer():
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="opt-out")


def link(contact):
    """The address that a letter to this contact carries."""
    return f"{current_app.config['BASE_URL']}/opt-out/{_signer().dumps(contact.id)}"


def _contact(token):
    try:
        return Contact.known(_signer().loads(token)) or abort(404)
    except BadSignature:
        abort(404)


@bp.get("/<token>")
@audience("public")
def show(token):
    return render_template("opt_out/show.html", contact=_contact(token), token=token)


@bp.post("/<token>")
@audience("public")
def create(token):
    contact = _contact(token)
    contact.opt_out()
    return render_template("opt_out/show.html", contact=contact, token=token)
