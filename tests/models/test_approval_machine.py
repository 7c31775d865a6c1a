"""Random flows, people, acts, absences, clock moves and two hands at once, held against the rules in tests/rules_of_approval.py.

ACTS says how many acts at least (400 in the ordinary run, about half a minute): `ACTS=10000 pytest tests/models/test_approval_machine.py`.
SEED repeats another run; SHRINK=no stops at the first fault found instead of looking for a shorter way to it."""
import contextvars
import datetime as dt
import os
import threading
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from models import checks
from models.approvals import ApprovalRequest, Delegation, Task, replay
from models.approvals.adding import hand_over_all
from models.approvals.deadline import run_late
from models.approvals.delegation import start_due
from models.approvals.flow import ApprovalFlow
from models.base import Forbidden, Refused, at, db
from models.documents import Document
from models.events import Event
from models.people import User
from tests.models.test_approvals import office  # noqa: F401
from tests.rules_of_approval import LIVE, RANK, World

ACTS, SEED = int(os.environ.get("ACTS", "400")), int(os.environ.get("SEED", "1"))
MONDAY = dt.datetime(2026, 11, 23, 1)
PHASES = [Phase.generate] if os.environ.get("SHRINK") == "no" else [Phase.generate, Phase.shrink]
ASKED = ["wang", "fang", "zhao", "gao", "xu", "ma"]
anyone, asked = st.sampled_from(RANK), st.sampled_from(ASKED)
step = st.fixed_dictionaries({
    "who": st.sampled_from(["people", "people", "people", "manager", "finance", "superior", "superior2", "owner"]),
    "people": st.lists(st.sampled_from([*ASKED, "li"]), min_size=2, max_size=3, unique=True), "rule": st.sampled_from(["any", "all", "n"]),
    "needed": st.just(2), "hours": st.sampled_from([0, 0, 2, 9]), "late": st.sampled_from(["remind", "hand_over", "escalate", "pass"]),
    "late_to": asked, "fallback": st.none() | asked})
steps = st.lists(step, min_size=1, max_size=3)
changes = st.sampled_from([("price", 100), ("price", 300), ("discount", 0), ("discount", 15), ("terms", 30), ("terms", 60), ("note", "x"), ("note", "y")])


