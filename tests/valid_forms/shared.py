"""What forms of several subjects are about."""

from models.documents import Document

PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q"
    "DwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def paper(firm, draft):
    return {
        "version": str(draft.version),
        "contact": str(firm.anna.id),
        "chosen_date": "2026-11-24",
        "terms_days": "30",
        "valid_until": "2026-12-24",
        "delivery_on": "2026-12-01",
        "reference": "PO 7",
        "currency": "CNY",
        "language": "zh",
        "prices_include_tax": "",
        "discount": "5",
        "note": "谢谢",
        "internal_note": "内部",
        "rows": "",
        "line-code": "P1",
        "line-name": "钢笔",
        "line-note": "蓝",
        "line-quantity": "2",
        "line-unit": "支",
        "line-price": "10.5",
        "line-discount": "1",
        "line-tax": str(firm.tax.id),
        "line-product": str(firm.pen.id),
        "line-source": "",
        "line-part": "",
        "then": "",
    }


def on_issued(firm, who, path, fields, kind="invoice", strangers=None):
    return who, path.format(firm.issued(kind, price="10").id), fields, strangers or {}


def document_of(path):
    return Document.get_by_id(int(path.split("/")[2]))
