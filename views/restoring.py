"""Restoring an empty portal from a backup: first a rehearsal, then the restore."""

import secrets

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from models.adapters import stores
from models.company import Company
from models.core.errors import Refused
from models.operations.backup import Place, first_run
from views.forms import SHORT, clean
from views.refusals import sentence
from views.refusals.troubles import place_trouble
from views.staff.backups import KIND_NAMES, PlaceForm
from views.web.auth import before_setup

bp = Blueprint("restoring", __name__, url_prefix="/setup/restore")
OTHERS = ("name", "rhythm", "hour", "hourly", "daily", "weekly", "monthly", "yearly")


class SourceForm(PlaceForm):
    backup = StringField(_l("Name of the backup (empty: the newest)"), [SHORT, clean])
    secret = PasswordField(_l("Password or secret key"), [Length(max=4000)])
    key = TextAreaField(
        _l("Recovery key"),
        [InputRequired(), Length(max=500)],
        description=_l("From the printed sheet: AGE-SECRET-KEY-1…"),
    )


class ListForm(SourceForm):
    """Backups can be listed without the key."""

    key = TextAreaField(
        _l("Recovery key"),
        [Length(max=500)],
        description=_l("From the printed sheet: AGE-SECRET-KEY-1…"),
    )


class AgainForm(SourceForm):
    """After an attempt: secrets are shown on no page, but need not be typed again."""

    secret = PasswordField(
        _l("Password or secret key"),
        [Length(max=4000)],
        description=_l("Empty: as entered before for this location."),
    )
    key = TextAreaField(
        _l("Recovery key"),
        [Length(max=500)],
        description=_l(
            "Empty: the key entered before. It is kept, encrypted, only until the restore is done."
        ),
    )


def _last_attempt():
    return first_run.last_attempt(session.get("restoring"))


def _form(kind):
    attempt = _last_attempt()
    typed = (
        {**attempt.settings, "backup": attempt.typed}
        if attempt and attempt.kind == kind and request.method == "GET"
        else None
    )
    form = (
        AgainForm
        if attempt and attempt.identity
        else ListForm
        if request.form.get("list")
        else SourceForm
    )(data=typed)
    for name in {*OTHERS, *(n for names in stores.FIELDS.values() for n in names)} - set(
        stores.FIELDS[kind]
    ):
        del form[name]
    return form


def _kind():
    attempt = _last_attempt()
    return (
        request.args.get("kind")
        if request.args.get("kind") in stores.KINDS
        else attempt.kind
        if attempt
        else "folder"
    )


def _page(form, kind, problem="", status=200, names=()):
    work, attempt = first_run.current(), _last_attempt()
    names = names or (attempt.names if attempt and attempt.kind == kind else ())
    return make_response(
        render_template(
            "setup/restore.html",
            form=form,
            kind=kind,
            kinds=KIND_NAMES,
            names=names,
            fields=stores.FIELDS[kind],
            problem=problem,
            work=work,
            refusal=sentence(work.refused) if work and work.refused else "",
        ),
        status,
    )


@bp.get("")
@before_setup
def index():
    work = first_run.current()
    if Company.current() and not (work and work.fresh):
        return redirect(url_for("home.index"), 303)
    if request.htmx:
        return make_response(
            render_template(
                "setup/_restore.html",
                work=work,
                refusal=sentence(work.refused) if work and work.refused else "",
            )
        )
    return _page(_form(_kind()), _kind())


@bp.post("")
@before_setup
def create():
    kind, problem = _kind(), ""
    form = _form(kind)
    if Company.current():
        return redirect(url_for("home.index"), 303)
    if form.validate():
        browser = session.setdefault("restoring", secrets.token_urlsafe(18))
        try:
            settings = Place.validated(
                kind, {name: str(form[name].data or "") for name in stores.FIELDS[kind]}
            )
            if request.form.get("list"):
                return _page(
                    form,
                    kind,
                    names=first_run.list_backups(
                        kind, settings, form.secret.data or "", form.key.data, browser
                    ),
                )
            first_run.start_rehearsal(
                kind, settings, form.secret.data or "", form.key.data, form.backup.data, browser
            )
            return redirect(url_for("restoring.index", kind=kind), 303)
        except Refused as error:
            problem = sentence(error)
        except stores.Unreachable as error:
            problem = place_trouble(str(error))
    return _page(form, kind, problem, 422)


@bp.post("/go")
@before_setup
def go():
    if not Company.current():
        first_run.start_restore()
    return redirect(url_for("restoring.index"), 303)


@bp.post("/again")
@before_setup
def again():
    if not Company.current():
        first_run.start_over()
    return redirect(url_for("restoring.index"), 303)
