"""What a customer sees and can do on the page of a document, in the portal and behind a link."""

from models import payment_details
from models.company import Company
from models.core.clock import today
from models.payments import Allocation, open_balance
from models.receivables.document_states import states_of
from views.portal.paying import picture_of, transfer


class DocumentPage:
    """What a customer can do about one of their documents. `at`: the addresses of its acts."""

    def __init__(self, document, at, about=None):
        self.document, self.at, self.about = document, at, about
        self.settlements = Allocation.of(document) if document.kind == "invoice" else []
        self.left = open_balance(document, sum(a.amount for a in self.settlements))

    @property
    def valid(self):
        return self.document.state != "voided"

    @property
    def payable(self):
        """Whether it is a valid invoice, perhaps paid already."""
        return self.document.kind == "invoice" and self.valid

    @property
    def unpaid(self):
        return self.payable and self.left > 0

    @property
    def promisable(self):
        return self.about["open"] > 0

    @property
    def states(self):
        """What its badges tell."""
        return states_of(self.document, self.left)

    @property
    def days_left(self):
        """Days until it is due, negative when that is past; None where nothing is to be paid."""
        if not (self.unpaid and self.document.due_on):
            return None
        return (self.document.due_on - today()).days

    def ways_to_pay(self):
        """What the page needs to pay what is still open."""
        if self.left <= 0:
            return {"pay": None, "pay_link": ""}
        firm = Company.current()
        return {
            "pay": transfer_of(firm, self.document, self.left, self.at["code"]),
            "pay_link": payment_details.link_of(firm, self.document, self.left),
        }


def transfer_of(firm, document, left, code_at=""):
    return transfer(firm, document.currency, left, document.number, document.language, code_at)


def code_of(document):
    """The picture of the QR code over what is open now on an invoice; 404 where there is none."""
    return picture_of([transfer_of(Company.current(), document, open_balance(document))])
