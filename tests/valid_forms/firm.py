"""Forms of the set-up, the settings, the people, the products and what they import."""

import pyotp
from flask import current_app

from models.documents import DocumentLink
from models.people import Code, Factor
from tests.models.test_second_factor import code_of, set_up
from tests.support.workbooks import saved, xlsx
from tests.valid_forms.fields import CORRECTED, UPLOAD

PASSWORD = "a long enough secret"
COMPANY = {"language": "zh", "currency": "CNY"}
INVITED = ("sales", "manager", "finance", "archivist", "importer", "admin")
PERSON = {
    "name": "新人",
    "email": "new@firm.test",
    "roles": ["sales", "finance"],
    "team": "North",
    "superior": "0",
    "language": "zh",
    "password": PASSWORD,
}
PRODUCT = {
    "code": "P9",
    "name": "墨水",
    "unit": "瓶",
    "name_en": "Bottle",
    "unit_en": "bt",
    "price": "12.3456",
    "currency": "CNY",
    "cost": "8.5",
    "category": "c",
    "tax": "1",
    "active": "y",
}
SETTINGS = {
    "name": "华信",
    "legal_name": "华信有限公司",
    "tax_id": "T",
    "address": "A",
    "phone": "1",
    "email": "a@b.test",
    "website": "https://w.test",
    "bank_name": "B",
    "bank_branch": "C",
    "bank_account": "1",
    "bank_code": "D",
    "footer": "F",
    "zone": "America/New_York",
    **dict.fromkeys(
        "name_en legal_name_en address_en footer_en bank_name_en bank_branch_en".split(), "E"
    ),
    "prices_include_tax": "y",
    "logo": "",
    "seal": "",
    "contract_seal": "",
    "font": "",
    "remove_font": "y",
    "group": "company",
    "remove_logo": "y",
    "remove_seal": "y",
    "factor_roles": ["admin", "finance"],
    "provider_factor": "y",
    "provider_alone": "y",
    "seal_kinds": ["invoice", "quote"],
    "remove_contract_seal": "y",
    "contract_seal_kinds": "order",
    "date_format": "iso",
    "language": "en",
    "iban": "DE89 3704 0044 0532 0130 00",
    "bic": "COBADEFFXXX",
    "payment_link": "https://pay.test/{number}?a={amount}",
    "fiscal_month": "4",
    "bookkeeper_mail": "books@firm.test",
    "days_back": "30",
    "link_days": "30",
    "import_rows": "1000",
    "import_mb": "50",
    "import_cells": "20",
    "title_invoice_zh": "商业发票",
    "title_credit_note_zh": "贷项通知单",
}
TAX_RATE = {
    "name": "1%",
    "name_en": "1% VAT",
    "kind": "taxed",
    "rate": "1",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
}


def reading(firm):
    """An import whose file is to be read otherwise."""
    from models.imports import Import

    row = Import.upload(
        firm.fang, "customers", "x.xlsx", saved(xlsx(("a", [["code", "name"], [1, "A"]])))
    )
    fields = {
        "encoding": "gb18030",
        "separator": ";",
        "sheet": "a",
        "head_row": "1",
        "head_rows": "1",
        "totals": "on",
        "target": "documents",
    }
    return "fang", f"/imports/{row.id}/reading", fields, {}


def upload(firm):
    """An import that waits for its columns."""
    from models.imports import Import

    row = Import.upload(
        firm.fang,
        "documents",
        "x.csv",
        b"number,date,customer,price,status\nN1,2025-01-02,Old,10,paid\nN2,2025-01-02,Old,10,void\n",
    )
    row.check(firm.fang, row.mapping, {})
    Import.run_waiting()
    return (
        "fang",
        f"/imports/{row.id}/check",
        {
            "key": "number",
            "kind": "invoice",
            "currency": "CNY",
            "date_order": "mdy",
            "language": "zh",
            "same_number": "refuse",
            "existing": "leave",
            "difference": "line",
            "tax": str(firm.tax.id),
            "fallback": "散客",
            "credit_prefix": "C",
            "create_customers": "on",
            "column-0": "number",
            "column-1": "date",
            "column-2": "customer_name",
            "column-3": "price",
            "default-2": "散客",
            "column-4": "status",
            "decimal": ".",
            "discount": "paid",
            "rounding": "round",
            "fill_down": "on",
            "status_asked": "yes",
            "status_again": "on",
            "status_out": "void",
        },
        {},
    )


