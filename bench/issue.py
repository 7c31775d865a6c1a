"""Issuing: what durability costs, and what the PDF takes that is made after it."""

from bench.firm import firm, milliseconds, table
from models.adapters.printing import pdf
from models.core.database import db
from models.customers import Customer
from models.documents import Document


def approved(admin, customer):
    draft = Document.draft(
        admin,
        "invoice",
        customer,
        [{"name": "钢笔", "quantity": 10000, "price": 125000, "rate": 1300}] * 10,
    )
    draft.submit(by=admin)
    return Document.get_by_id(draft.id)


def main():
    with firm() as (app, admin):
        customer = Customer.enter(admin, name="客户", code="K")
        pdf.render(
            Document.draft(
                admin, "invoice", customer, [{"name": "x", "quantity": 10000, "price": 1}]
            ).freeze()
        )
        rows = []
        for mode in ("FULL", "NORMAL", "OFF"):
            db.execute_sql(f"PRAGMA synchronous={mode}")
            waiting = iter([approved(admin, customer) for _ in range(20)])
            rows.append(
                (
                    f"issue of ten lines, synchronous={mode}",
                    milliseconds(lambda waiting=waiting: next(waiting).issue(by=admin)),
                )
            )
            drafts = iter(
                [
                    Document.draft(
                        admin, "invoice", customer, [{"name": "x", "quantity": 10000, "price": 1}]
                    )
                    for _ in range(20)
                ]
            )
            rows.append(
                (
                    f"submit, approved at once, synchronous={mode}",
                    milliseconds(lambda drafts=drafts: next(drafts).submit(by=admin)),
                )
            )
        snapshot = next(iter(Document.standing())).snapshot
        table(
            "Issue",
            [*rows, ("its PDF, made right after", milliseconds(lambda: pdf.render(snapshot)))],
        )


if __name__ == "__main__":
    main()
