"""The roles as their readers know them: {role: (name, what it does)}."""

from flask_babel import lazy_gettext as _l

ROLES = {
    "sales": (
        _l("Salesperson"),
        _l("Drafts and sends quotes, orders and invoices to their own customers."),
    ),
    "manager": (
        _l("Manager"),
        _l("Approves the team's documents, sees its figures, and can do everything sales can."),
    ),
    "finance": (
        _l("Finance"),
        _l("Records payments, sends reminders and statements, and sees every customer."),
    ),
    "archivist": (
        _l("Archivist"),
        _l("Archives documents, finds them, and prepares their destruction."),
    ),
    "importer": (_l("Importer"), _l("Imports data from files, and nothing else.")),
    "admin": (
        _l("Administrator"),
        _l("Manages settings, users and backups, and sees everything, but drafts no documents."),
    ),
}
