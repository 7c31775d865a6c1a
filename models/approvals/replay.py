"""Replay of the journal: the state of a request and its tasks that follows from its events. A row
that differs was changed without an event."""

from models.approvals.request import ApprovalRequest
from models.approvals.task import Task
from models.core.database import one_snapshot
from models.core.journal import Event, label

CLOSING_ACTIONS = ("approved", "rejected", "returned", "recalled", "dropped")


class Replayed:
    """The state of one request that follows from its events."""

    def __init__(self):
        self.state, self.step, self.round = "open", 0, 1
        self.tasks, self.decided_by, self.asked_for = {}, {}, {}

    def apply_event(self, event):
        action, facts = event.action, event.facts
        if action in CLOSING_ACTIONS:
            self._cancel()
            self.state = action
        elif action == "resumed":
            self.step = facts["step"] - 1
        elif action == "sent_back":
            self._cancel()
            self.round, self.step = self.round + 1, facts["step"] - 1
        elif action == "step_opened":
            self._cancel()
            self.step, self.round = facts["step"], facts["round"]
            self.tasks |= {
                task: "approved" if task in facts.get("known", ()) else "open"
                for task in facts["tasks"]
            }
        elif action in ("step_approved", "step_rejected", "step_returned"):
            self._decide(
                facts["task"],
                "passed" if facts.get("because") == "time_limit" else action[5:],
                event,
            )
        elif action in ("handed_over", "escalated", "delegated", "taken_over"):
            self._give(facts["task"], facts["into"])
        elif action == "asked_before":
            self.tasks |= {facts["task"]: "waiting", facts["into"]: "open"}
            self.asked_for[facts["into"]] = facts["task"]
        elif action in ("asked_after", "task_joined"):
            self.tasks[facts["into"]] = "open"
        elif action == "task_ended":
            self._end(facts["task"], "cancelled")

    def _decide(self, task, state, event):
        self.decided_by[task] = event.actor_id
        self._end(task, state)

    def _end(self, task, state):
        self.tasks[task] = state
        parent = self.asked_for.get(task)
        if self.tasks.get(parent) == "waiting" and not any(
            self.tasks[t] in ("open", "waiting") for t, p in self.asked_for.items() if p == parent
        ):
            self.tasks[parent] = "open"

    def _give(self, task, into):
        self.tasks |= {into: self.tasks[task], task: "handed_over"}
        self.asked_for = {t: into if p == task else p for t, p in self.asked_for.items()}
        if task in self.asked_for:
            self.asked_for[into] = self.asked_for[task]

    def _cancel(self):
        self.tasks = {
            task: "cancelled" if state in ("open", "waiting") else state
            for task, state in self.tasks.items()
        }


def replay(requests=None):
    """{request id: Replayed}, of all requests or of the given ids."""
    rows = Event.select().where(Event.subject_type == "ApprovalRequest").order_by(Event.id)
    found = {}
    for event in (
        rows.where(Event.subject_id.in_(list(requests) or [0])) if requests is not None else rows
    ).iterator():
        found.setdefault(event.subject_id, Replayed()).apply_event(event)
    return found


@one_snapshot()
def faults(requests=None):
    """A sentence for each request or task whose row differs from the journal."""
    replays, found = replay(requests), []
    tasks = Task.select().where(Task.kind != "copy")
    for row in (
        ApprovalRequest.select()
        if requests is None
        else ApprovalRequest.select().where(ApprovalRequest.id.in_(list(requests) or [0]))
    ):
        replayed = replays.get(row.id) or Replayed()
        if (row.state, row.step, row.round) != (replayed.state, replayed.step, replayed.round):
            found.append(
                f"{label(row)}: the audit log leads to {replayed.state}, step {replayed.step}, the "
                f"row says {row.state}, step {row.step}"
            )
        unmatched = dict(replayed.tasks)
        for task in tasks.where(Task.request == row.id):
            expected = unmatched.pop(task.id, "nothing")
            if expected != task.state:
                found.append(
                    f"Task #{task.id} of {label(row)}: the audit log leads to {expected}, the "
                    f"row says {task.state}"
                )
            if replayed.decided_by.get(task.id) not in (None, task.user_id):
                found.append(
                    f"Task #{task.id} of {label(row)}: it was decided by someone else "
                    "than the row says"
                )
        found += [f"Task #{ident} of {label(row)}: the row is gone" for ident in unmatched]
    return found
