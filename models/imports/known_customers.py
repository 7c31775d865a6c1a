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
    """The names of the customers that are known, and those of the file above. `known`: {name: id,
    or None of one in the file}. `twins` are those that are nearly like another, {name: what the
    page shows}; `decided` is what a person said of them: {name: the known one, "" for none}."""

    def __init__(self, known, decided=None):
        self.known, self.decided = dict(known), decided or {}
        self.same, self.near, self.halves, self.twins = {}, {}, {}, {}
        for name in sorted(self.known):
            self._learn(name)

    def _learn(self, name):
        self.same.setdefault(comparable(name), name)
        self.near.setdefault(near(name), name)
        for half in _halves(near(name)):
            self.halves.setdefault(half, []).append(name)

    def of(self, plan, number, column, name, by_name=True):
        """The name as it is known. What differs by blanks, width, case or brackets only is the same
        where customers are told apart by their names; where not, and where a name is nearly
        another, a person says it."""
        if name in self.twins:
            return self._again(name)
        if not comparable(name) or by_name and name in self.known:
            return name
        same = self.same.get(comparable(name))
        if by_name and same is not None:
            if same != name:
                plan.warn(number, column, "customer_same", value=name, known=same)
            return same
        like = same or self.like(name)
        if like and not plan.is_of_others(self.known.get(like)):
            return self.offer(number, name, like)
        if by_name:
            self._learn(name)
        return name

    def like(self, name):
        """The known name that this one may be, but for its legal form or a letter; or None."""
        found = self.near.get(near(name))
        if found:
            return found
        candidates = [n for half in _halves_near(near(name)) for n in self.halves.get(half, ())]
        return next((n for n in candidates if names.is_a_letter_apart(name, n)), None)

    def offer(self, number, name, like):
        """Let the page show both names side by side. Returns the one that was decided."""
        taken = self.decided.get(name)
        twin = {"value": name, "known": like, "row": number, "count": 0, "taken": taken}
        self.twins[name] = twin
        taken or self._learn(name)
        return self._again(name)

    def _again(self, name):
        twin = self.twins[name]
        twin["count"] += 1
        return twin["taken"] or name

    def taken(self, name):
        """Whether a person took this name for that of another customer."""
        return name in self.twins and bool(self.twins[name]["taken"])


def _halves(name):
    """By which a name is found that differs in the other half: (length, which half, letters)."""
    middle = len(name) // 2
    return (len(name), 0, name[:middle]), (len(name), 1, name[middle:])


def _halves_near(name):
    """The same of the names that are as long, but for one letter."""
    for length in range(len(name) - 1, len(name) + 2):
        middle = length // 2
        yield length, 0, name[:middle]
        yield length, 1, name[-(length - middle) :]
