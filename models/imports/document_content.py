"""The content of an imported document as data, so that it can be compared, replaced and given
back."""

import datetime as dt

from models.core.database import db
from models.core.errors import refuse
from models.core.fields import canonical
from models.core.money import format_money, format_price, format_scaled
from models.documents import Document
from models.payments.imported import is_settled_otherwise, paid_by_imports, settle

HEAD = "date due_on terms_days delivery_on reference note currency prices_include_tax owner".split()
LINE = (
    "code name unit quantity price discount net tax gross product tax_rate tax_label tax_kind "
    "rate cost"
).split()


def content_of(document):
    """{name: value} as JSON has them."""
    return {
        **{name: _plain(document.__data__[name]) for name in HEAD},
        "lines": [
            {name: line.__data__[name] for name in LINE} for line in document.ordered_lines()
        ],
        "paid": paid_by_imports(document),
    }


def is_possible(document, content):
    """Whether the document can be given this content: nobody has used it, and what was paid and
    credited fits."""
    if not document.is_history() or sum(part[0] for part in content["paid"]) > total_of(content):
        return False
    same = _sums(content) == _sums(content_of(document))
    return same or not is_settled_otherwise(document)


@db.atomic()
def replace(by, document, old, new):
    """Give the document the content `new`; refused where it has not the content `old` any more, or
    somebody has used it."""
    document = Document.get_by_id(document.id)
    same = canonical(content_of(document)) == canonical(old)
    same and is_possible(document, new) or refuse("imported_touched", value=document.number)
    head = {name: Document._meta.fields[name].python_value(_day(name, new[name])) for name in HEAD}
    document.rewrite(by, new["lines"], **head)
    if _sums(old) != _sums(new):
        paid = [(amount, dt.date.fromisoformat(day), text) for amount, day, text in new["paid"]]
        settle(by, document, paid)


def texts_of(old, new, people):
    """({field: text} before, the same after) of what differs. `people`: {user id: name}."""
    before, after = _texts(old, people), _texts(new, people)
    names = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    return [{name: texts.get(name, "") for name in names} for texts in (before, after)]


def _texts(content, people):
    currency, paid = content["currency"], content["paid"]
    names = ("date", "due_on", "delivery_on", "reference", "note", "currency")
    return {
        **{name: content[name] or "" for name in names},
        "owner": people.get(content["owner"], ""),
        "total": format_money(total_of(content), currency),
        "paid": format_money(sum(amount for amount, *_ in paid), currency),
        "paid_on": ", ".join(day for _, day, _ in paid),
        **{f"line-{i}": _line(line, currency) for i, line in enumerate(content["lines"], 1)},
    }


def _line(line, currency):
    words = [line["code"], line["name"], format_scaled(line["quantity"], 4), line["unit"]]
    words += ["×", format_price(line["price"], currency)]
    words += [f"−{format_scaled(line['discount'], 2)}%"] if line["discount"] else []
    words += [line["tax_label"], "=", format_money(line["gross"], currency)]
    return " ".join(filter(None, words))


def total_of(content):
    return sum(line["gross"] for line in content["lines"])


def _sums(content):
    return content["currency"], total_of(content), content["paid"]


def _plain(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def _day(name, value):
    return (
        dt.date.fromisoformat(value)
        if value and name in ("date", "due_on", "delivery_on")
        else value
    )
