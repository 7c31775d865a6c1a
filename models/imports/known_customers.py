"""The customers that a file may name, and the ways in which it may spell them."""

import functools

from models.customers import Customer, names

COLUMNS = "id code name terms_days currency language".split()
comparable, near = (functools.lru_cache(50_000)(form) for form in (names.comparable, names.near))


def known_customers(mains):
    """({code: customer}, {name: [customers]}, all customers). By code and name of one that was
    merged its main one is found. `mains`: {id: id of the main one} of what was merged."""
    rows = {c.id: c for c in Customer.select(*[getattr(Customer, name) for name in COLUMNS])}
    by_code, by_name = {}, {}
    for c in rows.values():
        main = rows[mains.get(c.id, c.id)]
        if c.code:
            by_code.setdefault(c.code, main)
        if main not in by_name.setdefault(c.name, []):
            by_name[c.name].append(main)
    return by_code, by_name, rows.values()


class Spellings:
    """The names of the customers that are known, and those of the file above."""

    def __init__(self, known):
        self.known, self.same, self.near = set(known), {}, {}
        for name in sorted(self.known):
            self._learn(name)

    def _learn(self, name):
        self.same.setdefault(comparable(name), name)
        self.near.setdefault(near(name), name)

    def of(self, plan, number, column, name):
        """The name as it is known: what differs by blanks, width, case or brackets only is the
        same. What differs by its legal form is told, and stays another one."""
        if name in self.known or not comparable(name):
            return name
        known, like = self.same.get(comparable(name)), self.near.get(near(name))
        if known is None:
            self._learn(name)
        if (known or like) not in (None, name):
            code = "customer_same" if known else "customer_like"
            plan.warn(number, column, code, value=name, known=known or like)
        return known or name
