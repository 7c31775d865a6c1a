"""The words for the kinds of things that the journal tells of, in the reader's language."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "AccountChange": _l("Changed bank account"),
    "Acknowledgement": _l("Confirmation of reading"),
    "Act": _l("Decision"),
    "Address": _l("Address"),
    "Allocation": _l("Settlement"),
    "Announcement": _l("Announcement"),
    "ApprovalFlow": _l("Approval flow"),
    "ApprovalRequest": _l("Approval"),
    "BankFile": _l("Bank file"),
    "BankLayout": _l("Columns of bank files"),
    "BankLine": _l("Line of a bank statement"),
    "Comment": _l("Remark in an approval"),
    "Company": _l("Company"),
    "Contact": _l("Contact"),
    "ContactPlan": _l("Contact plan"),
    "Customer": _l("Customer"),
    "Delegation": _l("Delegate"),
    "DestructionList": _l("Destruction list"),
    "Dispute": _l("Complaint"),
    "DisputeEntry": _l("Dispute entry"),
    "Document": _l("Document"),
    "EInvoice": _l("Tax invoice"),
    "EInvoiceDocument": _l("Further invoice of a tax invoice"),
    "ExternalFile": _l("Add external file"),
    "Feedback": _l("Feedback"),
    "Filing": _l("Archived item"),
    "FilingRule": _l("Archiving rule"),
    "Finding": _l("Finding of a check"),
    "FollowUp": _l("Follow-up"),
    "GreetingBatch": _l("Greetings"),
    "GreetingText": _l("Greeting text"),
    "Hold": _l("Pause reminders"),
    "HouseText": _l("Company text"),
    "Import": _l("Import"),
    "Inspection": _l("Inspection of the archive"),
    "LegalHold": _l("Legal hold"),
    "Message": _l("Message"),
    "MonthlyPaper": _l("Monthly report"),
    "Note": _l("Note"),
    "NumberPattern": _l("Number pattern"),
    "Occasion": _l("Occasion"),
    "OwnSection": _l("Company section"),
    "Payment": _l("Payment"),
    "Place": _l("Backup location"),
    "PriceList": _l("Price list"),
    "Product": _l("Product"),
    "Promise": _l("Promise to pay"),
    "Refund": _l("Refund"),
    "Reminder": _l("Payment reminder"),
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
    "YearPackage": _l("Annual archive"),
}


def thing_name(kind):
    return str(KINDS.get(kind, kind))


def kinds():
    """Every kind of thing, by name."""
    return sorted(KINDS, key=thing_name)
