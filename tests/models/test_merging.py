"""Two rows of one customer are shown as one, and separate again as they were."""

import datetime as dt
import threading
from types import SimpleNamespace

import pytest

from models import dunning
from models.adapters import search
from models.approvals import conditions
from models.archive.tax_invoice_assignment import buyer_with
from models.bank.matching import Matching
from models.core import journal
from models.core.clock import at, today
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.core.model import tables
from models.customers import Contact, Customer, groups
from models.disputes import Dispute
from models.documents import Document
from models.dunning import Hold
from models.operations import checks, upkeep
from models.payments import Payment
from models.payments.credit import unused_credit
from models.people import User
from models.receivables.balance import balances
from models.receivables.credit_limit import exposure
from models.receivables.ledger import account
from models.receivables.statement import Statement


@pytest.fixture
def twin(firm):
    """A second row of 北京甲公司, with a contact, an open invoice and a payment not used up."""
    row = Customer.enter(firm.li, name="北京甲有限公司", code="A2", tax_id="TWIN", tags=["VIP"])
    row.add_contact(firm.li, name="Tina", email="tina@a.test")
    firm.issued(price="10", customer=row)
    firm.issued("order", price="30", customer=row)
    Payment.receive(firm.fang, row, "CNY", 500)
    firm.issued(price="20")
    return row


def fresh(row):
    return Customer.get_by_id(row.id)


def tina(row):
    return row.contacts.get()


def test_balances_credit_and_statement_are_those_of_both(firm, twin):
    fresh(twin).merge_into(firm.li, firm.a)
    main = fresh(firm.a)
    assert balances() == balances(customers=main.group)
    assert balances()[main.id, "CNY"] == {"open": 1130 + 2260, "credit": 500, "balance": 2890}
    assert exposure(main).now == exposure(fresh(twin)).now == 2890 + 3390
    assert [left for _source, left in unused_credit(main.id, "CNY")] == [500]
    content = account(main, "CNY", today(), today())
    assert content["closing"] == 2890 and len(content["rows"]) == 3
    assert upkeep.differences() == [] and journal.verify() == []


def test_what_is_new_belongs_to_the_greater_one(firm, twin):
    order = Document.get(Document.customer == twin.id, Document.kind == "order")
    contact = tina(twin)
    fresh(twin).merge_into(firm.li, firm.a)
    with pytest.raises(Refused, match="customer_merged"):
        firm.draft(customer=fresh(twin))
    with pytest.raises(Refused, match="customer_merged"):
        Payment.receive(firm.fang, fresh(twin), "CNY", 100)
    with pytest.raises(Refused, match="customer_merged"):
        fresh(twin).revise(firm.li, name="Other")
    order = Document.get_by_id(order.id)
    assert order.convert(firm.li, "invoice").customer == firm.a
    assert order.copy(firm.li).customer == firm.a
    assert Payment.report(contact, "CNY", 100, today()).customer == firm.a


def test_documents_keep_their_customer_and_what_they_say(firm, twin):
    paper = Document.get(Document.customer == twin.id, Document.kind == "invoice")
    before = paper.content()
    fresh(twin).merge_into(firm.li, firm.a)
    after = Document.get_by_id(paper.id)
    assert after.content() == before and after.snapshot["customer"]["name"] == "北京甲有限公司"


def test_a_payment_of_the_one_settles_an_invoice_of_the_other_and_ties_them(firm, twin):
    invoice = Document.get(Document.customer == twin.id, Document.kind == "invoice")
    with pytest.raises(Refused, match="other_customer"):
        Payment.receive(firm.fang, firm.a, "CNY", 1130, allocations=[(invoice, 1130)])
    fresh(twin).merge_into(firm.li, firm.a)
    invoice = Document.get_by_id(invoice.id)
    paid = Payment.receive(firm.fang, fresh(firm.a), "CNY", 1130, allocations=[(invoice, 1130)])
    with pytest.raises(Refused) as refused:
        fresh(twin).separate(firm.li)
    assert refused.value.code == "merge_tied" and refused.value.facts == {"name": paid.number}
    paid.reverse(firm.fang, "mistyped")
    fresh(twin).separate(firm.li)
    assert fresh(twin).main is None


