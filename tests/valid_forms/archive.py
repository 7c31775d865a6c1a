"""Forms of the archive."""

import base64
import datetime as dt

from tests import einvoices
from tests.valid_forms.shared import PNG


def scan(firm, by=None, customer=None):
    """A file from outside that lies in the archive."""
    from models.archive import ExternalFile

    return ExternalFile.receive(
        by or firm.li,
        base64.b64decode(PNG.split(",")[1]),
        "a.png",
        "contract",
        title="合同",
        customer=customer or firm.a,
    )


PICTURE, OTHER_PICTURE, TAX_INVOICE = "the file a.png", "the file b.xml", "the file c.xml"


def einvoice(firm):
    from models.archive import EInvoice

    papers = [firm.issued(price="100"), firm.issued(price="100")]
    row = EInvoice.drop(firm.fang, einvoices.xml(), "a.xml")
    return "fang", f"/archive/einvoices/{row.id}/assignment", {"document": str(papers[0].id)}, {}


def matched_einvoice(firm):
    from models.archive import EInvoice

    firm.issued(price="100")
    row = EInvoice.drop(firm.fang, einvoices.xml(), "a.xml")
    return "fang", f"/archive/einvoices/{row.id}/release", {"reason": "是另一张"}, {}


def unread_einvoice(firm):
    from models.archive import EInvoice, tax_invoice

    EInvoice.drop(firm.fang, einvoices.scanned(), "a.pdf")
    return (
        "fang",
        f"/archive/einvoices/files/{tax_invoice.waiting().get().id}/description",
        {
            "number": einvoices.NUMBER,
            "seller": einvoices.OURS,
            "buyer": einvoices.THEIRS,
            "day": "2026-02-28",
            "total": "113.00",
        },
        {},
    )


def aged(firm):
    """A file whose term is over: its day is long ago."""
    from models.archive import ExternalFile

    return ExternalFile.receive(
        firm.li, b"<old/>", "a.xml", "other", title="旧件", customer=firm.a, day=dt.date(2001, 5, 6)
    )


def held(firm):
    from models.archive import LegalHold

    row = LegalHold.place(firm.fang, "诉讼", "案号", customer=firm.a)
    return "fang", f"/archive/holds/{row.id}/lifting", {"reason": "结案"}, {}


def _destroy_and_lose_a_witness(firm, row):
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.fang)
    row.check(firm.ada)
    row.carry_out(firm.zhao)
    firm.fang.revise(firm.ada, roles=["sales"])
    firm.gao = firm.fang.enter(firm.ada, name="高总", email="gao@firm.test", roles=["manager"])


def listed(firm, verb, who, fields, came="proposed"):
    from models.archive import DestructionList

    row = DestructionList.propose(firm.zhao, [aged(firm).filing], "无续存价值")
    if came == "approved":
        row.approve(firm.wang)
    elif came == "returned":
        row.recall(firm.zhao)
    elif came == "destroyed":
        _destroy_and_lose_a_witness(firm, row)
    fields = fields() if callable(fields) else fields  # of what came to be only here
    return who, f"/archive/destructions/{row.id}/{verb}", fields, {}


CASES = {
    "archive.tag": lambda f: (
        "li",
        f"/archive/{scan(f).filing_id}/tags",
        {"tag": "年审, 重要"},
        {},
    ),
    "archive.several": lambda f: (
        "li",
        "/archive/zip",
        {"ids": [str(scan(f).filing_id)]},
        {"ids": scan(f, f.chen, f.b).filing_id},
    ),
    "filing_rules.create": lambda f: (
        "zhao",
        "/archive/rules/",
        {"kind": "invoice", "pattern": "{number}_{date}", "days": "30", "settled": "on"},
        {},
    ),
    "external_files.create": lambda f: (
        "li",
        "/archive/files/",
        {
            "file": PICTURE,
            "kind": "contract",
            "title": "合同",
            "number": "HT-7",
            "customer": str(f.a.id),
            "document": str(f.issued(price="10").id),
            "day": "2026-11-20",
            "note": "原件在柜",
        },
        {"customer": f.b.id, "document": f.issued(price="10", customer=f.b, by=f.chen).id},
    ),
    "external_files.correct": lambda f: (
        "zhao",
        f"/archive/files/{scan(f).id}/correction",
        {
            "kind": "correspondence",
            "day": "2026-11-20",
            "customer": str(f.a.id),
            "title": "来函",
            "number": "7",
            "belongs": "y",
            "reason": "手滑",
        },
        {},
    ),
    "external_files.renew": lambda f: (
        "li",
        f"/archive/files/{scan(f).id}/versions",
        {"file": OTHER_PICTURE, "note": "更清楚"},
        {},
    ),
    "einvoices.create": lambda f: ("fang", "/archive/einvoices/", {"file": TAX_INVOICE}, {}),
    "einvoices.assign": einvoice,
    "einvoices.release": matched_einvoice,
    "einvoices.describe": unread_einvoice,
    "packages.file": lambda f: (
        "zhao",
        "/archive/packages/filings",
        {"year": str(f.issued(price="10").issued_on.year)},
        {},
    ),
    "packages.create": lambda f: (
        "zhao",
        "/archive/packages/",
        {"year": str(scan(f).filing.folder.year)},
        {},
    ),
    "retention.define": lambda f: (
        "zhao",
        "/archive/retention/rules",
        {"kind": "quote", "years": "7"},
        {},
    ),
    "retention.propose": lambda f: (
        "zhao",
        "/archive/retention/lists",
        {"ids": [str(aged(f).filing_id)], "opinion": "无续存价值"},
        {},
    ),
    "legal_holds.create": lambda f: (
        "fang",
        "/archive/holds/",
        {"name": "诉讼", "reason": "案号 7", "customer": "", "number": "", "query": "华信"},
        {},
    ),
    "legal_holds.lift": held,
    "destructions.witnesses": lambda f: listed(
        f, "witnesses", "zhao", {"first": str(f.fang.id), "second": str(f.ada.id)}, came="approved"
    ),
    "destructions.replace": lambda f: listed(
        f, "replacement", "zhao", lambda: {"witness": str(f.gao.id)}, came="destroyed"
    ),
    "destructions.submit": lambda f: listed(
        f, "submission", "zhao", {"opinion": "期满，再报"}, came="returned"
    ),
    "destructions.recall": lambda f: listed(f, "recall", "zhao", {}),
    "destructions.withdraw": lambda f: listed(f, "withdrawal", "zhao", {}, came="returned"),
}
