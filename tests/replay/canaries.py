"""Words of one customer that stand nowhere else, to look for wherever another one reads."""

import re

from models.documents import Document
from models.documents.message import Message
from models.payments import Payment

WORD = re.compile("kanarie", re.IGNORECASE)


def plant(firm, customer, seller, count=500):
    """What belongs to this customer, in words of its own: names, addresses, lines, notes, messages,
    payments."""
    given = (f"KANARIE{n:03}" for n in range(count))
    customer.revise(seller, name=next(given), short_name=next(given), bank_account=next(given))
    customer.revise(seller, code=next(given), tags=[next(given)])
    for _contact in range(3):
        customer.add_contact(seller, name=next(given), email=f"{next(given).lower()}@k.test")
    for papers, first in enumerate(given):
        lines = [firm.line(name=first, note=next(given, "")) for _line in range(7)]
        paper = Document.draft(seller, "invoice", customer, lines, reference=next(given, ""))
        if papers % 10 == 0:
            paper.submit(by=seller)
            firm.approve_all(paper)
            Document.get_by_id(paper.id).issue(by=seller)
            Message.write(seller, Document.get_by_id(paper.id), next(given, ""))
            Payment.receive(firm.fang, customer, "CNY", 100, reference=next(given, ""))


def paths(rule, most=5):
    """Addresses of a route: with the first numbers, and the first word that it takes."""
    path = re.sub(r"<any\(([\w-]+).*?>", r"\1", rule.rule)
    count = most if "<" in path else 1
    return [re.sub(r"<[^>]*>", str(n), path) for n in range(1, count + 1)]


def told(answer):
    """All that an answer tells, headers too."""
    return str(answer.headers) + answer.data.decode(errors="replace")
