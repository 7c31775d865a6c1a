"""Why a document, its approval or its flow is refused."""

from views.web.language import N_

SENTENCES = {
    "too_many_messages": N_(
        "Too many messages. You can send %(most)s per hour. Please try later or call us."
    ),
    "version_conflict": N_("Someone else saved this document while you were editing."),
    "lines_followed": N_("These lines are already used in other documents."),
    "amount_too_large": N_("The amount is too large."),
    "no_lines": N_("Add at least one line first."),
    "negative_total": N_("The total cannot be negative."),
    "over_remaining": N_("%(name)s: the quantity exceeds what remains on the source document."),
    "credit_over_invoice": N_(
        "Only %(left)s of %(number)s remain to be credited. More than that needs an approval flow "
        "for credit above its invoice."
    ),
    "not_approved": N_("The current version has not been approved."),
    "rate_ended": N_(
        "The tax rate %(names)s has ended. Choose another one, or open the document and confirm "
        "there that this rate is right."
    ),
    "not_printable": N_(
        "These characters cannot be printed right: %(names)s. Write them differently, or open the "
        "document and confirm there that it may be printed so."
    ),
    "merged": N_(
        "The customer was merged into %(names)s. Copy the document, and the copy is for that one; "
        "or open it and confirm there that it names the merged customer."
    ),
    "has_followers": N_("Later documents are based on this one. Void them first."),
    "not_confirmable": N_("This document type doesn't need confirmation."),
    "signature_unreadable": N_("The signature cannot be read. Draw it again or leave it out."),
    "already_confirmed": N_("Already confirmed, or no longer valid."),
    "no_such_conversion": N_("This document can't be converted to that type."),
    "quote_expired_already": N_(
        "The quote would be valid until %(day)s, which is past. Give it a new day."
    ),
    "date_changed": N_(
        "The document would now be printed with the date %(day)s. Look at its page and issue it "
        "from there."
    ),
    "quote_expired": N_("This quote expired on %(day)s."),
    "nothing_remains": N_("Nothing is left to convert."),
    "no_recipient": N_("Choose at least one recipient."),
    "contact_sees_not": N_(
        "%(name)s may not see this document. Name the contact on it, or let them see all documents "
        "of the company."
    ),
    "stranger_contact": N_("This person does not belong to the customer."),
    "no_flow": N_("No approval flow is set up for this document type."),
    "no_approver": N_(
        "No one can approve this: no other active user has the role %(role)s. Ask your "
        "administrator."
    ),
    "already_decided": N_("This has already been decided."),
    "own_document": N_("You can't approve your own document."),
    "content_changed": N_("The document was changed after it was submitted."),
    "step_unknown": N_("A step has a choice that does not exist."),
    "step_nobody": N_("A step must name a role or at least one active person."),
    "step_stranger": N_("A step names someone who is not an active colleague."),
    "step_late_to": N_("Say to whom the task goes when the time is over."),
    "step_too_many": N_(
        "Only %(found)s active people can be asked in a step that needs %(needed)s agreements."
    ),
    "step_not_earlier": N_("Choose an earlier step."),
    "too_few_approvers": N_(
        "The step needs %(needed)s agreements, but only %(found)s people may decide."
    ),
    "flow_changed": N_("Someone else changed this flow meanwhile. Load it again."),
    "flow_kind": N_("This kind of document has no flows."),
    "flow_asks_nobody": N_(
        "The destruction of what was archived needs somebody's yes: a step, and none "
        "that time decides."
    ),
    "flow_condition": N_("A condition of the flow cannot be read."),
    "flow_file": N_("This is not a file of approval flows."),
    "request_open": N_("An approval of this document is already under way."),
    "not_straight_back": N_(
        "The content changed since it was returned, so it starts from the first step."
    ),
    "not_your_request": N_("Only who submitted it can do this."),
    "urged_already": N_("You already nudged them within the last hour."),
    "task_closed": N_("%(name)s has already decided."),
    "too_many_days": N_("At most %(most)s days at once."),
    "flow_person": N_("The file names %(value)s, who is not among the active colleagues here."),
    "flow_team": N_("The file names the team %(value)s, which does not exist here."),
    "time_over": N_(
        "The time for this decision is over; the flow says that it then counts as agreed."
    ),
    "task_gone": N_("This no longer needs your approval."),
    "asked_already": N_("%(name)s is already asked."),
    "added_asks_nobody": N_("Who was asked by a colleague cannot ask another in turn."),
    "delegated_already": N_("Someone already stands in on some of these days."),
    "no_working_time": N_(
        "The calendar has no working time. Check the working hours and holidays."
    ),
}
