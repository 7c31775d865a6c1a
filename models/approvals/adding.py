"""What an approver can do besides deciding: hand over (转交), ask someone before (前加签) or after
(后加签) themselves."""

from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, Refused, refuse
from models.people import User


class Adding:
    @db.atomic()
    def hand_over(self, by, to, note=""):
        """Let another decide instead."""
        self.entitle(by)
        self._give(by, to, note, "handed_over")

    def _give(self, by, to, note, action):
        request, state = self.request, type(self).get_by_id(self.id).state
        self._may_ask(to)
        self.move("open", "waiting", to="handed_over", note=note.strip()[:1000], decided_at=now())
        made = type(self).open_for(
            request,
            to,
            kind=self.kind,
            parent=self.parent,
            came_from=self.user,
            state=state,
            taken=type(self).asked_in(request) | {self.user_id},
        )
        type(self).update(parent=made).where(
            type(self).parent == self.id, type(self).kind == "before"
        ).execute()
        request.record(
            action,
            by,
            step=self.step,
            note=note,
            task=self.id,
            into=made.id,
            to=[made.user.name],
            **self.both_names(),
        )
        return made

    @db.atomic()
    def ask_before(self, by, person, note=""):
        """Ask someone first; when they agreed, the question comes back."""
        self.entitle(by)
        self._may_ask(person)
        self.move("open", to="waiting")
        made = type(self).open_for(self.request, person, kind="before", parent=self, came_from=by)
        self.request.record(
            "asked_before",
            by,
            step=self.step,
            note=note,
            task=self.id,
            into=made.id,
            to=[made.user.name],
            **self.both_names(),
        )
        return made

    @db.atomic()
    def ask_after(self, by, person, note=""):
        """Agree, and have someone else agree after; the step waits for both."""
        self.entitle(by)
        self._may_ask(person)
        made = type(self).open_for(self.request, person, kind="after", parent=self, came_from=by)
        self.request.record(
            "asked_after",
            by,
            step=self.step,
            note=note,
            task=self.id,
            into=made.id,
            to=[made.user.name],
            **self.both_names(),
        )
        self.approve(by, note)
        return made

    def reopen(self):
        """The person asked before has agreed: it is this one's turn again."""
        parent = type(self).get_by_id(self.id)
        if (
            parent.state == "waiting"
            and not parent.children.where(
                type(self).state.in_(("open", "waiting")), type(self).kind == "before"
            ).exists()
        ):
            parent.move("waiting", to="open")
            parent.notify("task_waiting", f"task-{parent.id}-again-{parent.children.count()}")

    def _may_ask(self, person):
        request = self.request
        isinstance(person, User) and person.active or refuse("no_such_person")
        if person.id in (request.submitter_id, request.subject.owner_id):
            refuse("own_document")
        if person.id in type(self).asked_in(request):
            refuse("asked_already", name=person.name)


@db.atomic()
def hand_over_all(by, person, to):
    """Give every open task of someone who left or is long away to another; by an administrator or
    the person. Returns ([given], [(task, refusal)])."""
    if not by.active:
        raise Forbidden("hand_over")
    if by.id != person.id:
        by.must("manage_people")
    if person.id == to.id:
        refuse("not_yourself")
    given, kept = [], []
    Task = person.all_tasks.model
    for task in person.all_tasks.where(Task.state.in_(("open", "waiting"))).order_by(Task.id):
        try:
            with db.atomic():
                given.append(task._give(by, to, "", "handed_over"))
        except Refused as error:
            kept.append((task, error))
    return given, kept
