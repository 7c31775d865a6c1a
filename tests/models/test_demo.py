"""The demo firm shows every state a newcomer will meet, and is as sound as a real one."""
from models import checks, start
from models.company import Company
from models.documents import KINDS, Document
from models.dunning import Reminder


def test_a_year_of_trade_in_all_states(app):
    told = []
    start.begin("Moon Tea", "en", "EUR", "Ada", "ada@tea.test", "correct horse battery", demo=told.append)  # whatever the first page was told
    assert told == sorted(told) and told[0] == 0 and told[-1] == 1 and (Company.current().currency, Company.current().demo) == ("CNY", True)
    papers = list(Document.select())
    assert {p.kind for p in papers} == set(KINDS) and {p.language for p in papers} == {"zh", "en"}
    assert {p.state for p in papers} >= {"draft", "submitted", "returned", "approved", "issued", "voided"}
    assert {p.money_state() for p in papers} >= {"open", "partly_paid", "paid", "overdue"}
    assert any(p.confirmed_at for p in papers) and any(p.expired for p in papers) and Reminder.select().exists()
    assert "partly" in {far for p in papers for far in p.fulfilment().values()} and checks.faults() == []
