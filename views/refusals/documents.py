"""Why a document, its approval or its flow is refused."""

from views.web.language import N_

SENTENCES = {
    "too_much_sent": N_(
        "We take at most %(most)s of these within %(hours)s h. Please try later or call us."
    ),
    "files_full": N_("You have sent more files within a year than we can keep. Please call us."),
    "too_many_bytes": N_(
        "We take at most %(most)s MB of files within 24 h. Please try tomorrow or call us."
    ),
    "version_conflict": N_("Someone else saved this document while you were editing."),
    "customer_of_source": N_(
        "This draft was made from %(number)s and stays with its customer. For another customer, "
        "make a new document."
    ),
    "customer_of_files": N_(
        "Files are archived with this draft under its customer. For another customer, make a new "
        "document."
    ),
    "lines_followed": N_("These lines are already used in other documents."),
    "amount_too_large": N_("The amount is too large."),
    "no_lines": N_("Add at least one line first."),
    "negative_total": N_("The total cannot be negative."),
    "over_remaining": N_("%(name)s: only %(rest)s remain on the source document."),
    "credit_over_invoice": N_(
        "Only %(left)s of %(number)s can still be credited. Crediting more needs an approval "
        "flow for credit notes above their invoice."
    ),
    "not_approved": N_("The current version has not been approved."),
    "rate_ended": N_(
        "The tax rate %(names)s is no longer in use. Choose another one, or open the document "
        "and confirm that it applies."
    ),
    "not_printable": N_(
        "These characters can't be printed: %(names)s. Use others, or open the document and "
        "confirm that it is printed without them."
    ),
    "merged": N_(
        "The customer was merged into %(names)s. Copy the document to use the merged customer, "
        "or open it and confirm that it keeps the old one."
    ),
    "has_followers": N_("Later documents are based on this one. Void them first."),
    "not_confirmable": N_("This document type doesn't need confirmation."),
    "signature_unreadable": N_("The signature cannot be read. Draw it again or leave it out."),
    "already_confirmed": N_("Already confirmed, or no longer valid."),
    "no_such_conversion": N_("This document can't be converted to that type."),
    "quote_expired_already": N_("The quote's validity ended on %(day)s. Enter a new date."),
    "date_changed": N_(
        "The document would now be dated %(day)s. Open its page and issue it there."
    ),
    "quote_expired": N_("This quote expired on %(day)s."),
    "nothing_remains": N_("Nothing is left to convert."),
    "no_recipient": N_("Choose at least one recipient."),
    "contact_sees_not": N_(
        "%(name)s can't see this document. Choose them as its contact, or let them see all "
        "documents of their company."
    ),
    "stranger_contact": N_("This contact doesn't belong to the customer."),
    "no_flow": N_("No approval flow is set up for this document type."),
    "no_approver": N_(
        "No one can approve this: no other active user has the role %(role)s. Ask your "
        "administrator."
    ),
    "already_decided": N_("This has already been decided."),
    "own_document": N_("You can't approve your own document."),
    "content_changed": N_("The document was changed after it was submitted."),
    "step_unknown": N_("A step has an option that doesn't exist."),
    "step_nobody": N_("Each step needs a role or at least one active user."),
    "step_stranger": N_("A step names someone who is not an active user."),
    "step_late_to": N_("Choose who gets the task when time is up."),
    "step_too_many": N_("A step needs %(needed)s approvers, but only %(found)s are available."),
    "step_not_earlier": N_("Choose an earlier step."),
    "too_few_approvers": N_("The step needs %(needed)s approvers, but only %(found)s can approve."),
    "flow_changed": N_("Someone else changed this flow in the meantime. Reload it."),
    "flow_kind": N_("This kind of document has no flows."),
    "flow_asks_nobody": N_(
        "Destroying archived files needs a person's approval: at least one step, and no "
        "automatic approval."
    ),
    "flow_condition": N_("A condition of the flow cannot be read."),
    "flow_file": N_("This is not a file of approval flows."),
    "request_open": N_("This document is already in approval."),
    "not_straight_back": N_(
        "The content changed since it was returned, so it starts from the first step."
    ),
    "not_your_request": N_("Only the submitter can do this."),
    "urged_already": N_("You already nudged them within the last hour."),
    "task_closed": N_("%(name)s has already decided."),
    "too_many_days": N_("At most %(most)s days at once."),
    "flow_person": N_("The file names %(value)s, who is not an active user."),
    "flow_team": N_("The file names the team %(value)s, which doesn't exist."),
    "time_over": N_("Time is up. As set in the flow, this counts as approved."),
    "task_gone": N_("This no longer needs your approval."),
    "asked_already": N_("%(name)s is already asked."),
    "added_asks_nobody": N_("An added approver can't add another one."),
    "delegated_already": N_("There is already a delegate on some of these days."),
    "no_working_time": N_(
        "The calendar has no working time. Check the working hours and holidays."
    ),
}
