"""The one table of daily checks, and the run that turns what they see into findings."""

import functools
import logging
from collections import namedtuple

from models.adapters.outbox import Mail
from models.core.clock import today
from models.core.database import db
from models.core.journal import class_name
from models.governance import finders
from models.governance.finding import Finding, keys_now
from models.people import User

log = logging.getLogger("danju.checks")
Rule = namedtuple("Rule", "key serious days find")

# One line per check: its name, whether it is serious, how many days its owner has, what finds it.
# To add one: a function in finders.py, a line here, its words in views/staff/rule_names.py.
RULES = [
    Rule("drafts_stale", False, 7, finders.drafts_stale),
    Rule("approved_not_issued", False, 3, finders.approved_not_issued),
    Rule("approval_late", True, 2, finders.approval_late),
    Rule("delivered_not_invoiced", True, 5, finders.delivered_not_invoiced),
    Rule("no_signed_slip", False, 10, finders.no_signed_slip),
    Rule("tax_id_missing", False, 14, finders.tax_id_missing),
    Rule("overdue_not_reminded", True, 3, finders.overdue_not_reminded),
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
    """What a check finds at this moment, as keys."""
    return {key_of(rule, hit) for hit in rule.find()}


keys_now.update({rule.key: functools.partial(keys_of, rule) for rule in RULES})


def run():
    """Look by every rule: write new findings, let go of what is in order, reopen what is not,
    escalate what is late. Running twice changes nothing twice; one rule that falls leaves the
    others, and is told at the end."""
    made, trouble = [], None
    for rule in RULES:
        try:
            with db.atomic():
                made += _run(rule)
        except Exception as error:
            log.exception("check %s failed", rule.key)
            trouble = trouble or error
    for finding in list(
        Finding.open().where(
            Finding.serious, Finding.due_on < today(), Finding.escalated_on.is_null()
        )
    ):
        finding.escalate(finding.superiors() or User.with_role("admin"))
    _tell(made)
    if trouble:
        raise trouble
    return made


def _run(rule):
    hits = {key_of(rule, hit): hit for hit in rule.find()}
    standing, made = {f.live: f for f in Finding.standing().where(Finding.rule == rule.key)}, []
    for key, finding in standing.items():
        if finding.state == "accepted" and finding.accepted_until < today():
            finding.expire()
        elif key not in hits and finding.state != ("corrected" if finding.serious else ""):
            finding.gone()
        elif key in hits and finding.state == "corrected" and finding.corrected_on < today():
            finding.reopen(None, "still_found")
    left = {f.live for f in Finding.standing().where(Finding.rule == rule.key)}
    for key, hit in hits.items():
        if key not in left:
            made.append(
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
    return made


def _owner(hit):
    """Whoever it belongs to and is still here, else a manager, else an administrator."""
    if hit.owner and hit.owner.active:
        return hit.owner
    return (User.with_role("manager") or User.with_role("admin"))[0]


def _tell(made):
    """One mail a day to each owner with what was found; serious ones also to who is above."""
    told = {}
    for finding in made:
        for person in {
            p.id: p for p in (finding.owner, *(finding.superiors() if finding.serious else ()))
        }.values():
            told.setdefault(person.id, (person, []))[1].append(finding)
    for person, rows in told.values():
        Mail.enqueue(
            f"findings-{person.id}-{today():%Y%m%d}-{max(r.id for r in rows)}",
            to=person.email,
            template="findings",
            language=person.language,
            context={
                "name": person.name,
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
