"""Why a filing, a tax invoice, a destruction list or a legal hold is refused."""

from views.web.language import N_

SENTENCES = {
    "fiscal_month_unknown": N_("The fiscal year must start in one of the twelve months."),
    "fiscal_month_earlier": N_(
        "Documents are already archived. An earlier first month would end their retention "
        "periods too soon; a later one is possible."
    ),
    "already_filed": N_("Already archived."),
    "is_destroyed": N_(
        "This was destroyed after its retention period. Its number, hash and reason are kept."
    ),
    "naming_not_unique": N_(
        "The name needs {number} or {code} so that no two files have the same name."
    ),
    "naming_signs": N_('A file name may not hold / \\ : * ? " < > or |.'),
    "days_range": N_("Enter %(least)s to %(most)s days, or leave empty."),
    "tags_many": N_("At most %(most)s tags."),
    "file_missing": N_("Choose a file or take a photo."),
    "files_many": N_("At most %(most)s files at once."),
    "file_kind": N_("Unsupported file type. Allowed: PDF, images, XML, OFD, Excel, Word, ZIP."),
    "file_damaged": N_("This file is damaged or unsafe and was not saved."),
    "customer_needed": N_("Choose the customer this file belongs to."),
    "versions_many": N_("Max. %(most)s versions per file."),
    "version_same": N_("This version is already saved."),
    "einvoice_fixed": N_("Tax invoices have no versions. Add other formats as separate files."),
    "einvoice_kind": N_("Upload the XML, OFD or PDF of a tax invoice."),
    "einvoice_number": N_("No tax invoice number with 20 digits can be read from this file."),
    "einvoice_two_numbers": N_("The file contains two different invoice numbers."),
    "einvoice_total": N_("The total cannot be read from this file."),
    "einvoice_day": N_("The date cannot be read from this file."),
    "einvoice_seller_missing": N_("The seller's tax ID cannot be read from this file."),
    "einvoice_tax_id": N_("A tax ID has 15, 18 or 20 digits and letters."),
    "einvoice_not_ours": N_(
        "%(number)s was issued by %(value)s, not by us. Check the tax ID under Settings."
    ),
    "einvoice_twice": N_("%(number)s was already imported."),
    "einvoice_has_one": N_("%(number)s is matched already."),
    "einvoice_has_none": N_("%(number)s is matched to no invoice."),
    "einvoice_read": N_(
        "The data of a tax invoice comes from its file. If it is matched to the wrong invoice, "
        "undo the match under Tax invoices."
    ),
    "nothing_corrected": N_("No changes."),
    "other_paper": N_("The file belongs to another document."),
    "einvoice_differs": N_(
        "Tax invoices and invoices differ by %(amount)s. Confirm below that this is correct."
    ),
    "einvoice_other_currency": N_("%(number)s is not in CNY."),
    "einvoice_other_buyer": N_("The tax invoice names another buyer than %(name)s."),
    "destroyed_meanwhile": N_("Some of its content was destroyed in the meantime. Start again."),
    "package_empty": N_("Nothing archived for %(year)s."),
    "package_running": N_("The annual archive of %(year)s is already being created."),
    "inspection_running": N_("A test is already running."),
    "retention_for_ever": N_("Destruction registers are kept permanently."),
    "retention_least": N_("Enter %(least)s–%(most)s years. The legal minimum applies."),
    "hold_scope": N_("Enter exactly one: a customer, a document or a search."),
    "no_such_number": N_("There is no document %(number)s."),
    "opinion_needed": N_("Enter the review decision."),
    "list_long": N_("A list may have at most %(most)s entries."),
    "listed_already": N_("%(number)s is already on an open list."),
    "not_due": N_("The retention period of %(number)s has not ended."),
    "blocked_hold": N_("%(file)s: under legal hold “%(name)s”."),
    "blocked_open_balance": N_("%(file)s: %(number)s is not fully paid."),
    "blocked_open_dispute": N_("%(file)s: a dispute about %(number)s is open."),
    "blocked_listed": N_("%(file)s: already on list %(number)s."),
    "blocked_unfinished_chain": N_("%(file)s: related document %(number)s is not completed."),
    "witnesses_two": N_("Choose two different witnesses."),
    "witness_may_not": N_(
        "%(name)s can't be a witness. Witnesses are archivists, finance, managers or "
        "administrators."
    ),
    "witness_took_part": N_("%(name)s proposed or approved this list and so cannot be a witness."),
    "witness_began": N_("A witness has already checked; the witnesses can no longer be changed."),
    "witnesses_here": N_("Both witnesses can still sign."),
    "witnesses_gone": N_(
        "No witness who checked the list before destruction can sign. Restore the role of one of"
        " them."
    ),
    "witness_done": N_("You have already done this."),
    "witnesses_first": N_("Both witnesses must check list and archive first."),
    "not_erased_yet": N_("The files are still being erased. Sign once this is done."),
    "lacks_approver": N_("All approvers have left: an administrator can reassign their tasks."),
    "lacks_witnesses": N_(
        "Not enough witnesses: %(needed)s are needed who neither proposed nor approve the list, "
        "only %(found)s are available."
    ),
}
