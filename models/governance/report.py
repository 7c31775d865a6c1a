"""The monthly inspection report: findings opened, closed and left open, by rule and by person, with
their trend."""

import datetime as dt

from peewee import fn

from models.adapters.outbox import Mail
from models.core.clock import today
from models.governance.finding import Finding
from models.people import User


def months_back(first, n):
    """The first days of `n` months, the given one last."""
    found = [first]
    while len(found) < n:
        found.insert(0, (found[0] - dt.timedelta(days=1)).replace(day=1))
    return found


def end_of(first):
    """The last day of the month."""
    return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def by(column, first, scope):
    """{rule or person id: row} of one month: found, closed, open at its end, of these late, and the
    mean number of days until closed."""
    last, rows = end_of(first), {}
    for key, n in _count(scope.where(Finding.found_on.between(first, last)), column):
        rows.setdefault(key, empty_row())["found"] = n
    for key, n in _count(scope.where(Finding.closed_on.between(first, last)), column):
        rows.setdefault(key, empty_row())["closed"] = n
    open_findings = scope.where(
        Finding.found_on <= last, Finding.closed_on.is_null() | (Finding.closed_on > last)
    )
    for key, n in _count(open_findings, column):
        rows.setdefault(key, empty_row())["open"] = n
    for key, n in _count(open_findings.where(Finding.due_on < min(last, today())), column):
        rows.setdefault(key, empty_row())["late"] = n
    days_by_key = {}
    for key, found, closed in (
        scope.where(Finding.closed_on.between(first, last))
        .select(column, Finding.found_on, Finding.closed_on)
        .tuples()
    ):
        days_by_key.setdefault(key, []).append((closed - found).days)
    for key, days in days_by_key.items():
        rows[key]["days"] = (2 * sum(days) + len(days)) // (2 * len(days))
    return rows


def empty_row():
    return {"found": 0, "closed": 0, "open": 0, "late": 0, "days": None}


def _count(query, column):
    return query.select(column, fn.COUNT(Finding.id)).group_by(column).tuples()


def trend(column, first, scope, n=6):
    """([first days], {rule or person id: [found in each month]})"""
    months, rows = months_back(first, n), {}
    for key, day in (
        scope.where(Finding.found_on.between(months[0], end_of(first)))
        .select(column, Finding.found_on)
        .tuples()
    ):
        rows.setdefault(key, [0] * n)[months.index(day.replace(day=1))] += 1
    return months, rows


def people():
    return dict(User.select(User.id, User.name).tuples())


def mail_monthly():
    """In a new month, mail the figures of the last one to managers and administrators, once: of the
    findings that each sees."""
    first = (today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    for person in User.with_role("manager") + User.with_role("admin"):
        rows = by(Finding.rule, first, person.sees.findings())
        if not rows:
            continue
        names = ("found", "closed", "open", "late")
        sums = {name: sum(r[name] for r in rows.values()) for name in names}
        Mail.enqueue_to(  # by its unique key, one mail to someone with both roles
            person,
            f"inspection-{first:%Y%m}-{person.id}",
            "inspection",
            {
                "month": f"{first:%Y-%m}",
                "path": f"/findings/report?month={first:%Y-%m}",
                **sums,
            },
        )
