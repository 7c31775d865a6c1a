"""Random flows, people, acts, absences, clock moves and two hands at once, held against the rules
in tests/rules_of_approval.py.

ACTS says how many acts at least (200 in the ordinary run, 400 in full): `ACTS=10000 pytest
tests/models/test_approval_machine.py`. SEED repeats another run; SHRINK=no stops at the first fault
found instead of looking for a shorter way to it."""

import contextvars
import datetime as dt
import os
import threading
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from models.approvals import ApprovalRequest, Delegation, Task, replay
from models.approvals.adding import hand_over_all
from models.approvals.delegation import start_due
from models.approvals.flow import ApprovalFlow
from models.approvals.late import run_late
from models.core.clock import at
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.core.journal import Event
from models.documents import Document
from models.operations import checks
from models.people import User
from tests.rules_of_approval import RANK, World
from tests.support.sets import fully

ACTS, SEED = int(os.environ.get("ACTS", fully("200", "400"))), int(os.environ.get("SEED", "1"))
MONDAY = dt.datetime(2026, 11, 23, 1)
PHASES = [Phase.generate] if os.environ.get("SHRINK") == "no" else [Phase.generate, Phase.shrink]
ASKED = ["wang", "fang", "zhao", "gao", "xu", "ma"]
asked = st.sampled_from(ASKED)
step = st.fixed_dictionaries(
    {
        "who": st.sampled_from(
            ["people", "people", "people", "manager", "finance", "superior", "superior2", "owner"]
        ),
        "people": st.lists(st.sampled_from([*ASKED, "li"]), min_size=2, max_size=3, unique=True),
        "rule": st.sampled_from(["any", "any", "all", "all", "n"]),
        "needed": st.just(2),
        "hours": st.sampled_from([0, 0, 2, 9]),
        "late": st.sampled_from(["remind", "hand_over", "escalate", "pass"]),
        "late_to": asked,
        "fallback": st.none() | asked,
    }
)
steps = st.lists(step, min_size=1, max_size=3)
changes = st.sampled_from(
    [
        ("price", 100),
        ("price", 300),
        ("discount", 0),
        ("discount", 15),
        ("terms", 30),
        ("terms", 60),
        ("note", "x"),
        ("note", "y"),
    ]
)