class Office(RuleBasedStateMachine):
    """Every act is done by the engine and by the rules; both must agree on whether it may be done, and on all that comes of it."""
    firm, app, acts, races, tally = None, None, 0, 0, Counter()

    @initialize(main=steps, big=steps, special=steps | st.just([]), void=steps | st.just([]), late=st.booleans())
    def open_office(self, main, big, special, void, late):
        self.world, self.last = World(MONDAY), Event.select().count()
        self.ids = {name: getattr(self.firm, name).id for name in RANK}
        self.names = {ident: name for name, ident in self.ids.items()}
        with at(MONDAY):
            for name, plan in (("main", main), ("big", big), ("special", special), ("void", void)):
                self.set_flow(name, plan, late)
            self.papers = [self.firm.draft(price=price).id for price in ("100", "300")]
        [self.world.draft(price) for price in (100, 300)]
        self.absences = []
        self.last = Event.select().order_by(Event.id.desc()).get().id

    def set_flow(self, name, plan, late):
        flow = ApprovalFlow.get(ApprovalFlow.name == f"machine {name}")
        flow.revise(self.firm.ada, steps=[self.as_engine(s) for s in plan], recall_late=late)
        self.world.set_flow(name, plan, late)

    def as_engine(self, said):
        who = {"manager": "role", "finance": "role", "owner": "customer_owner"}.get(said["who"], said["who"])
        return {"who": who, "role": said["who"] if who == "role" else "", "people": [self.ids[p] for p in said["people"]] if who == "people" else [],
                "rule": said["rule"], "needed": said["needed"], "hours": said["hours"], "late": said["late"], "late_to": self.ids[said["late_to"]],
                "fallback": self.ids.get(said["fallback"]), "copy_to": [self.ids["chen"]]}

    # The engine's side of each act: everything is loaded first, as a page would, and done later.

    def person(self, name):
        return User.get_by_id(self.ids[name])

    def paper(self, number):
        return Document.get_by_id(self.papers[number])

    def task(self, number, index):
        return list(Task.select().join(ApprovalRequest).where(ApprovalRequest.document == self.papers[number], Task.kind != "copy")
                    .order_by(Task.id))[index]

    def prepared(self, act, *args):
        if act in ("approve", "reject", "send_back", "hand_over", "ask_before", "ask_after"):
            task, by = self.task(*args[:2]), self.person(args[2])
            other = self.person(args[3]) if act in ("hand_over", "ask_before", "ask_after") else None
            return {"approve": lambda: task.approve(by=by), "reject": lambda: task.reject(by=by, note="no"),
                    "send_back": lambda: task.return_to(by=by, step=args[3], note="again"), "hand_over": lambda: task.hand_over(by=by, to=other),
                    "ask_before": lambda: task.ask_before(by=by, person=other), "ask_after": lambda: task.ask_after(by=by, person=other)}[act]
        if act == "arrange":
            user, to = self.person(args[0]), self.person(args[1])
            return lambda: self.absences.append(Delegation.arrange(self.firm.ada, user, to, args[2], args[3], most=args[4]))
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
            head = {} if lines else {{"terms": "terms_days", "note": "internal_note"}.get(field, field): value * (100 if field == "discount" else 1)}
            return lambda: paper.revise(by, version, lines, **head)
        return {"submit": lambda: paper.submit(by=by, straight_back=args[2]), "recall": lambda: paper.recall(by=by), "issue": lambda: paper.issue(by=by),
                "void": lambda: paper.void(by, "wrong"), "urge": lambda: ApprovalRequest.current(paper).urge(by=by) if paper.requests.count() else no()}[act]

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
        assert (done is None) == fine, f"{act} {args}: the engine says {done!r}, the rules say {'yes' if fine else 'no'}"
        self.world = after
        Office.acts += 1
        Office.tally[act, fine] += 1

    # What happens in an office

    @rule(number=st.integers(0, 1), change=changes, by=st.sampled_from(["li", "li", "li", "wang", "fang", "zhao"]), stale=st.integers(0, 9))
    def edit(self, number, change, by, stale):
        self.act("edit", number, by, self.world.papers[number].version - (stale == 0), *change)

    @rule(number=st.integers(0, 1), by=st.sampled_from(["li", "li", "li", "wang", "fang", "zhao"]), straight=st.booleans())
    def submit(self, number, by, straight):
        returned = self.world.papers[number].state == "returned"
        self.act("submit", number, by, straight and returned)

    @rule(number=st.integers(0, 1))
    def submit_plainly(self, number):
        self.act("submit", number, "li", False)

    @rule(number=st.integers(0, 1), by=st.sampled_from(["li", "wang", "chen"]), what=st.sampled_from(["recall", "urge", "recall_if_young"]))
    def take_back(self, number, by, what):
        if what == "recall_if_young" and not any(r.state == "open" and r.step > 1 for r in self.world.papers[number].requests):
            return
        self.act("urge" if what == "urge" else "recall", number, by)

    @rule(number=st.integers(0, 1), by=st.sampled_from(["li", "li", "fang", "zhao"]))
    def issue(self, number, by):
        self.act("issue", number, by)

    @rule(number=st.integers(0, 1), by=st.sampled_from(["fang", "fang", "li", "wang"]))
    def void(self, number, by):
        self.act("void", number, by)

    @rule(number=st.integers(0, 1))
    def copy(self, number):
        """A copy starts unapproved and cannot be issued."""
        with at(self.world.now):
            made = self.paper(number).copy(by=self.firm.li)
            with pytest.raises(Refused):
                made.issue(by=self.firm.li)
            made.discard(by=self.firm.li)
        Office.acts += 1

    def open_asks(self):
        return [(n, i, a, r) for n, p in enumerate(self.world.papers) for i, (r, a) in
                enumerate((r, a) for r in p.requests for a in r.asks) if a.state == "open"]

    some_open = precondition(lambda self: self.open_asks())

    @some_open
    @rule(data=st.data())
    def agree(self, data):
        number, index, ask, _ = data.draw(st.sampled_from(self.open_asks()))
        self.act("approve", number, index, ask.who)

    @some_open
    @rule(data=st.data())
    def agree_again(self, data):
        self.agree(data)

    def decision(self, data):
        """Someone, mostly the right one, does something to a task, mostly an open one."""
        every = [(n, i, a, r) for n, p in enumerate(self.world.papers) for i, (r, a) in enumerate((r, a) for r in p.requests for a in r.asks)]
        number, index, ask, request = data.draw(st.sampled_from(self.open_asks() * 3 + every))
        by = data.draw(st.sampled_from([ask.who] * 4 + RANK))
        verb = data.draw(st.sampled_from(["approve", "approve", "reject", "send_back", "send_back", "hand_over", "ask_before", "ask_before", "ask_after"]))
        more = {"send_back": st.integers(0, request.step), "approve": None, "reject": None}.get(verb, st.sampled_from([*ASKED, *RANK]))
        return verb, number, index, by, *((data.draw(more),) if more is not None else ())

    @precondition(lambda self: any(p.requests for p in self.world.papers) and self.has_asks())
    @rule(data=st.data())
    def decide(self, data):
        self.act(*self.decision(data))

    def has_asks(self):
        return any(r.asks for p in self.world.papers for r in p.requests)

    @rule(user=asked, to=anyone, since=st.integers(0, 2), days=st.integers(0, 5), most=st.none() | st.just(20000))
    def arrange(self, user, to, since, days, most):
        first = (self.world.now + dt.timedelta(hours=8)).date() + dt.timedelta(days=since)
        self.act("arrange", user, to, first, first + dt.timedelta(days=days), most)

    @precondition(lambda self: self.absences)
    @rule(data=st.data())
    def come_back(self, data):
        self.act("come_back", data.draw(st.integers(0, len(self.absences) - 1)))

    @rule(name=st.sampled_from([*ASKED, "li"]))
    def leave_or_return(self, name):
        self.act("leave" if self.world.people[name].active else "return_to_work", name)

    @rule(name=asked, to=asked, by=st.sampled_from(["ada", "ada", "wang"]))
    def leave_all_to(self, name, to, by):
        self.act("hand_over_all", by, name, to)

    @rule(hours=st.sampled_from([1, 3, 24, 72]))
    def wait(self, hours):
        self.act("wait", hours)

    @precondition(lambda self: all(p.active for p in self.world.people.values()))
    @rule(name=st.sampled_from(["main", "big", "special", "void"]), plan=steps | st.just([]), late=st.booleans())
    def change_flow(self, name, plan, late):
        """What is under way keeps what it began with."""
        with at(self.world.now):
            self.set_flow(name, plan, late)
        Office.acts += 1

    @precondition(lambda self: self.has_asks())
    @rule(data=st.data())
    def at_once(self, data):
        """Two hands at the same moment: it must come out as if one had been first."""
        number = data.draw(st.integers(0, 1))
        version = self.world.papers[number].version
        others = [("edit", number, "li", version, *data.draw(changes)), ("recall", number, "li"), ("submit", number, "li", False),
                  ("issue", number, "li"), ("void", number, "fang")]
        pair = [self.decision(data), data.draw(st.sampled_from([None, *others]))]
        pair[1] = pair[1] or (pair[0] if data.draw(st.booleans()) else self.decision(data))
        with at(self.world.now):
            deeds = [self.prepared(*act) for act in pair]
            found = tuple(together(self.app, deeds))
        self.before, possible = self.world, []
        for order in ((0, 1), (1, 0)):
            world, came = self.world, [None, None]
            for which in order:
                world, came[which] = world.tried(*pair[which])
            possible.append((tuple(came), world))
        is_so = self.engine()
        fitting = [world for came, world in possible if came == found and world.seen() == is_so]
        assert fitting, f"{pair} at once: {found}, and neither order leads there"
        self.world = fitting[0]
        Office.acts, Office.races = Office.acts + 2, Office.races + 1

    # What must always hold

    def engine(self):
        """The rows, as the rules would tell them."""
        name = lambda ident: self.names.get(ident)  # noqa: E731
        return [(Document.get_by_id(ident).state, [(r.state, r.step, r.round, r.purpose, name(r.submitter_id), r.back_to, [
            (name(t.user_id), name(t.on_behalf_id), t.kind, t.state, t.step, t.round, t.due_at, t.late_at is not None)
            for t in r.tasks.where(Task.kind != "copy").order_by(Task.id)])
            for r in ApprovalRequest.select().where(ApprovalRequest.document == ident).order_by(ApprovalRequest.id)]) for ident in self.papers]

    @invariant()
    def the_engine_is_where_the_rules_are(self):
        assert self.engine() == self.world.seen()

    @invariant()
    def one_request_is_open_at_most_and_approved_is_what_stands_there(self):
        for ident in self.papers:
            paper = Document.get_by_id(ident)
            requests = list(paper.requests.order_by(ApprovalRequest.id))
            opened = [r for r in requests if r.state == "open"]
            assert len(opened) <= 1 and (paper.state == "submitted") == any(r.purpose == "issue" for r in opened)
            assert all(Task.select().where(Task.request == r, Task.state == "open").exists() for r in opened), "nobody can go on"
            if paper.state in ("approved", "issued", "voided"):
                good = [r for r in requests if r.purpose == "issue"][-1]
                assert good.state == "approved" and good.content_approved == paper.content_hash()

    @invariant()
    def who_decided_was_entitled(self):
        fresh = list(Event.select().where(Event.id > self.last).order_by(Event.id))
        self.last = fresh[-1].id if fresh else self.last
        for event in (e for e in fresh if e.action in ("step_approved", "step_rejected", "step_returned") and e.actor_id):
            actor, request = self.names[event.actor_id], ApprovalRequest.get_by_id(event.subject_id)
            asks = [a for p in self.before.papers for r in p.requests for a in r.asks if a.who == actor and a.state == "open"]
            assert asks and self.before.people[actor].active and event.actor_id not in (request.submitter_id, request.document.owner_id)
            behalf = Task.get_by_id(event.facts["task"]).on_behalf
            assert event.facts.get("behalf") == (behalf and behalf.name)

    @invariant()
    def the_journal_tells_the_same(self):
        requests = [r.id for r in ApprovalRequest.select(ApprovalRequest.id).where(ApprovalRequest.document.in_(self.papers))]
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


