"""What happens in the random offices: one act each, chosen among those that make sense."""

import datetime as dt

import pytest
from hypothesis import strategies as st

from models.core.clock import at
from models.core.errors import Refused
from tests.rules_of_approval import RANK

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
# Two must agree: a role of one and a superior cannot be asked for that.
kept_steps = st.lists(
    step.filter(lambda s: s["rule"] != "n" or s["who"] in ("people", "manager")),
    min_size=1,
    max_size=3,
)
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


class Acts:
    """Mixed into the machine: `one` chooses, `data` draws."""

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
        type(self).acts += 1

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
        self.act(
            "set_flow",
            one("main", "big", "special", "void"),
            data.draw(kept_steps | steps | st.just([])),
            one(True, False),
        )
