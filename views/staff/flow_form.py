"""The flow editor's form: conditions and steps as an office manager words them."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    widgets,
)
from wtforms import Form as Part
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from models.approvals.flow import KINDS
from models.approvals.step import with_defaults
from models.company import Company
from models.core.money import format_money, parse_money
from models.people import Team, User
from views.forms import (
    CURRENCIES,
    SHORT,
    Form,
    ScaledField,
    WholeField,
    clean,
    keep_choice,
    options,
    row_options,
)

WHO = (
    ("role", _l("everyone with a role")),
    ("people", _l("these people")),
    ("superior", _l("the submitter's superior")),
    ("superior2", _l("the superior's superior")),
    ("customer_owner", _l("the customer's salesperson")),
)
ROLES = (
    ("manager", _l("Manager")),
    ("finance", _l("Finance")),
    ("admin", _l("Administrator")),
    ("archivist", _l("Archivist")),
    ("sales", _l("Salesperson")),
)
RULES = (
    ("any", _l("Any one approves")),
    ("all", _l("All must approve")),
    ("n", _l("A set number must approve")),
)
LATE = (
    ("remind", _l("remind")),
    ("escalate", _l("escalate to the superior")),
    ("hand_over", _l("reassign to")),
    ("pass", _l("approve automatically")),
)
KIND_NAMES = {
    "quote": _l("Quote"),
    "order": _l("Order"),
    "delivery_note": _l("Delivery note"),
    "invoice": _l("Invoice"),
    "credit_note": _l("Credit note"),
    "void": _l("Voiding"),
    "destruction": _l("Destruction list"),
}


class Many(SelectMultipleField):
    """Several colleagues by tick boxes."""

    widget, option_widget = widgets.ListWidget(prefix_label=False), widgets.CheckboxInput()


class StepForm(Part):
    name = StringField(_l("Name of the step"), [SHORT, clean])
    who = SelectField(_l("Who is asked"), choices=options(WHO))
    role = SelectField(_l("Role"), choices=options(ROLES))
    people = Many(_l("Users"), coerce=int)
    rule = SelectField(_l("How many must agree"), choices=options(RULES))
    needed = WholeField(_l("Approvals needed"), [Optional(), NumberRange(1, 50)], default=1)
    hours = WholeField(
        _l("Time limit in working hours, 0 for none"), [Optional(), NumberRange(0, 2000)], default=0
    )
    late = SelectField(_l("When time is up"), choices=options(LATE))
    late_to = SelectField(_l("Reassign to"), coerce=int, default=0)
    fallback = SelectField(_l("Fallback approver"), coerce=int, default=0)
    copy_to = Many(_l("Send a copy to"), coerce=int)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = [
            (u.id, u.name)
            for u in User.select(User.id, User.name).where(User.active).order_by(User.id)
        ]
        self.people.choices = self.copy_to.choices = options(people)
        self.late_to.choices = self.fallback.choices = options([(0, "—"), *people])

    @property
    def detailed(self):
        """Whether more is said of the step than who is asked."""
        said = (self.name, self.fallback, self.hours, self.copy_to)
        return any(field.data for field in said) or bool(self.hours.errors)

    def rename(self, number):
        """Give the fields the number of their row."""
        for field in self:
            short = field.name.rsplit("-", 1)[-1]
            field.name = field.id = f"steps-{number}-{short}"

    def values(self):
        data = {
            **self.data,
            "late_to": self.late_to.data or None,
            "fallback": self.fallback.data or None,
        }
        return {
            **data,
            "needed": data["needed"] or 1,
            "hours": data["hours"] or 0,
            "name": data["name"] or "",
        }


class FlowForm(Form):
    version = HiddenField()
    name = StringField(_l("Name"), [InputRequired(), SHORT, clean])
    kind = SelectField(_l("For"), choices=options([(k, KIND_NAMES[k]) for k in KINDS]))
    priority = WholeField(
        _l("Priority"),
        [Optional(), NumberRange(0, 1000)],
        default=0,
        description=_l(
            "Of the matching flows, the one with the highest number is used. Everyday flows: "
            "0; exceptions: 10 or more."
        ),
    )
    least = StringField(_l("Total at least"), [SHORT, clean])
    currency = SelectField(
        _l("Currency"),
        choices=CURRENCIES,
        description=_l("The flow is for documents in this currency."),
    )
    discount = ScaledField(_l("Discount at least (%)"), least=1, most=10000)
    below_list = ScaledField(
        _l("Price below list price by more than (%)"),
        least=0,
        most=10000,
        description=_l("Discounts count too. 0 means any price below the list price."),
    )
    margin = ScaledField(
        _l("Lowest line margin below (%)"),
        least=1,
        most=10000,
        description=_l("Only products with a cost are included."),
    )
    credit_exceeded = BooleanField(_l("Exceeds the customer's credit limit"))
    first_order = BooleanField(_l("Customer's first order"))
    equals_source = BooleanField(
        _l("The document equals its approved source"),
        description=_l(
            "Customer, lines, prices and terms equal the source document, each quantity in full "
            "and only once, and the source was approved by a person."
        ),
    )
    beyond_invoice = BooleanField(
        _l("A credit note above what remains of its invoice"),
        description=_l(
            "Without such a flow it is refused. If there is one, it takes priority over all others."
        ),
    )
    tag = StringField(_l("Customers with the tag"), [SHORT, clean])
    owner = Many(_l("Salespeople"), coerce=int)
    team = Many(_l("Teams"), coerce=int)
    recall_late = BooleanField(_l("Allow recall after the first approval"))
    active = BooleanField(_l("Active"), default=True)
    steps = FieldList(FormField(StepForm), max_entries=20)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.owner.choices = row_options(User.with_role("sales"))
        self.team.choices = options([(t.id, t.name) for t in Team.select().order_by(Team.name)])

    @property
    def narrowed(self):
        """Whether the flow is for some salespeople or teams only."""
        return bool(self.owner.data or self.team.data)

    def validate_least(self, field):
        try:
            if not parse_money(field.data or "0", self.currency.data) >= 0:
                raise ValueError
        except ValueError:
            raise ValidationError(_l("Enter a valid number.")) from None

    def values(self):
        """What define() and revise() take."""
        asked = {
            "discount": self.discount.data,
            "margin": self.margin.data,
            "credit_exceeded": self.credit_exceeded.data,
            "first_order": self.first_order.data,
            "equals_source": self.equals_source.data,
            "beyond_invoice": self.beyond_invoice.data,
            "tag": (self.tag.data or "").strip(),
            "owner": self.owner.data,
            "team": self.team.data,
        }
        return {
            "name": self.name.data,
            "kind": self.kind.data,
            "currency": self.currency.data,
            "priority": self.priority.data or 0,
            "least": parse_money(self.least.data or "0", self.currency.data),
            "recall_late": self.recall_late.data,
            "active": self.active.data,
            "conditions": {
                **{k: v for k, v in asked.items() if v},
                **(
                    {"below_list": self.below_list.data} if self.below_list.data is not None else {}
                ),
            },
            "steps": [row.form.values() for row in self.steps],
        }


def keep_people(form, flow):
    """Let the form keep those of the flow who have left, or sell no more."""
    steps, sellers = [row.form for row in form.steps], (flow.conditions or {}).get("owner", [])
    for person in User.select().where(User.id.in_(list(flow.named_people()) or [0])):
        for step in steps if not person.active else []:
            for field in (step.people, step.copy_to, step.late_to, step.fallback):
                keep_choice(field, person.id, person.name)
        if person.id in sellers:
            keep_choice(form.owner, person.id, person.name)


def form_of(flow):
    """The form as submitted, or filled from the flow."""
    if flow is None:
        return FlowForm(
            data={
                "currency": Company.current().currency,
                "active": True,
                "steps": [{"who": "role", "role": "manager"}],
            }
        )
    steps = [
        {
            **with_defaults(s),
            "late_to": with_defaults(s)["late_to"] or 0,
            "fallback": with_defaults(s)["fallback"] or 0,
        }
        for s in flow.plan()
    ]
    form = FlowForm(
        data={
            "version": flow.version,
            "name": flow.name,
            "kind": flow.kind,
            "priority": flow.priority,
            "least": format_money(flow.least, flow.currency),
            "currency": flow.currency,
            "recall_late": flow.recall_late,
            "active": flow.active,
            "steps": steps,
            **(flow.conditions or {}),
        }
    )
    keep_people(form, flow)
    return form
