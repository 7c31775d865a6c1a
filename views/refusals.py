"""The plain sentence for each Refused code, in the reader's language."""
from flask_babel import gettext as _


MISTYPED = {"text_too_long", "text_unprintable", "text_needed", "reason_needed", "name_needed", "amount_unreadable",
            "day_unreadable", "month_unreadable", "currency_unknown", "pattern_needs_n", "pattern_needs_year", "pattern_signs", "pattern_long", "limit_negative"}


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
            "archivist": _("Archivist"), "corrected": _("Corrected"), "closed": _("Closed"), "accepted": _("Accepted"), "done": _("Done"),
            "ended": _("Ended"), "assigned": _("Assigned"), "passed": _("Passed"), "proposed": _("To approve"), "sent": _("Sent"), "answered": _("Answered")}


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
        "signature_unreadable": _("The signature cannot be read. Draw it again or leave it out."),
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
        "rate_and_kind": _("A taxed rate needs a percentage above zero; zero rate, exempt and out of scope have none."),
        "days_backward": _("The last day lies before the first."),
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
        "not_to_decide": _("Another colleague who sees all these customers must decide, and it must still wait."),
        "month_unreadable": _("Give the month as 2026-11."),
        "currency_unknown": _("We do not keep books in this currency."),
        "pattern_long": _("The pattern is too long."),
        "more_than_open": _("That is more than is open on %(number)s."),
        **imports(),
        **approvals(),
        **house(),
    }


def imports():
    """What can be wrong with a file, a row or a cell."""
    return {
        "file_empty": _("The file is empty."),
        "file_not_a_table": _("This is not a table we can read. Save it as XLSX or CSV."),
        "file_encoding": _("The letters of this file cannot be read. Save it as CSV in UTF-8, or as XLSX."),
        "file_too_large": _("Unpacked, this file is too large."),
        "too_many_rows": _("A file may have at most %(most)s rows. Split it."),
        "too_many_columns": _("A file may have at most %(most)s columns."),
        "no_rows": _("The file has a head, but no rows."),
        "filters_full": _("You already keep %(most)s filters of this list."),
        "nothing_chosen": _("Choose at least one."),
        "choice_unknown": _("Choose from the list."),
        "field_twice": _("Two columns are given the same meaning."),
        "key_unknown": _("Choose by which column rows are found again."),
        "import_faults": _("The file still has faults. Correct it and check again."),
        "still_used": _("%(name)s is already in use elsewhere, so this cannot be undone. Nothing was changed."),
        "interrupted": _("The program stopped while this ran. Nothing was changed; start it again."),
        "column_needed": _("No column gives this, but it is needed."),
        "row_uneven": _("The row has %(found)s cells, the head has %(expected)s. Often a comma inside a text without quotes."),
        "cell_needed": _("This cell may not be empty."),
        "cell_too_long": _("This is too long: at most %(most)s characters."),
        "cell_unprintable": _("This holds characters that cannot be printed."),
        "cell_no_number": _("“%(value)s” is not a number."),
        "cell_out_of_range": _("“%(value)s” is too small or too large."),
        "cell_too_exact": _("“%(value)s” has more than %(places)s decimal places."),
        "cell_no_yes": _("“%(value)s” is neither yes nor no."),
        "cell_no_mail": _("“%(value)s” is not a mail address."),
        "cell_no_day": _("“%(value)s” is not a date."),
        "cell_day_unclear": _("“%(value)s”: day or month first? Choose the order of dates."),
        "cell_unknown": _("“%(value)s” is not known here."),
        "key_empty": _("This cell is the key by which the row is found again; it may not be empty."),
        "key_twice": _("“%(value)s” already stands in row %(row)s."),
        "key_unclear": _("“%(value)s” exists here more than once, so the row cannot be matched."),
        "owner_unknown": _("No colleague is called “%(value)s”; the salesperson is left empty."),
        "tax_unknown": _("There is no tax rate “%(value)s”. Add it under Settings or correct the cell."),
        "customer_missing": _("The row names no customer. Name one for such rows, or correct the file."),
        "customer_unknown": _("There is no customer “%(value)s”."),
        "customer_named_twice": _("The customer is “%(value)s” here, but “%(first)s” above; the first is taken."),
        "head_differs": _("“%(value)s” differs from row %(row)s of the same document."),
        "amount_differs": _("“%(value)s” is not quantity times price less discount."),
        "amount_rounded": _("Some amounts have more decimals than the currency; they are rounded."),
        "total_negative": _("The total is negative. Is it a credit note?"),
        "total_differs": _("The total in the file is not the sum of the lines."),
        "due_before_date": _("It is due before its date."),
        "number_is_ours": _("The number %(value)s could be one of ours. Change the number pattern first, or correct the cell."),
        "number_taken": _("The number %(value)s is already used here."),
        "number_two_customers": _("The number %(value)s stands for two customers."),
        "imported_differs": _("%(value)s was imported before with other content. Undo that import first."),
        "paid_more": _("More is paid than the total."),
    }


