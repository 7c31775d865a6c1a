"""What a person may do with a document on its page, and what its state asks for first."""

from functools import cached_property

from flask_babel import gettext as _

from views.web.labels import listed
from views.web.language import N_
from views.web.scope import sees_customer

DOUBTS = {
    "rate_ended": N_("The tax rate %(names)s is no longer in use; it applies here"),
    "not_printable": N_("These characters can't be printed: %(names)s; issue anyway"),
    "merged": N_("The customer was merged into %(names)s; keep the old customer"),
}
FOLLOWS = ("order", "invoice", "delivery_note")  # what is usually made of another, first to last


class DocumentActs:
    """Rights and acts; `document`, `person` and what is read of them come from the page."""

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
    def becomes(self):
        """The kinds of paper that can be made of it."""
        return self.document.can_become() if self._may("write") else []

    @property
    def approver_names(self):
        """Who is asked at first."""
        return " / ".join(user.name for user in self.foreseen[0][1])

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
    def may_discard(self):
        return self.unsubmitted and self._may("write")

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
        return {code: _(DOUBTS[code], names=listed(names)) for code, names in found.items()}

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

    @cached_property
    def own_task(self):
        """The person's task of its approval, where it waits for them."""
        if not self.in_approval:
            return None
        tasks = [task for _number, _step, tasks, _people, _state in self.path for task in tasks]
        own = (t for t in tasks if t.user_id == self.person.id and t.state == "open")
        return next(own, None)

    @cached_property
    def made_next(self):
        """The kind of document that is usually made of it."""
        return next((kind for kind in FOLLOWS if kind in self.becomes), "")

    @cached_property
    def next_act(self):
        """The one act that its state asks this person for; empty when it is up to others."""
        unsent = self.may_send and not self.sent
        acts = {
            "submit": self.may_submit,
            "issue": self.may_issue,
            "approve": self.own_task,
            "record": self.billed and self.may_settle,
            "offer": self.document.kind == "quote" and unsent,
            "make": self.made_next,
            "send": unsent,
        }
        return next((act for act, asked in acts.items() if asked), "")
