"""Why a file to import is refused, or a cell of it."""

from views.web.language import N_

SENTENCES = {
    "import_nothing": N_("Choose what it is and a file."),
    "file_empty": N_("The file is empty."),
    "file_not_a_table": N_("This is not a table we can read. Save it as XLSX or CSV."),
    "file_encrypted": N_("The file is locked by a password. Save it without one."),
    "file_too_large": N_("Unpacked, this file is too large."),
    "too_many_rows": N_("A file may have at most %(most)s rows. Split it."),
    "too_many_cells": N_(
        "A file may have at most %(most)s million cells. Leave out columns, or split it."
    ),
    "too_many_columns": N_("A file may have at most %(most)s columns."),
    "no_rows": N_("The file has a head, but no rows."),
    "field_twice": N_("Two columns are given the same meaning."),
    "key_unknown": N_("Choose the column used to match existing records."),
    "row_unknown": N_("The file has no row %(number)s."),
    "nothing_corrected": N_("Nothing in it differs from the rows that are here."),
    "check_again": N_("The rows are no longer at hand. Check everything again to see them."),
    "other_heads": N_(
        "These are not the rows of this file: its heads differ. Download the rows with faults, "
        "correct them and upload that sheet."
    ),
    "undo_left": N_(
        "What the import had changed here could not be taken back, as somebody else uses it by now "
        "or you may not change it any more: %(name)s. Look at it and correct it."
    ),
    "import_overtaken": N_(
        "Meanwhile somebody entered something that is in this file, so it was checked again. Look "
        "at it and start it once more."
    ),
    "import_row_overtaken": N_(
        "Meanwhile somebody entered or changed “%(name)s”, which this file is about, so it was "
        "checked again. Look at it and start it once more."
    ),
    "import_forbidden": N_(
        "Meanwhile you lost the right to change what this file is about. Nothing was changed."
    ),
    "row_being_imported": N_(
        "An import is just changing “%(name)s”. Try again in a moment, and look at it first."
    ),
    "import_unfinished": N_("This import is still being completed. Try again in a moment."),
    "import_faults": N_("The file still has faults. Correct it and check again."),
    "import_kept": N_("This import is kept, so it can no longer be undone."),
    "still_used": N_(
        "%(name)s is already in use, so the import can't be undone. Nothing was changed."
    ),
    "disk_takes_nothing": N_(
        "The disk of this server was full or took no changes. Nothing was changed; start it again "
        "once there is room."
    ),
    "interrupted": N_("The program stopped while this ran. Nothing was changed; start it again."),
    "column_needed": N_("No column gives this, but it is needed."),
    "row_uneven": N_(
        "The row has %(found)s cells, the head has %(expected)s. Often a comma "
        "inside a text without quotes."
    ),
    "encoding_unclear": N_("The letters can be read in several ways. Choose the right one."),
    "sheet_unclear": N_("The file has several sheets. Choose one."),
    "head_row_unclear": N_("It is not certain where the heads stand. Say it."),
    "cell_number_unclear": N_("“%(value)s”: are these thousands or decimals? Choose it."),
    "cell_discount_unclear": N_("“%(value)s”: is this what is paid, or what is taken off? Choose."),
    "status_unclear": N_("“%(value)s”: choose which of these rows are left out."),
    "price_too_exact": N_("“%(value)s” has more than four decimal places. Say whether to round."),
    "days_two_orders": N_(
        "“%(value)s” has another order of day and month than the rest of the column. One of them "
        "is wrong."
    ),
    "day_serial": N_("“%(value)s” is read as a day as Excel counts them."),
    "letters_lost": N_("%(count)s letters of the file are damaged and cannot be read."),
    "formulas_empty": N_(
        "%(count)s formulas have no stored result, such as in %(cell)s; these cells are empty. "
        "Open the file in Excel and save it again."
    ),
    "payments_of_nothing": N_(
        "The payments of %(count)s numbers, such as “%(value)s”, belong to no row of this table; "
        "they are left out."
    ),
    "column_left_out": N_(
        "The column “%(value)s” is left out. Choose what it means if it changes an amount or a "
        "state."
    ),
    "currency_other": N_(
        "“%(value)s” names another currency than %(currency)s. Choose the currency, or map the "
        "column that gives it."
    ),
    "head_counts_in": N_("The numbers below “%(value)s” are taken times %(times)s."),
    "discount_is_money": N_("“%(value)s” is an amount of money, a discount is a percentage."),
    "digits_maybe_lost": N_(
        "“%(value)s” ends in zeros where a spreadsheet keeps fifteen digits. Compare it with the "
        "original."
    ),
    "price_with_unit": N_("“%(value)s” is read as a price for each of its unit."),
    "code_was_number": N_("“%(value)s” and others are read without “.0”."),
    "contact_is_customer": N_(
        "“%(value)s” and others belong to no named contact; the customer has them."
    ),
    "contact_left_out": N_(
        "“%(value)s” and others belong to no named contact and are left out. Choose which column "
        "names the contact."
    ),
    "open_differs": N_("What is paid and what is still open do not make up the total."),
    "tax_not_given": N_(
        "Prices include tax, but nothing says which: they come in without tax. Choose the tax "
        "where the file gives none."
    ),
    "paid_partly": N_(
        "A part is paid, but no column says how much. Choose the column that does, or leave the "
        "row out."
    ),
    "unpaid_by_state": N_("“%(value)s” and others are read as not paid yet."),
    "errors_empty": N_(
        "%(count)s cells hold a failed formula such as %(value)s, the first in row %(row)s; they "
        "are taken as empty."
    ),
    "cell_damaged": N_("“%(value)s” holds letters that cannot be read."),
    "cell_digits_lost": N_(
        "“%(value)s”: a spreadsheet has rounded this number, its last digits are lost. Format the "
        "column as text and export it again."
    ),
    "quantity_with_unit": N_("“%(value)s” is read as a quantity with its unit."),
    "lines_of_above": N_("Rows without a number belong to the document above them."),
    "credit_by_sign": N_("“%(value)s” and others have a negative total: they are credit notes."),
    "amounts_rounded": N_("Amounts were rounded; together this makes %(sum)s."),
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
    "cell_unprintable": N_("This holds characters that cannot be printed."),
    "cell_no_number": N_("“%(value)s” is not a number."),
    "cell_out_of_range": N_("“%(value)s” is too small or too large."),
    "cell_too_exact": N_("“%(value)s” has more than %(places)s decimal places."),
    "cell_no_yes": N_("“%(value)s” is neither yes nor no."),
    "cell_no_mail": N_("“%(value)s” is not a mail address."),
    "cell_no_day": N_("“%(value)s” is not a date."),
    "cell_day_unclear": N_("“%(value)s”: day or month first? Choose the order of dates."),
    "cell_unknown": N_("“%(value)s” is not known here."),
    "key_empty": N_("This cell is the key by which the row is found again; it may not be empty."),
    "key_twice": N_("“%(value)s” already stands in row %(row)s."),
    "customer_again": N_("“%(value)s” and others stand in several equal rows; each comes in once."),
    "key_unclear": N_("“%(value)s” exists here more than once, so the row cannot be matched."),
    "owner_unknown": N_("No colleague is called “%(value)s”; the salesperson is left empty."),
    "assigning_left_out": N_(
        "Only those who assign customers set the salesperson and the credit limit; these columns "
        "are left out."
    ),
    "address_part": N_(
        "The file has only a part of an address. Customers with a fuller one keep theirs; to "
        "replace it, the file needs the street and the rest."
    ),
    "tax_unknown": N_(
        "Tax rate “%(value)s” does not exist. Add it in Settings or correct the cell."
    ),
    "customer_of_others": N_("“%(value)s” is a customer of somebody else."),
    "customer_missing": N_(
        "The row names no customer. Name one for such rows, or correct the file."
    ),
    "customer_same": N_(
        "“%(value)s” and “%(known)s” differ by spaces, width, case or brackets only."
    ),
    "customer_unknown": N_("There is no customer “%(value)s”."),
    "customer_named_twice": N_(
        "The customer is “%(value)s” here, but “%(first)s” above; the first is taken."
    ),
    "head_differs": N_("“%(value)s” differs from row %(row)s of the same document."),
    "amount_differs": N_("“%(value)s” is not quantity times price less discount."),
    "total_negative": N_("The total is negative. Is it a credit note?"),
    "total_differs": N_(
        "The total in the file is not the sum of the lines. A line for the difference, as of "
        "freight or a discount, can be chosen above."
    ),
    "difference_line": N_("A line of %(value)s makes up the difference to the total of the file."),
    "due_before_date": N_("The due date is before the document date."),
    "number_is_ours": N_(
        "The number %(value)s could be one of ours. Change the number pattern first, "
        "or correct the cell."
    ),
    "number_taken": N_("The number %(value)s is already used here."),
    "number_two_customers": N_("The number %(value)s stands for two customers."),
    "imported_differs": N_(
        "%(value)s was imported before with other content here. Leave such documents as they are, "
        "or update them."
    ),
    "imported_touched": N_(
        "%(value)s was used here since it was imported (paid, sent, filed, confirmed or such), so "
        "an import no longer changes it. Leave such documents as they are, or leave the row out."
    ),
    "corrects_other": N_(
        "%(value)s corrects another invoice here, which an import does not change. Leave such "
        "documents as they are, or leave the row out."
    ),
    "issued_here": N_(
        "%(value)s was issued here with other content, so an import cannot change it. Leave such "
        "documents as they are, or leave the row out."
    ),
    "imported_left": N_(
        "“%(value)s” and others are here with other content; they stay as they are."
    ),
    "paid_more": N_("More is paid than the total."),
}
