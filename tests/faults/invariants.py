"""What must hold after any fault: one function, asked after each of them, that computes everything
a second way."""

import os
import re
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal

from models.adapters import blobs
from models.company import Company
from models.core.database import db
from models.core.journal import Event
from models.core.model import tables
from models.core.money import digits
from models.documents import Line
from models.operations import checks
from models.operations.backup import snapshot, sweep
from models.printed import Printed
from tests.faults import oracles
from tests.faults.oracles import rows
from tests.faults.states import changes  # noqa: F401  one of the looks

AT_HOME = re.compile(
    r"danju\.db(-wal|-shm|-journal)?|files|anchors\.jsonl|secret_key|backup_key.*|setup_code|packages|inspections|scratch|logs?|"
    r"danju\.log.*|(before|before-upgrade|damaged)-.*|restored_settings\.env|moved\.json|resting|folder_mark|serving\.lock|told|disk.*|lost\+found|mails|imports"
)


def broken(folder, key, done=(), refused=(), outside=(), swept=True):
    """Plain sentences, empty when all holds. `done` [(what, fact)] the client saw as done,
    `refused` references of what it saw refused, `outside` [(event id, hash)] that someone else
    kept. `swept`: first let the sweeper take what a kill left half done, if it can tell it; without
    a kill there must be nothing of the kind."""
    swept and sweep.sweep(age=0)
    found = checks.faults(folder, key)
    for look in (
        numbers,
        totals,
        changes,
        papers,
        orphans,
        letters,
        reach,
        oracles.balances,
        oracles.approvals,
        oracles.sight,
    ):
        try:
            found += [
                f"{look.__name__}: {text}" for text in (look(outside) if look is reach else look())
            ]
        except Exception as error:
            found.append(f"{look.__name__}: {type(error).__name__}: {error}")
    return found + list(promises(done, refused))


def numbers():
    """Of each series 1..n: by the places of its papers, and by the figures in which the numbers
    themselves end."""
    for series, last, least, most, count in rows(
        "SELECT s.id, s.last, MIN(d.place), MAX(d.place), COUNT(DISTINCT d.place) FROM "
        "number_series s LEFT JOIN document d "
        "ON d.series_id = s.id WHERE s.kind IN ('quote', 'order', 'delivery_note', "
        "'invoice', 'credit_note') GROUP BY s.id, s.last"
    ):
        if (least, most, count) != (1, last, last):
            yield f"series {series} ends at {last}, used {least}..{most}, {count} of them"
    for kind, last, pattern, period in rows(
        "SELECT kind, last, pattern, period FROM number_series"
    ):
        shape = re.escape(pattern).replace(r"\{", "{").replace(r"\}", "}")
        shape = re.sub(
            r"\{year\}",
            period[:4] or r"\\d{4}",
            re.sub(
                r"\{yy\}",
                period[2:4] or r"\\d\\d",
                re.sub(r"\{month\}", period[5:] or r"\\d\\d", shape),
            ),
        )
        shape = re.compile(re.sub(r"\{n(:\d)?\}", r"(\\d+)", shape))
        table = {
            "payment": "payment",
            "reminder": "reminder",
            "refund": "refund",
            "statement": "statement",
        }.get(kind, "document")
        only = f"kind = '{kind}' AND NOT imported" if table == "document" else "1 = 1"
        used = sorted(
            int(m.group(1))
            for (text,) in rows(f"SELECT number FROM {table} WHERE number IS NOT NULL AND {only}")
            if (m := shape.fullmatch(text))
        )
        if used != list(range(1, last + 1)):
            yield (
                f"{kind} {period}: {last} drawn, written on papers {used[:3]}…{used[-3:]}, "
                f"{len(used)} of them"
            )
    for folder, last, most, count in rows(
        "SELECT f.id, f.last, MAX(x.place), COUNT(DISTINCT x.place) FROM folder f LEFT "
        "JOIN filing x ON x.folder_id = f.id GROUP BY f.id, f.last"
    ):
        if last != count or last != (most or 0):
            yield (
                f"archive folder {folder} gave {last} places, {count} are taken, the last is {most}"
            )


def totals():
    """Each line from its quantity, price, discounts and rate, each paper from its lines, by Decimal
    and by hand."""
    sums = defaultdict(lambda: [0, 0])
    half_up = lambda value: int(value.quantize(Decimal(1), ROUND_HALF_UP))  # noqa: E731
    for line in Line.select():
        paper = line.document
        worth = Decimal(
            line.quantity * line.price * (10000 - line.discount) * (10000 - paper.discount)
        ) / Decimal(10**16)
        stated, rate = half_up(worth * 10 ** digits(paper.currency)), Decimal(line.rate)
        if paper.prices_include_tax:
            tax = half_up(stated * rate / (10000 + rate))
            right = (stated - tax, tax)
        else:
            right = (stated, half_up(stated * rate / 10000))
        if not paper.imported and paper.state != "destroyed" and right != (line.net, line.tax):
            yield f"line {line.id}: {line.net} and {line.tax} are not {right}"
        sums[line.document_id][0] += line.net
        sums[line.document_id][1] += line.tax
    for ident, net, tax, total in rows("SELECT id, net, tax, total FROM document"):
        if sums[ident] != [net, tax] or net + tax != total:
            yield f"document {ident}: {total}, its lines {sums[ident]}"


