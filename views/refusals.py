"""The plain sentence for each Refused code, in the reader's language."""
from flask_babel import gettext as _


MISTYPED = {"text_too_long", "text_unprintable", "text_needed", "reason_needed", "name_needed", "amount_unreadable",
            "day_unreadable", "currency_unknown", "pattern_needs_n", "pattern_needs_year", "pattern_signs", "pattern_long", "limit_negative", "naming_token", "naming_not_unique", "naming_signs", "days_range", "file_missing",
            "file_kind", "file_damaged", "customer_needed", "retention_for_ever", "retention_least", "hold_scope", "opinion_needed", "einvoice_kind", "no_such_number",
            "einvoice_number", "einvoice_two_numbers", "einvoice_total", "einvoice_day", "einvoice_seller_missing"}


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
            "archivist": _("Archivist"), "kept": _("Kept"), "destroyed": _("Destroyed"), "proposed": _("Proposed"), "certified": _("Certified"), "lifted": _("Lifted"),
            "erased": _("Erased"), "active": _("Active")}


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
        "currency_unknown": _("We do not keep books in this currency."),
        "pattern_long": _("The pattern is too long."),
        "more_than_open": _("That is more than is open on %(number)s."),
        **imports(),
        **approvals(),
        **archive(),
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


def archive():
    """What can stand in the way of filing, keeping and destroying."""
    return {
        "already_filed": _("This is already in the archive."),
        "is_destroyed": _("This was destroyed by rule. Its number, hash and reason are kept."),
        "naming_token": _("The name holds a {word} that we do not know."),
        "naming_not_unique": _("The name needs {number} or {code}, so that no two files are called the same."),
        "naming_signs": _("A file name may not hold / \\ : * ? \" < > or |."),
        "days_range": _("Give a number of days between %(least)s and %(most)s, or nothing."),
        "tags_many": _("At most %(most)s tags."),
        "file_missing": _("Choose a file or take a photo."),
        "files_many": _("At most %(most)s files at once."),
        "file_kind": _("We keep PDF, pictures, XML, OFD, Excel, Word and ZIP files; this is none of them."),
        "file_damaged": _("This file is damaged or built to harm, so it was not kept."),
        "customer_needed": _("Say whose file it is: choose the customer."),
        "versions_many": _("A file may have at most %(most)s versions."),
        "version_same": _("This version is already kept."),
        "einvoice_fixed": _("A tax invoice has no versions. Add another format as a file of its own."),
        "einvoice_kind": _("Put in the XML or the OFD of a tax invoice. A PDF can be filed, but not read, under File from outside."),
        "einvoice_number": _("No tax invoice number with 20 digits can be read from this file."),
        "einvoice_two_numbers": _("The file speaks of two different invoice numbers."),
        "einvoice_total": _("The total cannot be read from this file."),
        "einvoice_day": _("The date cannot be read from this file."),
        "einvoice_seller_missing": _("The seller's tax id cannot be read from this file."),
        "einvoice_not_ours": _("%(number)s was issued by %(value)s, not by us. Check the tax id under Settings."),
        "einvoice_twice": _("%(number)s was taken in before. No number is taken twice."),
        "einvoice_has_one": _("%(number)s is matched already."),
        "einvoice_other_total": _("The totals differ, or the invoice is in another currency."),
        "destroyed_meanwhile": _("Something in it was destroyed by rule meanwhile. Start it again."),
        "package_empty": _("Nothing of %(year)s lies in the archive."),
        "package_running": _("A package of %(year)s is being made already."),
        "inspection_running": _("A test is under way already."),
        **destruction(),
    }


def destruction():
    """What can stand in the way of destroying, and who is lacking."""
    return {
        "retention_for_ever": _("Registers of destruction are kept for ever."),
        "retention_least": _("Give between %(least)s and %(most)s years: the law's least term may not be undercut."),
        "hold_scope": _("Give exactly one: a customer, a document, or a search."),
        "no_such_number": _("There is no document %(number)s."),
        "opinion_needed": _("Write the opinion of the appraisal."),
        "list_long": _("A list may have at most %(most)s entries."),
        "listed_already": _("%(number)s already stands on an open list."),
        "not_due": _("The term of %(number)s is not over."),
        "blocked_hold": _("%(file)s: legal hold “%(name)s”."),
        "blocked_open_balance": _("%(file)s: %(number)s is not fully paid."),
        "blocked_open_dispute": _("%(file)s: a dispute about %(number)s is open."),
        "blocked_unfinished_chain": _("%(file)s: its chain is not finished (%(number)s)."),
        "own_list": _("Nobody decides on a list that they proposed."),
        "witnesses_two": _("Name two different witnesses."),
        "witness_may_not": _("%(name)s may not be a witness: archive, finance, managers and administrators may."),
        "witness_took_part": _("%(name)s proposed or approved this list and so cannot be a witness."),
        "witness_began": _("A witness has already checked; the witnesses can no longer be changed."),
        "witness_done": _("You have already done this."),
        "witnesses_first": _("Both witnesses must check list and archive first."),
        "not_erased_yet": _("The bytes are still being erased. Sign when they are gone."),
        "lacks_approver": _("The firm lacks someone to approve: a manager or administrator who is not the proposer."),
        "lacks_witnesses": _("The firm lacks witnesses: %(needed)s are needed who neither proposed nor approve the list, %(found)s are there."),
    }
