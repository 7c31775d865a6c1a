"""For which papers a flow is: each condition holds or not, and says so."""

from models.core.money import digits
from models.products import Product

WORST = -1_000_000
credit_limits = []  # whether a document exceeds its customer's credit; receivables enters its own


def facts_of(document):
    """What conditions look at, as data: amounts in minor units, discounts in basis points."""
    if document.customer is None:
        return _without_money(document)
    owner, customer, lines = document.owner, document.customer, document.ordered_lines()
    sold = [
        (line, product)
        for line, product in _with_products(lines)
        if product and product.currency == document.currency
    ]
    margins = [margin for line, product in sold if (margin := _margin(line, product)) is not None]
    return {
        "amount": abs(document.total),
        "currency": document.currency,
        "discount": max((10000 - _kept(line, document) // 10000 for line in lines), default=0),
        "margin": min(margins, default=None),
        "below_list": max(
            [
                10000 - line.price * _kept(line, document) // (product.price * 10000)
                for line, product in sold
                if product.price
            ]
            + [0]
        ),
        "credit_exceeded": any(exceeds(document) for exceeds in credit_limits),
        "tags": customer.tags or [],
        "owner": owner and owner.id,
        "team": owner and owner.team_id,
        "first_order": not _sold_before(document),
    }


def _without_money(subject):
    """What can be looked at where there is no customer and no amount."""
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
    }


def _kept(line, document):
    """What the discounts of line and paper leave, of 100 000 000."""
    return (10000 - (line.discount or 0)) * (10000 - (document.discount or 0))


def _with_products(lines):
    """Each line with its product, also where only the code was typed: leaving the list out must not
    leave the flow out."""
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


def _margin(line, product):
    """What is left of the line's net price over the product's cost, in basis points; None where the
    cost is not known."""
    if product.cost is None or not line.quantity:
        return None
    net, cost = line.net * 10 ** (8 - digits(product.currency)), line.quantity * product.cost
    return (net - cost) * 10000 // net if net > 0 else WORST


def _sold_before(document):
    kind = type(document)
    return (
        kind.standing()
        .where(
            kind.customer == document.customer_id,
            kind.id != document.id,
            kind.kind.in_(("order", "delivery_note", "invoice")),
        )
        .exists()
    )


def judge(flow, facts, foreign=False):
    """[(condition, asked, found, holds)] for every condition the flow sets. `foreign`: no flow
    speaks of the paper's currency, so that an amount cannot be compared and counts as reached (the
    strictest flow is taken)."""
    asked = flow.conditions or {}
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
    if "discount" in asked:
        rows.append(
            (
                "discount",
                asked["discount"],
                facts["discount"],
                facts["discount"] >= asked["discount"],
            )
        )
    if "margin" in asked:
        rows.append(
            (
                "margin",
                asked["margin"],
                facts["margin"],
                facts["margin"] is not None and facts["margin"] < asked["margin"],
            )
        )
    if "below_list" in asked:
        rows.append(
            (
                "below_list",
                asked["below_list"],
                facts["below_list"],
                facts["below_list"] > asked["below_list"],
            )
        )
    for name in ("credit_exceeded", "first_order"):
        if asked.get(name):
            rows.append((name, True, facts[name], facts[name]))
    if asked.get("tag"):
        rows.append(("tag", asked["tag"], facts["tags"], asked["tag"] in facts["tags"]))
    for name in ("owner", "team"):
        if asked.get(name):
            rows.append((name, asked[name], facts[name], facts[name] in asked[name]))
    return rows


def checked(conditions):
    """The conditions with only what is known, of the right kind; raises ValueError otherwise."""
    known = {}
    for name, value in (conditions or {}).items():
        if (
            name in ("discount", "margin", "below_list")
            and type(value) is int
            and 0 <= value <= 10000
            and (value or name == "below_list")
        ):
            known[name] = value
        elif name in ("credit_exceeded", "first_order") and isinstance(value, bool):
            known |= {name: True} if value else {}
        elif name == "tag" and isinstance(value, str) and 0 < len(value.strip()) <= 100:
            known[name] = value.strip()
        elif (
            name in ("owner", "team")
            and isinstance(value, list)
            and all(isinstance(v, int) for v in value)
        ):
            known |= {name: sorted(value)} if value else {}
        else:
            raise ValueError(name)
    return known
