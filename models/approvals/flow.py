"""Approval flows: for which documents, in which order of precedence, with which steps. Old versions
are kept, since open requests follow the version they started with."""

import peewee as pw

from models.approvals import conditions
from models.approvals.step import (
    FlowStep,
    completed,
    understaffed,
    validated_step,
)
from models.company import Company
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField, MoneyField
from models.core.journal import Journaled, changed_fields
from models.core.model import Model
from models.people import Team, User

PEOPLE_FIELDS, PERSON_FIELDS = ("people", "copy_to"), ("late_to", "fallback")  # of a step
KINDS = ("quote", "order", "delivery_note", "invoice", "credit_note", "void", "destruction")
# The law requires a person's decision: such a flow has a step, and no step passes when time is up.
DECISION_REQUIRED = ("destruction",)


class ApprovalFlow(Journaled, Model):
    """A flow for one kind of document, from an amount (`least`) and on conditions. Of those that
    apply, the one with the highest priority is used."""

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
    def evaluate_all(cls, document, kind=None):
        """[(flow, evaluated conditions, applies)] in order of precedence, by which `choose`
        decides; also shown when a flow is tried out."""
        flows = list(cls.in_force().where(cls.kind == (kind or document.kind)))
        foreign = document.currency is not None and not any(
            f.currency == document.currency for f in flows
        )
        facts = conditions.facts_of(document)
        rows = [(f, conditions.evaluate(f, facts, foreign)) for f in flows]
        found = [(f, evaluated, all(row[3] for row in evaluated)) for f, evaluated in rows]
        # A flow for credit above its invoice comes before all others, whatever their precedence.
        return sorted(found, key=lambda row: not (row[2] and row[0].for_excess_credit))

    @classmethod
    def choose(cls, document, kind=None):
        """The flow for this document: the first that applies, else the first of all, which is the
        strictest; None where the kind has no flow."""
        rows = cls.evaluate_all(document, kind)
        strictest = rows[0][0] if rows else None
        return next((f for f, _, applies in rows if applies), strictest)

    @property
    def for_excess_credit(self):
        """Whether it is for credit notes above what remains of their invoice."""
        return bool((self.conditions or {}).get("beyond_invoice"))

    @property
    def for_equal_drafts(self):
        """Whether it is for what equals its approved source."""
        return bool((self.conditions or {}).get("equals_source"))

    def plan(self):
        """The steps as data, to be copied into a request."""
        return [s.as_plan() for s in self.steps.order_by(FlowStep.position)]

    @staticmethod
    def plans(flows):
        """{flow id: its plan} of these flows."""
        found = {flow.id: [] for flow in flows}
        steps = FlowStep.select().where(FlowStep.flow.in_(list(found)))
        for step in steps.order_by(FlowStep.position):
            found[step.flow_id].append(step.as_plan())
        return found

    @classmethod
    @db.atomic()
    def define(cls, by, kind, least=0, steps=(), currency=None, name="", **more):
        """Create a flow with its steps in order (roles, or steps as data), for amounts in the
        firm's currency unless it has its own; without steps it approves at once."""
        if by is not None:
            by.must("configure")
        flow = cls.create(
            kind=kind,
            least=least,
            currency=currency or Company.current().currency,
            name=name or f"{kind} {least}",
            **cls._validated(kind, least, more),
        )
        flow._write_steps(steps)
        flow._check_decision_required()
        flow.record("defined", by, steps=flow.plan())
        flow._store_version(by)
        return flow

    @db.atomic()
    def revise(self, by, version=None, steps=None, **data):
        """Change the flow; open requests keep their copy of the steps. Refused when someone has
        changed it since `version`. Steps that stay as they are may name who has left."""
        by.must("configure")
        data = {
            **data,
            **self._validated(
                data.get("kind", self.kind),
                data.get("least", self.least),
                {k: data[k] for k in ("conditions", "priority") if k in data},
            ),
        }
        if steps is not None and _completed(steps) == _completed(self.plan()):
            steps = None
        before = self.as_file()
        for key, value in data.items():
            setattr(self, key, value)
        planned = self.plan() if steps is None else [s.as_plan() for s in self._steps_of(steps)]
        changes = changed_fields(before, {**self.as_file(), "steps": planned})
        if not changes:
            return
        version in (None, self.version) or refuse("flow_changed")
        updated = (
            ApprovalFlow.update(version=ApprovalFlow.version + 1)
            .where(ApprovalFlow.id == self.id, ApprovalFlow.version == self.version)
            .execute()
        )
        updated or refuse("flow_changed")
        self.version += 1
        self.save()
        if steps is not None:
            self._write_steps(steps)
        self._check_decision_required()
        self.record("revised", by, steps=self.plan(), **changes)
        self._store_version(by)

    @staticmethod
    def _validated(kind, least, more):
        kind in KINDS or refuse("flow_kind")
        least >= 0 or refuse("limit_negative")
        try:
            return {
                **more,
                **(
                    {"conditions": conditions.validated(more["conditions"])}
                    if "conditions" in more
                    else {}
                ),
            }
        except ValueError:
            refuse("flow_condition")

    def _steps_of(self, steps):
        valid = [validated_step(s) for s in _as_data(steps)]
        return [FlowStep(flow=self, position=n, **step) for n, step in enumerate(valid, 1)]

    def _write_steps(self, steps):
        rows = self._steps_of(steps)
        FlowStep.delete().where(FlowStep.flow == self.id).execute()
        for row in rows:
            row.save(force_insert=True)

    def _check_decision_required(self):
        plan = self.plan()
        if self.kind in DECISION_REQUIRED and (
            not plan or any(s.get("late") == "pass" for s in plan)
        ):
            refuse("flow_asks_nobody")

    def _store_version(self, by):
        FlowVersion.create(
            flow=self,
            version=self.version,
            at=now(),
            by=by.name if by else "Danju",
            content=self.as_file(),
        )

    def ordered_versions(self):
        """All versions of the flow, the newest first."""
        return self.versions.order_by(FlowVersion.version.desc())

    def named_people(self):
        """The ids of all whom its conditions and steps name."""
        steps = _completed(self.plan())
        named = {i for step in steps for name in PEOPLE_FIELDS for i in step[name]}
        named |= {step[name] for step in steps for name in PERSON_FIELDS if step[name]}
        return named | set((self.conditions or {}).get("owner", ()))

    def understaffed_steps(self):
        return understaffed(self.plan(), list(User.select().where(User.active)))

    def under_way(self):
        """Open requests of any version of this flow."""
        return self.requests.where(self.requests.model.state == "open")

    def as_file(self):
        """The flow as data, for export and for the list of versions."""
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
        """The flow for another installation: colleagues by mail address, teams by name."""
        mails, teams = (
            {row.id: getattr(row, name) for row in cls.select()}
            for cls, name in ((User, "email"), (Team, "name"))
        )
        content = self.as_file()
        named = {
            "owner": [mails[i] for i in content["conditions"].get("owner", ())],
            "team": [teams[i] for i in content["conditions"].get("team", ())],
        }
        return {
            **content,
            "conditions": {**content["conditions"], **{k: v for k, v in named.items() if v}},
            "steps": [
                {
                    k: [mails[i] for i in v]
                    if k in PEOPLE_FIELDS
                    else mails[v]
                    if k in PERSON_FIELDS and v
                    else v
                    for k, v in step.items()
                }
                for step in content["steps"]
            ],
        }

    def content_rows(self):
        rows = super().content_rows()
        return {"flow": rows, "steps": self.plan()}