def checked_import(firm):
    """An import in which a row has a fault."""
    from models.imports import Import

    data = "code,name,email,amount\nQ1,新,,\nQ2,,no mail,\n".encode()
    row = Import.upload(firm.fang, "customers", "x.csv", data)
    row.check(firm.fang, row.mapping, {})
    Import.run_waiting()
    return row.id


def twin(firm):
    from models.imports import Import

    row = Import.upload(firm.fang, "customers", "x.csv", "code,name\nQ1,Beta Limited\n".encode())
    row.check(firm.fang, row.mapping, {})
    Import.run_waiting()
    return "fang", f"/imports/{row.id}/twins/2", {"decision": "same"}, {}


def mapping_name(firm):
    from models.imports import Import, ImportMapping

    checked_import(firm)
    again = "code,name,email,amount\nQ3,新,,\n".encode()
    row = Import.upload(firm.fang, "customers", "y.csv", again)
    path = f"/imports/mappings/{ImportMapping.get().id}/name"
    return "fang", path, {"name": "旧系统", "import": str(row.id)}, {}


def forgotten_mapping(firm):
    who, path, sent, strangers = mapping_name(firm)
    return who, path.replace("/name", "/forgotten"), {"import": sent["import"]}, strangers


def faulty_row(firm):
    cells = {"cell-0": "Q2", "cell-1": "华信", "cell-2": "still none", "cell-3": "1"}
    return "fang", f"/imports/{checked_import(firm)}/rows/3", cells, {}


def corrected_sheet(firm):
    return "fang", f"/imports/{checked_import(firm)}/corrections", {"file": CORRECTED}, {}


def link(firm):
    return (
        None,
        "/links/joining",
        {"name": "Li Ming", "password": PASSWORD},
        {},
        {"code": Code.make("joining", firm.li)},
    )


def first_code(firm):
    key = current_app.config["SECRET_KEY"]
    Factor.begin(firm.li, key)
    code = code_of(pyotp.TOTP(Factor.pending_secret(firm.li, key)))
    return "li", "/second-factor/app/first-code", {"code": code}, {}


def second_step(firm):
    _app, codes = set_up(firm.li)
    fields = {"code": codes[0], "answer": "", "remember": "y"}
    return None, "/sign-in/second", fields, {}, {"half": Code.make("second_factor", firm.li)}


def change_password(firm):
    firm.li.set_password("the old long secret", by=firm.li)
    return "li", "/sessions/password", {"old": "the old long secret", "password": PASSWORD}, {}


def sign_in(firm):
    return (
        None,
        "/sign-in",
        {"email": "ada@firm.test", "password": "correct horse battery", "next": "/"},
        {},
    )


def account_change(firm):
    """A changed bank account that waits for Fang."""
    from models.company import Company
    from models.people import Session

    company = Company.current()
    company.revise(firm.ada, bank_name="ICBC", bank_account="1")
    Session.start(firm.fang)
    waits = Company.current().revise(firm.ada, bank_account="2")
    return "fang", f"/account-changes/{waits.id}/rejection", {"reason": "wrong"}, {}


OF_PLACE = ("name", "rhythm", "hour", "hourly", "daily", "weekly", "monthly", "yearly")
PLACE = {
    "name": "硬盘",
    "path": "/nowhere/backups",
    "secret": "",
    "rhythm": "daily",
    "hour": "3",
    "hourly": "24",
    "daily": "14",
    "weekly": "8",
    "monthly": "12",
    "yearly": "10",
    **dict.fromkeys(
        ("endpoint", "region", "bucket", "prefix", "key_id", "host", "port", "user", "url"), ""
    ),
}


def place(firm):
    from models.operations.backup import Place

    row = Place.add(firm.ada, "disk", "folder", {"path": "/nowhere/backups"}, "")
    return "ada", f"/backups/places/{row.id}/edit", PLACE, {}


