"""The plain sentence for each Refused code, in the reader's language."""

from flask_babel import gettext as _

from models.adapters.outbox import RESTORED, UNSURE
from models.operations.backup.run import NO_SNAPSHOT

# What a person mistyped, as against what stands in the way.
MISTYPED = {
    "amount_unreadable",
    "currency_unknown",
    "customer_needed",
    "day_unreadable",
    "days_range",
    "dispute_amount",
    "einvoice_day",
    "einvoice_kind",
    "einvoice_number",
    "einvoice_seller_missing",
    "einvoice_tax_id",
    "einvoice_total",
    "einvoice_two_numbers",
    "file_damaged",
    "file_kind",
    "file_missing",
    "hold_scope",
    "level_days",
    "level_interest",
    "level_taken",
    "level_text",
    "limit_negative",
    "month_unreadable",
    "name_needed",
    "naming_not_unique",
    "naming_signs",
    "naming_token",
    "no_such_number",
    "opinion_needed",
    "pattern_long",
    "pattern_needs_n",
    "pattern_needs_year",
    "pattern_signs",
    "place_incomplete",
    "place_path",
    "place_taken",
    "place_url",
    "promise_too_far",
    "account_needed",
    "reason_needed",
    "recovery_key_unreadable",
    "recovery_key_wrong",
    "retention_for_ever",
    "retention_least",
    "text_needed",
    "text_too_long",
    "text_unprintable",
}


def mail_trouble(error):
    """Why a mail did not go: our own words in the reader's language; what the mail server said
    stays as it said it."""
    for ours, said in (
        (RESTORED, _("Danju was restored from a backup; perhaps this mail was sent before.")),
        (UNSURE, _("Perhaps it was sent: the line broke before the answer.")),
    ):
        if error.startswith(ours):
            return f"{said} {error[len(ours) :].lstrip(': ')}".strip()
    return error


def place_trouble(error):
    """Why a backup did not get there: what it most likely means in the reader's language, then the
    words of the machine."""
    for said, signs in _place_troubles():
        if any(sign.lower() in error.lower() for sign in signs):
            return f"{said} ({error})"
    return error


def _place_troubles():
    """The first that fits counts: what is narrower stands before what is wider."""
    return (
        (
            _(
                "This server could not lay out the backup: its own disk or data stands "
                "in the way, not the place."
            ),
            (NO_SNAPSHOT,),
        ),
        (
            _(
                "The folder is not there, or it is not the disk it was. Is the disk "
                "plugged in and mounted?"
            ),
            ("is it mounted",),
        ),
        (
            _("The server shows another key than before. Is it the same server?"),
            ("another key than before",),
        ),
        (
            _("The name, password or key is not taken there."),
            (
                "Authentication",
                "code 401",
                "InvalidAccessKeyId",
                "SignatureDoesNotMatch",
                "Unauthorized",
                "private key cannot be read",
            ),
        ),
        (
            _("There is no room left there."),
            (
                "No space left",
                "Insufficient Storage",
                "code 507",
                "QuotaExceeded",
                "Disk quota exceeded",
            ),
        ),
        (
            _("Danju may not write there."),
            (
                "Permission denied",
                "Read-only file system",
                "AccessDenied",
                "code 403",
                "(403)",
                "Forbidden",
                "PermissionError",
            ),
        ),
        (
            _("The place does not answer. Is it switched on, and does the network work?"),
            (
                "Could not connect",
                "Connection refused",
                "No connection with",
                "Name or service not known",
                "name resolution",
                "timed out",
                "timeout",
                "No route to host",
                "Network is unreachable",
                "Connection reset",
                "EOFError",
                "Connection was closed",
            ),
        ),
        (
            _("A file that belongs to the backup is missing there."),
            (".age is not there", ".json is not there"),
        ),
        (
            _("There is no such bucket or folder there."),
            ("is not there", "No such file or directory", "NoSuchBucket"),
        ),
        (
            _("What was read back is not what was written: the disk or the line is damaged."),
            ("is not what was written", "are not those that were written", "checksum"),
        ),
    )


def sentence(error):
    """What to tell the person. A code without a sentence is a programming mistake that tests
    catch."""
    said = words()
    return sentences()[error.code] % {
        name: said.get(fact, fact) for name, fact in error.facts.items()
    }


