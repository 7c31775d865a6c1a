"""The rules of who stands in, leaves or lets the time pass, in plain Python and without a line of
the engine."""

import copy
import datetime as dt

from tests.ruling import LIVE, No, Thing, no


class Absences:
    """Mixed into the world of the rules of approval."""

    def stand_in(self, name, request, paper):
        seen, at = [name], name
        while True:
            row = next((a for a in self.absences if a.user == at and self.covers(a, paper)), None)
            if row is None or row.to in seen or not self.people[row.to].active:
                break
            seen.append(row.to)
            at = row.to
        return at if at != name and at not in (request.submitter, paper.owner) else None

    def covers(self, absence, paper):
        today = (self.now + dt.timedelta(hours=8)).date()
        return (
            absence.first <= today <= absence.last
            and not absence.ended
            and (absence.most is None or self.total(paper) <= absence.most)
        )

    def live_asks(self):
        return [
            (p, r, a)
            for p in self.papers
            for r in p.requests
            for a in list(r.asks)
            if a.state in LIVE
        ]

    def each(self, verb, *args):
        """Do it where the rules allow, leave it where not; a part that is forbidden changes
        nothing."""
        kept = copy.deepcopy(self.__dict__)
        try:
            verb(*args)
            return True
        except No:
            self.__dict__.update(kept)
            return False

    def hand_over_all(self, by, name, to):
        by in ("ada", name) and self.people[by].active and name != to or no("not theirs")
        for n, paper in enumerate(self.papers):
            for r in range(len(paper.requests)):
                for i in range(len(paper.requests[r].asks)):

                    def one(n=n, r=r, i=i):
                        paper, request = self.papers[n], self.papers[n].requests[r]
                        self.give(paper, request, request.asks[i], to)

                    ask = self.papers[n].requests[r].asks[i]
                    if ask.who == name and ask.state in LIVE:
                        self.each(one)

    def arrange(self, user, to, first, last, most):
        user != to and self.people[to].active or no("person")
        any(
            a.user == user and not a.ended and a.first <= last and a.last >= first
            for a in self.absences
        ) and no("already")
        self.absences.append(
            Thing(user=user, to=to, first=first, last=last, most=most, ended=False)
        )
        self.take_over(self.absences[-1])

    def come_back(self, index):
        self.absences[index].ended and no("ended")
        self.absences[index].ended = True

    def take_over(self, absence):
        for paper in self.papers:
            for request in paper.requests:
                for ask in list(request.asks):
                    if (
                        ask.who != absence.user
                        or ask.state != "open"
                        or ask.behalf
                        or not self.covers(absence, paper)
                    ):
                        continue
                    other = self.stand_in(ask.who, request, paper)
                    if other and self.people[other].active and other not in self.asked(request):
                        ask.state = "handed_over"
                        self.adopt(
                            request,
                            ask,
                            self.put(
                                paper, request, ask.who, ask.kind, ask.parent, self.asked(request)
                            ),
                        )

    def wait(self, hours):
        """The clock goes on; then those absent are replaced and late steps do what their flow
        says."""
        self.now += dt.timedelta(hours=hours)
        for absence in self.absences:
            self.take_over(absence)
        late = [
            (n, r, i)
            for n, p in enumerate(self.papers)
            for r, q in enumerate(p.requests)
            for i, a in enumerate(q.asks)
            if a.state == "open" and a.due and a.due <= self.now and not a.reminded
        ]
        for n, r, i in sorted(
            late, key=lambda x: self.papers[x[0]].requests[x[1]].asks[x[2]].serial
        ):
            ask = self.papers[n].requests[r].asks[i]
            if ask.state == "open":
                ask.reminded = True
                self.each(self.late, n, r, i)

    def late(self, n, r, i):
        paper, request = self.papers[n], self.papers[n].requests[r]
        ask = request.asks[i]
        step = request.plan[ask.step - 1]
        if step["late"] == "pass":
            ask.state = "passed"
            self.after_yes(paper, request, ask)
        elif step["late"] == "hand_over":
            self.give(paper, request, ask, step["late_to"])
        elif step["late"] == "escalate":
            self.give(paper, request, ask, self.people[ask.who].boss or no("nobody"))

    def leave(self, name):
        self.people[name].active = False

    def return_to_work(self, name):
        self.people[name].active = True
