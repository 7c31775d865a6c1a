"""The engine's side of the random offices: each act as a page would do it, and what came of it."""

import contextvars
import threading

from models.approvals import ApprovalRequest, Delegation, Task
from models.approvals.adding import hand_over_all
from models.approvals.delegation import start_due
from models.approvals.flow import ApprovalFlow
from models.approvals.late import run_late
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.core.journal import Event
from models.documents import Document
from models.people import User


class Engine:
    """Mixed into the machine. Everything is loaded first, as a page would, and done later."""

    def set_flow(self, name, plan, late):
        flow = ApprovalFlow.get(ApprovalFlow.name == f"machine {name}")
        return lambda: flow.revise(
            self.firm.ada, steps=[self.as_engine(s) for s in plan], recall_late=late
        )

    def as_engine(self, said):
        who = {"manager": "role", "finance": "role", "owner": "customer_owner"}.get(
            said["who"], said["who"]
        )
        return {
            "who": who,
            "role": said["who"] if who == "role" else "",
            "people": [self.ids[p] for p in said["people"]] if who == "people" else [],
            "rule": said["rule"],
            "needed": said["needed"],
            "hours": said["hours"],
            "late": said["late"],
            "late_to": self.ids[said["late_to"]],
            "fallback": self.ids.get(said["fallback"]),
            "copy_to": [self.ids["chen"]],
        }

    def person(self, name):
        return User.get_by_id(self.ids[name])

    def paper(self, number):
        return Document.get_by_id(self.papers[number])

    def task(self, number, index):
        return list(
            Task.select()
            .join(ApprovalRequest)
            .where(ApprovalRequest.document == self.papers[number], Task.kind != "copy")
            .order_by(Task.id)
        )[index]

    def prepared(self, act, *args):
        if act in ("approve", "reject", "send_back", "hand_over", "ask_before", "ask_after"):
            task, by = self.task(*args[:2]), self.person(args[2])
            other = (
                self.person(args[3]) if act in ("hand_over", "ask_before", "ask_after") else None
            )
            return {
                "approve": lambda: task.approve(by=by),
                "reject": lambda: task.reject(by=by, note="no"),
                "send_back": lambda: task.return_to(by=by, step=args[3], note="again"),
                "hand_over": lambda: task.hand_over(by=by, to=other),
                "ask_before": lambda: task.ask_before(by=by, person=other),
                "ask_after": lambda: task.ask_after(by=by, person=other),
            }[act]
        if act == "set_flow":
            return self.set_flow(*args)
        if act == "arrange":
            user, to = self.person(args[0]), self.person(args[1])
            return lambda: self.absences.append(
                Delegation.arrange(self.firm.ada, user, to, args[2], args[3], most=args[4])
            )
        if act in ("leave", "return_to_work"):
            person = self.person(args[0])
            return lambda: (person.disable if act == "leave" else person.enable)(by=self.firm.ada)
        if act == "come_back":
            return lambda: self.absences[args[0]].end(by=self.firm.ada)
        if act == "hand_over_all":
            people = [self.person(name) for name in args]
            return lambda: hand_over_all(*people)
        if act == "wait":
            return lambda: (start_due(), run_late())
        return self._on_paper(act, self.paper(args[0]), self.person(args[1]), args)

    def _on_paper(self, act, paper, by, args):
        if act == "edit":
            version, field, value = args[2:]
            lines = [self.firm.line(str(value))] if field == "price" else None
            head = (
                {}
                if lines
                else {
                    {"terms": "terms_days", "note": "internal_note"}.get(field, field): value
                    * (100 if field == "discount" else 1)
                }
            )
            return lambda: paper.revise(by, version, lines, **head)
        return {
            "submit": lambda: paper.submit(by=by, straight_back=args[2]),
            "recall": lambda: paper.recall(by=by),
            "issue": lambda: paper.issue(by=by),
            "void": lambda: paper.void(by, "wrong"),
            "urge": lambda: (
                ApprovalRequest.current(paper).urge(by=by) if paper.requests.count() else no()
            ),
        }[act]

    def engine(self):
        """The rows, as the rules would tell them."""
        name = lambda ident: self.names.get(ident)  # noqa: E731
        return [
            (
                Document.get_by_id(ident).state,
                [
                    (
                        r.state,
                        r.step,
                        r.round,
                        r.purpose,
                        name(r.submitter_id),
                        r.back_to,
                        [
                            (
                                name(t.user_id),
                                name(t.on_behalf_id),
                                t.kind,
                                t.state,
                                t.step,
                                t.round,
                                t.due_at,
                                t.late_at is not None,
                            )
                            for t in r.tasks.where(Task.kind != "copy").order_by(Task.id)
                        ],
                    )
                    for r in ApprovalRequest.select()
                    .where(ApprovalRequest.document == ident)
                    .order_by(ApprovalRequest.id)
                ],
            )
            for ident in self.papers
        ]


def no():
    raise Refused("nothing_open")


def told_state(ident):
    """The paper's state as its own events and those of its requests tell it."""
    requests = [
        r.id
        for r in ApprovalRequest.select(ApprovalRequest.id).where(ApprovalRequest.document == ident)
    ]
    own = (Event.subject_type == "Document") & (Event.subject_id == ident)
    theirs = (Event.subject_type == "ApprovalRequest") & Event.subject_id.in_(requests or [0])
    state = None
    for event in Event.select().where(own | theirs).order_by(Event.id):
        if event.subject_type == "Document":
            leads = {"created": "draft", "recalled": "draft" if state == "submitted" else state}
            state = (
                event.action
                if event.action in ("submitted", "approved", "returned", "issued", "voided")
                else leads.get(event.action, state)
            )
        elif event.action == "dropped" and state in ("submitted", "approved"):
            state = "draft"
    return state


def done(deed):
    try:
        deed()
        return True
    except (Refused, Forbidden):
        return False


def together(app, deeds):
    """Each deed in a thread with a connection of its own, at the same moment; True for each that
    was done."""
    gate, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(i):
        with app.app_context():
            gate.wait()
            try:
                found[i] = done(deeds[i])
            except Exception as error:  # shown by the comparison
                found[i] = error
            finally:
                db.close()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, i))
        for i in range(len(deeds))
    ]
    [thread.start() for thread in threads]
    [thread.join(120) for thread in threads]
    return found
