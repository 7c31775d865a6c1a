"""Files of other programs and files like earlier ones: their columns need no answer."""

import pytest

from models.imports import Import, ImportMapping, fields, known

XERO = (
    "*ContactName,EmailAddress,POAddressLine1,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,"
    "InventoryItemCode,*Description,*Quantity,*UnitAmount,*AccountCode,*TaxType,Currency"
)
CASES = [
    ("documents", XERO, "Xero", {"customer_name", "number", "price", "due_on"}),
    (
        "documents",
        "Due Date,Invoice Number,Invoice Date,Customer Name,Invoice Status,Item Name,Quantity,"
        "Item Price,Item Total,SubTotal,Total,Currency Code,Invoice ID,Colour",
        "Zoho Books",
        {"number", "amount", "status"},
    ),
    (
        "documents",
        "Number,Invoice Partner Display Name,Invoice/Bill Date,Currency,Invoice lines/Product,"
        "Invoice lines/Quantity,Invoice lines/Unit Price,Status",
        "Odoo",
        {"customer_name", "price", "name"},
    ),
    (
        "documents",
        "单据日期,单据编号,客户,存货编码,存货名称,规格型号,数量,含税单价,含税金额,税率,业务员",
        "用友 T+/好会计",
        {"price_with_tax", "amount_with_tax", "owner"},
    ),
    (
        "documents",
        "日期,单据编号,购货单位,产品代码,产品名称,规格型号,单位,数量,单价,金额,业务员",
        "金蝶 KIS",
        {"customer_name", "code"},
    ),
    (
        "customers",
        "行号,单位编号,单位全名,单位地址,单位电话,联系人一,手机一",
        "管家婆",
        {"code", "name", "contact_phone"},
    ),
    ("customers", "唯一性ID,客户名称,客户编号,负责人,电话", "纷享销客", {"name", "code", "owner"}),
    ("customers", "客户编号,客户名称,电话", None, {"code", "name", "phone"}),
    ("products", "name,price,code,unit", None, {"name", "price"}),
]


@pytest.mark.parametrize("target, heads, program, meant", CASES)
def test_a_known_export_is_mapped_at_once(firm, target, heads, program, meant):
    width = heads.count(",")
    row = Import.upload(firm.fang, target, "x.csv", f"{heads}\nA{',1' * width}\n".encode())
    assert meant <= set(row.mapping.values())
    assert row.outline["recognised"] == ({"program": program} if program else {})


def test_every_known_field_is_one_of_the_target():
    for export in known.KNOWN:
        given = [field for field in export.meanings.values() if field]
        assert set(given) <= set(fields.FIELDS[export.target]) and len(given) == len(set(given))


def test_a_file_with_the_same_heads_is_read_as_the_last_one(firm):
    def upload(text):
        return Import.upload(firm.fang, "customers", "x.csv", text.encode())

    first = upload("Nr,Firma,Ort\n1,Alt,Bonn\n")
    assert first.mapping == {}
    answers = {"defaults": {"city": "Köln"}, "language": "en"}
    first.check(firm.fang, {"0": "code", "1": "name", "2": "city"}, answers)
    again = upload("Ort,Nr,Firma\nUlm,2,Neu\n")
    assert again.mapping == {"0": "city", "1": "code", "2": "name"}
    assert again.options["defaults"] == {"city": "Köln"} and again.options["language"] == "en"
    assert again.outline["recognised"] == {"mapping": ImportMapping.get().id}
    assert upload("Nr,Firma,Ort,Land\n1,Alt,Bonn,DE\n").mapping == {}
    ImportMapping.get().forget(firm.fang)
    assert upload("Ort,Nr,Firma\nUlm,2,Neu\n").mapping == {}