def _as_data(steps):
    return [{"role": s} if isinstance(s, str) else s for s in steps]


def _completed(steps):
    return [completed(s) for s in _as_data(steps)]


class FlowVersion(Model):
    """The content of a flow in one version."""

    flow = pw.ForeignKeyField(ApprovalFlow, backref="versions")
    version = pw.IntegerField()
    at = pw.DateTimeField()
    by = pw.CharField()
    content = JSONField()

    class Meta:
        indexes = ((("flow", "version"), True),)


def _with_local_ids(conditions, row):
    """The conditions and the row of a file, with the ids of this installation in place of mail
    addresses and team names."""
    mails, teams = (
        {u.email: u.id for u in User.select().where(User.active)},
        {t.name: t.id for t in Team.select()},
    )

    def id_of(v, known, code):
        return v if not isinstance(v, str) else known.get(v) or refuse(code, value=v[:100])

    def ids_of(v, known, code):
        return [id_of(x, known, code) for x in v] if isinstance(v, list) else refuse("flow_file")

    conditions = {
        k: ids_of(v, *{"owner": (mails, "flow_person"), "team": (teams, "flow_team")}[k])
        if k in ("owner", "team")
        else v
        for k, v in conditions.items()
    }
    steps = [
        {
            k: ids_of(v, mails, "flow_person")
            if k in PEOPLE_FIELDS
            else id_of(v, mails, "flow_person")
            if k in PERSON_FIELDS
            else v
            for k, v in step.items()
        }
        for step in row.get("steps", [])
    ]
    return conditions, {**row, "steps": steps}


def import_flows(by, rows):
    """Import flows from a file, all or none; a flow of the same name and kind is changed, others
    are added. Returns how many."""
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
            data.setdefault("currency", Company.current().currency)
            valid = (
                isinstance(row.get("name"), str)
                and 0 < len(row["name"]) <= 200
                and isinstance(data.get("least", 0), int)
                and abs(data.get("least", 0)) < 10**15
                and isinstance(row.get("steps", []), list)
                and all(isinstance(s, dict) for s in row.get("steps", []))
                and data.get("kind") in KINDS
                and isinstance(data.get("priority", 0), int)
                and abs(data.get("priority", 0)) < 10**6
                and isinstance(data["currency"], str)
                and len(data["currency"]) == 3
                and isinstance(data.get("conditions", {}), dict)
            )
            valid or refuse("flow_file")
            data["conditions"], row = _with_local_ids(data.get("conditions", {}), row)
            found = ApprovalFlow.get_or_none(
                ApprovalFlow.name == row["name"], ApprovalFlow.kind == data["kind"]
            )
            if found:
                found.revise(by, steps=row.get("steps", []), **data)
            else:
                ApprovalFlow.define(by, name=row["name"], steps=row.get("steps", []), **data)
    return len(rows)
