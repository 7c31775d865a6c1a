"""What the arguments of routes name: a kind of thing, a word, or a secret."""

# What the `id` of a blueprint's routes names; an endpoint of its own comes first. A blueprint that
# is not here fails the test.
KIND_OF = {
    "account_changes": "account_changes",
    "acts": "acts",
    "announcements": "announcements",
    "archive": "filings",
    "archivings": "papers",
    "autosaves": "papers",
    "backups": "places",
    "bank_files": "bank_files",
    "bank_lines": "bank_lines",
    "calendar": "special_days",
    "contact_plans": "contact_plans",
    "duplicates": "customers",
    "merges": "customers",
    "contacts": "contacts",
    "contacts.new": "customers",
    "conversions": "papers",
    "copies": "papers",
    "credit_notes": "credit_notes",
    "customers": "customers",
    "decisions": "tasks",
    "delegations": "delegations",
    "destructions": "destructions",
    "discards": "papers",
    "disputes": "disputes",
    "disputes.file": "dispute_entries",
    "documents": "papers",
    "documents.edit": "drafts",
    "einvoices": "einvoices",
    "external_files": "external_files",
    "feedback": "feedback",
    "filters": "filters",
    "findings": "findings",
    "flows": "flows",
    "follow_ups": "follow_ups",
    "greetings": "greetings",
    "holds": "holds",
    "holds.cancel": "promises",
    "home": "mails",
    "import_mappings": "import_mappings",
    "import_rows": "imports",
    "imports": "imports",
    "insights": "monthly_papers",
    "inspections": "inspections",
    "invitations": "people",
    "issues": "papers",
    "issues.new": "approved",
    "legal_holds": "legal_holds",
    "levels": "levels",
    "lines": "drafts",
    "links": "links",
    "statement_links": "statement_links",
    "messages": "papers",
    "packages": "packages",
    "payments": "payments",
    "people": "people",
    "portal_confirmations": "papers",
    "portal_disputes": "disputes",
    "portal_disputes.file": "dispute_entries",
    "portal_documents": "papers",
    "portal_feedback": "surveys",
    "portal_messages": "papers",
    "portal_payments": "payments",
    "portal_payments.code": "in_euros",
    "portal_promises": "papers",
    "portal_reminders": "reminders",
    "portal_statements": "statements",
    "products": "products",
    "refunds": "refunds",
    "refunds.of_payment": "payments",
    "reminders": "reminders",
    "requests": "requests",
    "requests.file": "comments",
    "factor_resets": "people",
    "provider_releases": "people",
    "second_factor.forget": "devices",
    "second_factor.remove_passkey": "passkeys",
    "sendings": "papers",
    "sessions": "sessions",
    "statement_runs": "statement_runs",
    "statements": "statements",
    "submissions": "papers",
    "tasks": "tasks",
    "tax_rates": "tax_rates",
    "training": "trainings",
    "training.lift": "requirements",
    "voidings": "papers",
    "write_offs": "write_offs",
    "write_offs.create": "papers",
}
# Arguments that choose a word and name nobody's object.
WORDS = {
    "auth.purpose": "password",
    "follow_ups.old": "a",
    "documents.shown": "no-longer-kept",
    "links.shown": "no-longer-kept",
    "portal_documents.shown": "no-longer-kept",
    "reminders.shown": "no-longer-kept",
    "greetings.key": "birthday",
    "greetings.language": "zh",
    "handbook.key": "03-making",
    "manual.key": "4",
    "manual.name": "approval-flow-1280.png",
    "manual.picture.name": "today.png",
    "handbook.withdraw.key": "own-1",
    "external_files.number": 1,
    "import_rows.number": 2,
}
# Addresses that are themselves the right to come in: made up here, so they must open nothing.
SECRETS = {"opt_outs.secret"}


def kind_of(rule):
    """The kind of object the route's `id` names, or None."""
    return (
        KIND_OF.get(rule.endpoint) or KIND_OF.get(rule.endpoint.split(".")[0])
        if "id" in rule.arguments
        else None
    )


def unknown_arguments(app):
    """Routes with an argument of which nobody has said what it names."""
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.split(".")[0]
        for name in rule._converters if rule.endpoint != "static" else ():
            chosen = (
                hasattr(rule._converters[name], "regex")
                and type(rule._converters[name]).__name__ == "AnyConverter"
            )
            known = (
                kind_of(rule)
                if name == "id"
                else chosen or f"{blueprint}.{name}" in WORDS or f"{blueprint}.{name}" in SECRETS
            )
            if not known:
                yield f"{rule.rule} <{name}>"


def without_audience(app):
    """Routes that do not say who may come."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static"
        and not getattr(app.view_functions[rule.endpoint], "audience", None)
    ]
