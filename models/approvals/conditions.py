"""For which papers a flow is: each condition holds or not, and says so."""

def facts_of(document):
    """What conditions look at, as data: amounts in minor units, discounts in basis points."""
    from models.receivables.credit_limit import exceeds_credit
    owner, customer = document.owner, document.customer
    keep = lambda bps: 10000 - (bps or 0)  # noqa: E731
    lines = [10000 - keep(line.discount) * keep(document.discount) // 10000 for line in document.ordered_lines()]
    return {"amount": abs(document.total), "currency": document.currency, "discount": max(lines, default=0),
            "credit_exceeded": exceeds_credit(document), "tags": customer.tags or [], "owner": owner and owner.id,
            "team": owner and owner.team_id, "first_order": not _sold_before(document)}


def _sold_before(document):
    kind = type(document)
    return kind.standing().where(kind.customer == document.customer_id, kind.id != document.id,
                                 kind.kind.in_(("order", "delivery_note", "invoice"))).exists()


def judge(flow, facts, foreign=False):
    """[(condition, asked, found, holds)] for every condition the flow sets. `foreign`: no flow speaks of the paper's
    currency, so that an amount cannot be compared and counts as reached (the strictest flow is taken)."""
    asked = flow.conditions or {}
    rows = []
    if flow.least:
        same = flow.currency == facts["currency"]
        rows.append(("amount", flow.least, facts["amount"], facts["amount"] >= flow.least if same else foreign))
    elif flow.currency != facts["currency"] and not foreign:
        rows.append(("currency", flow.currency, facts["currency"], False))
    if "discount" in asked:
        rows.append(("discount", asked["discount"], facts["discount"], facts["discount"] >= asked["discount"]))
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
        if name == "discount" and isinstance(value, int) and 0 < value <= 10000:
            known[name] = value
        elif name in ("credit_exceeded", "first_order") and isinstance(value, bool):
            known |= {name: True} if value else {}
        elif name == "tag" and isinstance(value, str) and 0 < len(value.strip()) <= 100:
            known[name] = value.strip()
        elif name in ("owner", "team") and isinstance(value, list) and all(isinstance(v, int) for v in value):
            known |= {name: sorted(value)} if value else {}
        else:
            raise ValueError(name)
    return known