CASES = {
    "setup.new": lambda f: (
        None,
        "/setup",
        {
            "firm": "甲",
            "name": "Ada",
            "email": "a@b.test",
            "password": PASSWORD,
            **COMPANY,
            "zone": "America/New_York",
            "demo": "",
        },
        {},
    ),
    "auth.sign_in": sign_in,
    "auth.language": lambda f: ("li", "/language", {"language": "en", "next": "/"}, {}),
    "auth.forgotten": lambda f: (
        None,
        "/forgotten",
        {"email": "li@firm.test", "how": "password"},
        {},
    ),
    "auth.bring": lambda f: (
        None,
        "/links/password/code",
        {"code": Code.make("password", f.li)},
        {},
    ),
    "links.bring": lambda f: (
        None,
        "/d",
        {"code": DocumentLink.make(f.issued(price="10"), f.anna)[1]},
        {},
    ),
    "auth.redeem": link,
    "sessions.password": change_password,
    "second_factor.confirm": first_code,
    "second_step.new": second_step,
    "invitations.create": lambda f: (
        "ada",
        "/people/invitations",
        {**dict.fromkeys(INVITED, ""), "sales": "Mei Lin <mei@firm.test>, tom@firm.test"},
        {},
    ),
    "invitations.again": lambda f: ("ada", f"/people/{f.li.id}/invitation", {}, {}),
    "people.sign_out": lambda f: ("ada", f"/people/{f.li.id}/sessions/end", {}, {}),
    "access.sign_everybody_out": lambda f: ("ada", "/access/sign-out", {}, {}),
    "people.new": lambda f: ("ada", "/people/new", PERSON, {}),
    "people.edit": lambda f: (
        "ada",
        f"/people/{f.li.id}/edit",
        {**PERSON, "superior": str(f.wang.id)},
        {"superior": f.chen.id},
    ),
    "products.new": lambda f: ("fang", "/products/new", PRODUCT, {}),
    "products.edit": lambda f: ("fang", f"/products/{f.pen.id}/edit", PRODUCT, {}),
    "settings.edit": lambda f: ("ada", "/settings/", SETTINGS, {}),
    "settings.preview": lambda f: ("ada", "/settings/preview", {"kind": "order"}, {}),
    "settings.try_mail": lambda f: ("ada", "/settings/test-mail", {}, {}),
    "calendar.index": lambda f: (
        "ada",
        "/calendar/",
        {"day": "2027-02-06", "until": "2027-02-08", "works": "off", "name": "春节"},
        {},
    ),
    "calendar.hours": lambda f: ("ada", "/calendar/hours", {"begins": "8", "ends": "17"}, {}),
    "settings.patterns": lambda f: (
        "ada",
        "/settings/patterns",
        {"pattern-invoice": "I{year}-{n:5}", "start-invoice": "7"},
        {},
    ),
    "imports.create": lambda f: ("fang", "/imports/", {"target": "customers", "file": UPLOAD}, {}),
    "imports.check": upload,
    "import_mappings.rename": mapping_name,
    "import_mappings.forget": forgotten_mapping,
    "import_rows.update": faulty_row,
    "import_rows.correct": corrected_sheet,
    "import_rows.decide_twin": twin,
    "imports.reading": reading,
    "tax_rates.new": lambda f: ("ada", "/tax-rates/new", TAX_RATE, {}),
    "tax_rates.edit": lambda f: ("ada", f"/tax-rates/{f.tax.id}/edit", TAX_RATE, {}),
    "products.bulk": lambda f: (
        "fang",
        "/products/bulk",
        {"act": "off", "ids": [str(f.pen.id)], "next": "/products/"},
        {},
    ),
    "filters.create": lambda f: (
        "li",
        "/filters/",
        {"page": "documents", "name": "Late", "query": "state=overdue"},
        {},
    ),
    "backups.create": lambda f: ("ada", "/backups/places/new", PLACE, {}),
    "backups.edit": place,
    "announcements.create": lambda f: (
        "ada",
        "/announcements/",
        {"day": "2099-12-31", "hour": "20", "minutes": "30", "text": "升级"},
        {},
    ),
    "restoring.create": lambda f: (
        None,
        "/setup/restore",
        {**{k: PLACE[k] for k in PLACE if k not in OF_PLACE}, "backup": "", "key": "AGE"},
        {},
    ),
    "account_changes.reject": account_change,
    "settings.accounts": lambda f: (
        "ada",
        "/settings/accounts",
        {
            f"{name}-{c}": "US Bank 1"
            for name in ("bank_name", "bank_branch", "bank_account", "bank_code")
            for c in ("USD", "GBP")
        },
        {},
    ),
}