class Office(RuleBasedStateMachine):
    """Every act is done by the engine and by the rules; both must agree on whether it may be done,
    and on all that comes of it."""

    firm, app, acts, races, tally = None, None, 0, 0, Counter()

    @initialize(
        main=steps,
        big=steps,
        special=steps | st.just([]),
        void=steps | st.just([]),
        late=st.booleans(),
    )
    def open_office(self, main, big, special, void, late):
        self.world, self.last = World(MONDAY), Event.select().count()
        self.ids = {name: getattr(self.firm, name).id for name in RANK}
        self.names = {ident: name for name, ident in self.ids.items()}
        with at(MONDAY):
            for name, plan in (("main", main), ("big", big), ("special", special), ("void", void)):
                self.set_flow(name, plan, late)
            self.papers = [self.firm.draft(price=price).id for price in ("100", "300")]
        [self.world.draft(price) for price in (100, 300)]
        self.absences, self.over = [], ""
        self.last = Event.select().order_by(Event.id.desc()).get().id

    def set_flow(self, name, plan, late):
        flow = ApprovalFlow.get(ApprovalFlow.name == f"machine {name}")
        flow.revise(self.firm.ada, steps=[self.as_engine(s) for s in plan], recall_late=late)
        self.world.set_flow(name, plan, late)

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

    # The engine's side of each act: everything is loaded first, as a page would, and done later.

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

    def act(self, act, *args):
        """Do it on both sides and compare the outcome."""
        after, fine = self.world.tried(act, *args)
        self.before = self.world
        with at(after.now):
            try:
                self.prepared(act, *args)()
                done = None
            except (Refused, Forbidden) as error:
                done = error
        assert (done is None) == fine, (
            f"{act} {args}: the engine says {done!r}, the rules say {'yes' if fine else 'no'}"
        )
        self.world = after
        Office.acts += 1
        Office.tally[act, fine] += 1

    # What happens in an office: one rule chooses among the acts that make sense now, so that days
    # go far and not only wide.

    @rule(data=st.data())
    def something_happens(self, data):
        if self.over:
            self.over = "and seen"
            return
        now = [
            name
            for name, (weight, sense) in HAPPENS.items()
            for _ in range(weight if sense(self) else 0)
        ]
        getattr(self, data.draw(st.sampled_from(now), label="what"))(
            lambda *of: data.draw(st.sampled_from(of)), data
        )

    def edit(self, one, data):
        number = one(0, 1)
        version = self.world.papers[number].version - (one(*range(12)) == 7)
        self.act(
            "edit",
            number,
            one("li", "li", "li", "wang", "fang", "zhao"),
            version,
            *data.draw(changes),
        )

    def submit(self, one, data):
        number = one(
            *(
                [n for n, p in enumerate(self.world.papers) if p.state in ("draft", "returned")] * 4
                + [0, 1]
            )
        )
        self.act(
            "submit",
            number,
            one("li", "li", "li", "wang", "fang", "zhao"),
            self.world.papers[number].state == "returned" and one(True, False),
        )

    def take_back(self, one, data):
        self.act(one("recall", "urge"), one(0, 1), one("li", "li", "wang", "chen"))

    def issue(self, one, data):
        self.act("issue", one(0, 1), one("li", "li", "fang", "zhao"))

    def void(self, one, data):
        self.act("void", one(0, 1), one("fang", "fang", "li", "wang"))

    def copy(self, one, data):
        """A copy starts unapproved and cannot be issued."""
        with at(self.world.now):
            made = self.paper(one(0, 1)).copy(by=self.firm.li)
            with pytest.raises(Refused):
                made.issue(by=self.firm.li)
            made.discard(by=self.firm.li)
        Office.acts += 1

    def every_ask(self):
        return [
            (n, i, a, r)
            for n, p in enumerate(self.world.papers)
            for i, (r, a) in enumerate((r, a) for r in p.requests for a in r.asks)
        ]

    def open_asks(self):
        """Those that someone present can decide."""
        return [
            row
            for row in self.every_ask()
            if row[2].state == "open" and self.world.people[row[2].who].active
        ]

    def agree(self, one, data):
        number, index, ask, _ = one(*self.open_asks())
        self.act("approve", number, index, ask.who)

    def bring_in_another(self, one, data):
        number, index, ask, request = one(*self.open_asks())
        others = [name for name in ASKED if name not in self.world.asked(request)]
        self.act(
            one("ask_before", "hand_over", "ask_after"),
            number,
            index,
            ask.who,
            one(*others * 3, *ASKED),
        )

    def send_back(self, one, data):
        """Mostly to an earlier step, if there is one."""
        number, index, ask, _ = one(
            *([row for row in self.open_asks() if row[2].step > 1] or self.open_asks())
        )
        self.act("send_back", number, index, ask.who, one(*range(ask.step), ask.step - 1))

    def reject(self, one, data):
        number, index, ask, _ = one(*self.open_asks())
        self.act("reject", number, index, ask.who)

    def decision(self, one):
        """Someone, not always the right one, does something to a task, not always an open one."""
        number, index, ask, request = one(*self.open_asks() * 3, *self.every_ask())
        verb = one(
            "approve", "approve", "reject", "send_back", "hand_over", "ask_before", "ask_after"
        )
        more = {"send_back": range(request.step + 1), "approve": (), "reject": ()}.get(verb, RANK)
        return verb, number, index, one(*[ask.who] * 9, *RANK), *((one(*more),) if more else ())

    def decide(self, one, data):
        self.act(*self.decision(one))

    def arrange(self, one, data):
        first = (self.world.now + dt.timedelta(hours=8)).date() + dt.timedelta(days=one(0, 0, 1, 2))
        self.act(
            "arrange",
            one(*ASKED),
            one(*ASKED, *RANK),
            first,
            first + dt.timedelta(days=one(0, 1, 5)),
            one(None, 20000),
        )

    def come_back(self, one, data):
        self.act("come_back", one(*range(len(self.absences))))

    def leave_or_return(self, one, data):
        """At most one is away without a stand-in, so that the rest goes on."""
        away = [n for n, p in self.world.people.items() if not p.active]
        self.act("return_to_work", away[0]) if away else self.act("leave", one(*ASKED, "li"))

    def leave_all_to(self, one, data):
        self.act(
            "hand_over_all",
            one("ada", "ada", "wang"),
            one(*[row[2].who for row in self.open_asks()]),
            one(*ASKED),
        )

    def wait(self, one, data):
        self.act("wait", one(1, 3, 9, 24, 72))

    def change_flow(self, one, data):
        """What is under way keeps what it began with."""
        with at(self.world.now):
            self.set_flow(
                one("main", "big", "special", "void"),
                data.draw(steps | st.just([])),
                one(True, False),
            )
        Office.acts += 1

    def at_once(self, one, data):
        """Two hands at once: it must come out as if one had been first. Either both have loaded
        what they act on and one is quicker, or two threads truly race; as nobody knows who wins,
        that is the last act of the day."""
        first = self.decision(one)
        number = first[1]
        other = one(
            "the same",
            "a decision",
            "a decision",
            ("edit", number, "li", self.world.papers[number].version, *data.draw(changes)),
            ("recall", number, "li"),
            ("submit", number, "li", False),
            ("issue", number, "li"),
            ("void", number, "fang"),
        )
        pair = [
            first,
            first
            if other == "the same"
            else self.decision(one)
            if other == "a decision"
            else other,
        ]
        with at(self.world.now):
            deeds = [self.prepared(*act) for act in pair]
            self.over = one("", "", "by a race")
            found = tuple(
                together(self.app, deeds) if self.over else (done(deed) for deed in deeds)
            )
        self.before, possible = self.world, []
        for order in ((0, 1), (1, 0)) if self.over else ((0, 1),):
            world, came = self.world, [None, None]
            for which in order:
                world, came[which] = world.tried(*pair[which])
            possible.append((tuple(came), world))
        is_so = self.engine()
        fitting = [world for came, world in possible if came == found and world.seen() == is_so]
        assert fitting, f"{pair} at once: {found}, and neither order leads there"
        self.world = fitting[0]
        Office.acts, Office.races = Office.acts + 2, Office.races + bool(self.over)

    # What must always hold

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

    @invariant()
    def the_engine_is_where_the_rules_are(self):
        if self.over == "and seen":
            return
        assert self.engine() == self.world.seen()

    @invariant()
    def one_request_is_open_at_most_and_approved_is_what_stands_there(self):
        if self.over == "and seen":
            return
        for ident in self.papers:
            paper = Document.get_by_id(ident)
            requests = list(paper.requests.order_by(ApprovalRequest.id))
            opened = [r for r in requests if r.state == "open"]
            assert len(opened) <= 1 and (paper.state == "submitted") == any(
                r.purpose == "issue" for r in opened
            )
            assert all(
                Task.select().where(Task.request == r, Task.state == "open").exists()
                for r in opened
            ), "nobody can go on"
            if paper.state in ("approved", "issued", "voided"):
                good = [r for r in requests if r.purpose == "issue"][-1]
                assert good.state == "approved" and good.content_approved == paper.content_hash()

    @invariant()
    def who_decided_was_entitled(self):
        fresh = list(Event.select().where(Event.id > self.last).order_by(Event.id))
        self.last = fresh[-1].id if fresh else self.last
        for event in (
            e
            for e in fresh
            if e.action in ("step_approved", "step_rejected", "step_returned") and e.actor_id
        ):
            actor, request = self.names[event.actor_id], ApprovalRequest.get_by_id(event.subject_id)
            asks = [
                a
                for p in self.before.papers
                for r in p.requests
                for a in r.asks
                if a.who == actor and a.state == "open"
            ]
            assert (
                asks
                and self.before.people[actor].active
                and event.actor_id not in (request.submitter_id, request.document.owner_id)
            )
            behalf = Task.get_by_id(event.facts["task"]).on_behalf
            assert event.facts.get("behalf") == (behalf and behalf.name)

    @invariant()
    def the_journal_tells_the_same(self):
        if self.over == "and seen":
            return
        requests = [
            r.id
            for r in ApprovalRequest.select(ApprovalRequest.id).where(
                ApprovalRequest.document.in_(self.papers)
            )
        ]
        assert replay.faults(requests) == []
        for ident in self.papers:
            assert told_state(ident) == Document.get_by_id(ident).state

    def teardown(self):
        if not hasattr(self, "papers"):
            return
        for absence in self.absences:
            absence.ended or Delegation.get_by_id(absence.id).ended or absence.end(by=self.firm.ada)
        for name, person in self.world.people.items():
            person.active or self.person(name).enable(by=self.firm.ada)
        for ident in self.papers:
            ApprovalRequest.drop(Document.get_by_id(ident), None)


