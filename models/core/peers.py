"""While a page is read, what its rows refer to is read for all the rows of a query at once, when
the first of them asks: no list asks once a row.

Only while a page is read: a job or a verb that goes through rows may change what they refer to, and
reads it when its turn comes."""

import contextvars
import weakref

import peewee as pw

PORTION = 500
_reading = contextvars.ContextVar("reading", default=False)


def reading(yes):
    """Say whether a page is read from now on, by this thread."""
    _reading.set(yes)


def introduce(rows):
    """Let the rows of one query know each other."""
    if len(rows) > 1 and _reading.get() and isinstance(rows[0], pw.Model):
        _acquaint(rows)


def peers_of(row):
    """The rows of its query, itself among them."""
    refs = row.__dict__.get("peers") or [weakref.ref(row)]
    return [peer for ref in refs if (peer := ref()) is not None]


def _acquaint(rows):
    peers = [weakref.ref(row) for row in rows]  # rows that knew each other would live too long
    for row in rows:
        row.__dict__["peers"] = peers


class Reference(pw.ForeignKeyAccessor):
    """The row to which a column refers, read together with those of the row's peers."""

    def get_rel_instance(self, instance):
        if "peers" not in instance.__dict__:
            return super().get_rel_instance(instance)
        if self._is_missing(instance):
            self._read(peers_of(instance))
        found = super().get_rel_instance(instance)
        if isinstance(found, pw.Model) and "peers" not in found.__dict__:
            others = [row.__rel__.get(self.name) for row in peers_of(instance)]
            _acquaint([other for other in others if other is not None])
        return found

    def _is_missing(self, row):
        return row.__data__.get(self.name) is not None and self.name not in row.__rel__

    def _read(self, rows):
        key = self.field.rel_field
        rows = [row for row in rows if self._is_missing(row)]
        values = sorted({row.__data__[self.name] for row in rows})
        for begin in range(0, len(values), PORTION):
            part = self.rel_model.select().where(key.in_(values[begin : begin + PORTION]))
            found = {other.__data__[key.name]: other for other in part}
            for row in rows:
                if (other := found.get(row.__data__[self.name])) is not None:
                    row.__rel__[self.name] = other
