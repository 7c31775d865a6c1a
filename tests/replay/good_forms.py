"""The good forms of tests/valid_forms, one after the other on one firm."""

import copy

from tests.spoiling import enter
from tests.valid_forms import CASES

# They need a portal without a firm.
ENDPOINTS = sorted(CASES.keys() - {"setup.new", "restoring.create"})


def good_form(app, firm, sign_in, endpoint):
    """(who sends it, address, fields, ids of strangers, a function that signs that person in). What
    it makes is meant to be taken back, so the firm is a copy."""
    own = copy.deepcopy(firm)
    who, path, fields, strangers, *rest = CASES[endpoint](own)
    return who, path, fields, strangers, lambda: enter(app, own, sign_in, who, "en", *rest)
