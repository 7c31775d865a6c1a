"""Random flows, people, acts, absences, clock moves and two hands at once, held against the rules
in tests/rules_of_approval.py.

ACTS says how many acts at least (200 in the ordinary run, 400 in full): `ACTS=10000 pytest
tests/models/test_approval_machine.py`. SEED repeats another run; SHRINK=no stops at the first fault
found instead of looking for a shorter way to it."""

import datetime as dt
import os
from collections import Counter

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
from models.approvals.flow import ApprovalFlow
from models.core.clock import at
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.core.journal import Event
from models.documents import Document
from models.operations import checks
from tests.approval_acts import Acts, changes, kept_steps
from tests.approval_engine import Engine, done, together, told_state
from tests.rules_of_approval import RANK, World
from tests.support.sets import fully

ACTS, SEED = int(os.environ.get("ACTS", fully("200", "400"))), int(os.environ.get("SEED", "1"))
MONDAY = dt.datetime(2026, 11, 23, 1)
PHASES = [Phase.generate] if os.environ.get("SHRINK") == "no" else [Phase.generate, Phase.shrink]


class Office(Engine, Acts, RuleBasedStateMachine):
    """Every act is done by the engine and by the rules; both must agree on whether it may be done,
    and on all that comes of it."""

    firm, app, acts, races, tally = None, None, 0, 0, Counter()

    @initialize(
        main=kept_steps,
        big=kept_steps,
        special=kept_steps | st.just([]),
        void=kept_steps | st.just([]),
        late=st.booleans(),
    )
    def open_office(self, main, big, special, void, late):
        self.world, self.last = World(MONDAY), Event.select().count()
        self.ids = {name: getattr(self.firm, name).id for name in RANK}
        self.names = {ident: name for name, ident in self.ids.items()}
        with at(MONDAY):
            for name, plan in (("main", main), ("big", big), ("special", special), ("void", void)):
                self.set_flow(name, plan, late)()
                self.world.set_flow(name, plan, late)
            self.papers = [self.firm.draft(price=price).id for price in ("100", "300")]
        [self.world.draft(price) for price in (100, 300)]
        self.absences, self.over = [], ""
        self.last = Event.select().order_by(Event.id.desc()).get().id

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
                assert good.state == "approved"
                assert paper.state != "approved" or good.content_approved == paper.content_hash()

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
