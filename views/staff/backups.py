"""Backups: the places, what lies there and until when, and the sheet with the key."""

import segno
from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from models.adapters import stores
from models.core import progress
from models.core.clock import today
from models.core.errors import Refused
from models.core.wake import wake
from models.operations.backup import Place, keys, post_restore, snapshot
from models.operations.backup.place import KEEP, RHYTHMS
from views.forms import SHORT, Form, WholeField, clean, options
from views.refusals import sentence
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.idempotency import idempotent
from views.web.pages import flash_ok, pieces
from views.web.proof import must_prove
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("backups", __name__, url_prefix="/backups", menu="backups", help="11-keeping")
RHYTHM_NAMES = {
    "hourly": _l("every hour"),
    "daily": _l("every day"),
    "weekly": _l("every week"),
    "monthly": _l("every month"),
}
KIND_NAMES = {
    "folder": _l("A folder: this disk, another disk, a network drive"),
    "s3": _l("S3-compatible storage"),
    "sftp": _l("SFTP server"),
    "webdav": _l("WebDAV"),
}
TEXTS = {
    "path": _l("Folder (absolute path)"),
    "endpoint": _l("Address of the storage"),
    "region": _l("Region"),
    "bucket": _l("Bucket"),
    "prefix": _l("Folder in the bucket"),
    "key_id": _l("Access key"),
    "host": _l("Server"),
    "port": _l("Port"),
    "user": _l("User name"),
    "url": _l("Address (https://…)"),
}


def numbers(label):
    return WholeField(label, [InputRequired(), NumberRange(0, 1000)])


class PlaceForm(Form):
    """All fields of all kinds; those that the kind has are shown."""

    name = StringField(_l("Location name"), [InputRequired(), Length(max=60), clean])
    path = StringField(TEXTS["path"], [SHORT, clean])
    endpoint = StringField(TEXTS["endpoint"], [SHORT, clean])
    region = StringField(TEXTS["region"], [SHORT, clean])
    bucket = StringField(TEXTS["bucket"], [SHORT, clean])
    prefix = StringField(TEXTS["prefix"], [SHORT, clean])
    key_id = StringField(TEXTS["key_id"], [SHORT, clean])
    host = StringField(TEXTS["host"], [SHORT, clean])
    port = WholeField(TEXTS["port"], [Optional(), NumberRange(1, 65535)])
    user = StringField(TEXTS["user"], [SHORT, clean])
    url = StringField(TEXTS["url"], [SHORT, clean])
    secret = PasswordField(
        _l("Password or secret key"),
        [Length(max=4000)],
        description=_l("Stored encrypted and never shown again. Leave empty to keep."),
    )
    rhythm = SelectField(_l("How often"), choices=options([(r, RHYTHM_NAMES[r]) for r in RHYTHMS]))
    hour = WholeField(_l("At what hour"), [InputRequired(), NumberRange(0, 23)])
    hourly = numbers(_l("Hourly backups"))
    daily = numbers(_l("Daily backups"))
    weekly = numbers(_l("Weekly backups"))
    monthly = numbers(_l("Monthly backups"))
    yearly = numbers(_l("Yearly backups"))

    def validate_url(self, field):
        if field.data and not field.data.startswith(("http://", "https://")):
            raise ValidationError(_l("An address begins with http:// or https://."))

    def told(self, kind):
        """(settings, keep) as the model takes them."""
        return (
            {name: str(self[name].data or "") for name in stores.FIELDS[kind]},
            {name: self[name].data for name in KEEP},
        )


@bp.get("/")
@can("back_up")
def index():
    places = list(sees().places())
    return render_template(
        "staff/backups/index.html",
        places=places,
        kinds=KIND_NAMES,
        rhythms=RHYTHM_NAMES,
        parts=_parts(places),
        backups=_made(),
        printed=_printed(),
        resting=post_restore.paused_after_restore(),
    )


def _made():
    return list(sees().backups().limit(60))


def _parts(places):
    names = {place.id: place.progress_name for place in places}
    parts = progress.parts(names.values())
    return {ident: parts[name] for ident, name in names.items()}


def _printed():
    """Whether the sheet was printed, or there is no key yet."""
    return keys.load(snapshot.folder()) is None or keys.printed(snapshot.folder())


@bp.get("/places/<int:id>/state")
@can("back_up")
def show(id):
    place = get_or_404(sees().places(), id)
    return pieces(
        "staff/backups/_place.html",
        "staff/backups/_made.html",
        place=place,
        kinds=KIND_NAMES,
        rhythms=RHYTHM_NAMES,
        parts=_parts([place]),
        backups=_made(),
    )


