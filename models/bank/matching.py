"""What a bank line most likely pays: judged by the numbers in its text, by payer, account and
amount."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from models.core.fields import canonical
from models.customers import Customer
from models.customers.names import letters
from models.documents import Document
from models.payments import Payment
from models.receivables.balance import open_items

ALPHANUMERIC = re.compile(r"[A-Z0-9]+")
MOST_PIECES = 5


@dataclass
class Proposal:
    """`tier` is certain, likely, possible or none; `why` names the rule that decided; `parts`
    [(invoice id, number, amount)]; `reported` is the id of a payment the customer reported."""

    tier: str = "none"
    why: str = ""
    customer: int | None = None
    parts: list = field(default_factory=list)
    reported: int | None = None

    @property
    def key(self):
        """Tells whether it is still the proposal that a person looked at."""
        content = canonical([self.customer, self.parts, self.reported])
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def can_be_booked(self):
        """Whether one look is enough: it names the customer and what is paid."""
        return self.tier in ("certain", "likely") and bool(self.parts or self.reported)


class Matching:
    """All open invoices, read once to judge any number of lines. What a certain line pays is not
    proposed for the next one."""

    def __init__(self):
        self.open, self.by_number, self.by_customer, self.by_amount = {}, {}, {}, {}
        columns = (Document.id, Document.number, Document.customer, Document.currency)
        mains = Customer.mains()  # what was merged pays as its main one
        for ident, number, customer, currency, left in (
            open_items(columns=columns).order_by(Document.due_on, Document.id).tuples()
        ):
            customer = mains.get(customer, customer)
            self.open[ident] = [number, customer, currency, int(left)]
            key = letters(number)
            if len(key) >= 4 and any(c.isdigit() for c in key):
                self.by_number.setdefault(key, []).append(ident)
            self.by_customer.setdefault((customer, currency), []).append(ident)
            self.by_amount.setdefault((currency, int(left)), []).append(ident)
        self.accounts, self.names = {}, {}
        for ident, name, short, account in Customer.select(
            Customer.id, Customer.name, Customer.short_name, Customer.bank_account
        ).tuples():
            ident = mains.get(ident, ident)
            if len(letters(account)) >= 5:
                self.accounts.setdefault(letters(account), set()).add(ident)
            for known in {letters(name), letters(short)}:
                if len(known) >= 2:
                    self.names.setdefault(known, set()).add(ident)
        self.reports = {}
        for payment in Payment.reported().order_by(Payment.id):
            customer = mains.get(payment.customer_id, payment.customer_id)
            key = (customer, payment.currency, payment.amount)
            self.reports.setdefault(key, []).append(payment.id)

    def propose(self, line):
        """The best proposal for the line."""
        proposal = self._judge(line)
        if proposal.tier == "certain":
            self.reserve(line, proposal)
        return proposal

    def _judge(self, line):
        numbered = [
            i
            for i in self._numbers(line)
            if self.open[i][2] == line.currency and self.open[i][3] > 0
        ]
        by_account, by_name = (
            self._unique(self.accounts, line.payer_account),
            self._unique(self.names, line.payer),
        )
        payer = by_account or by_name
        owners = {self.open[i][1] for i in numbered}
        if len(owners) == 1:
            owner = owners.pop()
            is_other_payer = payer is not None and payer != owner
            is_full_amount = sum(self.open[i][3] for i in numbered) == line.amount
            reported = self._reported(line, owner)
            if is_full_amount or reported:
                tier = "likely" if is_other_payer else "certain"
                return Proposal(
                    tier,
                    "number_other_payer" if is_other_payer else "number",
                    owner,
                    self._allocate(numbered, line.amount),
                    reported,
                )
            return Proposal(
                "likely", "number_other_amount", owner, self._allocate(numbered, line.amount)
            )
        if payer is not None:
            return self._judge_by_payer(line, payer, by_account is not None, bool(owners))
        same_amount = [
            i
            for i in self.by_amount.get((line.currency, line.amount), ())
            if self.open[i][3] == line.amount
        ]
        if len(same_amount) == 1:
            return Proposal(
                "possible",
                "amount",
                self.open[same_amount[0]][1],
                self._allocate(same_amount, line.amount),
            )
        return Proposal("possible", "amounts") if same_amount else Proposal()

    def _judge_by_payer(self, line, payer, by_account, has_numbers):
        """By what this customer owes; certain only when the account is known and no number names
        another customer."""
        open_ids = [
            i for i in self.by_customer.get((payer, line.currency), ()) if self.open[i][3] > 0
        ]
        exact = [i for i in open_ids if self.open[i][3] == line.amount]
        best_tier = "certain" if by_account and not has_numbers else "likely"
        reported = self._reported(line, payer)
        if reported:
            return Proposal(best_tier, "reported", payer, [], reported)
        if len(exact) == 1:
            return Proposal(
                best_tier,
                "account_amount" if by_account else "name_amount",
                payer,
                self._allocate(exact, line.amount),
            )
        if len(open_ids) > 1 and sum(self.open[i][3] for i in open_ids) == line.amount:
            return Proposal(best_tier, "all_open", payer, self._allocate(open_ids, line.amount))
        if len(exact) > 1:
            return Proposal("likely", "several_equal", payer, self._allocate(exact, line.amount))
        return Proposal("possible", "payer", payer, self._allocate(open_ids, line.amount))

    def _numbers(self, line):
        """Ids of open invoices whose number is in the text. The longest match wins, and each piece
        of text is used once."""
        text = unicodedata.normalize("NFKC", f"{line.text} {line.reference}").upper()
        pieces, ids, start = ALPHANUMERIC.findall(text), [], 0
        while start < len(pieces):
            for size in range(min(MOST_PIECES, len(pieces) - start), 0, -1):
                matches = self.by_number.get("".join(pieces[start : start + size]).casefold())
                if matches:
                    ids += [i for i in matches if i not in ids]
                    start += size - 1
                    break
            start += 1
        return ids

    def _unique(self, index, text):
        """The only customer with this account or name, or None."""
        customers = index.get(letters(text), ()) if text else ()
        return next(iter(customers)) if len(customers) == 1 else None

    def _reported(self, line, customer):
        return next(iter(self.reports.get((customer, line.currency, line.amount), ())), None)

    def _allocate(self, ids, amount):
        parts = []
        for ident in ids:
            part = min(amount, self.open[ident][3])
            if part > 0:
                parts.append((ident, self.open[ident][0], part))
                amount -= part
        return parts

    def reserve(self, line, proposal):
        """What this line pays is not proposed for the next one."""
        for ident, _number, part in proposal.parts:
            self.open[ident][3] -= part
        if proposal.reported:
            self.reports[proposal.customer, line.currency, line.amount].remove(proposal.reported)
