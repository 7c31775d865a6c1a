"""The differences between two contents of a document, by field and by line, as shown to an
approver."""

import difflib
import json

from models.core.fields import canonical
from models.documents.snapshot import LINE_FIELDS

SHOWN_FIELDS = [
    *("heading", "subtotal"),
    *(name for name in LINE_FIELDS if name not in ("position", "net", "tax", "gross")),
]


def difference(old, new):
    """(fields [(name, before, after)], lines [(before or None, after or None, changed names)]) of
    two `approvable_content()` contents."""
    old, new = (json.loads(canonical(content)) for content in (old, new))
    fields = [
        (name, old.get(name), new.get(name))
        for name in {**old, **new}
        if name != "lines" and old.get(name) != new.get(name)
    ]
    return fields, list(_lines(old["lines"], new["lines"]))


def _lines(old, new):
    contents = lambda rows: [canonical({n: row.get(n) for n in SHOWN_FIELDS}) for row in rows]  # noqa: E731
    names = lambda rows: [f"{row.get('code')} {row.get('name')}" for row in rows]  # noqa: E731
    for change, a, b, c, d in difflib.SequenceMatcher(
        None, contents(old), contents(new), autojunk=False
    ).get_opcodes():
        if change == "equal":
            continue
        left, right = old[a:b], new[c:d]
        for _kind, i, j, k, m in difflib.SequenceMatcher(
            None, names(left), names(right), autojunk=False
        ).get_opcodes():
            pairs = max(j - i, m - k)
            for n in range(pairs):
                before, after = (
                    (left[i + n] if i + n < j else None),
                    (right[k + n] if k + n < m else None),
                )
                yield (
                    before,
                    after,
                    [x for x in SHOWN_FIELDS if before and after and before.get(x) != after.get(x)],
                )
