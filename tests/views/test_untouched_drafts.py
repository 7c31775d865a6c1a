"""A draft that was left with nothing in it vanishes; one that somebody typed in never does."""

import datetime as dt

import pytest

from models.core.clock import at, now
from models.documents import Document
from models.documents.draft import Autosave
from models.documents.message import Message
from tests.firm import KEY


def empty(firm):
    return Document.draft(firm.li, "invoice", firm.a)


def state(document):
    return Document.get_by_id(document.id).state


def test_an_empty_draft_vanishes_when_its_editor_is_left(firm, sign_in):
    browser, draft = sign_in(firm.li), empty(firm)
    assert f'action="/documents/{draft.id}/discard/untouched"' in browser.get(
        f"/documents/{draft.id}/edit"
    ).get_data(as_text=True)
    assert browser.post(f"/documents/{draft.id}/discard/untouched").status_code == 303
    assert state(draft) == "discarded"
    assert [e.action for e in draft.events] == ["created", "discarded"]


@pytest.mark.parametrize("how", ["lines", "reference", "typing", "message"])
def test_what_somebody_put_something_in_stays(firm, sign_in, how):
    draft = empty(firm)
    if how == "lines":
        draft.revise(firm.li, draft.version, [firm.line()])
    elif how == "reference":
        draft.revise(firm.li, draft.version, reference="PO 7")
    elif how == "typing":
        Autosave.store(draft, firm.li, 1, {"reference": ["PO"]}, KEY)
    else:
        Message.write(firm.li, draft, "wait for Anna")
    assert sign_in(firm.li).post(f"/documents/{draft.id}/discard/untouched").status_code == 303
    with at(now() + dt.timedelta(days=9)):
        Document.discard_all_untouched()
    assert state(draft) == "draft"


def test_the_clock_takes_empty_drafts_of_days_before(firm):
    old = empty(firm)
    with at(now() + dt.timedelta(days=2)):
        new = empty(firm)
        Document.discard_all_untouched()
    assert (state(old), state(new)) == ("discarded", "draft")
    assert old.events.order_by(old.events.model.id.desc())[0].actor_type == "System"
