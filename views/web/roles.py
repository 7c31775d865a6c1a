"""The roles as their readers know them: {role: (name, what it does)}."""

from flask_babel import lazy_gettext as _l

ROLES = {
    "sales": (
        _l("Salesperson"),
        _l("Writes and sends quotes, orders and invoices to their own customers."),
    ),
    "manager": (
        _l("Manager"),
        _l("Approves what the team writes, sees its figures, and can do what a salesperson can."),
    ),
    "finance": (
        _l("Finance"),
        _l("Records payments, sends reminders and statements, and sees every customer."),
    ),
    "archivist": (
        _l("Archivist"),
        _l("Files documents, finds them again, and prepares their destruction."),
    ),
    "importer": (_l("Importer"), _l("Brings in data from files, and does nothing else.")),
    "admin": (
        _l("Administrator"),
        _l("Changes settings, users and backups, and sees everything, but writes no documents."),
    ),
}
