"""A document that nobody wrote, to see the firm's settings on paper."""

from models.company import Company
from models.core.clock import today
from models.customers import Customer
from models.documents.document import Document
from models.documents.line import Line
from models.products import TaxRate

WORDS = {
    "zh": {"number": "样张", "customer": "示例客户有限公司", "line": "示例商品", "unit": "件"},
    "en": {"number": "SAMPLE", "customer": "Sample Customer Ltd", "line": "Goods", "unit": "pc"},
}


def content(firm=None, kind="invoice"):
    """The frozen content of a document as the firm would issue it today; nothing is stored. `firm`:
    with settings that are not saved yet."""
    firm = firm or Company.current()
    said, rate = WORDS[firm.language], TaxRate.valid().first()
    paper = Document(
        kind=kind,
        customer=Customer(name=said["customer"]),
        currency=firm.currency,
        language=firm.language,
        date=today(),
        terms_days=firm.setting("terms_days"),
        prices_include_tax=firm.setting("prices_include_tax"),
    )
    line = Line(
        position=1,
        name=said["line"],
        unit=said["unit"],
        quantity=10_0000,
        price=120_0000,
        **(rate.on_line(firm.language) if rate else {}),
    ).compute(paper)
    paper.read_lines = [line]
    paper.net, paper.tax, paper.total = line.net, line.tax, line.gross
    return paper.freeze(number=said["number"], company=firm)
