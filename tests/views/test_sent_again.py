"""A form that is sent again: the key of the first time opens nothing to another, nor to who is out
by now."""

import pytest

from tests.support.sets import one_in
from tests.test_rights_ended import fresh
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled

REPEATED = [e for e in CASES if e not in ("setup.new", "restoring.create")]


@pytest.mark.parametrize("endpoint", [e for e in REPEATED if one_in(15, "repeated", e)])
def test_a_form_sent_again_is_answered_to_its_sender_alone(app, firm, sign_in, endpoint):
    """The key of a form that was taken opens nothing to another, nor to who is out by now."""
    who, path, fields, _strangers, *rest = CASES[endpoint](firm)
    if who in (None, "link") or not hasattr(app.view_functions[endpoint], "idempotent"):
        return
    browser = sign_in(getattr(firm, who))
    first = browser.post(path, data=filled(fields))
    if first.status_code != 303:  # a file, or a piece
        return
    for other in ("bob", "zhao"):
        if other == who:
            continue
        answer = sign_in(getattr(firm, other)).post(path, data=filled(fields))
        assert answer.status_code != 303 or other == "zhao", f"{other}: {answer.location}"
    person = fresh(getattr(firm, who))
    if person.is_staff and person.id != firm.ada.id:
        person.disable(firm.ada)
    elif not person.is_staff:
        person.disable(firm.li)
    else:
        person.end_sessions()
    assert browser.post(path, data=filled(fields)).status_code == 401
