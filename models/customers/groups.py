"""Under which customer each merged one is shown: `main`, kept beside `merged_into` and not hashed.
What people may see depends on it: `differences` compares both, `rebuild` computes it again."""

from models.core.database import db, one_snapshot
from models.customers.customer import Customer


def _reckoned():
    """{id: id of the one at the end of the chain} of all that were merged."""
    merged = Customer.merged_into.is_null(False)
    into = dict(Customer.select(Customer.id, Customer.merged_into).where(merged).tuples())
    ends = {}
    for ident in into:
        end, steps = ident, set()
        while end in into and end not in steps:  # a circle can only be written by hand
            steps.add(end)
            end = into[end]
        ends[ident] = end
    return ends


@one_snapshot()
def differences(most=20):
    """A sentence for each customer that is shown under another one than it was merged into."""
    kept, ends = Customer.mains(), _reckoned()
    wrong = sorted(ident for ident in kept | ends if kept.get(ident) != ends.get(ident))
    return [
        f"customer {ident} is shown under {kept.get(ident)}, but was merged into {ends.get(ident)}"
        for ident in wrong[:most]
    ]


@db.atomic()
def rebuild():
    """Compute it again. Returns the number of merged customers."""
    ends = _reckoned()
    Customer.update(main=None).where(Customer.main.is_null(False)).execute()
    for ident, end in ends.items():
        Customer.update(main=end).where(Customer.id == ident).execute()
    return len(ends)
