"""Why a payment, a refund, a bank statement, a reminder or a complaint is refused."""

from views.web.language import N_

SENTENCES = {
    "has_payments": N_("This document has payments. Reverse them first."),
    "other_customer": N_("The invoice belongs to another customer."),
    "other_currency": N_("The invoice is in another currency."),
    "left_over": N_("Part of the amount would be left over while invoices are open."),
    "more_than_payment": N_("That is more than is left of the payment."),
    "no_credit_to_use": N_("No unapplied credit left to allocate."),
    "not_an_open_invoice": N_("This is not an issued invoice."),
    "limit_negative": N_("The limit may not be negative."),
    "amount_unreadable": N_("Enter a valid number."),
    "currency_unknown": N_("This currency is not supported."),
    "more_than_open": N_("That is more than is open on %(number)s."),
    "refund_before_payment": N_("There was nothing to refund before %(day)s."),
    "charges_too_high": N_("The bank fees must be less than the amount."),
    "has_refunds": N_("A refund was made from this. Reverse it first."),
    "slip_kind": N_("The slip must be a PDF, PNG or JPEG of at most 10 MB."),
    "bank_unreadable": N_(
        "The bank file can't be read completely. Nothing was imported. Ask the bank for the file"
        " again."
    ),
    "bank_no_rows": N_("There are no transactions in this file."),
    "bank_sums": N_(
        "The transactions don't add up to the file's own control sum, so something is missing. "
        "Nothing was imported."
    ),
    "bank_row": N_("Row %(row)s can't be read: “%(value)s”. Nothing was imported."),
    "bank_cell": N_(
        "Row %(row)s, column “%(head)s”: “%(value)s” cannot be read. Nothing was imported."
    ),
    "bank_flag": N_(
        "Row %(row)s: it is not clear whether “%(value)s” means money in or out. "
        "Nothing was imported."
    ),
    "bank_not_seen": N_(
        "The data to import has changed since you saw it. Please review it again. Nothing was "
        "imported."
    ),
    "bank_alike": N_(
        "For each transaction that looks like an earlier one, choose whether it is the same."
    ),
    "bank_line_booked": N_("%(name)s is already recorded. Reverse its payment first."),
    "bank_difference": N_(
        "The transactions add up to %(reached)s, but the closing balance is %(closing)s: a "
        "difference of %(missing)s %(currency)s. Ask the bank for the file again, or import what"
        " is there."
    ),
    "bank_gap": N_(
        "The balance in rows %(rows)s doesn't match the row before: rows may be missing."
    ),
    "bank_no_day": N_("Rows %(rows)s have no date and are skipped."),
    "bank_sum_rows": N_("Rows %(rows)s are totals or balances and are skipped."),
    "bank_partly_refunded": N_(
        "Row %(row)s was received in full, then partly refunded: %(status)s"
    ),
    "bank_turned": N_("According to the balances, debit is money in and credit is money out here."),
    "not_certain": N_("This match is no longer certain; handle it separately."),
    "reminded_today": N_("%(number)s: already reminded today."),
    "no_statements": N_("No customer has a balance or transactions in this period."),
    "own_write_off": N_("You made this request; someone else must decide."),
    "not_a_credit_note": N_("This is not an issued credit note."),
    "dispute_amount": N_("The amount must be more than zero and no more than the document total."),
    "dispute_targets": N_(
        "Enter 1 to 1000 whole working hours. The first answer can't be due after the resolution."
    ),
    "not_your_dispute": N_("Only the side that raised the dispute can withdraw it."),
    "level_days": N_("A level must be between 60 days before and 730 days after the due date."),
    "level_text": N_("A level needs a title and a text in both languages."),
    "level_interest": N_("Interest must be between 0 and 36%% a year."),
    "level_taken": N_("There is already a level for this day: %(days)s."),
    "hold_ended": N_("Already ended."),
    "promise_too_far": N_("Choose a day within the next %(days)s days, or write to us."),
    "promise_live": N_("A payment is already promised for this invoice."),
    "promise_broken": N_(
        "An earlier promise for this invoice was missed. Please send us a message."
    ),
}
