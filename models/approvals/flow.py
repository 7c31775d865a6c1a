"""Flows: for which papers, in which order of precedence, with which steps; versions stay for what
is under way."""

import peewee as pw

from models.approvals import conditions as terms
from models.approvals.step import FlowStep, checked
from models.company import Company
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField, MoneyField
from models.core.journal import Journaled
from models.core.model import Model
from models.people import Team, User

MANY, ONE = ("people", "copy_to"), ("late_to", "fallback")
KINDS = ("quote", "order", "delivery_note", "invoice", "credit_note", "void", "destruction")
NEVER_UNASKED = (
    "destruction",
)  # what the law has someone decide: no flow without a step, none that lets time decide


class ApprovalFlow(Journaled, Model):
    """Which papers it is for, from which amount and on what conditions; the highest priority that
    holds decides."""

    name = pw.CharField()
    kind = pw.CharField(max_length=20)
    currency = pw.CharField(max_length=3, default="CNY")
    least = MoneyField(default=0)
    active = pw.BooleanField(default=True)
    version = pw.IntegerField(default=1)
    priority = pw.IntegerField(default=0)
    conditions = JSONField(default=dict)
    recall_late = pw.BooleanField(default=False)

    @classmethod
    def in_force(cls):
        return (
            cls.select()
            .where(cls.active)
            .order_by(cls.kind, cls.priority.desc(), cls.least.desc(), cls.id)
        )

    @classmethod
    def weigh(cls, document, kind=None):
        """[(flow, judged conditions, holds)] in order of precedence: how the choice is made, for
        choose and try it."""
        flows = list(cls.in_force().where(cls.kind == (kind or document.kind)))
        foreign = document.currency is not None and not any(
            f.currency == document.currency for f in flows
        )
        facts = terms.facts_of(document)
        rows = [(f, terms.judge(f, facts, foreign)) for f in flows]
        return [(f, judged, all(row[3] for row in judged)) for f, judged in rows]

    @classmethod
    def choose(cls, document, kind=None):
        """The flow for this paper: the first that holds. A currency no flow speaks of takes the
        strictest."""
        weighed = cls.weigh(document, kind)
        return (
            next((f for f, _, holds in weighed if holds), None)
            or (weighed and weighed[0][0])
            or None
        )

    def plan(self):
        """The steps as data, to be copied into a request."""
        return [s.as_plan() for s in self.steps.order_by(FlowStep.position)]

    @classmethod
    @db.atomic()
    def define(cls, by, kind, least=0, steps=(), currency="CNY", name="", **more):
        """A flow with its steps in order (roles, or steps as data); an empty list asks nobody."""
        if by is not None:
            by.must("configure")
        flow = cls.create(
            kind=kind,
            least=least,
            currency=currency,
            name=name or f"{kind} {least}",
            **cls._validated(kind, least, more),
        )
        flow._write_steps(steps)
        flow._check_asked()
        flow.record("defined", by, steps=flow.plan())
        flow._keep_version(by)
        return flow

    @db.atomic()
    def revise(self, by, version=None, steps=None, **data):
        """Change the flow; what is under way keeps its copy. Refused when someone changed it
        meanwhile."""
        by.must("configure")
        version in (None, self.version) or refuse("flow_changed")
        data = {
            **data,
            **self._validated(
                data.get("kind", self.kind),
                data.get("least", self.least),
                {k: data[k] for k in ("conditions", "priority") if k in data},
            ),
        }
        hit = (
            ApprovalFlow.update(version=ApprovalFlow.version + 1)
            .where(ApprovalFlow.id == self.id, ApprovalFlow.version == self.version)
            .execute()
        )
        hit or refuse("flow_changed")
        self.version += 1
        for key, value in data.items():
            setattr(self, key, value)
        self.save()
        if steps is not None:
            self._write_steps(steps)
        self._check_asked()
        self.record("revised", by, changed=sorted(data), steps=self.plan())
        self._keep_version(by)

    @staticmethod
    def _validated(kind, least, more):
        kind in KINDS or refuse("flow_kind")
        least >= 0 or refuse("limit_negative")
        try:
            return {
                **more,
                **(
                    {"conditions": terms.checked(more["conditions"])}
                    if "conditions" in more
                    else {}
                ),
            }
        except ValueError:
            refuse("flow_condition")

    def _write_steps(self, steps):
        sound = [checked({"role": s} if isinstance(s, str) else s) for s in steps]
        FlowStep.delete().where(FlowStep.flow == self.id).execute()
        for position, step in enumerate(sound, 1):
            FlowStep.create(flow=self, position=position, **step)

    def _check_asked(self):
        plan = self.plan()
        if self.kind in NEVER_UNASKED and (not plan or any(s.get("late") == "pass" for s in plan)):
            refuse("flow_asks_nobody")

    def _keep_version(self, by):
        FlowVersion.create(
            flow=self,
            version=self.version,
            at=now(),
            by=by.name if by else "Danju",
            content=self.as_file(),
        )

    def kept_versions(self):
        """What the flow said before, the newest first."""
        return self.versions.order_by(FlowVersion.version.desc())

    def under_way(self):
        """Open requests that were opened by any version of this flow: they keep theirs."""
        return self.requests.where(self.requests.model.state == "open")

    def as_file(self):
        """The flow as data, for export and as a kept version."""
        return {
            "name": self.name,
            "kind": self.kind,
            "currency": self.currency,
            "least": self.least,
            "priority": self.priority,
            "conditions": self.conditions or {},
            "recall_late": self.recall_late,
            "active": self.active,
            "steps": self.plan(),
        }

    def as_portable(self):
        """The flow for another portal: colleagues by their mail address, teams by name."""
        mails, teams = (
            {row.id: getattr(row, name) for row in cls.select()}
            for cls, name in ((User, "email"), (Team, "name"))
        )
        said = self.as_file()
        named = {
            "owner": [mails[i] for i in said["conditions"].get("owner", ())],
            "team": [teams[i] for i in said["conditions"].get("team", ())],
        }
        return {
            **said,
            "conditions": {**said["conditions"], **{k: v for k, v in named.items() if v}},
            "steps": [
                {
                    k: [mails[i] for i in v] if k in MANY else mails[v] if k in ONE and v else v
                    for k, v in step.items()
                }
                for step in said["steps"]
            ],
        }

    def content_rows(self):
        rows = super().content_rows()
        return {"flow": rows, "steps": self.plan()}


