"""One step of a flow: who is asked, how many must approve, within what time, who gets a copy."""

import peewee as pw

from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.model import Model
from models.people import User

WHO = ("role", "people", "superior", "superior2", "customer_owner")
RULES = ("any", "all", "n")
LATE = ("remind", "escalate", "hand_over", "pass")
DEFAULTS = {
    "role": "",
    "people": [],
    "rule": "any",
    "who": "role",
    "needed": 1,
    "hours": 0,
    "late": "remind",
    "late_to": None,
    "fallback": None,
    "copy_to": [],
    "name": "",
}


class FlowStep(Model):
    """A step as the editor stores it; a request has its own copy in `plan`."""

    flow = pw.DeferredForeignKey("ApprovalFlow", backref="steps")
    position = pw.IntegerField()
    role = pw.CharField(max_length=12, default="")
    people = JSONField(default=list)
    rule = pw.CharField(max_length=6, default="any")
    name = pw.CharField(max_length=60, default="")
    who = pw.CharField(max_length=16, default="role")
    needed = pw.IntegerField(default=1)
    hours = pw.IntegerField(default=0)
    late = pw.CharField(max_length=10, default="remind")
    late_to = pw.IntegerField(null=True)
    fallback = pw.IntegerField(null=True)
    copy_to = JSONField(default=list)

    def as_plan(self):
        """The step as data, without the values that equal their defaults."""
        values = {name: getattr(self, name) for name in DEFAULTS}
        values["people"], values["copy_to"] = values["people"] or [], values["copy_to"] or []
        return {
            "position": self.position,
            "role": self.role,
            "people": values["people"],
            "rule": self.rule,
            **{k: v for k, v in values.items() if v != DEFAULTS[k]},
        }


def with_defaults(step):
    """A step of a plan, completed by the default values."""
    return {**DEFAULTS, **step}


def completed(step):
    """The step from the editor, a file or a plan with a value for everything, in one form: two
    that mean the same are equal."""
    known = {**DEFAULTS, **{k: v for k, v in step.items() if k in DEFAULTS}}
    known["role"] = known["role"] if known["who"] == "role" else ""
    known["people"] = sorted(known["people"], key=str) if known["who"] == "people" else []
    known["copy_to"] = sorted(known["copy_to"], key=str)
    known["name"] = str(known["name"])[:60]
    return known


def validated_step(step):
    """The step from the editor or a file, completed and validated. Refused with the reason
    otherwise."""
    known = completed(step)
    known["who"] in WHO and known["rule"] in RULES and known["late"] in LATE or refuse(
        "step_unknown"
    )
    people = list(User.select().where(User.active))
    active = {user.id for user in people}
    if known["who"] == "role" and known["role"] not in (
        "manager",
        "finance",
        "admin",
        "archivist",
        "sales",
    ):
        refuse("step_nobody")
    if known["who"] == "people" and not set(known["people"]) & active:
        refuse("step_nobody")
    set(known["people"]) | set(known["copy_to"]) | {
        p for p in (known["late_to"], known["fallback"]) if p
    } <= active or refuse("step_stranger")
    0 <= known["hours"] <= 2000 and 1 <= known["needed"] <= 50 or refuse("step_unknown")
    if known["late"] == "hand_over" and not known["late_to"]:
        refuse("step_late_to")
    found = people_available(known, people)
    if known["rule"] == "n" and known["needed"] > found:
        refuse("step_too_many", needed=known["needed"], found=found)
    return known


def people_needed(step):
    """How many must agree at least."""
    return with_defaults(step)["needed"] if step.get("rule") == "n" else 1


def understaffed(plan, active):
    """[(step number, agreements needed, people it has)] of the steps that have lost people since
    the flow was saved, and can no longer be decided by these active people."""
    counted = [(s["position"], people_needed(s), people_available(s, active)) for s in plan]
    return [row for row in counted if row[2] < row[1]]


def people_available(step, active):
    """How many of the active people the step can ask at most, whatever the document."""
    step = with_defaults(step)
    if step["who"] not in ("role", "people"):
        return 1
    if step["who"] == "people":
        found = sum(user.id in step["people"] for user in active)
    else:
        found = sum(step["role"] in user.acting_roles for user in active)
    return found or sum(user.id == step["fallback"] for user in active)


def _acting_as(role):
    return [user for user in User.with_role(role) if role in user.acting_roles]


def named_people(step, document, submitter):
    """The people whom a step names, including those who may not decide here."""
    step = with_defaults(step)
    if step["people"]:
        return list(User.select().where(User.id.in_(step["people"]), User.active).order_by(User.id))
    if step["who"] == "customer_owner":
        owner = document.customer and document.customer.leading.owner
        return [owner] if owner and owner.active else []
    if step["who"] in ("superior", "superior2"):
        superior = (
            _active_superior(submitter)
            if step["who"] == "superior"
            else _active_superior(_active_superior(submitter))
        )
        return [superior] if superior else []
    found = _acting_as(step["role"])
    if step["role"] == "manager":
        nearest = [u for u in found if u.id == submitter.superior_id] or [
            u for u in found if u.team_id and u.team_id == submitter.team_id and u != submitter
        ]
        found = nearest or found
    return found


def _active_superior(user):
    return user.superior if user and user.superior and user.superior.active else None


def approvers(step, document, submitter):
    """Who decides: the people of the step, without the submitter and the owner, since nobody
    approves their own document. If nobody remains, the submitter's superior, then the step's
    fallback. Refused when there is still nobody, so that nothing is approved unseen."""
    own = {submitter.id, document.owner_id}
    named = named_people(step, document, submitter)
    found = [u for u in named if u.id not in own]
    if (
        not found
        and named
        and _active_superior(submitter)
        and _active_superior(submitter).id not in own
    ):
        found = [_active_superior(submitter)]
    if not found and step.get("fallback"):
        found = list(
            User.select().where(User.id == step["fallback"], User.active, User.id.not_in(own))
        )
    if with_defaults(step)["rule"] == "n" and len(found) < step["needed"]:
        refuse("too_few_approvers", needed=step["needed"], found=len(found))
    return found or refuse("no_approver", role=step.get("role") or with_defaults(step)["who"])
