"""What fields of forms hold: their kinds, their files, and whether a page shows them."""

import base64
import io

from tests import einvoices
from tests.firm import KEY
from tests.valid_forms.archive import OTHER_PICTURE, PICTURE, TAX_INVOICE
from tests.valid_forms.shared import PNG

UPLOAD = "the file x.csv"
CORRECTED = "the file faults.csv"


def filled(fields):
    """The fields as a browser sends them, an upload with a stream of its own each time."""
    fresh = {
        k: UPLOADS[v]() if isinstance(v, str) and v in UPLOADS else v for k, v in fields.items()
    }
    return {**fresh, "idempotency_key": KEY}


UPLOADS = {
    UPLOAD: lambda: (io.BytesIO("code,name,date,amount\nQ1,新,2026-11-02,5\n".encode()), "x.csv"),
    CORRECTED: lambda: (
        io.BytesIO("Row,code,name,email,amount\n3,Q2,新,,\n".encode()),
        "faults.csv",
    ),
    PICTURE: lambda: (io.BytesIO(base64.b64decode(PNG.split(",")[1])), "a.png"),
    OTHER_PICTURE: lambda: (io.BytesIO(b"<slip><number>7</number></slip>"), "b.xml"),
    TAX_INVOICE: lambda: (io.BytesIO(einvoices.xml()), "c.xml"),
}
# What a field is, where neither its form class nor its name says it.
KINDS = {
    ("customers.bulk", "owner"): "free",
    **{(f"customers.{verb}", "different"): "bool" for verb in ("new", "edit")},
    ("merges.create", "into"): "id",
    ("auth.sign_in", "email"): "login",
    ("follow_ups.new", "hour"): "choice",
    ("settings.edit", "reminder_days"): "days",
    ("settings.edit", "group"): "free",
    ("portal_confirmations.create", "signature"): "choice",
    ("links.confirm", "signature"): "choice",
    ("imports.create", "file"): "file",
    ("import_rows.correct", "file"): "file",
    ("import_rows.decide_twin", "decision"): "choice",
    **{(f"import_mappings.{verb}", "import"): "id" for verb in ("rename", "forget")},
    **{(f"flows.{verb}", name): "choice" for verb in ("new", "edit") for name in ("owner", "team")},
    **{(f"flows.{verb}", "version"): "free" for verb in ("new", "edit")},
    **{(f"flows.{verb}", "least"): "number" for verb in ("new", "edit")},
    ("delegations.index", "kinds"): "choice",
    ("delegations.index", "most"): "number",
    ("imports.check", "tax"): "choice",
    **{
        ("imports.check", name): "choice"
        for name in ("decimal", "discount", "rounding", "status_out", "date_order")
    },
    **{
        ("imports.reading", name): "choice" for name in ("encoding", "separator", "sheet", "target")
    },
    ("auth.sign_in", "password"): "old",
    ("auth.bring", "code"): "old",
    ("links.bring", "code"): "old",
    ("second_factor.confirm", "code"): "old",
    ("second_step.new", "code"): "old",
    **{
        ("invitations.create", role): "mail"
        for role in ("sales", "manager", "finance", "archivist", "importer", "admin")
    },
    ("people.edit", "roles"): "choice",
    ("people.new", "roles"): "choice",
    **{
        (e, "reason"): "choice"
        for e in ("disputes.create", "portal_disputes.create", "holds.create", "links.dispute")
    },
    ("reminders.run", "ids"): "choice",
    ("reminders.set_off", "plan"): "choice",
    ("links.reply", "dispute"): "id",
    **{(e, "line"): "id" for e in ("disputes.create", "portal_disputes.create")},
    ("disputes.answer", "how"): "choice",
    ("links.reply", "how"): "choice",
    **{(f"levels.{verb}", "days"): "days" for verb in ("new", "edit")},
    ("bank_lines.create", "file"): "file",
    **{("settings.edit", name): "pattern" for name in ("iban", "bic", "payment_link")},
    ("legal_holds.create", "number"): "choice",
    ("legal_holds.create", "query"): "line",
    ("announcements.create", "text"): "line",
    **{
        (f"backups.{verb}", name): "mail" if name == "path" else "free"
        for verb in ("create", "edit")
        for name in (
            "path",
            "endpoint",
            "region",
            "bucket",
            "prefix",
            "key_id",
            "host",
            "port",
            "user",
            "url",
        )
    },
    ("handbook.edit", "after"): "free",
    ("issues.create", "confirmed"): "choice",
    ("issues.create", "seen"): "choice",  # hidden: nobody types it
    ("issues.create", "shown_number"): "free",
    **{(name, "and_send"): "free" for name in ("issues.create", "statements.create")},
    **{
        (name, "subject"): "free"
        for name in ("issues.create", "sendings.create", "sendings.preview")
    },
    ("bank_files.take_in", "seen"): "choice",
    ("insights.set_target", "month"): "choice",
    ("handbook.edit", "text"): "free",
    **{
        (f"acts.{verb}", name): kind
        for verb in ("create", "preview")
        for name, kind in (
            ("what", "line"),
            ("due_on", "day"),
            ("subject", "line"),
            ("list_name", "free"),
            ("discount", "number"),
            ("days", "number"),
            ("terms_days", "number"),
            ("control", "free"),
            ("cause", "choice"),
        )
    },
    ("handbook.create", "folder"): "free",
    ("handbook.create", "roles"): "choice",
    **{("handbook.create", f"text_{code}"): "free" for code in ("zh", "en")},
    **{("handbook.create", f"title_{code}"): "free" for code in ("zh", "en")},
    **{("einvoices.describe", name): "choice" for name in ("number", "seller", "buyer")},
    ("einvoices.describe", "total"): "amount",
    **{
        ("settings.accounts", f"{name}-{c}"): "line"
        for name in ("bank_name", "bank_branch", "bank_account", "bank_code")
        for c in ("USD", "GBP")
    },
}
NAMES = {
    "title": "line",
    "number": "line",
    "document": "id",
    "day": "day",
    "days": "number",
    "file": "file",
    "settled": "bool",
    "act": "choice",
    "page": "choice",
    "query": "free",
    "owner": "id",
    "tag": "line",
    "person": "id",
    "to": "id",
    "step": "choice",
    "when": "choice",
    "size": "choice",
    "steps-0-name": "line",
    **{
        f"steps-0-{n}": "choice"
        for n in ("who", "role", "people", "rule", "late", "late_to", "fallback", "copy_to")
    },
    "steps-0-needed": "number",
    "steps-0-hours": "number",
    "text": "prose",
    "note": "prose",
    "message": "prose",
    "reason": "prose",
    "name": "line",
    "reference": "line",
    "kind": "choice",
    "customer": "id",
    "target": "choice",
    "key": "choice",
    "date_order": "choice",
    "same_number": "choice",
    "existing": "choice",
    "difference": "choice",
    "create_customers": "free",
    "fallback": "line",
    "credit_prefix": "line",
    "column": "choice",
    "alike": "choice",
    "status": "choice",
    "flag": "choice",
    "sides": "choice",
    "direction": "choice",
    "decimal": "choice",
    "head_row": "choice",
    "head_rows": "choice",
    "totals": "free",
    "fill_down": "free",
    "status_asked": "free",
    "status_again": "free",
    "encoding": "free",
    "separator": "free",
    "sheet": "free",
    "account": "line",
    "seen": "free",
    "contacts": "id",
    "ids": "id",
    "amount": "number",
    "currency": "choice",
    "received_on": "day",
    "paid_on": "day",
    "charges": "number",
    "oldest": "free",
    "keep": "free",
    "slip": "file",
    "part": "number",
    "least": "number",
    "pattern": "pattern",
    "start": "number",
    "language": "choice",
    "how": "free",
    "next": "free",
    "old": "old",
    "rows": "free",
    "line-code": "line",
    "line-name": "line",
    "line-note": "line",
    "line-unit": "line",
    "line-quantity": "number",
    "line-price": "number",
    "line-discount": "number",
    "line-tax": "id",
    "line-product": "id",
    "line-source": "id",
    "line-part": "free",
    "then": "free",
    "cells": "free",
    "rating": "choice",
    "hour": "choice",
    "automatic": "free",
    "digest": "free",
    "answer": "choice",
    "settle": "choice",
    "internal": "free",
    "mail": "id",
    "line": "id",
    "invoice": "id",
    "until": "day",
    "reported": "id",
    "since": "day",
    "send": "free",
    "mark": "free",
    "missing": "prose",
    "belongs": "free",
    "year": "choice",
    "years": "number",
    "opinion": "prose",
    "first": "id",
    "witness": "id",
    "second": "id",
    "score": "choice",
    "cell": "prose",
    "comment": "prose",
    "default": "line",
    "edition": "choice",
    "question": "free",
}
# Fields whose text no page shows: they go into a mail, or nowhere.
UNSEEN = {
    ("flows.edit", "tag"),
    ("flows.edit", "steps-0-name"),
    ("decisions.send_back", "note"),
    ("decisions.hand_over", "note"),
    ("decisions.ask", "note"),
    ("requests.comment", "text"),
    ("calendar.index", "name"),
    ("auth.forgotten", "email"),
    ("sendings.create", "message"),
    ("imports.check", "fallback"),
    ("imports.check", "credit_prefix"),
    ("imports.check", "default-2"),
    ("decisions.approve", "note"),
    ("auth.sign_in", "email"),
    ("payments.create", "reference"),
    ("external_files.renew", "note"),
    ("einvoices.release", "reason"),
    ("external_files.create", "number"),
    ("levels.edit", "text_zh"),
    ("levels.edit", "text_en"),
    ("levels.edit", "title_zh"),
    ("levels.edit", "title_en"),
    ("opt_outs.answer", "comment"),
    ("contact_plans.edit", "tag"),
    ("acts.create", "what"),
    ("handbook.edit", "reason"),
    ("acts.preview", "what"),
}
