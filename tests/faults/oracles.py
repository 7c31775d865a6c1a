"""Small oracles that know the rules by heart and ask the tables alone: what is owed, who decided,
what a customer sees, whether two firms are equal."""

import hashlib
import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path

from models.core.database import db
from models.core.fields import canonical
from models.customers import Contact
from models.documents import Document
from models.payments import Payment, open_balance
from models.receivables import balance
from models.scopes import ContactScopes

STANDING = ("issued", "archived")
GIVEN = "('issued', 'archived', 'voided')"


def rows(query):
    return [tuple(row) for row in db.execute_sql(query).fetchall()]


def balances():
    """Each invoice's, payment's and customer's balance added up by hand from single rows; and what
    was sold, against what is kept for speed."""
    settled, spent, noted = Counter(), Counter(), Counter()
    for invoice, amount, payment, money, note, credit, given_up in rows(
        "SELECT a.invoice_id, a.amount, a.payment_id, p.state, a.credit_note_id, CASE "
        "WHEN c.state = 'destroyed' AND c.void_reason = '' THEN 'archived' ELSE c.state "
        "END, w.state FROM allocation a LEFT JOIN payment p ON a.payment_id = p.id "
        "LEFT JOIN document c ON a.credit_note_id = c.id LEFT JOIN write_off w ON "
        "a.write_off_id = w.id"
    ):
        if money == "confirmed" or credit in STANDING or given_up == "approved":
            settled[invoice] += amount
        spent[payment] += amount
        noted[note] += amount if credit in STANDING else 0
    for payment, note, amount in rows(
        "SELECT payment_id, credit_note_id, amount FROM refund WHERE state = 'confirmed'"
    ):
        spent[payment] += amount
        noted[note] += amount
    owed, credit = Counter(), Counter()
    for ident, kind, state, customer, currency, total, number in rows(
        "SELECT id, kind, state, customer_id, currency, total, number FROM document "
        "WHERE kind IN ('invoice', 'credit_note')"
    ):
        if state not in STANDING:
            continue
        if kind == "invoice":
            owed[customer, currency] += total - settled[ident]
            if not 0 <= settled[ident] <= total:
                yield f"{number}: paid {settled[ident]} of {total}"
            if (found := open_balance(Document.get_by_id(ident))) != total - settled[ident]:
                yield f"{number}: open {found}, by hand {total - settled[ident]}"
        else:
            credit[customer, currency] += total - noted[ident]
            if noted[ident] > total:
                yield f"{number}: more credited than it says"
    for payment in Payment.select().where(Payment.state == "confirmed"):
        left = payment.amount - spent[payment.id]
        credit[payment.customer_id, payment.currency] += left
        if left < 0 or left != payment.unallocated():
            yield (
                f"{payment.number}: {left} left by hand, {payment.unallocated()} by its own "
                "account; less than nothing is more allocated than received"
            )
    for key, found in balance.balances().items():
        if (found["open"], found["credit"]) != (owed[key], credit[key]):
            yield (
                f"customer {key}: open {found['open']} and credit {found['credit']}, by hand "
                f"{owed[key]} and {credit[key]}"
            )
    from models.operations import upkeep

    yield from upkeep.sum_differences()


def approvals():
    """In order, by distinct people, never one's own paper, as many as the plan wants, bound to the
    content that was issued."""
    from models.approvals.step import with_defaults

    for request, submitter, owner, user, count in rows(
        "SELECT r.id, r.submitter_id, d.owner_id, t.user_id, COUNT(*) FROM task t JOIN "
        "approval_request r ON t.request_id = r.id JOIN document d ON r.document_id = "
        "d.id "
        "WHERE t.state = 'approved' AND t.kind = 'decide' GROUP BY r.id, r.submitter_id, "
        "d.owner_id, t.user_id, t.step, t.round"
    ):
        if count > 1 or user in (submitter, owner):
            yield f"request {request}: {user} decided {count} times, submitted by {submitter}"
    steps = defaultdict(list)
    for request, round_, step, state, decided, opened in rows(
        "SELECT request_id, round, step, state, decided_at, opened_at FROM task WHERE "
        "kind = 'decide'"
    ):
        steps[request].append((round_, step, state, str(decided or ""), str(opened)))
    for request, state, plan, last in rows("SELECT id, state, plan, step FROM approval_request"):
        plan = json.loads(plan) if isinstance(plan, str) else plan
        mine = steps[request]
        for round_, step, _state, _decided, opened in mine:
            if any(d > opened for r, s, _, d, _ in mine if r == round_ and s < step and d):
                yield f"request {request}: step {step} was asked before step {step - 1} had decided"
        if state != "approved":
            continue
        if last != len(plan):
            yield f"request {request}: approved at step {last} of {len(plan)}"
        for n, step in enumerate(plan, 1):
            rounds = [r for r, s, *_ in mine if s == n]
            asked = [t for t in mine if t[1] == n and t[0] == max(rounds, default=0)]
            yes, rule = (
                sum(t[2] in ("approved", "passed") for t in asked),
                with_defaults(step)["rule"],
            )
            need = with_defaults(step)["needed"] if rule == "n" else 1
            if (
                yes < need
                or rule == "all"
                and any(t[2] in ("open", "waiting", "cancelled") for t in asked)
            ):
                yield f"request {request}: step {n} passed with {yes} of {len(asked)}, {rule}"
    kept = defaultdict(set)
    for document, said in rows(
        "SELECT document_id, said FROM approval_request WHERE state = "
        "'approved' AND purpose = 'issue'"
    ):
        content = json.loads(said) if isinstance(said, str) else said
        kept[document].add(
            content and canonical(_without_days(content))
        )  # nothing once it is destroyed
    for paper in Document.select().where(Document.state.in_(STANDING), Document.imported == False):  # noqa: E712
        issued = json.loads(canonical(paper.approvable_content()))
        if not {None, canonical(_without_days(issued))} & kept[paper.id]:
            yield f"{paper.number}: nobody approved this content"