def test_contacts_of_both_see_the_documents_of_both(firm, twin):
    contact = tina(twin)
    own = {d.id for d in contact.sees.documents()}
    theirs = {d.id for d in firm.anna.sees.documents()}
    assert own and theirs and not own & theirs
    fresh(twin).merge_into(firm.li, firm.a)
    for person in (tina(twin), firm.anna):
        assert {d.id for d in person.sees.documents()} == own | theirs
    assert not {d.id for d in firm.amin.sees.documents()} & own  # sees only what is about him


def test_the_owner_of_the_greater_one_sees_what_is_of_the_lesser(firm):
    paper = firm.draft(by=firm.chen, customer=firm.b)
    assert not firm.li.sees.documents().where(Document.id == paper.id).exists()
    firm.b.merge_into(firm.fang, firm.a)
    assert firm.li.sees.documents().where(Document.id == paper.id).exists()
    assert not firm.chen.sees.documents().where(Document.id == paper.id).exists()
    assert [c.id for c in firm.fang.sees.customers()] == [firm.a.id]
    assert firm.chen.sees.is_responsible_for(paper)  # his own draft
    assert not firm.chen.sees.is_responsible_for(fresh(firm.b))


def test_who_may_not_edit_both_may_not_merge(firm):
    for person in (firm.li, firm.chen, firm.wang, firm.zhao):
        with pytest.raises(Forbidden):
            fresh(firm.b).merge_into(person, firm.a)
    assert fresh(firm.b).main is None


def test_a_chain_ends_at_the_greatest_and_comes_apart_in_any_order(firm, twin):
    third = Customer.enter(firm.fang, name="Third", code="C3")
    fresh(twin).merge_into(firm.fang, firm.a)
    fresh(firm.a).merge_into(firm.fang, third)
    assert Customer.group_of(twin.id) == [third.id, firm.a.id, twin.id]
    assert {fresh(c).main_id for c in (twin, firm.a)} == {third.id}
    assert upkeep.differences() == []
    for wrong, into in ((third, twin), (third, firm.a), (third, third), (twin, third)):
        with pytest.raises(Refused):
            fresh(wrong).merge_into(firm.fang, fresh(into))
    fresh(firm.a).separate(firm.fang)
    assert Customer.group_of(twin.id) == [firm.a.id, twin.id] and fresh(firm.a).main is None
    fresh(firm.a).merge_into(firm.fang, third)
    fresh(twin).separate(firm.fang)
    assert fresh(twin).main is None and Customer.group_of(third.id) == [third.id, firm.a.id]
    assert upkeep.differences() == []


def test_the_journal_tells_on_both(firm, twin):
    fresh(twin).merge_into(firm.li, firm.a)
    fresh(twin).separate(firm.li)
    assert [e.action for e in twin.events][-2:] == ["merged", "separated"]
    assert [e.action for e in firm.a.events][-2:] == ["took_in", "separated"]
    assert journal.verify() == [] and checks.verified() == []


