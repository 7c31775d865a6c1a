"""Reading the data of a tax invoice (数电票) from its XML, OFD or PDF.

The names below are those of the tax bureau's XML (EInvoice / EInvoiceData / TaxSupervisionInfo), of
the older OFD's original_invoice.xml (eInvoice) and of the CustomDatas in OFD.xml, as public readers
of these files know them."""

import datetime as dt
import re
from typing import NamedTuple

from models.adapters import sandbox
from models.adapters.received import Received
from models.archive import tax_invoice_pdf
from models.archive.external_file import examined
from models.core.errors import Refused, refuse
from models.core.money import parse_money

NAMES = {
    "number": ("InvoiceNumber", "EIid", "InvoiceNo", "Fphm", "发票号码"),
    "seller": (
        "SellerIdNum",
        "SellerTaxID",
        "SellerTaxNo",
        "SellerTaxpayerId",
        "Xsfnsrsbh",
        "销售方纳税人识别号",
    ),
    "buyer": (
        "BuyerIdNum",
        "BuyerTaxID",
        "BuyerTaxNo",
        "BuyerTaxpayerId",
        "Gmfnsrsbh",
        "购买方纳税人识别号",
    ),
    "buyer_name": ("BuyerName", "Gmfmc", "购买方名称"),
    "day": ("IssueTime", "IssueDate", "Kprq", "开票日期"),
    "total": (
        "TotalTax-includedAmount",
        "TotalTaxIncludedAmount",
        "TaxInclusiveTotalAmount",
        "Jshj",
        "价税合计",
    ),
    "net": ("TotalAmWithoutTax", "TaxExclusiveTotalAmount", "Hjje", "合计金额"),
    "tax": ("TotalTaxAm", "TaxTotalAmount", "Hjse", "合计税额"),
    "remark": ("Remark", "Note", "Bz", "备注"),
}
FIELD_OF = {name.lower(): field for field, names in NAMES.items() for name in names}
NOT_FOUND = {  # refusals for data that a PDF does not contain readably
    "einvoice_number",
    "einvoice_total",
    "einvoice_day",
    "einvoice_seller_missing",
}


class Reading(NamedTuple):
    """The file of a tax invoice and its data; None where a PDF does not say all that is needed."""

    file: Received
    content: dict | None


def read(data):
    """The Reading of these bytes. Refused when they are of another type, or lack data that a tax
    invoice must have."""
    file = examined(data)
    file.extension in ("xml", "ofd", "pdf") or refuse("einvoice_kind")
    if file.extension != "pdf":
        return Reading(file, parsed(_fields(file)))
    try:
        return Reading(file, parsed(tax_invoice_pdf.found(data)))
    except Refused as error:
        if error.code not in NOT_FOUND:
            raise
        return Reading(file, None)


def _fields(file):
    """{field: text} of every element, or OFD CustomData, whose name we know."""
    found = {}
    for name, text in sandbox.call(
        "models.adapters.sandbox.readers.fields.fields", file.data, file.extension, list(FIELD_OF)
    ):
        field = FIELD_OF[name]
        if field == "number" and found.get("number", text) != text:
            refuse("einvoice_two_numbers")
        found.setdefault(field, text)
    return found


def parsed(found):
    """The texts converted to typed values. Refused for the first one that is missing or wrong."""
    number = found.get("number", "")
    re.fullmatch(r"[0-9]{20}", number) or refuse("einvoice_number")
    if "total" not in found and "net" in found:
        total = _money(found["net"]) + _money(found.get("tax", "0"))
    else:
        total = _money(found.get("total", ""))
    seller = found.get("seller", "").upper()
    seller or refuse("einvoice_seller_missing")
    return {
        "number": number,
        "seller_tax_id": seller[:30],
        "buyer_tax_id": found.get("buyer", "").upper()[:30],
        "total": total,
        "buyer_name": found.get("buyer_name", "")[:200],
        "issued_on": _day(found.get("day", "")),
        "remark": found.get("remark", "")[:500],
    }


def _money(text):
    try:
        return parse_money(text.lstrip("¥￥"), "CNY")
    except ValueError:
        refuse("einvoice_total")


def _day(text):
    """2026-02-28, 2026年02月28日 or 20260228, with or without a time after it."""
    match = re.match(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})", text)
    try:
        return dt.date(*map(int, match.groups()))
    except (AttributeError, ValueError):
        refuse("einvoice_day")
