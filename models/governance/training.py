"""Training: who takes which course by when, certificates, and roles whose rights are suspended
until the course is passed."""

import datetime as dt

import peewee as pw

from models.adapters.outbox import Mail
from models.adapters.printing import pdf
from models.company import Company
from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.core.roles import STAFF_ROLES
from models.governance import course as courses
from models.governance.handbook import HouseText
from models.people import User

DAYS, RENEW_BEFORE = 14, 30


class Requirement(Journaled, Model):
    """People with this role must pass this course within `days`. `blocks`: until then the rights of
    the role are suspended. `valid_months` 0: once is enough."""

    role = pw.CharField(max_length=20)
    course = pw.CharField(max_length=40)
    blocks = pw.BooleanField(default=False)
    days = pw.IntegerField(default=DAYS)
    valid_months = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("role", "course"), True),)

    @property
    def name(self):
        return f"{self.role} {self.course}"

    @classmethod
    @db.atomic()
    def define(cls, by, role, course, blocks, days, valid_months):
        """Require a course of a role, in all teams. Those who have the role already keep their
        rights until the day the course is due."""
        by.must("manage_people")
        role in STAFF_ROLES and course in set(courses.keys()) or refuse("choice_unknown")
        if blocks and role == "admin":
            refuse("admin_never_rests")
        row = cls.get_or_none(cls.role == role, cls.course == course) or cls(
            role=role, course=course
        )
        if row.id and (row.blocks, row.days, row.valid_months) == (blocks, days, valid_months):
            return row
        row.blocks, row.days, row.valid_months = blocks, days, valid_months
        row.save()
        row.record("required", by)
        for person in User.with_role(role):
            assign(person, by, newcomer=False)
        return row

    @db.atomic()
    def lift(self, by):
        """End the requirement; rights that were suspended because of it are restored."""
        by.must("manage_people")
        role = self.role
        self.remove(by, "lifted")
        for person in User.with_role(role):
            apply_blocks(person, by)


class Training(Journaled, Model):
    """One person takes one course: assigned, then passed with a certificate, or dropped when it is
    no longer required."""

    user = pw.ForeignKeyField(User, backref="courses_taken")
    course = pw.CharField(max_length=40)
    assigned_on = pw.DateField()
    due_on = pw.DateField(index=True)
    rests_on = pw.DateField(null=True)
    state = pw.CharField(max_length=10, default="assigned", index=True)
    tries = pw.IntegerField(default=0)
    score = pw.IntegerField(null=True)
    passed_on = pw.DateField(null=True)
    valid_until = pw.DateField(null=True)
    certificate = pw.CharField(max_length=20, null=True, unique=True)

    @property
    def name(self):
        return self.course

    @property
    def late(self):
        return self.state == "assigned" and self.due_on < today()

    @classmethod
    def open(cls):
        return cls.select().where(cls.state == "assigned")

    @classmethod
    @db.atomic()
    def assign(cls, by, person, course, due_on):
        """Assign a course that no role requires."""
        by.must("govern")
        course in set(courses.keys()) or refuse("choice_unknown")
        person.active or refuse("no_such_person")
        due_on >= today() or refuse("day_in_past")
        if cls.open().where(cls.user == person.id, cls.course == course).exists():
            refuse("assigned_already")
        return cls._create(person, course, by, due_on, None)

    @classmethod
    def _create(cls, person, course, by, due_on, rests_on):
        row = cls.create(
            user=person, course=course, assigned_on=today(), due_on=due_on, rests_on=rests_on
        )
        row.record("assigned", by, to=[person.name], due_on=due_on)
        row.notify("training_assigned", f"training-{row.id}")
        return row

    @db.atomic()
    def answer(self, by, answers):
        """Take the quiz with {question: index of the chosen answer}. Passed from 80 %; returns the
        questions answered wrong."""
        by.id == self.user_id or refuse("not_yours")
        self.state == "assigned" or refuse("state_changed", now=self.state)
        course = courses.course(self.course, by.language) or refuse("choice_unknown")
        set(answers) == set(range(len(course.questions))) or refuse("answer_all")
        wrong = [i for i, q in enumerate(course.questions) if answers[i] != q.right]
        score = 100 * (len(course.questions) - len(wrong)) // len(course.questions)
        if score >= courses.PASS:
            self._pass(score)
        else:
            self.move("assigned", to="assigned", tries=self.tries + 1, score=score)
            self.record("failed", by, score=score)
        return wrong

    def _pass(self, score):
        months = max([r.valid_months for r in self._required()], default=0)
        self.move(
            "assigned",
            to="passed",
            tries=self.tries + 1,
            score=score,
            passed_on=today(),
            certificate=f"TC-{today():%Y}-{self.id:05}",
            valid_until=_add_months(today(), months) if months else None,
        )
        self.record("passed", self.user, score=score, number=self.certificate)
        apply_blocks(User.get_by_id(self.user_id), self.user)

    def _required(self):
        return [
            r
            for r in Requirement.select().where(Requirement.course == self.course)
            if r.role in self.user.roles
        ]

    @db.atomic()
    def drop(self, by):
        """Cancel the assignment. Refused while a role requires the course."""
        by.must("govern")
        if self._required():
            refuse("still_required")
        self.move("assigned", to="dropped")
        self.record("dropped", by)

    def certificate_pdf(self):
        course = courses.course(self.course, self.user.language)
        self.state == "passed" or refuse("state_changed", now=self.state)
        return pdf.page(
            "training_certificate",
            self.user.language,
            font=Company.current().font,
            dates=Company.current().date_letters(self.user.language),
            firm=Company.current().as_seller(language=self.user.language),
            row=self,
            title=course.title if course else self.course,
        )

    def notify(self, template, key):
        course = courses.course(self.course, self.user.language)
        Mail.enqueue(
            key,
            to=self.user.email,
            template=template,
            language=self.user.language,
            context={
                "name": self.user.name,
                "course": course.title if course else self.course,
                "due_on": self.due_on.isoformat(),
                "path": f"/training/{self.id}",
            },
        )


