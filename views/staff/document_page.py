"""What the page of a document shows, and what its reader may do there."""

from functools import cached_property

from flask_babel import gettext as _

from models import dunning
from models.adapters.outbox import Mail
from models.approvals import ApprovalRequest
from models.approvals.decided import decisions
from models.archive import ExternalFile, Filing
from models.core.errors import Refused
from models.core.model import present
from models.documents import Document
from models.documents.draft import Autosave
from models.payments import Allocation, open_balance
from models.payments.refund import credit_left
from models.payments.write_off import WriteOff
from models.receivables.balance import money_state
from models.receivables.credit_limit import LIMITED_KINDS, exposure
from views.refusals import sentence
from views.web.language import N_
from views.web.scope import sees_customer

FULFILLED = {
    "delivery_note": {"partly": "partly_delivered", "whole": "delivered"},
    "invoice": {"partly": "partly_invoiced", "whole": "invoiced"},
}
DOUBTS = {
    "rate_ended": N_("The tax rate %(names)s is no longer in use; it applies here"),
    "not_printable": N_("These characters can't be printed: %(names)s; issue anyway"),
    "merged": N_("The customer was merged into %(names)s; keep the old customer"),
}


class DocumentPage:
    """A document as a person of the house finds it."""

    def __init__(self, document, person):
        self.document, self.person = document, person
        self.request = ApprovalRequest.current(document)
        self.present = present(
            messages=document.messages,
            files=document.external_files,
            filing=document.filings,
            tax_invoice=document.einvoices,
            asked=document.write_offs.where(WriteOff.state == "asked"),
            **dunning.collection_rows(document),
        )
        self.about = dunning.collection_status(document, person, self.open_balance, self.present)
        self.foreseen, self.obstacle, self.flow = [], "", None
        if self.unsubmitted:
            try:
                self.flow, self.foreseen = ApprovalRequest.preview(document, person)
            except Refused as error:
                self.obstacle = sentence(error)

    def _may(self, act):
        """person.may() of this document, which is looked up once for all acts."""
        return self.person.may(act) and self.responsible

    @cached_property
    def responsible(self):
        return self.person.sees.is_responsible_for(self.document)

    @cached_property
    def sees_customer(self):
        """Whether the customer's page would open; for others' documents that is `responsible`."""
        if self.document.owner_id != self.person.id:
            return self.responsible
        return sees_customer(self.document.customer)

    @cached_property
    def filing(self):
        return self.document.filing if "filing" in self.present else None

    @cached_property
    def paper(self):
        if self.destroyed:
            return None
        return self.document.shown_content("tax_invoice" in self.present)

    @cached_property
    def badges(self):
        """The states told beside its name."""
        disputed = "disputed" if self.about["why"].get("dispute") else ""
        done = self.document.fulfilment().items()
        return [
            state
            for state in (
                self.document.state,
                money_state(self.document, self.open_balance),
                disputed,
                *(FULFILLED[kind][far] for kind, far in done if far != "none"),
            )
            if state
        ]

    @cached_property
    def chain(self):
        """The papers of its chain that the person sees: who is asked about one paper does not see
        the others."""
        chain = self.document.chain()
        if len(chain) == 1:
            return chain
        ids = [paper.id for paper in chain]
        seen = {row.id for row in self.person.sees.documents().where(Document.id.in_(ids))}
        return [paper for paper in chain if paper.id in seen]

    @cached_property
    def contacts(self):
        return self.document.possible_receivers()

    @cached_property
    def ticked(self):
        """The ids of the contacts to whom it is sent unless others are chosen."""
        marked = self.document.marked_receivers(self.contacts)
        return {contact.id for contact in marked or self.contacts[:1]}

    @cached_property
    def credit(self):
        """How far the customer's limit is used, where this paper counts against one."""
        if self.document.kind not in LIMITED_KINDS or not self.document.editable:
            return None
        found = exposure(self.document.customer, self.document)
        return found if found.limit is not None else None

    @cached_property
    def decisions(self):
        return decisions(self.document) if self.request and not self.destroyed else []

    @cached_property
    def events(self):
        return list(self.document.events)

    @cached_property
    def files(self):
        if "files" not in self.present:
            return []
        return list(self.document.external_files.select(ExternalFile, Filing).join(Filing))

    @cached_property
    def mails(self):
        return list(Mail.about(self.document))

    @cached_property
    def messages(self):
        return list(self.document.messages) if "messages" in self.present else []

    @cached_property
    def open_balance(self):
        return open_balance(self.document, sum(a.amount for a in self.settlements))

    @cached_property
    def credit_left(self):
        return credit_left(self.document)

    @cached_property
    def settlements(self):
        return Allocation.of(self.document) if self.document.kind == "invoice" else []

    @cached_property
    def asked_write_offs(self):
        if "asked" not in self.present:
            return []
        return list(self.document.write_offs.where(WriteOff.state == "asked"))

    @cached_property
    def unsaved(self):
        """What the person typed in the editor and did not save."""
        return self.document.editable and Autosave.of(self.document, self.person)

    @property
    def destroyed(self):
        return self.document.state == "destroyed"

    @property
    def unsubmitted(self):
        return self.document.state in ("draft", "returned")

    @property
    def standing(self):
        """It counts: given out and not declared void."""
        return self.document.state in ("issued", "archived")

    @property
    def billed(self):
        return self.document.kind == "invoice" and bool(self.document.number)

    @property
    def spendable(self):
        """A credit note of which something may be left."""
        return self.document.kind == "credit_note" and self.standing

    @property
    def disputable(self):
        return bool(self.document.number) and self.document.state != "voided"

    @property
    def kept(self):
        """The archive may hold it."""
        return bool(self.document.number) and not self.destroyed

    @property
    def in_approval(self):
        """Whether there are steps of an approval to show."""
        current = self.document.state in ("submitted", "approved", "returned")
        return self.request and (current or self.request.state == "open") and self.path

    @cached_property
    def path(self):
        return self.request.path()

    @property
    def straight_back(self):
        """Whether it may go to the step that returned it: the content is what was agreed to."""
        return (
            self.document.state == "returned"
            and self.request
            and self.request.state == "returned"
            and self.request.back_to
            and self.request.content_approved == self.document.content_hash()
        )

    @cached_property
    def becomes(self):
        """The kinds of paper that can be made of it."""
        return self.document.can_become() if self._may("write") else []

    @property
    def may_edit(self):
        return self.document.editable and self._may("write")

    @property
    def may_copy(self):
        return self._may("write") and not self.destroyed

    @cached_property
    def at_once(self):
        """Whether nobody need approve this draft, so that it can be issued as it is."""
        return bool(
            self.unsubmitted
            and self.flow
            and not self.foreseen
            and self.paper["lines"]
            and self._may("submit")
        )

    @property
    def may_submit(self):
        return self.unsubmitted and self._may("submit") and not self.may_issue

    @property
    def may_take_back(self):
        return self.document.state == "submitted" and self._may("submit")

    @property
    def may_issue(self):
        return (self.document.state == "approved" or self.at_once) and self._may("issue")

    @cached_property
    def doubts(self):
        """What issuing asks to confirm, as sentences by their codes."""
        found = self.document.doubts(self.paper) if self.may_issue else {}
        return {code: _(DOUBTS[code], names=", ".join(names)) for code, names in found.items()}

    @property
    def no_account(self):
        """Whether an invoice would be issued that names no bank account of its currency."""
        lacks = self.document.kind == "invoice" and not self.paper["seller"]["bank_account"]
        return self.may_issue and lacks

    @property
    def other_date(self):
        """Why the chosen date will not be printed; empty when it will."""
        chosen = self.document.chosen_date
        if not chosen or chosen.isoformat() == self.paper["date"]:
            return ""
        return _(
            "not the chosen %(chosen)s: it is in the future, before the last number, or earlier "
            "than your company allows",
            chosen=chosen,
        )

    @property
    def may_file(self):
        return (
            self.document.state in ("issued", "voided")
            and not self.filing
            and self.person.may("archive")
        )

    @property
    def may_send(self):
        return self.standing and self.may_address

    @property
    def may_address(self):
        """Whether the person may send it once it is issued."""
        return self._may("send")

    @property
    def may_void(self):
        return self.standing and self._may("void")

    @property
    def may_write_to_customer(self):
        return self._may("message") and bool(self.document.number)

    @property
    def may_urge(self):
        return (
            self.person.may("urge")
            and self.request.state == "open"
            and self.person.id
            in (
                self.request.submitter_id,
                self.document.owner_id,
            )
        )

    @property
    def may_settle(self):
        return self.person.may("pay") and self.open_balance > 0

    @property
    def may_hold(self):
        return self.document.kind == "invoice" and self.about["open"] > 0
