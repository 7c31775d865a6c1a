"""A finding: something that a daily check found to be wrong, with who corrects it by when, how, and
who closed it."""

import datetime as dt

import peewee as pw

from models.adapters.outbox import Mail
from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.journal import Journaled, class_name
from models.core.model import Model
from models.people import User

LONGEST_ACCEPTED = 366


current_keys = {}  # {rule: function that returns the keys of its present hits}; filled by check.py


class Finding(Journaled, Model):
    """Open, then corrected by its owner, then closed by someone else; or accepted for a while, with
    a reason. `live` is the key of the rule and its subject until it is closed; as it is unique, the
    same thing is found once."""

    rule = pw.CharField(max_length=40, index=True)
    serious = pw.BooleanField(default=False)
    subject_type = pw.CharField(max_length=40)
    subject_id = pw.IntegerField()
    about = pw.CharField(max_length=200)
    facts = JSONField(default=dict)
    owner = pw.ForeignKeyField(User, backref="findings_owned")
    found_on = pw.DateField(index=True)
    due_on = pw.DateField()
    state = pw.CharField(max_length=10, default="open", index=True)
    live = pw.CharField(max_length=90, unique=True, null=True)
    correction = pw.TextField(default="")
    corrected_on = pw.DateField(null=True)
    corrected_by = pw.ForeignKeyField(User, null=True)
    closed_on = pw.DateField(null=True)
    closed_by = pw.ForeignKeyField(User, null=True)
    closing = pw.TextField(default="")
    accepted_until = pw.DateField(null=True)
    escalated_on = pw.DateField(null=True)

    @property
    def name(self):
        return f"{self.rule} {self.about}"

    @property
    def late(self):
        return self.state == "open" and self.due_on < today()

    @classmethod
    def open(cls):
        return cls.select().where(cls.state == "open")

    @classmethod
    def standing(cls):
        """Those that are not closed."""
        return cls.select().where(cls.live.is_null(False))

    @classmethod
    @db.atomic()
    def find(cls, rule, key, subject, label, owner, days, serious, facts):
        """Write a finding, due in so many days."""
        row = cls.create(
            rule=rule,
            serious=serious,
            subject_type=class_name(type(subject)),
            subject_id=subject.get_id(),
            about=label[:200],
            facts=facts,
            owner=owner,
            found_on=today(),
            due_on=today() + dt.timedelta(days=days),
            live=key,
        )
        row.record("found", None, to=[owner.name])
        return row

    @db.atomic()
    def correct(self, by, text):
        """The owner, or someone who may close it, states what was done about it."""
        if by.id != self.owner_id:
            by.must("govern")
        text.strip() or refuse("text_needed")
        self.move(
            "open", to="corrected", correction=text.strip(), corrected_on=today(), corrected_by=by
        )
        self.record("corrected", by, note=text.strip()[:200])

    @db.atomic()
    def close(self, by, note=""):
        """Someone other than the owner confirms that it is in order. Refused while the check still
        finds it."""
        by.must("govern")
        self.refuse_own_finding(by)
        if self.is_still_found():
            refuse("still_found")
        self.move(
            "corrected",
            to="closed",
            closing=note.strip(),
            closed_on=today(),
            closed_by=by,
            live=None,
        )
        self.record("closed", by, note=note.strip()[:200])

    @db.atomic()
    def reopen(self, by, reason):
        """The correction is not sufficient; the owner has another week. `by` is None when the check
        still finds it."""
        if by is not None:
            by.must("govern")
        reason.strip() or refuse("reason_needed")
        self.move("corrected", to="open", due_on=today() + dt.timedelta(days=7))
        self.record("reopened", by, reason=reason.strip()[:200])

    @db.atomic()
    def accept(self, by, reason, until):
        """Tolerate it until a day within a year, with the reason; after that it is found again."""
        by.must("govern")
        self.refuse_own_finding(by)
        reason.strip() or refuse("reason_needed")
        until > today() or refuse("day_in_past")
        until <= today() + dt.timedelta(days=LONGEST_ACCEPTED) or refuse("accepted_too_long")
        self.move(
            "open",
            "corrected",
            to="accepted",
            closing=reason.strip(),
            accepted_until=until,
            closed_on=today(),
            closed_by=by,
        )
        self.record("accepted", by, reason=reason.strip()[:200], until=until)

    @db.atomic()
    def hand_over(self, by, owner):
        """Make another colleague the owner."""
        by.must("govern")
        owner.active or refuse("no_such_person")
        if owner.id == self.owner_id:
            return
        self.move("open", to="open", owner=owner)
        self.record("handed_over", by, to=[owner.name])

    @db.atomic()
    def mark_gone(self):
        """The check does not find it any more: a minor one is closed, a serious one waits for a
        person to close it."""
        if self.state == "accepted":
            self.move("accepted", to="closed", live=None)
        elif self.serious:
            self.move("open", to="corrected", corrected_on=today())
        else:
            self.move(
                "open",
                "corrected",
                to="closed",
                closed_on=today(),
                corrected_on=self.corrected_on or today(),
                live=None,
            )
        self.record("gone", None)

    @db.atomic()
    def expire(self):
        """Close a finding whose acceptance has ended, so that it is found again if it is still
        true."""
        self.move("accepted", to="closed", live=None)
        self.record("expired", None)

    @db.atomic()
    def escalate(self, to):
        """Mail the superiors about a serious finding that is late, once."""
        updated = (
            Finding.update(escalated_on=today())
            .where(Finding.id == self.id, Finding.escalated_on.is_null(), Finding.state == "open")
            .execute()
        )
        if not updated:
            return
        for person in to:
            Mail.enqueue_to(
                person,
                f"finding-late-{self.id}-{person.id}",
                "finding_escalated",
                {
                    "owner": self.owner.name,
                    "rule": self.rule,
                    "label": self.about,
                    "due_on": self.due_on.isoformat(),
                    "path": f"/findings/{self.id}",
                },
            )
        self.record("escalated", None, to=[p.name for p in to])

    def is_still_found(self):
        """Whether its check still finds it."""
        find_keys = current_keys.get(self.rule)
        return find_keys is not None and self.live in find_keys()

    def refuse_own_finding(self, by):
        """Nobody may close their own finding, unless nobody else could."""
        others = [u for role in ("manager", "admin") for u in User.with_role(role) if u.id != by.id]
        if by.id == self.owner_id and others:
            refuse("own_finding")

    def superiors(self):
        """Who gets a mail about a serious one: the owner's superior, else the managers, else the
        administrators."""
        superior = self.owner.superior
        return (
            ([superior] if superior and superior.active else [])
            or [u for u in User.with_role("manager") if u.id != self.owner_id]
            or [u for u in User.with_role("admin") if u.id != self.owner_id]
        )
