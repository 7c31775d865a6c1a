"""Tax by rate and by month is what the documents say, credit notes subtracted."""

from models.documents import Document
from models.insights import Lens, tax
from models.products import TaxRate


def test_a_credit_note_is_subtracted_and_a_voided_invoice_does_not_count(firm):
    firm.issued(price="100")
    firm.issued(price="50").void(firm.fang, "wrong price")
    note = firm.issued(price="40").convert(firm.li, "credit_note")
    note.submit(by=firm.li)
    firm.approve_all(note)
    Document.get_by_id(note.id).issue(by=firm.li)
    (row,) = tax.by_rate(Lens.of(firm.fang))
    assert row == (("taxed", 1300), 3, 10000, 1300)
    assert [each[1:] for each in tax.by_month(Lens.of(firm.fang))] == [(3, 10000, 1300)]


def test_each_rate_stands_by_itself_and_li_sees_only_her_own(firm):
    exempt = TaxRate.enter(firm.ada, name="Exempt", kind="exempt", rate=0)
    paper = firm.draft(price="100")
    free = {**firm.line("30", "1"), "tax_rate": exempt.id, "tax_kind": "exempt", "rate": 0}
    paper.revise(firm.li, paper.version, [firm.line("100", "1"), free])
    paper = Document.get_by_id(paper.id)
    paper.submit(by=firm.li)
    firm.approve_all(paper)
    Document.get_by_id(paper.id).issue(by=firm.li)
    firm.issued(price="7", customer=firm.b, by=firm.chen)
    found = tax.by_rate(Lens.of(firm.li))
    assert [(row.key[0], row.net, row.tax) for row in found] == [
        ("taxed", 10000, 1300),
        ("exempt", 3000, 0),
    ]