def approvals():
    """What can stand in the way of a flow or a decision."""
    return {
        "step_unknown": _("A step has a choice that does not exist."),
        "step_nobody": _("A step must name a role or at least one active person."),
        "step_stranger": _("A step names someone who is not an active colleague."),
        "step_late_to": _("Say to whom the task goes when the time is over."),
        "step_too_many": _("A step asks for more agreements than it has people."),
        "step_not_earlier": _("Choose an earlier step."),
        "too_few_approvers": _("The step needs %(needed)s agreements, but only %(found)s people may decide."),
        "flow_changed": _("Someone else changed this flow meanwhile. Load it again."),
        "flow_kind": _("This kind of document has no flows."),
        "flow_condition": _("A condition of the flow cannot be read."),
        "flow_file": _("This is not a file of approval flows."),
        "request_open": _("An approval of this document is already under way."),
        "not_straight_back": _("The content changed since it was returned, so it starts from the first step."),
        "not_your_request": _("Only who submitted it can do this."),
        "urged_already": _("They were reminded less than an hour ago."),
        "task_closed": _("Someone was faster: %(name)s has already decided."),
        "task_gone": _("This no longer waits for your decision."),
        "asked_already": _("%(name)s is already asked."),
        "no_such_person": _("There is no such active colleague."),
        "day_in_past": _("The day lies in the past."),
        "delegated_already": _("Someone already stands in on some of these days."),
        "no_working_time": _("The calendar has no working time. Check the working hours and holidays."),
        "attachment_too_large": _("A file may have at most %(most)s MB."),
        "attachment_kind": _("Only PDF, pictures, Excel, Word and ZIP files can be attached."),
    }


def house():
    """What can stand in the way of care for customers, of findings, training and the handbook."""
    return {
        "own_finding": _("Nobody closes or accepts their own finding."),
        "still_found": _("The check still finds it. Mend the thing first, or accept it with a reason."),
        "batch_past": _("The day of these greetings is past."),
        "batch_empty": _("Nobody is left in this batch."),
        "already_answered": _("This is already answered. Thank you."),
        "survey_over": _("This question is no longer open."),
        "answer_first": _("Answer it first; then it can be closed."),
        "handbook_changed": _("This section was changed meanwhile. Read it again, then acknowledge it."),
        "course_unreadable": _("A course needs lessons (## …) and a quiz whose questions (?) have one right (+) and some wrong (-) answers. Look at: %(where)s"),
        "admin_never_rests": _("The rights of administrators never rest: nobody could put it right again."),
        "assigned_already": _("This person is already taking the course."),
        "answer_all": _("Answer every question."),
        "still_required": _("A role of this person requires the course."),
        "accepted_too_long": _("A finding is accepted for a year at most."),
    }
