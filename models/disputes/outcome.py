"""How a dispute ends: explained, corrected by documents that are approved as usual, mediated, in
court; confirmed and rated."""

from collections import Counter

from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.money import digits
from models.customers import CustomerAct
from models.disputes.entry import DisputeEntry
from models.documents.totals import spread

TALKING = ("open", "mediation", "legal")


class Outcomes:
    @db.atomic()
    def explain(self, by, text):
        """The document is right: explain why. Reminders claim the amount again."""
        self._answer(by, "explained", text)

    @db.atomic()
    def correct(self, by, text):
        """The document is wrong: a credit note over what remains of it and a corrected invoice,
        both as drafts that are approved and issued like any other. Refused when nothing remains to
        be credited."""
        self.document and self.document.kind == "invoice" or refuse("not_an_open_invoice")
        self._answer(
            by,
            "credited",
            text,
            credit_note=self.document.convert(by, "credit_note"),
            replacement=self.document.copy(by),
        )

    @db.atomic()
    def adjust(self, by, amount, text):
        """The price is lowered by `amount`, tax included: a credit note over it, as a draft."""
        self.document and self.document.kind == "invoice" or refuse("not_an_open_invoice")
        0 < amount <= self.document.total or refuse("dispute_amount")
        self._answer(by, "adjusted", text, credit_note=self._credit_note_over(by, amount))

    @db.atomic()
    def mediate(self, by, text):
        """A third party mediates; the amount stays on hold."""
        self._escalate(by, "mediation", text, "open")

    @db.atomic()
    def go_to_law(self, by, text):
        """The lawyers take over; the amount stays on hold. For managers and finance."""
        by.must("dispute_legal", self)
        self._escalate(by, "legal", text, "open", "mediation")

    @db.atomic()
    def agree(self, by, rating=None, text=""):
        """The customer confirms the answer and rates it from 1 to 5, if they like."""
        if by.roles:
            raise Forbidden("dispute")
        self.check_member(by)
        rating is None or 1 <= rating <= 5 or refuse("choice_unknown")
        self.move(
            "answered",
            to="settled",
            settled_at=now(),
            rating=rating,
            rating_text=text.strip()[:1000],
        )
        self.record("agreed", by, rating=rating)

    @db.atomic()
    def disagree(self, by, text):
        """The customer does not accept the answer: the dispute is open again."""
        if by.roles:
            raise Forbidden("dispute")
        self.check_member(by)
        CustomerAct.count(by, "message")
        self.move("answered", to="open", outcome="")
        entry = self._entry(by, text)
        self.record("reopened", by)
        self._mail_other_side(f"entry-{entry.id}", by, entry.text)

    @db.atomic()
    def settle(self, by, text):
        """Close an answered dispute when the customer does not react."""
        by.must("dispute", self)
        text.strip() or refuse("reason_needed")
        self.check_member(by)
        self.move("answered", to="settled", settled_at=now())
        self._entry(by, text)
        self.record("settled", by)

    @db.atomic()
    def withdraw(self, by, text=""):
        """The side that raised it withdraws it; its amount is claimed again."""
        self.check_member(by)
        bool(by.roles) == (self.contact_id is None) or refuse("not_your_dispute")
        self.move(*TALKING, "answered", to="withdrawn", settled_at=now())
        if text.strip():
            self._entry(by, text)
        self.record("withdrawn", by)

    @db.atomic()
    def learn(self, by, text):
        """Write down what was changed to prevent another."""
        self.check_member(by)
        by.must("dispute", self)
        self.prevention = text.strip()[:4000]
        self.save()
        self.record("learnt", by)

    def _answer(self, by, outcome, text, **documents):
        by.must("dispute", self)
        self.check_member(by)
        text.strip() or refuse("text_needed")
        self.move(
            *TALKING,
            to="answered",
            outcome=outcome,
            explanation=text.strip()[:4000],
            first_answer_at=self.first_answer_at or now(),
            **documents,
        )
        self._entry(by, text)
        self.record("answered", by, outcome=outcome, papers=[p.id for p in documents.values()])
        self._mail_contact(f"answer-{self.events.count()}", text.strip())

    def _escalate(self, by, state, text, *allowed):
        by.must("dispute", self)
        self.check_member(by)
        text.strip() or refuse("text_needed")
        self.move(*allowed, to=state, first_answer_at=self.first_answer_at or now())
        self._entry(by, text)
        self.record(state, by)
        self._mail_contact(f"{state}-{self.events.count()}", text.strip())

    def _entry(self, by, text):
        return DisputeEntry.write(by, self, text)

    def _credit_note_over(self, by, amount):
        """A draft credit note over the amount, with a line for each tax of what is disputed, by its
        share."""
        document = self.document
        by.sees.documents().where(type(document).id == document.id).exists() or refuse("not_yours")
        first_lines, grosses = {}, Counter()
        for line in [self.line] if self.line else document.ordered_lines():
            tax = (line.rate, line.tax_kind, line.tax_label)
            first_lines.setdefault(tax, line)
            grosses[tax] += line.gross
        taxes = [tax for tax in first_lines if grosses[tax] > 0] or refuse("dispute_amount")
        shares = spread(amount, [grosses[tax] for tax in taxes])
        lines = [
            self._credit_line(first_lines[tax], share)
            for tax, share in zip(taxes, shares, strict=True)
            if share
        ]
        return type(document).draft(
            by,
            "credit_note",
            document.customer.leading,
            lines,
            source=document,
            contact=document.contact,
            owner=document.owner,
            currency=document.currency,
            language=document.language,
            reference=document.reference,
            terms_days=document.terms_days,
            prices_include_tax=True,
        )

    def _credit_line(self, disputed, gross):
        """A line over this amount, tax included, named and taxed as the disputed one."""
        return {
            "name": disputed.name,
            "code": disputed.code,
            "note": self.number,
            "unit": "",
            "quantity": 10_000,
            "price": gross * 10 ** (4 - digits(self.document.currency)),
            "rate": disputed.rate,
            "tax_rate": disputed.tax_rate_id,
            "tax_kind": disputed.tax_kind,
            "tax_label": disputed.tax_label,
        }
