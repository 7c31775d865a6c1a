"""Flows and their steps: chosen by kind and amount at submit, copied into the request."""
import peewee as pw

from models.base import JSONField, Model, MoneyField, db, refuse
from models.events import Journaled
from models.people import User


class ApprovalFlow(Journaled, Model):
    """Which papers it is for and from which amount; the highest amount that is reached decides."""
    name = pw.CharField()
    kind = pw.CharField(max_length=20)
    currency = pw.CharField(max_length=3, default="CNY")
    least = MoneyField(default=0)
    active = pw.BooleanField(default=True)
    version = pw.IntegerField(default=1)

    @classmethod
    def in_force(cls):
        return cls.select().where(cls.active).order_by(cls.kind, cls.least)

    @classmethod
    def choose(cls, document):
        """The flow for this paper. A currency without a flow of its own takes the strictest."""
        flows = cls.select().where(cls.active, cls.kind == document.kind)
        own = flows.where(cls.currency == document.currency, cls.least <= abs(document.total))
        own = own.order_by(cls.least.desc()).first()
        return own or flows.order_by(cls.least.desc()).first() or refuse("no_flow", kind=document.kind)

    def plan(self):
        """The steps as data, to be copied into a request."""
        return [{"position": s.position, "role": s.role, "people": s.people, "rule": s.rule}
                for s in self.steps.order_by(FlowStep.position)]

    @classmethod
    @db.atomic()
    def define(cls, by, kind, least, steps, currency="CNY", name=""):
        """A flow with the roles asked, in order; an empty list asks nobody."""
        by is None or by.must("configure")
        flow = cls.create(kind=kind, least=least, currency=currency, name=name or f"{kind} {least}")
        for position, role in enumerate(steps, 1):
            FlowStep.create(flow=flow, position=position, role=role)
        flow.record("defined", by, steps=steps)
        return flow

    @db.atomic()
    def revise(self, by, least):
        """Ask from another amount; what is under way keeps its copy."""
        by.must("configure")
        least >= 0 or refuse("limit_negative")
        self.least, self.version = least, self.version + 1
        self.save()
        self.record("revised", by, least=least)

    def content_rows(self):
        rows = super().content_rows()
        return {"flow": rows, "steps": self.plan()}


class FlowStep(Model):
    """One level: the role or the people asked, and whether any one or all must agree (或签, 会签)."""
    flow = pw.ForeignKeyField(ApprovalFlow, backref="steps")
    position = pw.IntegerField()
    role = pw.CharField(max_length=12, default="")
    people = JSONField(default=list)
    rule = pw.CharField(max_length=6, default="any")


def approvers(step, document, submitter):
    """The people a step asks: named ones, or the role's; for managers the submitter's superior, else the
    customer's team, else any. Never the submitter (no one approves their own paper)."""
    if step["people"]:
        found = list(User.select().where(User.id.in_(step["people"]), User.active))
    else:
        found = User.with_role(step["role"])
        if step["role"] == "manager":
            close = [u for u in found if u.id == submitter.superior_id] or \
                    [u for u in found if u.team_id and u.team_id == submitter.team_id and u != submitter]
            found = close or found
    return [u for u in found if u != submitter and u.id != document.owner_id] or \
        refuse("no_approver", role=step["role"])
