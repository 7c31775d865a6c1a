"""The conditions that decide whether a flow applies to a document."""

from models.core.money import digits
from models.products import Product

NO_MARGIN = -1_000_000  # below every margin that a flow can ask for
YES_OR_NO = ("credit_exceeded", "first_order", "beyond_invoice", "equals_source")
credit_limits = []  # functions (document -> bool); models/receivables adds its own


def facts_of(document):
    """The values that conditions are compared with: amounts in minor units, discounts and margins
    in basis points."""
    if document.customer is None:
        return _without_money(document)
    owner, customer, lines = document.owner, document.customer, document.ordered_lines()
    priced_lines = [
        (line, product)
        for line, product in with_products(lines)
        if product and product.currency == document.currency
    ]
    margins = [
        margin for line, product in priced_lines if (margin := margin_of(line, product)) is not None
    ]
    return {
        "amount": abs(document.total),
        "currency": document.currency,
        "discount": max(
            (10000 - price_share(line, document) // 10000 for line in lines), default=0
        ),
        "margin": min(margins, default=None),
        "below_list": max(
            [
                10000 - line.price * price_share(line, document) // (product.price * 10000)
                for line, product in priced_lines
                if product.price
            ]
            + [0]
        ),
        "credit_exceeded": any(exceeds(document) for exceeds in credit_limits),
        "tags": customer.leading.tags or [],
        "owner": owner and owner.id,
        "team": owner and owner.team_id,
        "first_order": not _sold_before(document),
        "beyond_invoice": document.exceeds_invoice(),
        "equals_source": document.equals_source(),
    }


def _without_money(subject):
    """The same values for a subject without a customer and an amount."""
    return {
        "amount": 0,
        "currency": None,
        "discount": 0,
        "margin": None,
        "below_list": 0,
        "credit_exceeded": False,
        "tags": [],
        "owner": subject.owner_id,
        "team": subject.owner.team_id,
        "first_order": False,
        "beyond_invoice": False,
        "equals_source": False,
    }


def price_share(line, document):
    """The part of the price left after the discounts of line and document, of 100 000 000."""
    return (10000 - (line.discount or 0)) * (10000 - (document.discount or 0))


def with_products(lines):
    """(line, product) of each line. A product is also found by a typed code, so that nobody avoids
    a flow by typing the code instead of choosing the product."""
    lines = list(lines)
    by_id = {
        p.id: p
        for p in Product.select().where(
            Product.id.in_([x.product_id for x in lines if x.product_id] or [0])
        )
    }
    by_code = {
        p.code: p
        for p in Product.select().where(Product.code.in_([x.code for x in lines if x.code] or [""]))
    }
    return [(line, by_id.get(line.product_id) or by_code.get(line.code)) for line in lines]


def margin_of(line, product):
    """The line's margin, (net - cost) / net in basis points; None where the cost is not known."""
    if product.cost is None or not line.quantity:
        return None
    net, cost = line.net * 10 ** (8 - digits(product.currency)), line.quantity * product.cost
    return (net - cost) * 10000 // net if net > 0 else NO_MARGIN


def _sold_before(document):
    cls = type(document)
    return (
        cls.standing()
        .where(
            cls.customer.in_(document.customer.group),
            cls.id != document.id,
            cls.kind.in_(("order", "delivery_note", "invoice")),
        )
        .exists()
    )


def evaluate(flow, facts, foreign=False):
    """[(condition, wanted, actual, holds)] of every condition of the flow. `foreign`: no flow has
    the document's currency, so amounts cannot be compared and count as reached; the strictest flow
    is then chosen."""
    wanted = flow.conditions or {}
    rows = []
    if flow.least:
        same = flow.currency == facts["currency"]
        rows.append(
            (
                "amount",
                flow.least,
                facts["amount"],
                facts["amount"] >= flow.least if same else foreign,
            )
        )
    elif facts["currency"] and flow.currency != facts["currency"] and not foreign:
        rows.append(("currency", flow.currency, facts["currency"], False))
    if "discount" in wanted:
        rows.append(
            (
                "discount",
                wanted["discount"],
                facts["discount"],
                facts["discount"] >= wanted["discount"],
            )
        )
    if "margin" in wanted:
        rows.append(
            (
                "margin",
                wanted["margin"],
                facts["margin"],
                facts["margin"] is not None and facts["margin"] < wanted["margin"],
            )
        )
    if "below_list" in wanted:
        rows.append(
            (
                "below_list",
                wanted["below_list"],
                facts["below_list"],
                facts["below_list"] > wanted["below_list"],
            )
        )
    for name in YES_OR_NO:
        if wanted.get(name):
            rows.append((name, True, facts[name], facts[name]))
    if wanted.get("tag"):
        rows.append(("tag", wanted["tag"], facts["tags"], wanted["tag"] in facts["tags"]))
    for name in ("owner", "team"):
        if wanted.get(name):
            rows.append((name, wanted[name], facts[name], facts[name] in wanted[name]))
    return rows


def validated(conditions):
    """The conditions without empty ones; raises ValueError for an unknown name or a wrong type."""
    valid = {}
    for name, value in (conditions or {}).items():
        if (
            name in ("discount", "margin", "below_list")
            and type(value) is int
            and 0 <= value <= 10000
            and (value or name == "below_list")
        ):
            valid[name] = value
        elif name in YES_OR_NO and isinstance(value, bool):
            valid |= {name: True} if value else {}
        elif name == "tag" and isinstance(value, str) and 0 < len(value.strip()) <= 100:
            valid[name] = value.strip()
        elif (
            name in ("owner", "team")
            and isinstance(value, list)
            and all(isinstance(v, int) for v in value)
        ):
            valid |= {name: sorted(value)} if value else {}
        else:
            raise ValueError(name)
    return valid
