"""The archive of the demo firm."""

import datetime as dt
import io

from PIL import Image

from models.archive import (
    DestructionList,
    EInvoice,
    ExternalFile,
    Inspection,
    LegalHold,
    YearPackage,
    filing_by_rule,
)
from models.company import Company
from models.core.clock import today
from models.core.money import format_money
from models.documents import Document


def fill_archive(people, customers):
    """An archive as it looks after some years: filed papers, scans, tax invoices, old files due, a
    hold, a list to decide."""
    li, fang, zhao = people["li"], people["fang"], people["zhao"]
    filing_by_rule.file_due(since=dt.date(today().year - 1, 1, 1))  # the night files what is older
    invoices = list(
        Document.standing()
        .where(Document.kind == "invoice", Document.currency == "CNY")
        .order_by(Document.id.desc())
        .limit(6)
    )
    for i, invoice in enumerate(invoices[:4]):
        tax_invoice = TAX_INVOICE.format(
            number=f"26312000000{i:09}",
            day=invoice.issued_on,
            buyer=invoice.customer.tax_id,
            name=invoice.customer.name,
            seller=Company.current().tax_id,
            remark=invoice.number if i < 3 else "",
            **{
                k: format_money(getattr(invoice, k), "CNY").replace(",", "")
                for k in ("net", "tax", "total")
            },
        )
        EInvoice.drop(fang, tax_invoice.encode(), f"dzfp_{i}.xml")
    slip, png = Image.new("RGB", (640, 420), "#f4f1e8"), io.BytesIO()
    slip.save(png, "PNG")
    note = (
        Document.standing()
        .where(Document.kind == "delivery_note")
        .order_by(Document.id.desc())
        .first()
    )
    ExternalFile.receive(
        li,
        png.getvalue(),
        "签收单.png",
        "delivery_note",
        title="签收单",
        document=note,
        note="仓库王师傅签收",
    ).filing.tag(zhao, ["已签收"])
    old = [
        ExternalFile.receive(
            zhao,
            f"<statement><month>{month}</month></statement>".encode(),
            f"{month}.xml",
            kind,
            title=title,
            number=f"2009-{month:02}",
            customer=customer,
            day=dt.date(2009, month, 28),
        )
        for month, kind, title, customer in (
            (3, "bank_statement", "工商银行对账单", None),
            (6, "bank_statement", "工商银行对账单", None),
            (9, "correspondence", "询价函", customers[1]),
            (11, "correspondence", "询价函", customers[2]),
        )
    ]
    LegalHold.place(fang, "税务检查 2026", "税务机关调阅该客户资料", customer=customers[2])
    DestructionList.propose(zhao, [old[0].filing], "保管期满十年，无续存价值，建议销毁")
    Inspection.ask(None)
    YearPackage.ask(zhao, today().year)


TAX_INVOICE = (
    "<EInvoice><Header><EIid>{number}</EIid></Header><EInvoiceData><SellerInformation><SellerIdNum>{seller}</SellerIdNum></SellerInformation>"
    "<BuyerInformation><BuyerIdNum>{buyer}</BuyerIdNum><BuyerName>{name}</BuyerName></BuyerInformation><BasicInformation>"
    "<TotalAmWithoutTax>{net}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm><TotalTax-includedAmount>{total}</TotalTax-includedAmount>"
    "</BasicInformation><AdditionalInformation><Remark>{remark}</Remark></AdditionalInformation></EInvoiceData><TaxSupervisionInfo>"
    "<InvoiceNumber>{number}</InvoiceNumber><IssueTime>{day}</IssueTime></TaxSupervisionInfo></EInvoice>"
)
