"""The table of daily checks, and the run that turns their hits into findings."""

import functools
import logging
from collections import namedtuple

from models.adapters.outbox import Mail
from models.core.clock import today
from models.core.database import db
from models.core.journal import class_name
from models.governance import finders
from models.governance.finding import Finding, current_keys
from models.people import User

log = logging.getLogger("danju.checks")
Rule = namedtuple("Rule", "key serious days find")

# One line per check: its name, whether it is serious, how many days the owner has, its function.
# A further one needs a function in finders.py, a line here, and its words in
# views/staff/rule_names.py.
RULES = [
    Rule("drafts_stale", False, 7, finders.drafts_stale),
    Rule("approved_not_issued", False, 3, finders.approved_not_issued),
    Rule("approval_late", True, 2, finders.approval_late),
    Rule("delivered_not_invoiced", True, 5, finders.delivered_not_invoiced),
    Rule("no_signed_slip", False, 10, finders.no_signed_slip),
    Rule("tax_id_missing", False, 14, finders.tax_id_missing),
    Rule("overdue_not_reminded", True, 3, finders.overdue_not_reminded),
    Rule("reminder_without_address", True, 3, finders.reminder_without_address),
    Rule("credit_not_allocated", False, 3, finders.credit_not_allocated),
    Rule("voided_often", True, 10, finders.voided_often),
    Rule("discounts_near_limit", True, 10, finders.discounts_near_limit),
    Rule("follow_ups_late", False, 5, finders.follow_ups_late),
    Rule("mail_failed", True, 2, finders.mail_failed),
    Rule("training_late", True, 7, finders.training_late),
    Rule("batch_waits", False, 1, finders.batch_waits),
    Rule("complaint_open", True, 2, finders.complaint_open),
    Rule("not_archived", False, 7, finders.not_archived),
    Rule("retention_due", False, 60, finders.retention_due),
    Rule("backups_late", True, 1, finders.backups_late),
    Rule("holidays_missing", False, 21, finders.holidays_missing),
    Rule("handbook_unread", False, 7, finders.handbook_unread),
]


def key_of(rule, hit):
    return f"{rule.key} {class_name(type(hit.subject))} {hit.subject.get_id()}"


def keys_of(rule):
    """The keys of what a check finds at this moment."""
    return {key_of(rule, hit) for hit in rule.find()}


current_keys.update({rule.key: functools.partial(keys_of, rule) for rule in RULES})


def run():
    """Apply every rule: write new findings, close those that are in order, reopen those that are
    not, escalate late ones. Running twice changes nothing twice. A rule that fails stops no other;
    its error is raised at the end."""
    new_findings, first_error = [], None
    for rule in RULES:
        try:
            with db.atomic():
                new_findings += _run(rule)
        except Exception as error:
            log.exception("check %s failed", rule.key)
            first_error = first_error or error
    for finding in list(
        Finding.open().where(
            Finding.serious, Finding.due_on < today(), Finding.escalated_on.is_null()
        )
    ):
        finding.escalate(finding.superiors() or User.with_role("admin"))
    _mail_owners(new_findings)
    if first_error:
        raise first_error
    return new_findings


def _run(rule):
    hits = {key_of(rule, hit): hit for hit in rule.find()}
    standing = {f.live: f for f in Finding.standing().where(Finding.rule == rule.key)}
    new_findings = []
    for key, finding in standing.items():
        if finding.state == "accepted" and finding.accepted_until < today():
            finding.expire()
        elif key not in hits and finding.state != ("corrected" if finding.serious else ""):
            finding.mark_gone()
        elif key in hits and finding.state == "corrected" and finding.corrected_on < today():
            finding.reopen(None, "still_found")
    standing_keys = {f.live for f in Finding.standing().where(Finding.rule == rule.key)}
    for key, hit in hits.items():
        if key not in standing_keys:
            new_findings.append(
                Finding.find(
                    rule.key,
                    key,
                    hit.subject,
                    hit.label,
                    _owner(hit),
                    rule.days,
                    rule.serious,
                    hit.facts,
                )
            )
    return new_findings


def _owner(hit):
    """The hit's owner if still active, else a manager, else an administrator."""
    if hit.owner and hit.owner.active:
        return hit.owner
    return (User.with_role("manager") or User.with_role("admin"))[0]


def _mail_owners(new_findings):
    """One mail a day to each owner with the new findings; serious ones also to their superiors."""
    rows_by_person = {}
    for finding in new_findings:
        for person in {
            p.id: p for p in (finding.owner, *(finding.superiors() if finding.serious else ()))
        }.values():
            rows_by_person.setdefault(person.id, (person, []))[1].append(finding)
    for person, rows in rows_by_person.values():
        Mail.enqueue_to(
            person,
            f"findings-{person.id}-{today():%Y%m%d}-{max(r.id for r in rows)}",
            "findings",
            {
                "path": "/findings/",
                "rows": [
                    {
                        "rule": r.rule,
                        "label": r.about,
                        "owner": r.owner.name,
                        "due_on": r.due_on.isoformat(),
                    }
                    for r in rows[:60]
                ],
            },
        )
