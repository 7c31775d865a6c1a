"""The process handbook: contents, sections, acknowledgement, the firm's own versions."""

import difflib

from flask import abort, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import InputRequired, Length

from models.core.errors import Refused
from models.core.roles import STAFF_ROLES
from models.governance import Acknowledgement, HouseText, OwnSection, course
from models.governance import handbook as book
from models.governance import section as sections
from views.forms import LANGUAGES, SHORT, Form, clean, options
from views.refusals import sentence, word
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_id, parse_id
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import person, sees

bp = StaffBlueprint(
    "handbook", __name__, url_prefix="/handbook", menu="handbook", help="01-overview"
)


class TextForm(Form):
    language = SelectField(_l("Language"), choices=LANGUAGES)
    after = HiddenField()
    title = StringField(
        _l("Heading"), [InputRequired(), Length(max=200, message=_l("This is too long.")), clean]
    )
    text = TextAreaField(
        _l("Text"), [InputRequired(), Length(max=book.MOST, message=_l("This is too long.")), clean]
    )
    reason = StringField(_l("Why it is changed"), [SHORT, clean])
    same_meaning = BooleanField(_l("Wording only: no new acknowledgement or course needed"))

    def repeats(self, one):
        """Whether it says what stands there already: no new version is written of that."""
        typed = (self.title.data.strip(), self.text.data.replace("\r\n", "\n").strip())
        return not (one.older or self.reason.data) and typed == (one.title, one.text.strip())


class SectionForm(Form):
    IN_CHINESE = ("title_zh", "text_zh")
    folder = HiddenField()
    roles = SelectMultipleField(
        _l("For whom"),
        [InputRequired()],
        validate_choice=False,
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    title_zh = StringField(
        _l("Title in Chinese"), [Length(max=200, message=_l("This is too long.")), clean]
    )
    text_zh = TextAreaField(
        _l("Text in Chinese"), [Length(max=book.MOST, message=_l("This is too long.")), clean]
    )
    title_en = StringField(
        _l("Title in English"), [Length(max=200, message=_l("This is too long.")), clean]
    )
    text_en = TextAreaField(
        _l("Text in English"), [Length(max=book.MOST, message=_l("This is too long.")), clean]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.roles.choices = options([(r, word(r)) for r in STAFF_ROLES])
        self.leave_out_chinese()


def here():
    """The language the reader reads in."""
    return str(get_locale())[:2]


def folder_of(key):
    return course.FOLDER if key.startswith("course-") else "handbook"


def found(key, language=None):
    return book.section(key, language or here(), folder_of(key)) or abort(404)


@bp.get("/")
@staff_only
def index():
    every = book.sections(here())
    open_keys = {s.key for s in book.unread(person(), every)}
    return render_template(
        "staff/handbook/index.html",
        every=every,
        mine={s.key for s in book.sections_for(person(), every)},
        open_keys=open_keys,
        readers=book.readers(sees().trainees()) if person().may("govern") else [],
    )


@bp.get("/<key>")
@staff_only
def show(key):
    one, every = found(key), book.sections(here())
    keys = [s.key for s in every]
    place = keys.index(key) if key in keys else None
    return render_template(
        "staff/handbook/show.html",
        section=one,
        may_withdraw=OwnSection.by_key(key) and person().may("govern"),
        every=every,
        unread=key in {s.key for s in book.unread(person(), every)},
        before=every[place - 1] if place else None,
        after=every[place + 1] if place is not None and place + 1 < len(every) else None,
    )


@bp.get("/new")
@can("govern")
def new():
    """A section, or a course, of the firm's own."""
    return _new(SectionForm(formdata=None))


def _new(form, problem="", status=200):
    return make_response(
        render_template("staff/handbook/new.html", form=form, folder=_folder(), problem=problem),
        status,
    )


def _folder():
    return course.FOLDER if request.values.get("folder") == course.FOLDER else "handbook"


@bp.post("/new")
@can("govern")
@idempotent
def create():
    form, folder, problem = SectionForm(), _folder(), ""
    if form.validate_on_submit():
        try:
            row = sections.begin(
                person(),
                folder,
                form.roles.data,
                {
                    code: (form[f"title_{code}"].data, form[f"text_{code}"].data)
                    for code in book.LANGUAGES
                    if f"text_{code}" in form
                },
            )
            flash_ok(_("Saved."))
            return redirect(url_for(".show", key=row.key), 303)
        except Refused as error:
            problem = sentence(error)
    return _new(form, problem, 422)


@bp.post("/<key>/withdrawal")
@can("govern")
@idempotent
def withdraw(key):
    row = OwnSection.by_key(key) or abort(404)
    sections.withdraw(person(), row)
    flash_ok(_("Withdrawn."))
    return redirect(url_for("training.everyone" if row.folder == course.FOLDER else ".index"), 303)


@bp.post("/<key>/acknowledgement")
@staff_only
@idempotent
def acknowledge(key):
    found(key)
    Acknowledgement.give(person(), key, form_id("edition"))
    left = book.unread(person())
    flash_ok(
        ngettext(
            "Acknowledged. 1 section left.",
            "Acknowledged. %(num)s sections left.",
            len(left),
        )
        if left
        else _("Acknowledged. You have read everything that concerns you.")
    )
    return redirect(url_for(".show", key=left[0].key if left else key), 303)


@bp.route("/<key>/edit", methods=["GET", "POST"])
@can("govern")
def edit(key):
    language = (
        request.values.get("language")
        if request.values.get("language") in book.LANGUAGES
        else here()
    )
    one = found(key, language)
    form, problem = (
        TextForm(
            data={
                "language": language,
                "after": str(one.last),
                "title": one.title,
                "text": one.text,
            }
        ),
        "",
    )
    if form.validate_on_submit():
        if form.repeats(one):
            return redirect(url_for(".show", key=key), 303)
        try:
            if folder_of(key) == course.FOLDER:
                course.check_text(form.text.data)
            HouseText.write(
                person(),
                key,
                form.language.data,
                form.title.data,
                form.text.data,
                parse_id(form.after.data or ""),
                form.reason.data,
                form.same_meaning.data,
            )
            flash_ok(_("Saved."))
            return redirect(url_for(".show", key=key), 303)
        except Refused as error:
            problem = sentence(error)
    return make_response(
        render_template(
            "staff/handbook/edit.html", form=form, section=one, problem=problem, language=language
        ),
        422 if form.is_submitted() else 200,
    )


@bp.get("/<key>/versions")
@staff_only
def versions(key):
    """Every wording the firm gave it, each against the one before."""
    one, rows = found(key), list(HouseText.versions(key, here()))
    first = book.shipped(folder_of(key), here()).get(key)
    texts = [r.text for r in rows] + [first[2] if first else ""]
    changes = [
        list(
            difflib.unified_diff(texts[i + 1].splitlines(), texts[i].splitlines(), lineterm="", n=1)
        )[2:]
        for i in range(len(rows))
    ]
    return render_template(
        "staff/handbook/versions.html", section=one, rows=list(zip(rows, changes, strict=True))
    )
