"""Open tasks follow the people: who lost the role or left no longer decides, whoever decides now is
asked."""

from models.approvals.step import approvers, named_people, with_defaults
from models.core.clock import now
from models.core.errors import Refused
from models.people import User

BY_POSITION = ("role", "superior", "superior2")


class Presence:
    """Mixed into the task."""

    def still_asked(self):
        """Whether the one asked is still who the step asks, by their present roles. Who was chosen
        by name, by the flow or by a colleague, only has to be here."""
        person = User.get_by_id(self.user_id)
        asked = User.get_by_id(self.on_behalf_id) if self.on_behalf_id else person
        if not (person.active and asked.active):
            return False
        request = self.fresh_request()
        step = with_defaults(request.plan[self.step - 1])
        if self.came_from_id or self.kind != "decide" or step["people"]:
            return True
        if step["who"] not in BY_POSITION:
            return True
        if step["who"] == "role" and step["role"] in asked.acting_roles:
            return True
        return asked.id in {user.id for user in request.present_approvers()}

    def pass_on(self, by):
        """Ask whoever decides now instead of the one asked: another of the step, else the person's
        superior, the step's fallback, an administrator. Where the others of the step suffice, the
        task only ends."""
        request = self.fresh_request()
        state, to = type(self).get_by_id(self.id).state, None
        if self.kind != "decide" or not request.suffices_without(self):
            to = next(self._replacements(request), None)
            if to is None:
                return  # it stays with the one asked, where an administrator can see it
        ended = "handed_over" if to else "cancelled"
        self.move("open", "waiting", to=ended, decided_at=now())
        facts = {"step": self.step, "task": self.id, "behalf": self.user.name}
        if to is None:
            request.record("task_ended", by, **facts)
            return self._advance_without(request, by)
        new = type(self).open_for(
            request, to, self.kind, self.parent, came_from=self.user, state=state
        )
        self.pass_children_to(new)
        request.record("taken_over", by, into=new.id, to=[new.user.name], **facts)

    def _advance_without(self, request, by):
        if self.kind == "before":
            self.parent.reopen()
        elif request.agreed():
            request.advance(by)

    def pass_children_to(self, new):
        type(self).update(parent=new).where(
            type(self).parent == self.id, type(self).kind == "before"
        ).execute()

    def _replacements(self, request):
        """Who may decide instead, the nearest first: nobody twice, and nobody about their own."""
        step = with_defaults(request.plan[self.step - 1])
        fallback = User.get_or_none(User.id == (step["fallback"] or 0))
        others = request.present_approvers() if self.kind == "decide" else [self.on_behalf]
        taken = type(self).asked_in(request) | {request.submitter_id, request.subject.owner_id}
        for person in [*others, self.user.superior, fallback, *User.with_role("admin")]:
            if person and person.active and person.id not in taken:
                yield person


class PresentApprovers:
    """Mixed into the request."""

    def present_approvers(self):
        """Who would be asked now in the current step; empty where nobody is found."""
        try:
            return approvers(self.plan[self.step - 1], self.fresh(), self.submitter)
        except Refused:
            return []

    def suffices_without(self, task):
        """Whether the step can be decided by those who are asked besides."""
        step = with_defaults(self.plan[self.step - 1])
        if step["people"] and step["rule"] == "all":
            return False  # each of them was chosen by name
        others = self.tasks.where(
            type(task).step == self.step,
            type(task).round == self.round,
            type(task).kind == "decide",
            type(task).id != task.id,
            type(task).state.in_(("open", "waiting", "approved", "passed")),
        ).count()
        return others >= (step["needed"] if step["rule"] == "n" else 1)

    def ask_newcomer(self, person, by):
        """Ask someone who has come to be one of the step's people since it was opened."""
        step, Task = self.plan[self.step - 1], self.tasks.model
        if person.id in Task.asked_in(self) or person.id not in {
            u.id for u in self.present_approvers()
        }:
            return
        if person not in named_people(step, self.fresh(), self.submitter):
            return  # a stand-by of the step, such as its fallback
        new = Task.open_for(self, person)
        self.record("task_joined", by, step=self.step, into=new.id, to=[new.user.name])


def follow(person, by):
    """Let the open requests follow a person who came, left, or has other roles."""
    Request = person.all_tasks.model.request.rel_model
    for request in Request.select().where(Request.state == "open").order_by(Request.id):
        for task in request.open_tasks():
            if not task.still_asked():
                task.pass_on(by)
        request = Request.get_by_id(request.id)
        step = with_defaults(request.plan[request.step - 1])
        if request.state == "open" and step["who"] in BY_POSITION and not step["people"]:
            request.ask_newcomer(person, by)
            if step["who"] != "role" and person.superior and person.id == request.submitter_id:
                request.ask_newcomer(person.superior, by)


User.presence_followers.append(follow)
