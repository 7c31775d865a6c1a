"""The plain sentence for each Refused code, in the reader's language."""
from flask_babel import gettext as _


MISTYPED = {"text_too_long", "text_unprintable", "text_needed", "reason_needed", "name_needed", "amount_unreadable",
            "day_unreadable", "currency_unknown", "pattern_needs_n", "pattern_needs_year", "pattern_signs", "pattern_long", "limit_negative"}


def sentence(error):
    """What to tell the person. A code without a sentence is a programming mistake that tests catch."""
    said = words()
    return sentences()[error.code] % {name: said.get(fact, fact) for name, fact in error.facts.items()}


def status(error):
    """422 when something typed must be mended, 409 when the thing itself stands in the way."""
    return 422 if error.code in MISTYPED else 409


def words():
    """States and roles, as facts name them, in the reader's language."""
    return {"draft": _("Draft"), "submitted": _("Submitted"), "approved": _("Approved"), "returned": _("Returned"),
            "issued": _("Issued"), "archived": _("Archived"), "voided": _("Voided"), "discarded": _("Discarded"),
            "open": _("Open"), "rejected": _("Rejected"), "recalled": _("Recalled"), "dropped": _("Dropped"),
            "cancelled": _("Cancelled"), "confirmed": _("Confirmed"), "reversed": _("Reversed"),
            "manager": _("Manager"), "finance": _("Finance"), "sales": _("Sales"), "admin": _("Administrator"),
            "archivist": _("Archivist")}


def sentences():
    return {
        "state_changed": _("Meanwhile this was changed. It is now: %(now)s."),
        "already_set_up": _("Danju is already set up."),
        "password_short": _("The password needs at least %(least)s characters."),
        "password_long": _("The password may have at most %(most)s characters."),
        "password_weak": _("This password is too easy to guess."),
        "not_yourself": _("You cannot do this to yourself."),
        "role_needed": _("Choose at least one role."),
        "last_admin": _("At least one administrator must remain."),
        "email_taken": _("Someone already uses %(email)s."),
        "too_many_tries": _("Too many tries. Wait %(minutes)s minutes."),
        "old_password_wrong": _("The old password is wrong."),
        "wrong_password": _("The mail address or the password is wrong."),
        "code_invalid": _("This link was used already or is too old. Ask for a new one."),
        "code_taken": _("The code %(value)s is already in use."),
        "no_email": _("%(name)s has no mail address."),
        "contact_disabled": _("This contact is switched off."),
        "pattern_needs_n": _("The pattern needs {n} exactly once."),
        "pattern_needs_year": _("A pattern with the month also needs the year."),
        "pattern_signs": _("A pattern may hold letters, digits, - / . and _ only."),
        "pattern_taken": _("Another kind of document already uses this pattern."),
        "version_conflict": _("Someone else saved this document meanwhile."),
        "lines_followed": _("Other documents already rest on these lines."),
        "amount_too_large": _("The amount is too large."),
        "no_lines": _("Add at least one line first."),
        "negative_total": _("The total may not be negative."),
        "over_remaining": _("%(name)s: that is more than remains of the source document."),
        "not_approved": _("This content has not been approved."),
        "reason_needed": _("Give the reason."),
        "has_payments": _("Payments rest on this document. Reverse them first."),
        "has_followers": _("Later documents rest on this one. Void them first."),
        "not_confirmable": _("This kind of document is not confirmed."),
        "name_needed": _("Write your name."),
        "already_confirmed": _("This is already confirmed, or no longer valid."),
        "no_such_conversion": _("This cannot be made from this document."),
        "quote_expired": _("The quote was valid until %(day)s."),
        "nothing_remains": _("Nothing remains of this document."),
        "no_recipient": _("Choose at least one recipient."),
        "stranger_contact": _("This person does not belong to the customer."),
        "text_needed": _("Write something first."),
        "not_yours": _("There is no such document, or it is not yours."),
        "no_flow": _("No approval flow is set up for this kind of document."),
        "no_approver": _("Nobody can approve this: no other active person has the role %(role)s. Ask the administrator."),
        "already_decided": _("Someone has already decided."),
        "own_document": _("Nobody approves their own document."),
        "content_changed": _("The document was changed after it was submitted."),
        "amount_positive": _("The amount must be more than zero."),
        "day_in_future": _("The day lies in the future."),
        "other_customer": _("The invoice belongs to another customer."),
        "other_currency": _("The invoice is in another currency."),
        "more_than_payment": _("That is more than is left of the payment."),
        "not_an_open_invoice": _("This is not an issued invoice."),
        "limit_negative": _("The limit may not be negative."),
        "text_too_long": _("This is too long: at most %(most)s characters."),
        "text_unprintable": _("This holds characters that cannot be printed."),
        "amount_unreadable": _("This is not a number we can use."),
        "day_unreadable": _("Give the day as 2026-11-24."),
        "currency_unknown": _("We do not keep books in this currency."),
        "pattern_long": _("The pattern is too long."),
        "more_than_open": _("That is more than is open on %(number)s."),
    }