class FlowVersion(Model):
    """What a flow said in one version."""

    flow = pw.ForeignKeyField(ApprovalFlow, backref="versions")
    version = pw.IntegerField()
    at = pw.DateTimeField()
    by = pw.CharField()
    content = JSONField()

    class Meta:
        indexes = ((("flow", "version"), True),)


def _at_home(conditions, row):
    """The conditions and the row of a file, with our ids for the mail addresses and teams it
    names."""
    mails, teams = (
        {u.email: u.id for u in User.select().where(User.active)},
        {t.name: t.id for t in Team.select()},
    )

    def one(v, known, code):
        return v if not isinstance(v, str) else known.get(v) or refuse(code, value=v[:100])

    def every(v, known, code):
        return [one(x, known, code) for x in v] if isinstance(v, list) else refuse("flow_file")

    conditions = {
        k: every(v, *{"owner": (mails, "flow_person"), "team": (teams, "flow_team")}[k])
        if k in ("owner", "team")
        else v
        for k, v in conditions.items()
    }
    steps = [
        {
            k: every(v, mails, "flow_person")
            if k in MANY
            else one(v, mails, "flow_person")
            if k in ONE
            else v
            for k, v in step.items()
        }
        for step in row.get("steps", [])
    ]
    return conditions, {**row, "steps": steps}


def import_flows(by, rows):
    """Take flows from a file, all or none; a flow of the same name and kind is changed, others are
    added. Returns how many."""
    with db.atomic():
        for row in rows:
            isinstance(row, dict) or refuse("flow_file")
            data = {
                k: row[k]
                for k in (
                    "kind",
                    "currency",
                    "least",
                    "priority",
                    "conditions",
                    "recall_late",
                    "active",
                )
                if k in row
            }
            fits = (
                isinstance(row.get("name"), str)
                and 0 < len(row["name"]) <= 200
                and isinstance(data.get("least", 0), int)
                and isinstance(row.get("steps", []), list)
                and all(isinstance(s, dict) for s in row.get("steps", []))
                and data.get("kind") in KINDS
                and isinstance(data.get("priority", 0), int)
                and abs(data.get("priority", 0)) < 10**6
                and isinstance(data.get("currency", "CNY"), str)
                and len(data.get("currency", "CNY")) == 3
                and isinstance(data.get("conditions", {}), dict)
            )
            fits or refuse("flow_file")
            data.setdefault("currency", Company.current().currency)
            data["conditions"], row = _at_home(data.get("conditions", {}), row)
            found = ApprovalFlow.get_or_none(
                ApprovalFlow.name == row["name"], ApprovalFlow.kind == data["kind"]
            )
            if found:
                found.revise(by, steps=row.get("steps", []), **data)
            else:
                ApprovalFlow.define(by, name=row["name"], steps=row.get("steps", []), **data)
    return len(rows)
