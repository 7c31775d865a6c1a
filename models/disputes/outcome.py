"""How a dispute ends: explained, corrected by papers that go their usual way, mediated, at law;
confirmed and rated."""

from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.money import digits
from models.disputes.entry import DisputeEntry

TALKING = ("open", "mediation", "legal")


class Outcomes:
    @db.atomic()
    def explain(self, by, text):
        """The document is right: say why. Reminders for the amount go on."""
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
        self._answer(by, "adjusted", text, credit_note=self._lowered(by, amount))

    @db.atomic()
    def mediate(self, by, text):
        """Both sides look for a way with a third; the amount stays held."""
        self._go_to(by, "mediation", text, "open")

    @db.atomic()
    def go_to_law(self, by, text):
        """The lawyers have it; the amount stays held. For managers and finance."""
        by.must("dispute_legal", self)
        self._go_to(by, "legal", text, "open", "mediation")

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
        """The customer does not accept the answer: it is open again."""
        if by.roles:
            raise Forbidden("dispute")
        self.check_member(by)
        self.move("answered", to="open", outcome="")
        entry = self._entry(by, text)
        self.record("reopened", by)
        self._tell(f"entry-{entry.id}", by, entry.text)

    @db.atomic()
    def settle(self, by, text):
        """Close an answered dispute to which the customer says nothing more."""
        by.must("dispute", self)
        text.strip() or refuse("reason_needed")
        self.check_member(by)
        self.move("answered", to="settled", settled_at=now())
        self._entry(by, text)
        self.record("settled", by)

    @db.atomic()
    def withdraw(self, by, text=""):
        """Whoever raised it takes it back; what it held is claimed again."""
        self.check_member(by)
        bool(by.roles) == (self.contact_id is None) or refuse("not_your_dispute")
        self.move(*TALKING, "answered", to="withdrawn", settled_at=now())
        if text.strip():
            self._entry(by, text)
        self.record("withdrawn", by)

    @db.atomic()
    def learn(self, by, text):
        """Write down what was changed so that it does not happen again."""
        self.check_member(by)
        by.must("dispute", self)
        self.prevention = text.strip()[:4000]
        self.save()
        self.record("learnt", by)

    def _answer(self, by, outcome, text, **papers):
        by.must("dispute", self)
        self.check_member(by)
        text.strip() or refuse("text_needed")
        self.move(
            *TALKING,
            to="answered",
            outcome=outcome,
            explanation=text.strip()[:4000],
            first_answer_at=self.first_answer_at or now(),
            **papers,
        )
        self._entry(by, text)
        self.record("answered", by, outcome=outcome, papers=[p.id for p in papers.values()])
        self._mail_contact(f"answer-{self.events.count()}", text.strip())

    def _go_to(self, by, state, text, *allowed):
        by.must("dispute", self)
        self.check_member(by)
        text.strip() or refuse("text_needed")
        self.move(*allowed, to=state, first_answer_at=self.first_answer_at or now())
        self._entry(by, text)
        self.record(state, by)
        self._mail_contact(f"{state}-{self.events.count()}", text.strip())

    def _entry(self, by, text):
        return DisputeEntry.write(by, self, text)

    def _lowered(self, by, amount):
        """A draft credit note with one line over the amount, taxed as the disputed line."""
        paper = self.document
        by.sees.documents().where(type(paper).id == paper.id).exists() or refuse("not_yours")
        lines = [self.line] if self.line else paper.ordered_lines()
        len({(x.rate, x.tax_kind, x.tax_label) for x in lines}) == 1 or refuse(
            "dispute_line_needed"
        )
        like = lines[0]
        line = {
            "name": like.name,
            "code": like.code,
            "note": self.number,
            "unit": "",
            "quantity": 10_000,
            "price": amount * 10 ** (4 - digits(paper.currency)),
            "rate": like.rate,
            "tax_rate": like.tax_rate_id,
            "tax_kind": like.tax_kind,
            "tax_label": like.tax_label,
        }
        return type(paper).draft(
            by,
            "credit_note",
            paper.customer,
            [line],
            source=paper,
            contact=paper.contact,
            owner=paper.owner,
            currency=paper.currency,
            language=paper.language,
            reference=paper.reference,
            terms_days=paper.terms_days,
            prices_include_tax=True,
        )