def _without_days(content):
    """The content without what issuing decides: its date and when it is due."""
    return {name: value for name, value in content.items() if name not in ("date", "due_on")}


def sight():
    """A customer's contact sees exactly what is the own company's, or the own: papers, payments,
    statements, letters, disputes and what was said in them."""
    papers = rows(f"SELECT id, customer_id, contact_id FROM document WHERE state IN {GIVEN}")
    payments = rows("SELECT id, customer_id, reported_by_id FROM payment")
    statements = rows(
        "SELECT id, customer_id, 0 FROM statement WHERE sent_at IS NOT NULL AND state <> 'replaced'"
    )
    gone = {
        i
        for (i,) in rows(
            "SELECT reminder_id FROM filing WHERE state = 'destroyed' AND reminder_id IS NOT NULL"
        )
    }
    letters = [row for row in rows("SELECT id, customer_id, 0 FROM reminder") if row[0] not in gone]
    quarrels = rows("SELECT id, customer_id, contact_id, document_id FROM dispute")

    def seen_by(contact, table):
        """Ids of the rows (id, customer, contact) that this contact may see."""
        return {
            ident
            for ident, customer, theirs in table
            if customer == contact.customer_id and (contact.sees_company or theirs == contact.id)
        }

    for contact in Contact.select():
        own_papers = seen_by(contact, papers)
        own_quarrels = {
            i
            for i, customer, raised, paper in quarrels
            if customer == contact.customer_id
            and (contact.sees_company or raised == contact.id or paper in own_papers)
        }
        said = {
            i
            for i, dispute in rows("SELECT id, dispute_id FROM dispute_entry WHERE NOT internal")
            if dispute in own_quarrels
        }
        for name, right in (
            ("documents", own_papers),
            ("payments", seen_by(contact, payments)),
            ("statements", seen_by(contact, statements)),
            ("reminders", seen_by(contact, letters)),
            ("disputes", own_quarrels),
            ("dispute_entries", said),
        ):
            seen = {row.id for row in getattr(ContactScopes(contact), name)()}
            if seen != right:
                yield f"{contact.name} sees {len(seen ^ right)} {name} too many or too few"


def unlike(one, other, without=()):
    """Sentences on how two data folders differ, row by row and byte by byte; nothing of our own
    dump is used for it."""
    with (
        closing(sqlite3.connect(Path(one) / "danju.db")) as a,
        closing(sqlite3.connect(Path(other) / "danju.db")) as b,
    ):
        names = {
            n
            for link in (a, b)
            for (n,) in link.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
            if not n.startswith(("search_", "archive_text", "finder")) and n not in without
        }
        for name in sorted(names):
            try:
                told = [Counter(_by_name(link, name)) for link in (a, b)]
            except sqlite3.Error as error:
                yield f"{name}: {error}"
                continue
            if told[0] != told[1]:
                yield (
                    f"{name}: {sum((told[0] - told[1]).values())} rows only here, "
                    f"{sum((told[1] - told[0]).values())} only there"
                )
    files = [
        {
            p.name: hashlib.sha256(p.read_bytes()).hexdigest()
            for p in Path(home).glob("files/??/*")
            if len(p.name) == 64
        }
        for home in (one, other)
    ]
    lost = {n for n in files[0] if files[1].get(n) != files[0][n]}
    if lost:
        yield f"{len(lost)} files are missing or other there"


def _by_name(link, table):
    columns = sorted(r[1] for r in link.execute(f'PRAGMA table_info("{table}")'))
    return link.execute(
        f'SELECT {", ".join(chr(34) + c + chr(34) for c in columns)} FROM "{table}"'
    )
