"""What a bank line most likely pays: by the numbers in its text, by payer, account and amount, in
tiers of certainty."""

import re
import unicodedata
from dataclasses import dataclass, field

from models.customers import Customer
from models.documents import Document
from models.payments import Payment
from models.receivables.balance import open_items

PIECE = re.compile(r"[A-Z0-9]+")
LONGEST = 5


@dataclass
class Proposal:
    """`tier` is certain, likely, possible or none; `parts` [(invoice id, number, amount)]; `why`
    names the rule; `reported` is a payment the customer told of."""

    tier: str = "none"
    why: str = ""
    customer: int | None = None
    parts: list = field(default_factory=list)
    reported: int | None = None


def squeezed(text):
    """Letters and digits only, in one case: INV-2026/7 and inv 2026 7 are the same."""
    return "".join(c for c in unicodedata.normalize("NFKC", str(text)).casefold() if c.isalnum())


class Matching:
    """Everything open, read once, to judge any number of lines. What a certain line takes is no
    longer there for the next."""

    def __init__(self):
        self.open, self.by_number, self.by_customer, self.by_amount = {}, {}, {}, {}
        columns = (Document.id, Document.number, Document.customer, Document.currency)
        for ident, number, customer, currency, left in (
            open_items(columns=columns).order_by(Document.due_on, Document.id).tuples()
        ):
            self.open[ident] = [number, customer, currency, int(left)]
            key = squeezed(number)
            if len(key) >= 4 and any(c.isdigit() for c in key):
                self.by_number.setdefault(key, []).append(ident)
            self.by_customer.setdefault((customer, currency), []).append(ident)
            self.by_amount.setdefault((currency, int(left)), []).append(ident)
        self.accounts, self.names = {}, {}
        for ident, name, short, account in Customer.select(
            Customer.id, Customer.name, Customer.short_name, Customer.bank_account
        ).tuples():
            if len(squeezed(account)) >= 5:
                self.accounts.setdefault(squeezed(account), set()).add(ident)
            for known in {squeezed(name), squeezed(short)}:
                if len(known) >= 2:
                    self.names.setdefault(known, set()).add(ident)
        self.reports = {}
        for payment in Payment.reported().order_by(Payment.id):
            self.reports.setdefault(
                (payment.customer_id, payment.currency, payment.amount), []
            ).append(payment.id)

    def propose(self, line):
        """The best proposal for the line."""
        found = self._judge(line)
        if found.tier == "certain":
            self._take(line, found)
        return found

    def _judge(self, line):
        named = [
            i
            for i in self._numbers(line)
            if self.open[i][2] == line.currency and self.open[i][3] > 0
        ]
        by_account, by_name = (
            self._one(self.accounts, line.payer_account),
            self._one(self.names, line.payer),
        )
        payer = by_account or by_name
        owners = {self.open[i][1] for i in named}
        if len(owners) == 1:
            owner = owners.pop()
            strange = payer is not None and payer != owner
            whole = sum(self.open[i][3] for i in named) == line.amount
            told = self._reported(line, owner)
            if whole or told:
                tier = "likely" if strange else "certain"
                return Proposal(
                    tier,
                    "number_other_payer" if strange else "number",
                    owner,
                    self._spread(named, line.amount),
                    told,
                )
            return Proposal(
                "likely", "number_other_amount", owner, self._spread(named, line.amount)
            )
        if payer is not None:
            return self._of_payer(line, payer, by_account is not None, bool(owners))
        same = [
            i
            for i in self.by_amount.get((line.currency, line.amount), ())
            if self.open[i][3] == line.amount
        ]
        if len(same) == 1:
            return Proposal(
                "possible", "amount", self.open[same[0]][1], self._spread(same, line.amount)
            )
        return Proposal("possible", "amounts") if same else Proposal()

    def _of_payer(self, line, payer, sure, doubtful):
        """By what this customer owes; certain only when the account says so and no number speaks
        against it."""
        mine = [i for i in self.by_customer.get((payer, line.currency), ()) if self.open[i][3] > 0]
        exact = [i for i in mine if self.open[i][3] == line.amount]
        best = "certain" if sure and not doubtful else "likely"
        told = self._reported(line, payer)
        if told:
            return Proposal(best, "reported", payer, [], told)
        if len(exact) == 1:
            return Proposal(
                best,
                "account_amount" if sure else "name_amount",
                payer,
                self._spread(exact, line.amount),
            )
        if len(mine) > 1 and sum(self.open[i][3] for i in mine) == line.amount:
            return Proposal(best, "all_open", payer, self._spread(mine, line.amount))
        if len(exact) > 1:
            return Proposal("likely", "several_equal", payer, self._spread(exact, line.amount))
        return Proposal("possible", "payer", payer, self._spread(mine, line.amount))

    def _numbers(self, line):
        """Ids of open invoices whose number stands in the text, longest first, each piece of text
        used once."""
        text = unicodedata.normalize("NFKC", f"{line.text} {line.reference}").upper()
        pieces, found, at = PIECE.findall(text), [], 0
        while at < len(pieces):
            for size in range(min(LONGEST, len(pieces) - at), 0, -1):
                hit = self.by_number.get("".join(pieces[at : at + size]).casefold())
                if hit:
                    found += [i for i in hit if i not in found]
                    at += size - 1
                    break
            at += 1
        return found

    def _one(self, index, text):
        """The one customer known by this, or None."""
        found = index.get(squeezed(text), ()) if text else ()
        return next(iter(found)) if len(found) == 1 else None

    def _reported(self, line, customer):
        return next(iter(self.reports.get((customer, line.currency, line.amount), ())), None)

    def _spread(self, ids, amount):
        parts = []
        for ident in ids:
            part = min(amount, self.open[ident][3])
            if part > 0:
                parts.append((ident, self.open[ident][0], part))
                amount -= part
        return parts

    def _take(self, line, found):
        for ident, _number, part in found.parts:
            self.open[ident][3] -= part
        if found.reported:
            self.reports[found.customer, line.currency, line.amount].remove(found.reported)
