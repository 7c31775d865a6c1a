"""What an approver can do besides deciding: hand the task over (转交), or ask someone else to
decide before (前加签) or after (后加签) them. Who was added so adds nobody further, so that the
end of a step stays in sight."""

from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, Refused, refuse
from models.people import User


class Adding:
    @property
    def may_ask_another(self):
        """Whether the flow asked this person, and not a colleague."""
        return self.kind == "decide"

    @db.atomic()
    def hand_over(self, by, to, note=""):
        """Let another person decide instead."""
        self.check_may_decide(by)
        self._reassign(by, to, note, "handed_over")

    def _reassign(self, by, to, note, action):
        request, state = self.request, type(self).get_by_id(self.id).state
        self._check_can_be_asked(to)
        self.move("open", "waiting", to="handed_over", note=note.strip()[:1000], decided_at=now())
        new = type(self).open_for(
            request,
            to,
            kind=self.kind,
            parent=self.parent,
            came_from=self.user,
            state=state,
            asked_ids=type(self).asked_in(request) | {self.user_id},
        )
        self.pass_children_to(new)
        request.record(
            action,
            by,
            step=self.step,
            note=note,
            task=self.id,
            into=new.id,
            to=[new.user.name],
            **self.behalf_fact(),
        )
        return new

    @db.atomic()
    def ask_before(self, by, person, note=""):
        """Ask someone else first; once they have approved, this task is open again."""
        self._check_may_ask(by, person)
        self.move("open", to="waiting")
        new = type(self).open_for(self.request, person, kind="before", parent=self, came_from=by)
        self.request.record(
            "asked_before",
            by,
            step=self.step,
            note=note,
            task=self.id,
            into=new.id,
            to=[new.user.name],
            **self.behalf_fact(),
        )
        return new

    @db.atomic()
    def ask_after(self, by, person, note=""):
        """Approve, and ask someone else to approve after; the step waits for both."""
        self._check_may_ask(by, person)
        new = type(self).open_for(self.request, person, kind="after", parent=self, came_from=by)
        self.request.record(
            "asked_after",
            by,
            step=self.step,
            note=note,
            task=self.id,
            into=new.id,
            to=[new.user.name],
            **self.behalf_fact(),
        )
        self.approve(by, note)
        return new

    def reopen(self):
        """Open this task again, once everybody who was asked before has approved."""
        parent = type(self).get_by_id(self.id)
        if (
            parent.state == "waiting"
            and not parent.children.where(
                type(self).state.in_(("open", "waiting")), type(self).kind == "before"
            ).exists()
        ):
            parent.move("waiting", to="open")
            parent.notify("task_waiting", f"task-{parent.id}-again-{parent.children.count()}")

    def _check_may_ask(self, by, person):
        self.check_may_decide(by)
        self.may_ask_another or refuse("added_asks_nobody")
        self._check_can_be_asked(person)

    def _check_can_be_asked(self, person):
        request = self.request
        isinstance(person, User) and User.colleague(person.id) or refuse("no_such_person")
        if person.id in (request.submitter_id, request.subject.owner_id):
            refuse("own_document")
        if person.id in type(self).asked_in(request):
            refuse("asked_already", name=person.name)


@db.atomic()
def hand_over_all(by, person, to):
    """Hand every open task of a person who left or is away for long over to another; by an
    administrator or the person. Returns ([new tasks], [(task, refusal)])."""
    if not by.active:
        raise Forbidden("hand_over")
    if by.id != person.id:
        by.must("manage_people")
    if person.id == to.id:
        refuse("not_yourself")
    moved, refused = [], []
    Task = person.all_tasks.model
    for task in person.all_tasks.where(Task.state.in_(("open", "waiting"))).order_by(Task.id):
        try:
            with db.atomic():
                moved.append(task._reassign(by, to, "", "handed_over"))
        except Refused as error:
            refused.append((task, error))
    return moved, refused
