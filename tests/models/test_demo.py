"""The demo firm shows every state a newcomer will meet, and is as sound as a real one."""
from models import checks, demo
from models.documents import KINDS, Document
from models.dunning import Reminder


def test_a_year_of_trade_in_all_states(app):
    demo.make()
    papers = list(Document.select())
    assert {p.kind for p in papers} == set(KINDS) and {p.language for p in papers} == {"zh", "en"}
    assert {p.state for p in papers} >= {"draft", "submitted", "returned", "approved", "issued", "voided"}
    assert {p.money_state() for p in papers} >= {"open", "partly_paid", "paid", "overdue"}
    assert any(p.confirmed_at for p in papers) and any(p.expired for p in papers) and Reminder.select().exists()
    assert "partly" in {far for p in papers for far in p.fulfilment().values()} and checks.faults() == []
