"""The roles, and what each may do: the only table of rights."""

STAFF_ROLES = ("admin", "manager", "sales", "finance", "archivist", "importer")


MAY = {
    # the firm
    "configure": {"admin"},
    "decide_account": {"admin", "finance"},  # which the firm's documents print
    "manage_people": {"admin"},
    "see_journal": {"admin"},
    "import": {"admin", "finance", "importer"},
    "see_imports": {"admin", "finance"},  # those of others too
    "back_up": {"admin"},
    "set_levels": {"admin", "finance"},
    "govern": {"admin", "manager"},
    "see_reports": {"admin", "manager", "finance", "archivist"},
    "retry_mail": {"admin", "finance"},
    # customers and sales
    "write_customer": {"admin", "manager", "sales", "finance"},
    "write_product": {"admin", "manager", "sales", "finance"},
    "write": {"manager", "sales", "finance"},
    "submit": {"manager", "sales", "finance"},
    "issue": {"manager", "sales", "finance"},
    "send": {"manager", "sales", "finance"},
    "void": {"manager", "finance"},
    "urge": {"manager", "sales", "finance", "archivist"},
    "message": {"manager", "sales", "finance"},
    "invite": {"admin", "manager", "sales"},
    "care": {"admin", "manager", "sales", "finance"},
    # money
    "pay": {"finance"},
    "write_off": {"manager", "finance"},
    "statement": {"finance"},
    "remind": {"finance"},
    "hold": {"manager", "sales", "finance"},
    "dispute": {"manager", "sales", "finance"},
    "dispute_legal": {"manager", "finance"},
    # the archive
    "archive": {"admin", "archivist"},
    "attach": {"admin", "manager", "sales", "finance", "archivist"},
    "tag": {"admin", "manager", "sales", "finance", "archivist"},
    "drop_einvoice": {"admin", "finance", "archivist"},
    "appraise": {"archivist"},
    "destroy": {"archivist"},
    "read_destruction": {"admin", "manager", "sales", "finance", "archivist"},
    "witness": {"admin", "manager", "finance", "archivist"},
    "legal_hold": {"admin", "manager", "finance", "archivist"},
    # figures
    "see_numbers": {"admin", "manager", "finance", "archivist"},
    "see_figures": {"admin", "manager", "finance"},
    "see_monthly": {"admin", "finance"},
    "see_insights": {"admin", "manager", "sales", "finance"},
    "set_targets": {"admin", "manager"},
    "act": {"admin", "manager", "sales", "finance"},
    "decide_act": {"admin", "manager", "finance"},
}
