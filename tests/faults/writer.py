"""A firm that writes without pause and tells, outside its own disk, what it was told was done: for
the power cuts."""

import os
import secrets


def write(folder, told, sync, seed=""):
    """Notes with a kept file, money, filed scans, issued papers and anchors, one after another,
    until the power goes."""
    from app import create_app
    from models.adapters import blobs
    from models.adapters.printing import pdf, worker
    from models.archive import ExternalFile
    from models.company import Company
    from models.core.database import db
    from models.customers import Customer
    from models.operations import checks
    from models.payments import Payment
    from models.people import User
    from tests.faults.seeds import PLANTS

    seed and PLANTS[seed]()
    pdf._convert = (
        worker.convert
    )  # in this process: a pool of its own would take longer to start than the power holds
    app = create_app(
        DATA_DIR=folder, DATABASE_URL=f"sqlite:///{folder}/danju.db", SECRET_KEY="k" * 40
    )
    with app.app_context():
        db.connect(reuse_if_open=True)
        db.execute_sql(f"PRAGMA synchronous = {sync}")
        if Company.current() is None:
            from tests.firm import Firm

            Firm()
        customer, li, fang = (
            Customer.get(),
            User.get(User.email == "li@firm.test"),
            User.get(User.email == "fang@firm.test"),
        )
        out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        say = lambda what, fact: os.write(out, f"{what} {fact}\n".encode())  # noqa: E731
        n = 0
        while True:
            n += 1
            mark = secrets.token_hex(8)
            if n % 6 == 0:
                paper = issue(li, customer)
                say("issued", paper.id)
                say("given", f"{paper.id} {paper.pdf_sha256}")
            elif n % 3 == 0:
                Payment.receive(fang, customer, "CNY", 100, reference=mark)
                say("paid", mark)
            elif n % 3 == 1:
                ExternalFile.receive(
                    li,
                    f"<scan>{secrets.token_hex(900)}</scan>".encode(),
                    "a.xml",
                    "other",
                    title=mark,
                    customer=customer,
                )
                say("uploaded", mark)
            else:
                customer.write_note(li, mark)
                say("noted", mark)
            n % 10 or checks.anchor(folder, "k" * 40)
            assert blobs


def issue(li, customer):
    from models.core.money import parse_scaled
    from models.documents import Document
    from models.products import TaxRate

    tax = TaxRate.get(TaxRate.rate == 1300)
    paper = Document.draft(
        li,
        "invoice",
        customer,
        [
            {
                "name": "钢笔",
                "quantity": 10000,
                "price": parse_scaled("10", 4),
                "rate": 1300,
                "tax_rate": tax.id,
                "tax_kind": "taxed",
                "tax_label": "13%",
                "unit": "支",
            }
        ],
    )
    paper.submit(by=li)
    paper = Document.get_by_id(paper.id)
    paper.issue(by=li)
    paper.keep_pdf()
    return paper