def test_of_two_at_once_one_is_refused(app, firm, twin):
    third = Customer.enter(firm.fang, name="Third", code="C3")
    ends, barrier = [], threading.Barrier(2)

    def merge(lesser, greater):
        with app.app_context(), db.connection_context():
            one, other = fresh(lesser), fresh(greater)
            barrier.wait()
            try:
                one.merge_into(firm.fang, other)
                ends.append("done")
            except Refused as error:
                ends.append(error.code)

    pairs = ((twin, third), (third, twin))  # each into the other: no circle may come of it
    threads = [threading.Thread(target=merge, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["done", "merged_meanwhile"]
    assert journal.verify() == []


def test_the_lesser_is_found_by_search_as_the_greater(firm, twin):
    fresh(twin).merge_into(firm.li, firm.a)
    found = dict(search.seen_by(firm.li, "A2"))["customers"]
    assert [c.id for c in found] == [firm.a.id]
    assert search.differences() == []
    fresh(twin).separate(firm.li)
    assert [c.id for c in dict(search.seen_by(firm.li, "A2"))["customers"]] == [twin.id]


def test_tags_owner_and_prices_are_those_of_the_greater(firm, twin):
    paper = firm.draft(customer=twin)
    assert conditions.facts_of(paper)["tags"] == ["VIP"]
    fresh(twin).merge_into(firm.li, firm.a)
    assert conditions.facts_of(Document.get_by_id(paper.id))["tags"] == []


def test_a_bank_line_of_either_name_pays_what_both_owe(firm, twin):
    bank = {"currency": "CNY", "amount": 1130, "payer_account": "", "text": "", "reference": ""}
    fresh(twin).merge_into(firm.li, firm.a)
    for payer in ("北京甲公司", "北京甲有限公司"):
        found = Matching().propose(SimpleNamespace(payer=payer, **bank))
        assert (found.tier, found.why, found.customer) == ("likely", "name_amount", firm.a.id)


def test_a_tax_invoice_finds_its_buyer_by_the_id_of_either(firm, twin):
    fresh(twin).merge_into(firm.li, firm.a)
    assert buyer_with("TWIN") == buyer_with(firm.a.tax_id) == firm.a


def test_a_hold_on_the_one_holds_the_reminders_of_both(firm, twin):
    invoice = Document.get(Document.customer == twin.id, Document.kind == "invoice")
    Hold.place(firm.fang, firm.a, reason="other", until=today())
    assert Hold.amounts_on_hold({invoice.id: 1130}) == {}
    fresh(twin).merge_into(firm.li, firm.a)
    assert Hold.amounts_on_hold({invoice.id: 1130}) == {invoice.id: 1130}


def test_one_reminder_goes_out_for_both(firm, twin):
    day = today() + dt.timedelta(days=60)
    with at(dt.datetime.combine(day, dt.time(8))):
        assert len(dunning.preview()) == 2
        fresh(twin).merge_into(firm.fang, firm.a)
        (plan,) = dunning.preview()
        assert plan.customer == firm.a and len(plan.items) == 2 and plan.credit == 500
        assert {c.name for c in plan.contacts} == {"Anna", "Tina"}


def test_a_person_who_stands_in_both_gets_one_mail(firm, twin):
    tina(twin).revise(firm.li, email="Anna@a.test", gets_statements=True)
    fresh(twin).merge_into(firm.fang, firm.a)
    statement = Statement.make(firm.fang, fresh(firm.a), "CNY", today(), today())
    assert [c.name for c in statement.recipients()] == ["Anna"]
    reminded = Contact.for_reminders([firm.a.id, twin.id], Customer.mains())
    assert [c.name for c in reminded[firm.a.id]] == ["Anna"]
    paper = Document.get(Document.customer == twin.id, Document.kind == "invoice")
    assert [c.name for c in paper.possible_receivers()] == ["Anna"]


def test_a_draft_of_the_lesser_is_issued_only_when_somebody_says_so(firm, twin):
    paper = firm.approved(customer=twin)
    fresh(twin).merge_into(firm.li, firm.a)
    with pytest.raises(Refused, match="merged"):
        Document.get_by_id(paper.id).issue(by=firm.li)
    Document.get_by_id(paper.id).issue(by=firm.li, confirmed=["merged"])
    assert Document.get_by_id(paper.id).snapshot["customer"]["name"] == "北京甲有限公司"


def test_verify_sees_a_group_that_nobody_made(firm, twin):
    """Whose documents a contact sees hangs on it, so a change by hand must not stay unseen."""
    fresh(twin).merge_into(firm.li, firm.a)
    assert groups.differences() == []
    Customer.update(main=firm.b).where(Customer.id == twin.id).execute()
    assert any("is shown under" in fault for fault in checks.verified())
    upkeep.rebuild()
    assert fresh(twin).main == firm.a and upkeep.differences() == []


# How each table that names a customer is read through the group.
READ_BY = {
    "scope": """Document Contact Address Payment Refund WriteOff Statement Reminder Dispute Hold
        Promise Filing FollowUp Feedback""",
    "the page of the customer": "Note",
    "the main one alone: what was agreed with the lesser rests": "PriceListMember",
    "its customers' main ones": "ActMember",
    "the filings of the group": "LegalHold",
    "itself": "Customer",
    "what all contacts of the group sent is counted together": "CustomerAct",
}


def test_every_table_that_names_a_customer_is_decided_on():
    named = {
        model.__name__
        for model in tables()
        for field in model._meta.refs
        if field.rel_model is Customer
    }
    assert named == set(" ".join(READ_BY.values()).split())


@pytest.mark.parametrize("model", READ_BY["scope"].split())
def test_each_scope_reads_the_group(firm, twin, model):
    """By its condition, whatever the table holds: the merged ones are asked for besides."""
    fresh(twin).merge_into(firm.fang, firm.a)
    scopes = {query.model.__name__: query for query in _scopes(firm.li)}
    column = scopes[model].model.customer
    asked, values = scopes[model].select(column).sql()
    assert "UNION ALL" in asked and firm.li.id in values


def _scopes(person):
    names = """documents contacts addresses payments refunds write_offs statements reminders
        disputes holds promises filings follow_ups feedback_seen""".split()
    return [getattr(person.sees, name)() for name in names]


def test_what_a_contact_said_goes_with_them_when_it_is_separated(firm, twin):
    contact, paper = tina(twin), Document.get(customer=twin.id, kind="invoice")
    fresh(twin).merge_into(firm.li, firm.a)
    for about in (paper, None):
        Dispute.raise_(
            contact, customer=fresh(twin), document=about, reason="price", text="too much"
        )
    both = Dispute.raise_(
        firm.anna, customer=fresh(firm.a), document=paper, reason="price", text="not ours"
    )
    Payment.report(contact, "CNY", 100, today())

    def seen(who):
        sees = Contact.get_by_id(who.id).sees
        return sees.disputes().count(), sees.payments().where(
            Payment.reported_by == contact
        ).count()

    assert seen(firm.anna) == seen(contact) == (3, 1)
    fresh(twin).separate(firm.li)
    assert (seen(firm.anna), seen(contact)) == ((0, 0), (2, 1))
    assert not contact.sees.disputes().where(Dispute.id == both.id).exists()


SCOPES = "documents payments disputes follow_ups filings statements reminders".split()


def test_who_asks_about_one_customer_finds_what_they_see_of_them(firm, twin):
    """Looking up that customer's ids alone gives the same rows as looking up all that one sees."""
    fresh(twin).merge_into(firm.li, firm.a)
    for person in (firm.li, firm.wang, firm.fang):
        for group in (fresh(firm.a).group, fresh(firm.b).group):
            for name in SCOPES:
                found = []
                for sees in (person.sees, person.sees.of_group(group)):
                    rows = getattr(sees, name)()
                    rows = rows.where(rows.model.customer.in_(group)).order_by(rows.model.id)
                    found.append([row.id for row in rows])
                assert found[0] == found[1], (person.name, name)


def test_the_kept_query_of_whose_customers_one_sees_gives_the_same(firm):
    """Of a salesperson, of a manager with a team and without one, and of the others; with what was
    merged, and what belongs to nobody."""
    twin, lost = (Customer.enter(firm.li, name=n, code=n) for n in ("Twin", "Lost"))
    Customer.update(main=firm.a).where(Customer.id == twin.id).execute()
    Customer.update(owner=None).where(Customer.id == lost.id).execute()
    alone = User.get_by_id(firm.wang.id)
    alone.team = None
    a, b, twin, lost = (c.id for c in (firm.a, firm.b, twin, lost))
    own = {
        firm.li: {a, twin},
        firm.chen: {b},
        firm.wang: {a, twin, lost},
        firm.fang: {a, b, twin, lost},
    }
    for person, ids in [*own.items(), (alone, {lost})]:
        rows = Customer.select(Customer.id).where(Customer.id.in_(person.sees.customer_ids()))
        assert {row.id for row in rows} == ids, person.name
        plain = {c.id for c in person.sees.customers()}
        merged = Customer.select().where(Customer.main.in_(plain))
        assert plain | {c.id for c in merged} == ids, person.name