def no():
    raise Refused("nothing_open")


def told_state(ident):
    """The paper's state as its own events and those of its requests tell it."""
    requests = [r.id for r in ApprovalRequest.select(ApprovalRequest.id).where(ApprovalRequest.document == ident)]
    own = (Event.subject_type == "Document") & (Event.subject_id == ident)
    theirs = (Event.subject_type == "ApprovalRequest") & Event.subject_id.in_(requests or [0])
    state = None
    for event in Event.select().where(own | theirs).order_by(Event.id):
        if event.subject_type == "Document":
            leads = {"created": "draft", "recalled": "draft" if state == "submitted" else state}
            state = event.action if event.action in ("submitted", "approved", "returned", "issued", "voided") else leads.get(event.action, state)
        elif event.action == "dropped" and state in ("submitted", "approved"):
            state = "draft"
    return state


def together(app, deeds):
    """Each deed in a thread with a connection of its own, at the same moment; True for each that was done."""
    gate, done = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(i):
        with app.app_context():
            gate.wait()
            try:
                deeds[i]()
                done[i] = True
            except (Refused, Forbidden):
                done[i] = False
            except Exception as error:  # shown by the comparison
                done[i] = error
            finally:
                db.close()
    threads = [threading.Thread(target=contextvars.copy_context().run, args=(run, i)) for i in range(len(deeds))]
    [thread.start() for thread in threads]
    [thread.join(120) for thread in threads]
    return done


def test_random_offices_never_leave_the_rules(app, office):  # noqa: F811
    for name, least, more in (("main", 0, {}), ("big", 20000, {}), ("special", 0, {"priority": 5, "conditions": {"discount": 1000}})):
        ApprovalFlow.define(office.ada, "invoice", least, steps=["manager"], name=f"machine {name}", **more)
    ApprovalFlow.define(office.ada, "void", steps=["manager"], name="machine void")
    office.flow.revise(office.ada, active=False)
    Office.firm, Office.app, Office.acts, Office.races, turn = office, app, 0, 0, 0
    while Office.acts < ACTS:
        chosen = settings(max_examples=max(1, min(200, (ACTS - Office.acts) // 30)), stateful_step_count=50, deadline=None, database=None,
                          phases=PHASES, suppress_health_check=list(HealthCheck))
        run_state_machine_as_test(seed(SEED * 1000 + turn)(Office), settings=chosen)
        turn += 1
    print(f"{Office.acts} acts, {Office.races} of two hands at once, on {type(db.obj).__name__}; done and refused:",
          ", ".join(f"{name} {Office.tally[name, True]}/{Office.tally[name, False]}" for name in sorted({name for name, _ in Office.tally})))
    assert checks.faults() == []
