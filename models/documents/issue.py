"""Issuing a document: the only place where a number is drawn for it."""

from models.adapters import blobs
from models.adapters.outbox import Mail
from models.company import Company
from models.core.database import db
from models.core.errors import refuse
from models.core.prepared import prepared
from models.core.wake import wake
from models.documents import approval_gate, sales
from models.documents.line import Line
from models.numbering import NumberSeries
from models.printed import laid_out
from models.products import Product


class Issue:
    base_url = None
    after_issue = []  # called with (document, by) inside the transaction: credit notes are set off

    @db.atomic()
    def issue(self, by, seen=None, confirmed=()):
        """Draw the number and freeze the content in one short transaction; `keep_pdf` prints it
        afterwards. Refused unless the approval was for exactly this content, when the date would
        not be the one that the person has `seen`, and for a doubt that is not among those that the
        person has `confirmed`."""
        by.must("issue", self)
        self.read_again()
        self.state == "approved" or refuse("state_changed", now=self.state)
        with self.lines_read_once():
            approval_gate.requests().covers(self) or refuse("not_approved")
            self.check_remaining()
            self.check_credit_to_issue()
            day, company = self.check_day(seen), Company.current()
            number, series, position = NumberSeries.draw(self.kind, day)
            self.issued_on, self.due_on = day, self.due_day(day)
            snapshot = self.freeze(number, type(self).base_url, company)
            doubts = self.doubts(snapshot, company)
            for code in doubts.keys() - set(confirmed):
                refuse(code, names=", ".join(doubts[code]))
            self.move(
                "approved",
                to="issued",
                number=number,
                series=series,
                series_position=position,
                issued_on=day,
                date=day,
                due_on=self.due_on,
                issued_by=by,
                snapshot=snapshot,
            )
            for callback in self.after_issue:
                callback(self, by)
            self._store_costs()
            sales.add(self, lines=self.ordered_lines())
            facts = {"confirmed": doubts} if doubts else {}
            self.record("issued", by, number=number, total=self.total, **facts)
        wake("printing")

    @db.atomic()
    def issue_at_once(self, by, **issuing):
        """Issue what is approved, or a draft that nobody need approve."""
        if self.editable and self.state != "approved":
            self.submit(by)
            type(self).get_by_id(self.id).state == "approved" or refuse("not_approved")
        self.issue(by, **issuing)

    @classmethod
    def unprinted(cls, column):
        """Issued documents whose PDF is still to be made; imported ones only if a mail needs it."""
        awaited = Mail.select(Mail.document).where(
            Mail.document.is_null(False),
            Mail.state == "queued",
            Mail.filename != "",
            Mail.attachment.is_null(),
        )
        # by the index document_unprinted: of nearly all imported documents no PDF was ever made
        own = cls.select(cls.id).where(cls.pdf_sha256.is_null(), ~cls.imported)
        lacking = cls.given_out().where(cls.pdf_sha256.is_null(), cls.id.in_(own | awaited))
        return lacking.order_by(cls.id)

    def _store_costs(self):
        """Copy today's unit costs into the lines, so that later costs change no past margin."""
        lines = {line.id: line for line in self.ordered_lines()}
        for stored in _with_costs(self.id, self.currency):
            lines[stored.id].cost = stored.cost

    @property
    def being_printed(self):
        return self.number is not None and not self.imported and self.pdf_sha256 is None

    def printable(self, column):
        """The frozen content; an imported document is frozen when its PDF is first needed."""
        self.number is not None or refuse("state_changed", now=self.state)
        self.state != "destroyed" or refuse("is_destroyed")
        self.snapshot = self.snapshot or self.freeze()
        return self.snapshot

    def changed_by_printing(self, column):
        return (column, "snapshot") if self.imported else (column,)

    def pdf_bytes(self, column="pdf_sha256"):
        self.state != "destroyed" or refuse("is_destroyed")
        return super().pdf_bytes(column)

    def preview(self, content=None):
        """The PDF as it would be issued, without a number; nothing is stored. `content`: of the
        draft as it was shown, for its picture. The file bears no seal: it could go out as if it
        were issued."""
        if not content:
            content = self.snapshot or self.freeze(base_url=type(self).base_url)
            content = {**content, "seller": {**content["seller"], "seal": None}}
        return laid_out(content, draft=self.number is None)


@prepared
def _with_costs(document, currency):
    known = Product.select().where(Product.cost.is_null(False), Product.currency == currency)
    cost = Product.select(Product.cost).where(Product.id == Line.product)
    lines = Line.update(cost=cost).where(
        Line.document == document, Line.product.in_(known.select(Product.id))
    )
    return lines.returning(Line.id, Line.cost)


def seller_logo():
    company = Company.current()
    return blobs.fetch(company.logo) if company and company.logo else None
