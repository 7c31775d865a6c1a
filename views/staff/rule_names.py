"""What each daily check is called, and what to do about what it finds."""

from flask import url_for
from flask_babel import lazy_gettext as _l

from views.web.scope import person, sees

RULES = {
    "drafts_stale": (_l("Stale draft"), _l("Finish and submit the draft, or delete it.")),
    "approved_not_issued": (
        _l("Approved but not issued"),
        _l("Issue the document, or return it to a draft when it is no longer wanted."),
    ),
    "approval_late": (
        _l("Decision overdue"),
        _l("Decide, reassign the task, or set a delegate."),
    ),
    "delivered_not_invoiced": (
        _l("Delivered but not invoiced"),
        _l("Create and issue the invoice for this delivery."),
    ),
    "no_signed_slip": (
        _l("Delivery note not signed"),
        _l("Ask the customer to confirm in the portal, or archive the signed delivery slip."),
    ),
    "tax_id_missing": (_l("Tax ID missing"), _l("Ask the customer for the tax ID and enter it.")),
    "overdue_not_reminded": (
        _l("Overdue but not reminded"),
        _l("Run the reminders; the page shows who is skipped and why."),
    ),
    "reminder_without_address": (
        _l("No email address for reminders"),
        _l("Add a contact with an email address, or choose one to receive payment reminders."),
    ),
    "credit_not_allocated": (
        _l("Unapplied credit beside overdue invoices"),
        _l("Allocate the credit to the invoices; the reminder preview suggests how."),
    ),
    "voided_often": (
        _l("Many documents voided"),
        _l("Review the reasons with the colleague; train them or change the process."),
    ),
    "discounts_near_limit": (
        _l("Discounts just below the limit"),
        _l("Check the documents and their reasons; lower the limit if it is being evaded."),
    ),
    "follow_ups_late": (
        _l("Follow-up overdue"),
        _l("Complete it, postpone it after telling the customer, or reassign it."),
    ),
    "mail_failed": (_l("Email not delivered"), _l("Correct the address and send it again.")),
    "training_late": (_l("Training overdue"), _l("Take the course and pass the quiz.")),
    "handbook_unread": (
        _l("Handbook not acknowledged"),
        _l("Read the open sections of the handbook and acknowledge them."),
    ),
    "not_archived": (
        _l("Not archived"),
        _l("Check the archiving rules and the jobs on the System status page, then archive it."),
    ),
    "retention_due": (
        _l("Retention period ended"),
        _l("Review files whose retention ended: extend, or propose for destruction."),
    ),
    "backups_late": (
        _l("Backups late"),
        _l("Check the backup location; add one if there is none."),
    ),
    "holidays_missing": (
        _l("Public holidays unknown"),
        _l("Enter them on the page “Working calendar” once they are announced."),
    ),
    "batch_waits": (
        _l("Greetings to approve"),
        _l("Approve or cancel the greetings before their date."),
    ),
    "complaint_open": (
        _l("Complaint not answered"),
        _l("Answer the customer and close the complaint."),
    ),
}
# {what was found: (its page, the scope of who may open it)}
PLACES = {
    "Document": ("documents.show", "documents"),
    "Customer": ("customers.show", "customers"),
    "Task": ("tasks.show", "tasks"),
    "FollowUp": ("follow_ups.show", "follow_ups"),
    "Training": ("training.show", "trainings"),
    "GreetingBatch": ("greetings.show", "greeting_batches"),
    "Feedback": ("feedback.show", "feedback_seen"),
}
# {what was found: (the page of all such things, the right that it asks for)}
PAGES = {
    "Place": ("backups.index", "back_up"),
    "Company": ("backups.index", "back_up"),
    "Folder": ("retention.index", "legal_hold"),
}


def rule_name(key):
    return str(RULES[key][0]) if key in RULES else key


def rule_advice(key):
    return str(RULES[key][1]) if key in RULES else ""


def place(finding):
    """Where the thing that was found stands, or nothing where it has no page, or none that the
    reader may open."""
    if finding.subject_type == "User":
        return url_for("documents.index", owner=finding.subject_id)
    if finding.subject_type in PAGES:
        end, right = PAGES[finding.subject_type]
        return url_for(end) if person().may(right) else ""
    if finding.subject_type not in PLACES:
        return ""
    end, scope = PLACES[finding.subject_type]
    rows = getattr(sees(), scope)()
    seen = rows.where(rows.model.id == finding.subject_id).exists()
    return url_for(end, id=finding.subject_id) if seen else ""
