"""What the page of a document shows, and what its reader may do there."""

from functools import cached_property

from models import dunning
from models.adapters.outbox import Mail
from models.approvals import ApprovalRequest
from models.approvals.decided import decisions
from models.archive import ExternalFile, Filing
from models.core.clock import now, today
from models.core.errors import Refused
from models.core.model import present
from models.documents import Document
from models.documents.draft import Autosave
from models.payments import Allocation, open_balance
from models.payments.refund import credit_left
from models.payments.write_off import WriteOff
from models.receivables.credit_limit import LIMITED_KINDS, exposure
from models.receivables.document_states import document_states, states_of
from models.receivables.unusual import unusual
from views.refusals import sentence
from views.staff.document_acts import DocumentActs
from views.web.sheets import Sheets

TABS = ("document", "related", "messages", "files", "history")


class DocumentPage(DocumentActs):
    """A document as a person of the house finds it."""

    def __init__(self, document, person, tab=TABS[0], asks=""):
        self.document, self.person = document, person
        self.now = now()
        self.tab, self.asks = tab, asks  # the question that is open, where no script opens it
        self.request = ApprovalRequest.current(document)
        self.present = present(
            messages=document.messages,
            files=document.external_files,
            filing=document.filings,
            tax_invoice=document.einvoices,
            asked=document.write_offs.where(WriteOff.state == "asked"),
            mails=Mail.about(document),
            unreached=Mail.about(document).where(Mail.state.in_(("failed", "bounced"))),
            **dunning.collection_rows(document),
        )
        self.about = dunning.collection_status(document, person, self.open_balance, self.present)
        self.foreseen, self.obstacle, self.flow = [], "", None
        if self.unsubmitted:
            try:
                self.flow, self.foreseen = ApprovalRequest.preview(document, person)
            except Refused as error:
                self.obstacle = sentence(error)

    @cached_property
    def filing(self):
        return self.document.filing if "filing" in self.present else None

    @cached_property
    def paper(self):
        if self.destroyed:
            return None
        return self.document.shown_content("tax_invoice" in self.present)

    @cached_property
    def sheets(self):
        return Sheets(self.document, ("documents", self.document.id), self.paper)

    @cached_property
    def badges(self):
        """The states told beside its name."""
        disputed = ["disputed"] if self.about["why"].get("dispute") else []
        return [*states_of(self.document, self.open_balance), *disputed]

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
    def state_of(self):
        return document_states(self.chain)

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
        return self.document.activity()

    @property
    def latest(self):
        """The last three events that somebody did, newest first."""
        return [event for event in reversed(self.events) if event.action != "paper_made"][:3]

    @cached_property
    def files(self):
        if "files" not in self.present:
            return []
        return list(self.document.external_files.select(ExternalFile, Filing).join(Filing))

    @cached_property
    def mails(self):
        return list(Mail.about(self.document))

    @property
    def sent(self):
        return "mails" in self.present

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

    @property
    def paid(self):
        return sum(a.amount for a in self.settlements if a.payment_id)

    @property
    def days_left(self):
        """Days until it is due, negative when that is past; None where nothing is open."""
        due = self.document.due_on
        return (due - today()).days if due and self.open_balance > 0 else None

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
    def outgoing(self):
        """Not issued yet, so that one looks at what would go out."""
        return self.unsubmitted or self.document.state == "approved"

    @property
    def late(self):
        return self.days_left is not None and self.days_left < 0

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

    @cached_property
    def odd(self):
        """What the person should know of it before approving it."""
        return unusual([self.request], self.person.may("see_figures"))[self.request.id]

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
