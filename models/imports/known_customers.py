"""The customers that a file may name."""

from models.customers import Customer

COLUMNS = "id code name terms_days currency language".split()


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