def papers():
    """Every printed row has the bytes that its one event named; what has none waits for the
    worker, and no mail of it went out."""
    made = defaultdict(list)
    for event in Event.select().where(Event.action == "paper_made"):
        made[event.subject_type, event.subject_id].append(event.facts["paper"])
    for cls in Printed.registry:
        for row in cls.select():
            kept = [one for n in cls.printed_columns if (one := getattr(row, n))]
            if sorted(kept) != sorted(made[cls.__name__, row.id]):
                yield f"{cls.__name__} {row.id}: not the bytes that its event named"
            sha = row.pdf_sha256 or "-"
            gone = rows(f"SELECT 1 FROM filing WHERE state = 'destroyed' AND sha = '{sha}'")
            if not gone and not all(blobs.fetch(one).startswith(b"%PDF") for one in kept):
                yield f"{cls.__name__} {row.id}: no PDF"
    for (ident,) in rows(
        "SELECT id FROM mail WHERE filename <> '' AND attachment IS NULL "
        "AND state NOT IN ('queued', 'failed')"
    ):
        yield f"mail {ident} went out without its PDF"


def orphans():
    """No kept file that no column of no table names, no torn file, nothing in the data folder that
    has no business there."""
    held = set()
    for cls in tables():
        for field in cls._meta.sorted_fields:
            for (value,) in db.execute_sql(
                f'SELECT DISTINCT "{field.column_name}" FROM "{cls._meta.table_name}" '
                f'WHERE "{field.column_name}" IS NOT NULL'
            ).fetchall():
                if isinstance(value, str) and len(value) >= 64:
                    held.update(re.findall(r"[0-9a-f]{64}", value))
    if not blobs.remote():
        for path in snapshot.folder().glob("files/**/*"):
            if path.is_file() and path.name not in held:
                yield f"{path.name}: no row speaks of it"
    for name in os.listdir(snapshot.folder()):
        if not AT_HOME.fullmatch(name):
            yield f"{name} lies in the data folder"


def letters():
    """At most one letter per customer, level and day, and one mail of it to each person."""
    for invoice, level, count in rows(
        "SELECT invoice_id, level_id, COUNT(*) FROM reminded WHERE level_id IS NOT NULL "
        "GROUP BY 1, 2 HAVING COUNT(*) > 1"
    ):
        yield f"invoice {invoice}: {count} letters of level {level}"
    for invoice, days, count in rows(
        "SELECT invoice_id, days, COUNT(*) FROM reminded GROUP BY invoice_id, days "
        "HAVING COUNT(*) > 1"
    ):
        yield f"invoice {invoice}: {count} letters of the level of {days} days"
    for customer, currency, day, count in rows(
        "SELECT customer_id, currency, day, COUNT(*) FROM reminder GROUP BY 1, 2, 3 "
        "HAVING COUNT(*) > 1"
    ):
        yield f"customer {customer}: {count} letters in {currency} on {day}"
    for letter, person, count in rows(
        "SELECT reminder, recipient, COUNT(*) FROM mail WHERE reminder IS NOT NULL GROUP "
        "BY 1, 2 HAVING COUNT(*) > 1"
    ):
        yield f"letter {letter}: {count} mails to {person}"


def reach(outside):
    """The chain still reaches what was written down elsewhere: what the caller kept, and what each
    backup's list says."""
    kept = list(outside)
    for (facts,) in rows("SELECT facts FROM backup WHERE state IN ('kept', 'expired')"):
        import json

        sums = json.loads(facts or "{}").get("sums") or {}
        kept += [(sums["journal"][0][1], sums["head"][0][0])] if sums.get("head") else []
    for ident, hash_ in kept:
        if rows(f"SELECT hash FROM event WHERE id = {int(ident)}") != [(hash_,)]:
            yield f"event {ident} is not the one that was written down outside"


def head():
    """(event id, hash) for someone else to keep."""
    return tuple(rows("SELECT id, hash FROM event ORDER BY id DESC LIMIT 1")[0])


def promises(done, refused):
    """What the client saw as done is there, once; the bytes it was given are the bytes it gets;
    what it saw refused left nothing."""
    have = {
        "created": {i for (i,) in rows("SELECT id FROM document")},
        "paid": Counter(r for (r,) in rows("SELECT reference FROM payment")),
        "issued": {i for (i,) in rows("SELECT id FROM document WHERE number IS NOT NULL")},
        "approved": {
            i
            for (i,) in rows(
                "SELECT subject_id FROM event WHERE subject_type = 'Document' AND action "
                "= 'approved'"
            )
        },
        "noted": Counter(t for (t,) in rows("SELECT text FROM note")),
        "given": {
            (i, sha) for i, sha in rows("SELECT id, paper FROM document WHERE paper IS NOT NULL")
        },
        "uploaded": Counter(t for (t,) in rows("SELECT title FROM filing")),
        "voided": {i for (i,) in rows("SELECT id FROM document WHERE state = 'voided'")},
    }
    for what, fact in done:
        fact = tuple(fact) if isinstance(fact, list) else fact
        if fact not in have[what] or isinstance(have[what], Counter) and have[what][fact] != 1:
            yield f"promised: {what} {fact} is not there, or not once"
        elif what == "given" and not sound(fact[1]):
            yield f"promised: the paper of document {fact[0]} cannot be given out again"
    for reference in refused:
        if have["paid"][reference] or have["uploaded"][reference] or have["noted"][reference]:
            yield f"refused: {reference} is there"
        if rows(
            f"SELECT 1 FROM event WHERE facts LIKE '%%{reference}%%'"
            if not sqlite()
            else f"SELECT 1 FROM event WHERE facts LIKE '%{reference}%'"
        ):
            yield f"refused: the journal speaks of {reference}"


def sound(sha):
    try:
        return bool(blobs.fetch(sha))
    except blobs.Damaged:
        return False


def sqlite():
    import peewee as pw

    return isinstance(db.obj, pw.SqliteDatabase)


def empty():
    """Whether no firm is here at all."""
    return Company.current() is None
