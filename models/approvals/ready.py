"""Three ready sets of flows, for companies of 5, 20 and 50 people."""

from models.approvals.flow import ApprovalFlow
from models.company import Company
from models.core.database import db
from models.core.errors import refuse

DOCUMENTS = ("quote", "order", "invoice", "credit_note")
SALES = ("quote", "order", "invoice")
MANAGER = {"who": "role", "role": "manager", "hours": 16, "late": "remind"}
FINANCE = {"who": "role", "role": "finance", "hours": 16, "late": "remind"}
SUPERIOR = {"who": "superior", "hours": 8, "late": "escalate"}
CHIEF = {"who": "superior2", "hours": 16, "late": "remind"}
EQUAL = (
    "与已批准来源一致 / equals its approved source",
    ("order", "invoice"),
    0,
    90,
    {"equals_source": True},
    [],
)
# (name, kinds, least in major units, priority, conditions, steps)
SETS = {
    "5": [
        EQUAL,
        ("小额免审 / small amounts: no approver", DOCUMENTS, 0, 0, {}, []),
        ("经理 / manager", DOCUMENTS, 5_000, 0, {}, [MANAGER]),
        ("作废 / void", ("void",), 0, 0, {}, [MANAGER]),
        ("销毁清册 / destruction list", ("destruction",), 0, 0, {}, [MANAGER]),
    ],
    "20": [
        EQUAL,
        ("小额免审 / small amounts: no approver", DOCUMENTS, 0, 0, {}, []),
        ("经理 / manager", DOCUMENTS, 1_000, 0, {}, [MANAGER]),
        ("经理、财务 / manager, finance", DOCUMENTS, 20_000, 0, {}, [MANAGER, FINANCE]),
        (
            "超信用额度 / over the credit limit",
            ("order", "invoice"),
            0,
            20,
            {"credit_exceeded": True},
            [MANAGER, FINANCE],
        ),
        (
            "低于标价 10% 以上 / more than 10 % below list",
            SALES,
            0,
            15,
            {"below_list": 1000},
            [MANAGER, FINANCE],
        ),
        ("折扣 10% 起 / discount from 10 %", SALES, 0, 10, {"discount": 1000}, [MANAGER]),
        ("作废 / void", ("void",), 0, 0, {}, [MANAGER, FINANCE]),
        ("销毁清册 / destruction list", ("destruction",), 0, 0, {}, [MANAGER]),
    ],
    "50": [
        EQUAL,
        ("直属上级 / superior", DOCUMENTS, 0, 0, {}, [SUPERIOR]),
        ("上级、财务 / superior, finance", DOCUMENTS, 10_000, 0, {}, [SUPERIOR, FINANCE]),
        (
            "上级、财务、总经理 / superior, finance, chief",
            DOCUMENTS,
            100_000,
            0,
            {},
            [SUPERIOR, FINANCE, CHIEF],
        ),
        (
            "超信用额度 / over the credit limit",
            ("order", "invoice"),
            0,
            30,
            {"credit_exceeded": True},
            [SUPERIOR, FINANCE, CHIEF],
        ),
        (
            "毛利低于 10% / margin below 10 %",
            SALES,
            0,
            25,
            {"margin": 1000},
            [SUPERIOR, FINANCE, CHIEF],
        ),
        (
            "低于标价 15% 以上 / more than 15 % below list",
            SALES,
            0,
            20,
            {"below_list": 1500},
            [SUPERIOR, CHIEF],
        ),
        ("首单 / first order", ("order",), 0, 10, {"first_order": True}, [SUPERIOR, FINANCE]),
        ("作废 / void", ("void",), 0, 0, {}, [SUPERIOR, FINANCE]),
        ("销毁清册 / destruction list", ("destruction",), 0, 0, {}, [SUPERIOR, CHIEF]),
    ],
}


def named(both):
    """The name of a ready flow in the language of the firm, of "Chinese / English"."""
    chinese, english = both.split(" / ")
    return chinese if Company.current().language == "zh" else english[0].upper() + english[1:]


def as_file(size):
    """The set as it is shipped in docs/flows/: in the company's own currency, and without a
    fallback, since the file names no people."""
    return [
        {
            "name": name,
            "kind": kind,
            "least": least * 100,
            "priority": priority,
            "conditions": conditions,
            "recall_late": False,
            "active": True,
            "steps": steps,
        }
        for name, kinds, least, priority, conditions, steps in SETS[size]
        for kind in kinds
    ]


@db.atomic()
def install_ready_flows(by, size):
    """Replace the flows in force by the set for this size; the flows for delivery notes stay."""
    by.must("configure")
    size in SETS or refuse("choice_unknown")
    for flow in ApprovalFlow.in_force().where(ApprovalFlow.kind != "delivery_note"):
        flow.revise(by, active=False)
    currency = Company.current().currency
    fallback = {"fallback": by.id}
    for name, kinds, least, priority, conditions, steps in SETS[size]:
        for kind in kinds:
            ApprovalFlow.define(
                by,
                kind,
                least * 100,
                [{**s, **fallback} for s in steps],
                currency,
                named(name),
                priority=priority,
                conditions=conditions,
            )
