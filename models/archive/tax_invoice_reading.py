"""Reading the data of a tax invoice (数电票) from its XML, OFD or PDF.

The names below are those of the tax bureau's XML (EInvoice / EInvoiceData / TaxSupervisionInfo), of
the older OFD's original_invoice.xml (eInvoice) and of the CustomDatas in OFD.xml, as public readers
of these files know them."""

import datetime as dt
import re
import unicodedata
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree as safe_xml
from defusedxml.common import DefusedXmlException

from models.archive import ofd, tax_invoice_pdf
from models.archive.external_file import type_of
from models.core.errors import refuse
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
MOST_FIELDS = 100_000


def read(data):
    """The data of the tax invoice. Refused when it is of another type, or lacks data that a tax
    invoice must have."""
    extension, _mime = type_of(data)
    extension in ("xml", "ofd", "pdf") or refuse("einvoice_kind")
    if extension == "pdf":
        return parsed(tax_invoice_pdf.found(data))
    found = {}
    for part in [data] if extension == "xml" else _xml_parts(data):
        for field, text in _fields(part):
            if field == "number" and found.get("number", text) != text:
                refuse("einvoice_two_numbers")
            found.setdefault(field, text)
    return parsed(found)


def _xml_parts(data):
    """The XML parts of an OFD with invoice data: the attachments first, then OFD.xml itself."""
    parts = dict(ofd.parts(data))
    first = [n for n in parts if n.lower().endswith("original_invoice.xml")] + [
        n for n in parts if "attach" in n.lower()
    ]
    return [
        parts[n] for n in [*dict.fromkeys(first), *(n for n in parts if n.lower() == "ofd.xml")]
    ]


def _fields(data):
    """(field, text) of every element, or OFD CustomData, whose name we know."""
    try:
        root = safe_xml.fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        refuse("file_damaged")
    side = {}
    for count, element in enumerate(root.iter()):
        count <= MOST_FIELDS or refuse("file_too_large")
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name in ("Buyer", "Seller"):  # the older OFD uses the same tag names for both
            side.update({id(child): name for child in element})
        name = (
            side.get(id(element), "") + name
            if side.get(id(element)) and not name.startswith(("Buyer", "Seller"))
            else name
        )
        name = element.get("Name", "") if name == "CustomData" else name
        text = unicodedata.normalize("NFKC", (element.text or "").strip())
        if text and name.lower() in FIELD_OF:
            yield FIELD_OF[name.lower()], text


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