def always(office):
    return True


def any_in(*states):
    return lambda office: any(p.state in states for p in office.world.papers)


# what may happen: how often, and when it makes sense at all
HAPPENS = {
    "edit": (3, always),
    "submit": (6, any_in("draft", "returned")),
    "take_back": (2, always),
    "issue": (2, any_in("approved", "issued")),
    "void": (3, any_in("issued", "voided")),
    "copy": (1, Office.every_ask),
    "agree": (7, Office.open_asks),
    "bring_in_another": (4, Office.open_asks),
    "send_back": (2, Office.open_asks),
    "reject": (1, Office.open_asks),
    "decide": (3, Office.every_ask),
    "arrange": (1, always),
    "come_back": (1, lambda office: office.absences),
    "leave_or_return": (1, always),
    "leave_all_to": (1, Office.open_asks),
    "wait": (2, always),
    "at_once": (3, Office.every_ask),
    "change_flow": (1, lambda office: all(p.active for p in office.world.people.values())),
}


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


def test_random_offices_never_leave_the_rules(app, office):
    for name, least, more in (
        ("main", 0, {}),
        ("big", 20000, {}),
        ("special", 0, {"priority": 5, "conditions": {"discount": 1000}}),
    ):
        ApprovalFlow.define(
            office.ada, "invoice", least, steps=["manager"], name=f"machine {name}", **more
        )
    ApprovalFlow.define(office.ada, "void", steps=["manager"], name="machine void")
    office.flow.revise(office.ada, active=False)
    Office.firm, Office.app, Office.acts, Office.races, turn = office, app, 0, 0, 0
    while Office.acts < ACTS:
        chosen = settings(
            max_examples=max(1, min(200, (ACTS - Office.acts) // 30)),
            stateful_step_count=50,
            deadline=None,
            database=None,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(seed(SEED * 1000 + turn)(Office), settings=chosen)
        turn += 1
    print(
        (
            f"{Office.acts} acts, {Office.races} races of two threads, on "
            f"{type(db.obj).__name__}; done and refused:"
        ),
        ", ".join(
            f"{name} {Office.tally[name, True]}/{Office.tally[name, False]}"
            for name in sorted({name for name, _ in Office.tally})
        ),
    )
    assert checks.faults() == []