def status(error):
    """422 when something typed must be mended, 409 when the thing itself stands in the way."""
    return 422 if error.code in MISTYPED else 409


def words():
    """States and roles, as facts name them, in the reader's language."""
    return {
        "draft": _("Draft"),
        "submitted": _("Submitted"),
        "approved": _("Approved"),
        "returned": _("Returned"),
        "issued": _("Issued"),
        "archived": _("Archived"),
        "voided": _("Voided"),
        "discarded": _("Discarded"),
        "open": _("Open"),
        "rejected": _("Rejected"),
        "recalled": _("Recalled"),
        "dropped": _("Dropped"),
        "cancelled": _("Cancelled"),
        "answered": _("Answered"),
        "settled": _("Settled"),
        "withdrawn": _("Withdrawn"),
        "mediation": _("In mediation"),
        "legal": _("With the lawyers"),
        "confirmed": _("Confirmed"),
        "reversed": _("Reversed"),
        "reported": _("Reported"),
        "declined": _("Declined"),
        "asked": _("Waits for a second person"),
        "queued": _("Queued"),
        "sending": _("Sending"),
        "bounced": _("Bounced"),
        "manager": _("Manager"),
        "finance": _("Finance"),
        "sales": _("Sales"),
        "admin": _("Administrator"),
        "archivist": _("Archivist"),
        "kept": _("Kept"),
        "destroyed": _("Destroyed"),
        "moved": _("Moved to another folder"),
        "corrected": _("Corrected"),
        "closed": _("Closed"),
        "accepted": _("Accepted"),
        "done": _("Done"),
        "ended": _("Ended"),
        "agreed": _("Agreed"),
        "differs": _("Differs"),
        "replaced": _("Replaced"),
        "new": _("New"),
        "booked": _("Booked"),
        "set_aside": _("Set aside"),
        "proposed": _("Proposed"),
        "certified": _("Certified"),
        "lifted": _("Lifted"),
        "erased": _("Erased"),
        "active": _("Active"),
        "assigned": _("Assigned"),
        "passed": _("Passed"),
        "sent": _("Sent"),
    }


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
        "too_many_messages": _(
            "That was very much within an hour: at most %(most)s messages. Please wait, or call us."
        ),
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
        "no_approver": _(
            "Nobody can approve this: no other active person has the role %(role)s. Ask "
            "the administrator."
        ),
        "already_decided": _("Someone has already decided."),
        "own_document": _("Nobody approves their own document."),
        "content_changed": _("The document was changed after it was submitted."),
        "rate_and_kind": _(
            "A taxed rate needs a percentage above zero; zero rate, exempt and out of "
            "scope have none."
        ),
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
        "not_to_decide": _(
            "Another colleague who sees all these customers must decide, and it must still wait."
        ),
        "month_unreadable": _("Give the month as 2026-11."),
        "currency_unknown": _("We do not keep books in this currency."),
        "pattern_long": _("The pattern is too long."),
        "more_than_open": _("That is more than is open on %(number)s."),
        "charges_too_high": _("The bank charges must be less than the amount."),
        "has_refunds": _("A refund out of this stands. Reverse it first."),
        "slip_kind": _("The slip must be a PDF, PNG or JPEG of at most 10 MB."),
        "bank_unreadable": _(
            "This bank statement cannot be read whole, so nothing was taken. Ask the "
            "bank for the file once more."
        ),
        "bank_no_rows": _("There are no movements in this file."),
        "bank_sums": _(
            "The movements do not lead from the opening to the closing balance: "
            "something is missing in this file. Nothing was taken."
        ),
        "bank_heads": _("No row of heads was found: a date and an amount are needed."),
        "bank_row": _("Row %(row)s cannot be read: “%(value)s”. Nothing was taken."),
        "fiscal_month_unknown": _("A fiscal year begins in one of the twelve months."),
        "fiscal_month_earlier": _(
            "Papers are filed already. An earlier first month would end their terms of "
            "keeping too soon; a later one is possible."
        ),
        "iban_wrong": _("This is no valid IBAN."),
        "account_needed": _("The account in %(currency)s needs its number."),
        "bic_wrong": _("This is no valid BIC."),
        "link_pattern": _(
            "A payment link begins with https:// and may hold {number}, {amount}, "
            "{currency} and {customer} only."
        ),
        "not_certain": _("This is no longer certain; look at it by itself."),
        "reminded_today": _("%(number)s: a reminder went out today already."),
        "no_statements": _("No customer has a balance or a movement in this period."),
        "own_write_off": _("You asked for it; a second person must decide."),
        "not_a_credit_note": _("This is not an issued credit note."),
        "place_path": _("Give the whole path of the folder, beginning with /."),
        "place_url": _("An address begins with http:// or https://."),
        "place_rests": _(
            "The places rest until an administrator says that the old machine no longer runs."
        ),
        "place_taken": _(
            "The place “%(name)s” keeps its backups right there. Two places in one "
            "folder would delete each other's."
        ),
        "place_incomplete": _("Something is missing that this kind of place needs."),
        "place_off": _("This place is switched off."),
        "backup_newer": _("This backup was made by a later version. Update Danju first."),
        "backup_other_schema": _("This backup belongs to another version of the database."),
        "backup_gone": _("There is no such backup in this place."),
        "no_backup_there": _("No backup lies in this place."),
        "recovery_key_unreadable": _(
            "This is not a recovery key. It begins with AGE-SECRET-KEY-1."
        ),
        "recovery_key_wrong": _("This key does not open the backup, or the backup is damaged."),
        "move_occupied": _("Another firm already works in that database."),
        "move_from_sqlite": _("Only a firm on SQLite is moved."),
        "restore_running": _("A restore is already running."),
        "file_empty": _("The file is empty."),
        "file_not_a_table": _("This is not a table we can read. Save it as XLSX or CSV."),
        "file_encoding": _(
            "The letters of this file cannot be read. Save it as CSV in UTF-8, or as XLSX."
        ),
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
        "still_used": _(
            "%(name)s is already in use elsewhere, so this cannot be undone. Nothing was changed."
        ),
        "interrupted": _(
            "The program stopped while this ran. Nothing was changed; start it again."
        ),
        "column_needed": _("No column gives this, but it is needed."),
        "row_uneven": _(
            "The row has %(found)s cells, the head has %(expected)s. Often a comma "
            "inside a text without quotes."
        ),
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
        "key_empty": _(
            "This cell is the key by which the row is found again; it may not be empty."
        ),
        "key_twice": _("“%(value)s” already stands in row %(row)s."),
        "key_unclear": _("“%(value)s” exists here more than once, so the row cannot be matched."),
        "owner_unknown": _("No colleague is called “%(value)s”; the salesperson is left empty."),
        "tax_unknown": _(
            "There is no tax rate “%(value)s”. Add it under Settings or correct the cell."
        ),
        "customer_missing": _(
            "The row names no customer. Name one for such rows, or correct the file."
        ),
        "customer_unknown": _("There is no customer “%(value)s”."),
        "customer_named_twice": _(
            "The customer is “%(value)s” here, but “%(first)s” above; the first is taken."
        ),
        "head_differs": _("“%(value)s” differs from row %(row)s of the same document."),
        "amount_differs": _("“%(value)s” is not quantity times price less discount."),
        "amount_rounded": _("Some amounts have more decimals than the currency; they are rounded."),
        "total_negative": _("The total is negative. Is it a credit note?"),
        "total_differs": _("The total in the file is not the sum of the lines."),
        "due_before_date": _("It is due before its date."),
        "number_is_ours": _(
            "The number %(value)s could be one of ours. Change the number pattern first, "
            "or correct the cell."
        ),
        "number_taken": _("The number %(value)s is already used here."),
        "number_two_customers": _("The number %(value)s stands for two customers."),
        "imported_differs": _(
            "%(value)s was imported before with other content. Undo that import first."
        ),
        "paid_more": _("More is paid than the total."),
        "step_unknown": _("A step has a choice that does not exist."),
        "step_nobody": _("A step must name a role or at least one active person."),
        "step_stranger": _("A step names someone who is not an active colleague."),
        "step_late_to": _("Say to whom the task goes when the time is over."),
        "step_too_many": _("A step asks for more agreements than it has people."),
        "step_not_earlier": _("Choose an earlier step."),
        "too_few_approvers": _(
            "The step needs %(needed)s agreements, but only %(found)s people may decide."
        ),
        "flow_changed": _("Someone else changed this flow meanwhile. Load it again."),
        "flow_kind": _("This kind of document has no flows."),
        "flow_asks_nobody": _(
            "The destruction of what was archived needs somebody's yes: a step, and none "
            "that time decides."
        ),
        "flow_condition": _("A condition of the flow cannot be read."),
        "flow_file": _("This is not a file of approval flows."),
        "request_open": _("An approval of this document is already under way."),
        "not_straight_back": _(
            "The content changed since it was returned, so it starts from the first step."
        ),
        "not_your_request": _("Only who submitted it can do this."),
        "urged_already": _("They were reminded less than an hour ago."),
        "task_closed": _("Someone was faster: %(name)s has already decided."),
        "too_many_days": _("At most %(most)s days at once."),
        "flow_person": _("The file names %(value)s, who is not among the active colleagues here."),
        "flow_team": _("The file names the team %(value)s, which does not exist here."),
        "time_over": _(
            "The time for this decision is over; the flow says that it then counts as agreed."
        ),
        "task_gone": _("This no longer waits for your decision."),
        "asked_already": _("%(name)s is already asked."),
        "no_such_person": _("There is no such active colleague."),
        "day_in_past": _("The day lies in the past."),
        "delegated_already": _("Someone already stands in on some of these days."),
        "no_working_time": _(
            "The calendar has no working time. Check the working hours and holidays."
        ),
        "attachment_too_large": _("A file may have at most %(most)s MB."),
        "attachment_kind": _("Only PDF, pictures, Excel, Word and ZIP files can be attached."),
        "dispute_amount": _(
            "The amount must be more than zero and not more than the document says."
        ),
        "dispute_line_needed": _(
            "The document has several taxes: raise the complaint on a line first, so "
            "that the tax of the credit note is known."
        ),
        "dispute_targets": _(
            "Give whole working hours from 1 to 1000; the answer comes before the solution."
        ),
        "not_your_dispute": _("Only the side that raised the complaint can take it back."),
        "level_days": _("A level lies between 60 days before and 730 days after the due date."),
        "level_text": _("A level needs its title and its text in both languages."),
        "level_interest": _("Interest lies between 0 and 36 %% a year."),
        "level_taken": _("There is a level for this day already: %(days)s."),
        "hold_ended": _("This has already ended."),
        "promise_too_far": _("Choose a day within the next %(days)s days, or write to us."),
        "promise_live": _("A payment is already promised for this invoice."),
        "promise_broken": _(
            "An earlier promise for this invoice was not kept. Please write to us."
        ),
        "already_filed": _("This is already in the archive."),
        "is_destroyed": _("This was destroyed by rule. Its number, hash and reason are kept."),
        "naming_token": _("The name holds a {word} that we do not know."),
        "naming_not_unique": _(
            "The name needs {number} or {code}, so that no two files are called the same."
        ),
        "naming_signs": _('A file name may not hold / \\ : * ? " < > or |.'),
        "days_range": _("Give a number of days between %(least)s and %(most)s, or nothing."),
        "tags_many": _("At most %(most)s tags."),
        "file_missing": _("Choose a file or take a photo."),
        "files_many": _("At most %(most)s files at once."),
        "file_kind": _(
            "We keep PDF, pictures, XML, OFD, Excel, Word and ZIP files; this is none of them."
        ),
        "file_damaged": _("This file is damaged or built to harm, so it was not kept."),
        "customer_needed": _("Say whose file it is: choose the customer."),
        "versions_many": _("A file may have at most %(most)s versions."),
        "version_same": _("This version is already kept."),
        "einvoice_fixed": _(
            "A tax invoice has no versions. Add another format as a file of its own."
        ),
        "own_finding": _("Nobody closes or accepts their own finding."),
        "still_found": _(
            "The check still finds it. Mend the thing first, or accept it with a reason."
        ),
        "batch_past": _("The day of these greetings is past."),
        "batch_empty": _("Nobody is left in this batch."),
        "already_answered": _("This is already answered. Thank you."),
        "survey_over": _("This question is no longer open."),
        "answer_first": _("Answer it first; then it can be closed."),
        "handbook_changed": _(
            "This section was changed meanwhile. Read it again, then acknowledge it."
        ),
        "course_unreadable": _(
            "A course needs lessons (## …) and a quiz whose questions (?) have one right "
            "(+) and some wrong (-) answers. Look at: %(where)s"
        ),
        "admin_never_rests": _(
            "The rights of administrators never rest: nobody could put it right again."
        ),
        "assigned_already": _("This person is already taking the course."),
        "answer_all": _("Answer every question."),
        "still_required": _("A role of this person requires the course."),
        "still_taken": _("Somebody still has to take this course. Take it from them first."),
        "accepted_too_long": _("A finding is accepted for a year at most."),
        "einvoice_kind": _("Put in the XML, OFD or PDF of a tax invoice."),
        "einvoice_number": _("No tax invoice number with 20 digits can be read from this file."),
        "einvoice_two_numbers": _("The file speaks of two different invoice numbers."),
        "einvoice_total": _("The total cannot be read from this file."),
        "einvoice_day": _("The date cannot be read from this file."),
        "einvoice_seller_missing": _("The seller's tax id cannot be read from this file."),
        "einvoice_tax_id": _("A tax id has 15, 18 or 20 digits and letters."),
        "einvoice_not_ours": _(
            "%(number)s was issued by %(value)s, not by us. Check the tax id under Settings."
        ),
        "einvoice_twice": _("%(number)s was taken in before. No number is taken twice."),
        "einvoice_has_one": _("%(number)s is matched already."),
        "einvoice_has_none": _("%(number)s is matched to no invoice."),
        "einvoice_read": _(
            "A tax invoice says itself what it is. Under Tax invoices you can take back "
            "where it belongs."
        ),
        "nothing_corrected": _("Nothing is said differently."),
        "other_paper": _("The file belongs to another document."),
        "einvoice_other_total": _("The totals differ, or the invoice is in another currency."),
        "destroyed_meanwhile": _(
            "Something in it was destroyed by rule meanwhile. Start it again."
        ),
        "package_empty": _("Nothing of %(year)s lies in the archive."),
        "package_running": _("A package of %(year)s is being made already."),
        "inspection_running": _("A test is under way already."),
        "retention_for_ever": _("Registers of destruction are kept for ever."),
        "retention_least": _(
            "Give between %(least)s and %(most)s years: the law's least term may not be undercut."
        ),
        "hold_scope": _("Give exactly one: a customer, a document, or a search."),
        "no_such_number": _("There is no document %(number)s."),
        "driver_missing": _(
            "%(name)s is not installed. On this machine, install requirements-stores.txt, then "
            "start Danju anew."
        ),
        "opinion_needed": _("Write the opinion of the appraisal."),
        "list_long": _("A list may have at most %(most)s entries."),
        "listed_already": _("%(number)s already stands on an open list."),
        "not_due": _("The term of %(number)s is not over."),
        "blocked_hold": _("%(file)s: legal hold “%(name)s”."),
        "blocked_open_balance": _("%(file)s: %(number)s is not fully paid."),
        "blocked_open_dispute": _("%(file)s: a dispute about %(number)s is open."),
        "blocked_listed": _("%(file)s: it stands on list %(number)s."),
        "blocked_unfinished_chain": _("%(file)s: its chain is not finished (%(number)s)."),
        "witnesses_two": _("Name two different witnesses."),
        "witness_may_not": _(
            "%(name)s may not be a witness: archive, finance, managers and administrators may."
        ),
        "witness_took_part": _(
            "%(name)s proposed or approved this list and so cannot be a witness."
        ),
        "witness_began": _(
            "A witness has already checked; the witnesses can no longer be changed."
        ),
        "witness_done": _("You have already done this."),
        "witnesses_first": _("Both witnesses must check list and archive first."),
        "not_erased_yet": _("The bytes are still being erased. Sign when they are gone."),
        "lacks_approver": _(
            "Nobody who is asked to approve is there any more: an administrator can hand "
            "their tasks over."
        ),
        "lacks_witnesses": _(
            "The firm lacks witnesses: %(needed)s are needed who neither proposed nor "
            "approve the list, %(found)s are there."
        ),
    }
