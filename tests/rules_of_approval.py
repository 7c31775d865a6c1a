"""The rules of approval said once more, in plain Python and without a line of the engine: what a
test holds the engine against."""

import copy
import datetime as dt

from tests.rules_of_absence import Absences
from tests.ruling import LIVE, No, Thing, no

RANK = ["ada", "wang", "li", "chen", "fang", "zhao", "gao", "xu", "ma"]
WRITERS, VOIDERS = {"sales", "manager", "finance"}, {"manager", "finance"}


class World(Absences):
    """People, absences, flows, papers and the clock."""

    def __init__(self, moment):
        person = lambda roles, boss=None: Thing(roles={roles}, boss=boss, active=True)  # noqa: E731
        self.people = {
            "ada": person("admin"),
            "wang": person("manager", "gao"),
            "li": person("sales", "wang"),
            "chen": person("sales"),
            "fang": person("finance"),
            "zhao": person("archivist"),
            "gao": person("manager"),
            "xu": person("manager", "gao"),
            "ma": person("manager", "gao"),
        }
        self.now, self.absences, self.flows, self.papers, self.serial = moment, [], {}, [], 0

    def tried(self, act, *args):
        """(the world after the act, True) or (the same world, False) when the rules forbid it."""
        after = copy.deepcopy(self)
        try:
            getattr(after, act)(*args)
            return after, True
        except No:
            return self, False

    # Papers

    def draft(self, price):
        self.papers.append(
            Thing(
                state="draft",
                owner="li",
                price=price,
                discount=0,
                terms=30,
                note="",
                version=1,
                requests=[],
            )
        )

    def said(self, paper):
        return paper.price, paper.discount, paper.terms

    def total(self, paper):
        return paper.price * 113 * (100 - paper.discount) // 100

    def may(self, by, roles):
        self.people[by].active and self.people[by].roles & roles or no("role")

    def edit(self, number, by, version, field, value):
        paper = self.papers[number]
        self.may(by, WRITERS)
        editable = paper.state in ("draft", "returned", "submitted", "approved")
        if editable and getattr(paper, field) == value:
            return  # nothing differs: nothing is written
        editable and paper.version == version or no("version or state")
        before, paper.version = self.said(paper), paper.version + 1
        setattr(paper, field, value)
        if self.said(paper) != before and paper.state in ("submitted", "approved"):
            self.end(paper.requests[-1], "dropped")
            paper.state = "draft"

    def flow_for(self, paper, purpose):
        if purpose == "void":
            return self.flows["void"]
        return self.flows[
            "special" if paper.discount >= 10 else "big" if self.total(paper) >= 20000 else "main"
        ]

    def submit(self, number, by, straight=False):
        paper = self.papers[number]
        self.may(by, WRITERS)
        paper.state in ("draft", "returned") or no("state")
        paper.state = "submitted"
        self.ask_for(paper, by, "issue", straight)

    def ask_for(self, paper, by, purpose, straight=False):
        flow, last = self.flow_for(paper, purpose), paper.requests[-1] if paper.requests else None
        last and last.state == "open" and no("one is open")
        new = Thing(
            plan=copy.deepcopy(flow.steps),
            step=0,
            round=1,
            state="open",
            submitter=by,
            purpose=purpose,
            content=self.said(paper),
            late=flow.recall_late,
            back=0,
            asks=[],
            urged=None,
        )
        if straight:
            (
                last
                and last.state == "returned"
                and last.back
                and last.content == new.content
                and last.plan == new.plan
            ) or no("not straight back")
            new.step = last.back - 1
        paper.requests.append(new)
        self.go_on(paper, new)

    def recall(self, number, by):
        paper = self.papers[number]
        self.may(by, WRITERS)
        request = self.open_request(paper)
        by in (request.submitter, paper.owner) or "manager" in self.people[by].roles or no(
            "not theirs"
        )
        any(a.state == "approved" for a in request.asks) and not request.late and no("decided")
        self.end(request, "recalled")
        if request.purpose == "issue":
            paper.state = "draft"

    def issue(self, number, by):
        paper = self.papers[number]
        self.may(by, WRITERS)
        paper.state == "approved" and paper.requests[-1].content == self.said(paper) or no(
            "not approved"
        )
        paper.state = "issued"

    def void(self, number, by):
        paper = self.papers[number]
        self.may(by, VOIDERS)
        paper.state == "issued" or no("state")
        paper.requests[-1].state == "open" and no("one is open")
        if self.flows["void"].steps:
            self.ask_for(paper, by, "void")
        else:
            paper.state = "voided"

    def urge(self, number, by):
        paper = self.papers[number]
        request = self.open_request(paper)
        by in (request.submitter, paper.owner) or no("not theirs")
        request.urged and self.now - request.urged < dt.timedelta(hours=1) and no("once an hour")
        request.urged = self.now

    def open_request(self, paper):
        return (
            paper.requests[-1]
            if paper.requests and paper.requests[-1].state == "open"
            else no("nothing open")
        )

    def end(self, request, state):
        self.cancel(request)
        request.state = state

    def cancel(self, request):
        for ask in request.asks:
            ask.state = "cancelled" if ask.state in LIVE else ask.state

    # Steps

    def boss(self, name):
        above = name and self.people[name].boss
        return above if above and self.people[above].active else None

    def deciders(self, step, request, paper):
        own, who = {request.submitter, paper.owner}, step["who"]
        if who == "people":
            named = [p for p in step["people"] if self.people[p].active]
        elif who == "owner":
            named = ["li"] if self.people["li"].active else []
        elif who.startswith("superior"):
            named = [
                self.boss(request.submitter)
                if who == "superior"
                else self.boss(self.boss(request.submitter))
            ]
        else:
            named = [p for p in RANK if who in self.people[p].roles and self.people[p].active]
            close = [p for p in named if p == self.people[request.submitter].boss]
            if who == "manager":
                team = ["wang"] if request.submitter == "li" and "wang" in named else []
                named = close or team or named
        named = sorted((p for p in named if p), key=RANK.index)
        found = [p for p in named if p not in own]
        boss, other = self.boss(request.submitter), step["fallback"]
        if not found and named and boss and boss not in own:
            found = [boss]
        if not found and other and self.people[other].active and other not in own:
            found = [other]
        step["rule"] == "n" and len(found) < step["needed"] and no("too few")
        return found or no("nobody")

    def here(self, request):
        return [a for a in request.asks if (a.step, a.round) == (request.step, request.round)]

    def asked(self, request):
        return {a.who for a in self.here(request) if a.state in (*LIVE, "approved")}

    def put(self, paper, request, name, kind="decide", parent=None, taken=(), state="open"):
        other = self.stand_in(name, request, paper) if state != "approved" else None
        other = None if other in taken else other
        hours = request.plan[request.step - 1]["hours"]
        self.serial += 1
        request.asks.append(
            Thing(
                serial=self.serial,
                who=other or name,
                behalf=name if other else None,
                kind=kind,
                parent=parent,
                state=state,
                step=request.step,
                round=request.round,
                due=self.due(hours) if hours and state != "approved" else None,
                reminded=False,
            )
        )
        return request.asks[-1]

    def due(self, hours):
        """Office hours are nine to six, Monday to Friday, in Shanghai; here the clock moves by
        whole hours."""
        at = self.now + dt.timedelta(hours=8)
        while hours:
            hours -= at.weekday() < 5 and 9 <= at.hour < 18
            at += dt.timedelta(hours=1)
        return at - dt.timedelta(hours=8)

    def agreed(self, request):
        here, step = self.here(request), request.plan[request.step - 1]
        first = [a for a in here if a.kind == "decide"]
        yes = sum(a.state in ("approved", "passed") for a in first)
        if any(a.state in LIVE for a in here if a.kind == "after"):
            return False
        if step["rule"] == "all":
            return yes > 0 and not any(a.state in LIVE for a in first)
        return yes >= (step["needed"] if step["rule"] == "n" else 1)

    def go_on(self, paper, request):
        said = {a.who for a in self.here(request) if a.state == "approved"}
        self.cancel(request)
        if request.step == len(request.plan):
            request.state = "approved"
            paper.state = "approved" if request.purpose == "issue" else "voided"
            return
        names = self.deciders(request.plan[request.step], request, paper)
        request.step += 1
        taken, made = set(names), []
        for name in names:
            made.append(
                self.put(
                    paper, request, name, taken=taken, state="approved" if name in said else "open"
                )
            )
            taken.add(made[-1].who)
        if any(a.state == "approved" for a in made) and self.agreed(request):
            self.go_on(paper, request)

    # Decisions

    def of(self, number, index, by):
        """The ask, if `by` may decide it now."""
        paper = self.papers[number]
        request, ask = self.find(paper, index)
        ask.who == by and self.people[by].active and by not in (
            request.submitter,
            paper.owner,
        ) or no("not theirs")
        ask.state == "open" and request.state == "open" and request.content == self.said(
            paper
        ) or no("closed")
        return paper, request, ask

    def find(self, paper, index):
        """Asks are counted through all rounds of approval of the paper."""
        for request in paper.requests:
            if index < len(request.asks):
                return request, request.asks[index]
            index -= len(request.asks)
        no("no such ask")

    def approve(self, number, index, by):
        paper, request, ask = self.of(number, index, by)
        ask.state = "approved"
        self.after_yes(paper, request, ask)

    def after_yes(self, paper, request, ask):
        if ask.kind == "before":
            if ask.parent.state == "waiting" and not any(
                a.state in LIVE
                for a in request.asks
                if a.kind == "before" and a.parent is ask.parent
            ):
                ask.parent.state = "open"
        elif self.agreed(request):
            self.go_on(paper, request)

    def reject(self, number, index, by):
        paper, request, ask = self.of(number, index, by)
        ask.state = "rejected"
        self.end(request, "rejected")
        paper.state = "returned" if request.purpose == "issue" else paper.state

    def send_back(self, number, index, by, step):
        paper, request, ask = self.of(number, index, by)
        0 <= step < request.step or no("not earlier")
        ask.state = "returned"
        if step:
            self.cancel(request)
            request.round, request.step = request.round + 1, step - 1
            return self.go_on(paper, request)
        request.back = request.step
        self.end(request, "returned")
        paper.state = "returned" if request.purpose == "issue" else paper.state

    def may_ask(self, paper, request, name):
        self.people[name].active and name not in (
            request.submitter,
            paper.owner,
        ) and name not in self.asked(request) or no("cannot be asked")

    def may_add(self, paper, request, ask, name):
        ask.kind == "decide" or no("was added")
        self.may_ask(paper, request, name)

    def give(self, paper, request, ask, to):
        self.may_ask(paper, request, to)
        state, ask.state = ask.state, "handed_over"
        made = self.put(
            paper, request, to, ask.kind, ask.parent, self.asked(request) | {ask.who}, state
        )
        self.adopt(request, ask, made)

    def adopt(self, request, ask, made):
        for other in request.asks:
            other.parent = made if other.parent is ask and other.kind == "before" else other.parent

    def hand_over(self, number, index, by, to):
        self.give(*self.of(number, index, by), to)

    def ask_before(self, number, index, by, to):
        paper, request, ask = self.of(number, index, by)
        self.may_add(paper, request, ask, to)
        ask.state = "waiting"
        self.put(paper, request, to, "before", ask, self.asked(request))

    def ask_after(self, number, index, by, to):
        paper, request, ask = self.of(number, index, by)
        self.may_add(paper, request, ask, to)
        self.put(paper, request, to, "after", ask, self.asked(request))
        self.approve(number, index, by)

    def most(self, step):
        """How many the step can ask at most."""
        if step["who"] == "people":
            return len(step["people"])
        return sum(step["who"] in person.roles for person in self.people.values()) or 1

    def set_flow(self, name, steps, recall_late):
        for step in steps:
            step["rule"] == "n" and step["needed"] > self.most(step) and no("too few people")
        self.flows[name] = Thing(steps=steps, recall_late=recall_late)

    def seen(self):
        """All that the engine must agree with, as data."""
        return [
            (
                p.state,
                [
                    (
                        r.state,
                        r.step,
                        r.round,
                        r.purpose,
                        r.submitter,
                        r.back,
                        [
                            (a.who, a.behalf, a.kind, a.state, a.step, a.round, a.due, a.reminded)
                            for a in r.asks
                        ],
                    )
                    for r in p.requests
                ],
            )
            for p in self.papers
        ]
