"""Training: my courses, lessons, quiz, certificate; who takes what, and what roles require."""

import datetime as dt

from flask import (
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, NumberRange

from models.core import filenames
from models.core.clock import today
from models.core.errors import Refused
from models.core.roles import STAFF_ROLES
from models.governance import Requirement, Training
from models.governance import course as courses
from models.people import User
from views.forms import DayField, Form, WholeField, options
from views.refusals import sentence, word
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.downloads import send_data
from views.web.fields import parse_id
from views.web.idempotency import idempotent
from views.web.labels import listed
from views.web.pages import flash_no, flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "training", __name__, url_prefix="/training", menu="training", help="15-training"
)


class AssignForm(Form):
    person = SelectField(_l("Who"), coerce=int)
    course = SelectField(_l("Course"))
    due_on = DayField(_l("Due date"), [InputRequired()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.person.choices = options(
            [(u.id, u.name) for u in sees().trainees().order_by(User.name)]
        )
        self.course.choices = options(titles().items())


class RequirementForm(Form):
    role = SelectField(_l("Role"))
    course = SelectField(_l("Course"), id="required_course")  # beside the other form's
    days = WholeField(
        _l("Complete within (days)"), [InputRequired(), NumberRange(1, 365)], default=14
    )
    valid_months = WholeField(
        _l("Valid for (months)"),
        [InputRequired(), NumberRange(0, 120)],
        default=0,
        description=_l("0 = no expiry"),
    )
    blocks = BooleanField(_l("The role's permissions apply only after passing"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.role.choices = options([(r, word(r)) for r in STAFF_ROLES])
        self.course.choices = options(titles().items())


def titles():
    return {c.key: c.title for c in courses.courses(str(get_locale())[:2])}


@bp.get("/")
@staff_only
def index():
    mine = list(
        Training.select()
        .where(Training.user == person().id, Training.state != "dropped")
        .order_by(Training.id.desc())
    )
    return render_template(
        "staff/training/index.html",
        mine=mine,
        titles=titles(),
        resting_names=listed(word(r) for r in person().resting or ()),
    )


@bp.get("/everyone")
@can("govern")
def everyone():
    return _everyone(
        AssignForm(formdata=None, data={"due_on": today() + dt.timedelta(days=14)}),
        RequirementForm(formdata=None),
    )


def _everyone(assign, require, problem="", status=200):
    rows = (
        sees()
        .trainings()
        .select(Training, User)
        .join(User)
        .where(User.active, Training.state != "dropped")
    )
    return make_response(
        render_template(
            "staff/training/everyone.html",
            rows=list(rows.order_by(Training.state, Training.due_on).limit(500)),
            titles=titles(),
            role_names={role: word(role) for role in STAFF_ROLES},
            requirements=list(sees().requirements().order_by(Requirement.role)),
            assign=assign,
            require=require,
            problem=problem,
        ),
        status,
    )


@bp.post("/")
@can("govern")
@idempotent
def create():
    """Let someone take a course."""
    form, problem = AssignForm(), ""
    if form.validate():
        try:
            Training.assign(
                person(),
                get_or_404(sees().trainees(), form.person.data),
                form.course.data,
                form.due_on.data,
            )
            flash_ok(_("Assigned. The notification email is queued."))
            return redirect(url_for(".everyone"), 303)
        except Refused as error:
            problem = sentence(error)
    return _everyone(form, RequirementForm(formdata=None), problem, 422)


@bp.post("/requirements")
@can("manage_people")
@idempotent
def require():
    form, problem = RequirementForm(), ""
    if form.validate():
        try:
            Requirement.define(
                person(),
                form.role.data,
                form.course.data,
                form.blocks.data,
                form.days.data,
                form.valid_months.data,
            )
            flash_ok(_("Saved."))
            return redirect(url_for(".everyone"), 303)
        except Refused as error:
            problem = sentence(error)
    return _everyone(
        AssignForm(formdata=None, data={"due_on": today() + dt.timedelta(days=14)}),
        form,
        problem,
        422,
    )


@bp.post("/requirements/<int:id>/end")
@can("manage_people")
@idempotent
def lift(id):
    get_or_404(sees().requirements(), id).lift(person())
    return redirect(url_for(".everyone"), 303)


@bp.get("/<int:id>")
@staff_only
def show(id):
    return _page(get_or_404(sees().trainings(), id))


def _page(row, wrong=(), given=None, problem="", status=200):
    course_text = courses.course(
        row.course, row.user.language if row.user_id != person().id else str(get_locale())[:2]
    ) or abort(404)
    known = courses.facts(person())
    lessons = [(head, courses.fill_names(text, known)) for head, text in course_text.lessons]
    quiz = [
        (i, q.text, courses.shuffled(q, f"{row.id} {row.tries} {i}"))
        for i, q in enumerate(course_text.questions)
    ]
    return make_response(
        render_template(
            "staff/training/show.html",
            row=row,
            held=course_text,
            lessons=lessons,
            quiz=quiz,
            wrong=wrong,
            given=given or {},
            problem=problem,
            events=list(row.events),
            may_answer=row.user_id == person().id and row.state == "assigned",
        ),
        status,
    )


@bp.post("/<int:id>/quiz")
@staff_only
@idempotent
def answer(id):
    row = get_or_404(sees().trainings(), id)
    given = {
        i: parse_id(request.form[f"question-{i}"])
        for i in range(100)
        if f"question-{i}" in request.form
    }
    try:
        wrong = row.answer(person(), given)
    except Refused as error:
        return _page(
            row,
            given=given,
            problem=sentence(error),
            status=422 if error.code == "answer_all" else 409,
        )
    row = get_or_404(sees().trainings(), id)
    if row.state == "passed":
        flash_ok(_("Passed with %(score)s%%. Your certificate is ready.", score=row.score))
    else:
        flash_no(
            _(
                "%(score)s%%: not passed yet. Read again: %(what)s",
                score=row.score,
                what=" · ".join(_questions(row, wrong)),
            )
        )
    return redirect(url_for(".show", id=id), 303)


def _questions(row, wrong):
    course_text = courses.course(row.course, str(get_locale())[:2])
    return [course_text.questions[i].text for i in wrong][:5]


@bp.post("/<int:id>/end")
@can("govern")
@idempotent
def drop(id):
    get_or_404(sees().trainings(), id).drop(person())
    return redirect(url_for(".everyone"), 303)


@bp.get("/<int:id>/certificate.pdf")
@staff_only
def certificate(id):
    row = get_or_404(sees().trainings(), id)
    if not row.certificate:
        abort(404)
    return send_data(
        row.certificate_pdf(),
        mimetype="application/pdf",
        download_name=filenames.pdf_of(row.certificate),
    )
