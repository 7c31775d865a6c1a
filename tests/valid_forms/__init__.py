"""One good submission for every POST route that reads fields: (who sends it, address, fields, ids
of strangers)."""

from tests.valid_forms import archive, claims, customers, documents, firm, governance, money

CASES = {
    **firm.CASES,
    **customers.CASES,
    **documents.CASES,
    **money.CASES,
    **claims.CASES,
    **archive.CASES,
    **governance.CASES,
}