def _kind():
    return request.args.get("kind") if request.args.get("kind") in stores.KINDS else "folder"


def _form(kind, **data):
    """The fields that this kind has."""
    form = PlaceForm(data=data)
    for name in {name for names in stores.FIELDS.values() for name in names} - set(
        stores.FIELDS[kind]
    ):
        del form[name]
    return form


@bp.get("/places/new")
@can("back_up")
def new():
    kind = _kind()
    path = _free_folder() if kind == "folder" else ""
    return _page(_form(kind, **KEEP, rhythm="daily", hour=3, path=path, name=""), kind, "")


def _free_folder():
    """A folder beside the data in which no place keeps its backups yet, or nothing: a second one
    there helps little."""
    path = str(snapshot.folder() / "backups")
    return "" if path in {place.settings.get("path") for place in sees().places()} else path


@bp.post("/places/new")
@can("back_up")
@idempotent
def create():
    kind, problem = _kind(), ""
    form = _form(kind)
    if form.validate():
        try:
            must_prove()
            settings, keep = form.told(kind)
            Place.add(
                person(),
                form.name.data,
                kind,
                settings,
                form.secret.data or "",
                form.rhythm.data,
                form.hour.data,
                keep,
            )
            wake("backups")
            return redirect(url_for("backups.index"), 303)
        except Refused as error:
            problem = sentence(error)
    return _page(form, kind, problem)


@bp.route("/places/<int:id>/edit", methods=["GET", "POST"])
@can("back_up")
def edit(id):
    place = get_or_404(sees().places(), id)
    form, problem = (
        _form(
            place.kind,
            **{
                **place.settings,
                **KEEP,
                **place.keep,
                "name": place.name,
                "rhythm": place.rhythm,
                "hour": place.hour,
            },
        ),
        "",
    )
    if form.validate_on_submit():
        try:
            must_prove()
            settings, keep = form.told(place.kind)
            place.revise(
                person(),
                form.name.data,
                settings,
                form.secret.data or "",
                form.rhythm.data,
                form.hour.data,
                keep,
            )
            wake("backups")
            return redirect(url_for("backups.index"), 303)
        except Refused as error:
            problem = sentence(error)
    return _page(form, place.kind, problem, place)


def _page(form, kind, problem, place=None):
    return make_response(
        render_template(
            "staff/backups/edit.html",
            form=form,
            kind=kind,
            kinds=KIND_NAMES,
            fields=stores.FIELDS[kind],
            keep=KEEP,
            place=place,
            problem=problem,
        ),
        422 if form.is_submitted() else 200,
    )


@bp.post("/places/<int:id>/run")
@can("back_up")
@idempotent
def ask(id):
    get_or_404(sees().places(), id).ask(person())
    wake("backups")
    return redirect(url_for("backups.index"), 303)


@bp.post("/places/<int:id>/off")
@can("back_up")
@idempotent
def off(id):
    get_or_404(sees().places(), id).switch(person(), False)
    return redirect(url_for("backups.index"), 303)


@bp.post("/places/<int:id>/on")
@can("back_up")
@idempotent
def on(id):
    get_or_404(sees().places(), id).switch(person(), True)
    return redirect(url_for("backups.index"), 303)


@bp.get("/sheet")
@can("back_up")
def sheet():
    """The way to the recovery key, until someone says that it is printed."""
    return render_template(
        "staff/backups/sheet.html",
        printed=_printed(),
        none_yet=keys.load(snapshot.folder()) is None,
    )


@bp.post("/sheet")
@can("back_up")
def sheet_with_key():
    """The recovery key to be printed: shown until someone says that it is printed, never
    afterwards."""
    if _printed():
        return redirect(url_for("backups.sheet"), 303)
    key = str(keys.load(snapshot.folder()))
    keys.note_shown(person())
    places = [place for place in sees().places() if place.active]
    return render_template(
        "staff/backups/sheet.html",
        key=key,
        parts=[key[i : i + 5] for i in range(0, len(key), 5)],
        picture=segno.make(key, error="m").svg_data_uri(scale=4, border=2, light="#fff"),
        day=today(),
        places=places,
        secret_needed=any(place.kind != "folder" for place in places),
        kinds=KIND_NAMES,
        fields=stores.FIELDS,
        texts=TEXTS,
        under=keys.fingerprint(keys.load(snapshot.folder()).to_public()),
    )


@bp.post("/sheet/printed")
@can("back_up")
@idempotent
def printed():
    keys.note_printed(snapshot.folder(), person())
    flash_ok(_("Keep the sheet off-site, away from this machine."))
    return redirect(url_for("backups.index"), 303)
