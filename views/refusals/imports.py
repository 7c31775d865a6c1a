"""Why a file to import is refused, or a cell of it."""

from views.web.language import N_

SENTENCES = {
    "import_nothing": N_("Choose what it is and a file."),
    "file_empty": N_("The file is empty."),
    "file_not_a_table": N_("This is not a table we can read. Save it as XLSX or CSV."),
    "file_encrypted": N_("The file is password-protected. Save it without a password."),
    "file_too_large": N_("Unpacked, this file is too large."),
    "too_many_rows": N_("Max. %(most)s rows per file. Split it."),
    "too_many_cells": N_("Max. %(most)s million cells per file. Remove columns or split it."),
    "too_many_columns": N_("Max. %(most)s columns per file."),
    "no_rows": N_("The file has headers but no rows."),
    "field_twice": N_("Two columns are given the same meaning."),
    "key_unknown": N_("Choose the column used to match existing records."),
    "row_unknown": N_("The file has no row %(number)s."),
    "nothing_corrected": N_("Nothing differs from the existing data."),
    "check_again": N_("The rows are no longer available. Check everything again to see them."),
    "other_heads": N_(
        "These are not the rows of this file: the headers differ. Download the rows with errors,"
        " correct them and upload that sheet."
    ),
    "undo_left": N_(
        "The import's change could not be undone because it is used elsewhere or you no longer "
        "have permission: %(name)s. Please check and correct it."
    ),
    "import_overtaken": N_(
        "Someone entered data from this file in the meantime, so the file was checked again. "
        "Please review it and import again."
    ),
    "import_row_overtaken": N_(
        "Someone entered or changed “%(name)s” from this file in the meantime, so the file was "
        "checked again. Please review it and import again."
    ),
    "import_forbidden": N_(
        "You no longer have permission to change this data. Nothing was changed."
    ),
    "row_being_imported": N_(
        "An import is changing “%(name)s” right now. Check it and try again in a moment."
    ),
    "import_unfinished": N_("This import is still being completed. Try again in a moment."),
    "import_faults": N_("The file still has errors. Correct it and check again."),
    "import_kept": N_("This import is kept, so it can no longer be undone."),
    "still_used": N_(
        "%(name)s is already in use, so the import can't be undone. Nothing was changed."
    ),
    "disk_takes_nothing": N_(
        "The server disk was full or read-only. Nothing was changed; start again once there is "
        "space."
    ),
    "interrupted": N_("Danju stopped while this was running. Nothing was changed; start again."),
    "column_needed": N_("A required column is missing."),
    "row_uneven": N_(
        "The row has %(found)s cells, the header has %(expected)s. Often a comma "
        "inside a text without quotes."
    ),
    "encoding_unclear": N_("The text encoding is ambiguous. Choose the right one."),
    "sheet_unclear": N_("The file has several sheets. Choose one."),
    "head_row_unclear": N_("Can't tell which row contains the headers. Please choose."),
    "cell_number_unclear": N_("“%(value)s”: are these thousands or decimals? Choose it."),
    "cell_discount_unclear": N_(
        "“%(value)s”: is this the share to pay or the share taken off? Choose."
    ),
    "status_unclear": N_("“%(value)s”: choose which of these rows to skip."),
    "price_too_exact": N_(
        "“%(value)s” has more than four decimal places. Choose whether to round."
    ),
    "days_two_orders": N_(
        "The day and month of “%(value)s” are in a different order than in the rest of the column."
    ),
    "day_serial": N_("“%(value)s” is read as a day as Excel counts them."),
    "letters_lost": N_("%(count)s characters in the file are damaged and can't be read."),
    "formulas_empty": N_(
        "%(count)s formulas have no stored result, such as in %(cell)s; these cells are empty. "
        "Open the file in Excel and save it again."
    ),
    "payments_of_nothing": N_(
        "The payments of %(count)s numbers, such as “%(value)s”, belong to no row of this table; "
        "they are left out."
    ),
    "column_left_out": N_(
        "The column “%(value)s” is skipped. Choose its meaning if it changes an amount or a state."
    ),
    "currency_other": N_(
        "“%(value)s” names another currency than %(currency)s. Choose the currency, or map the "
        "column that gives it."
    ),
    "head_counts_in": N_("Numbers under “%(value)s” are multiplied by %(times)s."),
    "discount_is_money": N_("“%(value)s” is an amount of money, a discount is a percentage."),
    "digits_maybe_lost": N_(
        "“%(value)s” ends in zeros where a spreadsheet keeps fifteen digits. Compare it with the "
        "original."
    ),
    "price_with_unit": N_("“%(value)s” is read as a price for each of its unit."),
    "code_was_number": N_("“%(value)s” and others are read without “.0”."),
    "contact_is_customer": N_(
        "“%(value)s” and others have no contact name and are saved with the customer."
    ),
    "contact_left_out": N_(
        "“%(value)s” and others have no contact name and are skipped. Choose the column with the"
        " contact name."
    ),
    "open_differs": N_("Paid and outstanding amounts don't add up to the total."),
    "tax_not_given": N_(
        "Prices include tax, but no rate is given, so they would be imported without tax. Choose"
        " the tax rate to use."
    ),
    "paid_partly": N_(
        "A part is paid, but no column says how much. Choose the column that does, or leave the "
        "row out."
    ),
    "unpaid_by_state": N_("“%(value)s” and others are read as not paid yet."),
    "errors_empty": N_(
        "%(count)s cells contain a formula error such as %(value)s, first in row %(row)s. They "
        "are treated as empty."
    ),
    "cell_damaged": N_("“%(value)s” contains characters that can't be read."),
    "cell_digits_lost": N_(
        "“%(value)s”: a spreadsheet has rounded this number, its last digits are lost. Format the "
        "column as text and export it again."
    ),
    "quantity_with_unit": N_("“%(value)s” is read as a quantity with its unit."),
    "lines_of_above": N_("Rows without a number belong to the document above them."),
    "credit_by_sign": N_("“%(value)s” and others have a negative total: they are credit notes."),
    "amounts_rounded": N_("Amounts were rounded; the difference is %(sum)s in total."),
    "amount_kept": N_(
        "“%(value)s” and others differ from quantity times price by the rounding of the price; the "
        "amounts of the file are kept."
    ),
    "price_rounded": N_(
        "“%(value)s” and others have more than four decimal places; the prices are rounded, the "
        "amounts are exact."
    ),
    "tax_kept": N_("“%(value)s” and others differ by the last digit; the file's tax is kept."),
    "tax_differs": N_("“%(value)s” is not the tax of this line."),
    "cell_needed": N_("This cell may not be empty."),
    "cell_too_long": N_("This is too long: at most %(most)s characters."),
    "cell_unprintable": N_("Contains characters that can't be printed."),
    "cell_no_number": N_("“%(value)s” is not a number."),
    "cell_out_of_range": N_("“%(value)s” is too small or too large."),
    "cell_too_exact": N_("“%(value)s” has more than %(places)s decimal places."),
    "cell_no_yes": N_("“%(value)s” is neither yes nor no."),
    "cell_no_mail": N_("“%(value)s” is not an email address."),
    "cell_no_day": N_("“%(value)s” is not a date."),
    "cell_day_unclear": N_("“%(value)s”: day or month first? Choose the order of dates."),
    "cell_unknown": N_("“%(value)s” is unknown."),
    "key_empty": N_("This cell is the key by which the row is found again; it may not be empty."),
    "key_twice": N_("“%(value)s” is already in row %(row)s."),
    "customer_again": N_(
        "“%(value)s” and others appear in several equal rows; each is imported once."
    ),
    "key_unclear": N_("“%(value)s” exists more than once, so the row can't be matched."),
    "owner_unknown": N_("No user is named “%(value)s”; the salesperson is left empty."),
    "assigning_left_out": N_(
        "Only users who can assign customers can set the salesperson and the credit limit; these"
        " columns are skipped."
    ),
    "address_part": N_(
        "The file has only part of an address. Customers with a fuller address keep it; to "
        "replace it, the file needs the street and the rest."
    ),
    "tax_unknown": N_(
        "Tax rate “%(value)s” does not exist. Add it in Settings or correct the cell."
    ),
    "customer_of_others": N_("“%(value)s” is another salesperson's customer."),
    "customer_missing": N_(
        "The row has no customer. Choose one for such rows, or correct the file."
    ),
    "customer_same": N_(
        "“%(value)s” and “%(known)s” differ by spaces, width, case or brackets only."
    ),
    "customer_unknown": N_("There is no customer “%(value)s”."),
    "customer_named_twice": N_(
        "The customer is “%(value)s” here but “%(first)s” above; the first one is used."
    ),
    "head_differs": N_("“%(value)s” differs from row %(row)s of the same document."),
    "amount_differs": N_("“%(value)s” is not quantity times price less discount."),
    "total_negative": N_("The total is negative. Is it a credit note?"),
    "total_differs": N_(
        "The total in the file, %(value)s, is not the sum of the lines, %(sum)s. A line for the "
        "difference, as of freight or a discount, can be chosen under Choices."
    ),
    "difference_line": N_("A line of %(value)s makes up the difference to the total of the file."),
    "due_before_date": N_("The due date is before the document date."),
    "number_is_ours": N_(
        "The number %(value)s could be one of ours. Change the number pattern first, "
        "or correct the cell."
    ),
    "number_taken": N_("The number %(value)s is already used here."),
    "number_two_customers": N_("The number %(value)s is used for two customers."),
    "imported_differs": N_(
        "%(value)s was already imported with different content. Keep such documents unchanged, "
        "or update them."
    ),
    "imported_touched": N_(
        "%(value)s has been used here since the import (paid, sent, archived or confirmed), so "
        "an import can't change it. Keep such documents unchanged, or skip the row."
    ),
    "corrects_other": N_(
        "%(value)s corrects a different invoice here. An import can't change that. Keep such "
        "documents unchanged, or skip the row."
    ),
    "issued_here": N_(
        "%(value)s was issued here with different content, so an import can't change it. Keep "
        "such documents unchanged, or skip the row."
    ),
    "imported_left": N_(
        "“%(value)s” and others exist with different content; they stay unchanged."
    ),
    "paid_more": N_("More is paid than the total."),
}