def has_passed(person, course):
    """Whether the person has passed the course and the certificate is still valid."""
    return (
        Training.select()
        .where(
            Training.user == person.id,
            Training.course == course,
            Training.state == "passed",
            Training.valid_until.is_null() | (Training.valid_until >= today()),
        )
        .exists()
    )


def assign(person, by, newcomer=True):
    """Assign every course that the person's roles require and that they have not passed, then apply
    the blocks. A newcomer's rights are suspended at once, those of others when the course is
    overdue."""
    for row in (
        Requirement.select().where(Requirement.role.in_(person.roles)).order_by(Requirement.id)
    ):
        open_training = (
            Training.open().where(Training.user == person.id, Training.course == row.course).first()
        )
        if not open_training and not has_passed(person, row.course):
            due = today() + dt.timedelta(days=row.days)
            Training._create(
                person, row.course, by, due, today() if newcomer else due + dt.timedelta(days=1)
            )
    apply_blocks(person, by)


def apply_blocks(person, by):
    """Store for which roles the person's rights are suspended: those with a blocking course that is
    overdue."""
    resting = set()
    for row in Requirement.select().where(
        Requirement.blocks, Requirement.role.in_(person.roles or [""])
    ):
        if not has_passed(person, row.course):
            waiting = (
                Training.open()
                .where(
                    Training.user == person.id,
                    Training.course == row.course,
                    Training.rests_on.is_null(False),
                    Training.rests_on > today(),
                )
                .exists()
            )
            resting |= set() if waiting else {row.role}
    if sorted(resting) != sorted(person.resting or []):
        person.resting = sorted(resting)
        person.save()
        person.record("rights_settled", by, resting=sorted(resting))
        person.presence_changed(by)


def run():
    """Each day: renew certificates that expire, apply the blocks, remind a week before the due day
    and after it. Running twice does nothing twice."""
    for person in list(User.select().where(User.active)):
        with db.atomic():
            _renew(person)
            apply_blocks(person, None)
    for row in Training.open().where(Training.due_on <= today() + dt.timedelta(days=7)):
        if row.user.active:
            row.notify(
                "training_due",
                f"training-due-{row.id}-{'late' if row.due_on < today() else 'soon'}",
            )


def _renew(person):
    """Assign a required course again a month before its certificate expires."""
    for row in Requirement.select().where(
        Requirement.role.in_(person.roles or [""]), Requirement.valid_months > 0
    ):
        last = (
            Training.select()
            .where(Training.user == person.id, Training.course == row.course)
            .order_by(Training.id.desc())
            .first()
        )
        if (
            last
            and last.state == "passed"
            and last.valid_until
            and last.valid_until <= today() + dt.timedelta(days=RENEW_BEFORE)
        ):
            Training._create(
                person,
                row.course,
                None,
                max(last.valid_until, today()),
                max(last.valid_until, today()) + dt.timedelta(days=1),
            )


@db.atomic()
def retake(course, by):
    """The course has new content: everyone whose role requires it takes it again. The old
    certificate is valid until that is due, and no longer."""
    for row in Requirement.select().where(Requirement.course == course):
        for person in User.with_role(row.role):
            if (
                not has_passed(person, course)
                or Training.open()
                .where(Training.user == person.id, Training.course == course)
                .exists()
            ):
                continue
            due = today() + dt.timedelta(days=row.days)
            for training in Training.select().where(
                Training.user == person.id,
                Training.course == course,
                Training.state == "passed",
                Training.valid_until.is_null() | (Training.valid_until > due),
            ):
                training.valid_until = due
                training.save()
                training.record("expired", by, due_on=due)
            Training._create(person, course, by, due, due + dt.timedelta(days=1))


def _add_months(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    last = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


User.roles_followers.append(assign)
HouseText.rewrite_followers.append(retake)
