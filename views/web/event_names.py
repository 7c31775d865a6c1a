"""The journal's words for what was done and for the kinds of things, in the reader's language."""

from flask import get_template_attribute
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

# What no timeline shows, or says otherwise; the rest stands in templates/shared/events.html.
ACTIONS = {
    "acknowledged": _l("confirmed having read it"),
    "added": _l("added it"),
    "alone": _l("let this copy run alone"),
    "announced": _l("announced it"),
    "approved_write_off": _l("agreed to the write-off"),
    "asked_write_off": _l("asked for the write-off"),
    "begun": _l("began it"),
    "cancelled": _l("cancelled it"),
    "caught_up": _l("let the waiting jobs run after the restore"),
    "checking": _l("had it checked"),
    "declined_write_off": _l("declined the write-off"),
    "defined": _l("laid it down"),
    "described": _l("described it"),
    "forgotten": _l("took it out"),
    "founded": _l("set up the firm"),
    "kept": _l("set it"),
    "made": _l("made it"),
    "placed": _l("placed it"),
    "released": _l("released it"),
    "revised": _l("Data changed"),  # timelines say it of a document
    "required": _l("required the course"),
    "restored": _l("brought it back"),
    "rights_settled": _l("the rights were settled by the courses"),
    "said": _l("set the day"),
    "switched_off": _l("switched off"),
    "switched_on": _l("switched on"),
    "taken_back": _l("took the import back"),
    "target_set": _l("set the target"),
    "undoing": _l("began to take the import back"),
}
KINDS = {
    "Acknowledgement": _l("Confirmation of reading"),
    "Act": _l("Decision"),
    "Address": _l("Address"),
    "Allocation": _l("Settlement"),
    "Announcement": _l("Announcement"),
    "ApprovalFlow": _l("Approval flow"),
    "ApprovalRequest": _l("Approval"),
    "BankLine": _l("Line of a bank statement"),
    "Comment": _l("Remark in an approval"),
    "Company": _l("The firm"),
    "Contact": _l("Contact"),
    "ContactPlan": _l("Contact plan"),
    "Customer": _l("Customer"),
    "Delegation": _l("Stand-in"),
    "DestructionList": _l("Destruction list"),
    "Dispute": _l("Complaint"),
    "DisputeEntry": _l("Entry of a complaint"),
    "Document": _l("Document"),
    "EInvoice": _l("E-invoice"),
    "EInvoiceDocument": _l("Further invoice of an e-invoice"),
    "ExternalFile": _l("File from outside"),
    "Feedback": _l("Feedback"),
    "Filing": _l("Filing"),
    "FilingRule": _l("Filing rule"),
    "Finding": _l("Finding of a check"),
    "FollowUp": _l("Follow-up"),
    "GreetingBatch": _l("Greetings"),
    "GreetingText": _l("Greeting text"),
    "Hold": _l("Hold"),
    "HouseText": _l("House text"),
    "Import": _l("Import"),
    "Inspection": _l("Inspection of the archive"),
    "LegalHold": _l("Legal hold"),
    "Message": _l("Message"),
    "MonthlyPaper": _l("Monthly report"),
    "Note": _l("Note"),
    "NumberPattern": _l("Number pattern"),
    "Occasion": _l("Occasion"),
    "OwnSection": _l("Section of the house"),
    "Payment": _l("Payment"),
    "Place": _l("Backup place"),
    "PriceList": _l("Price list"),
    "Product": _l("Product"),
    "Promise": _l("Promise to pay"),
    "Refund": _l("Refund"),
    "Reminder": _l("Reminder"),
    "ReminderLevel": _l("Reminder level"),
    "Requirement": _l("Required course"),
    "RetentionRule": _l("Retention rule"),
    "SpecialDay": _l("Day off or working day"),
    "Statement": _l("Statement"),
    "StatementRun": _l("Statement run"),
    "Survey": _l("Survey"),
    "Target": _l("Target"),
    "TaxRate": _l("Tax rate"),
    "Team": _l("Team"),
    "Training": _l("Training"),
    "User": _l("Colleague"),
    "WriteOff": _l("Write-off"),
    "YearPackage": _l("Year package"),
}


def timeline_words():
    return get_template_attribute("shared/events.html", "event_words")


def action_name(action):
    """What was done, as timelines say it."""
    return str(ACTIONS.get(action) or _(timeline_words().get(action, action)))


def actions():
    """Every action with a name, by name."""
    return sorted({*timeline_words(), *ACTIONS}, key=action_name)


def thing_name(kind):
    return str(KINDS.get(kind, kind))


def kinds():
    """Every kind of thing, by name."""
    return sorted(KINDS, key=thing_name)
