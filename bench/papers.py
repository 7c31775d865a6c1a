"""PDFs: making one, by its number of lines, compared with reading the stored one; and one worker
process compared with two."""

import concurrent.futures

from bench.firm import firm, milliseconds, table
from models.adapters import blobs
from models.adapters.printing import pdf
from models.customers import Customer
from models.documents import Document


def main():
    with firm() as (app, admin):
        customer = Customer.enter(admin, name="客户", code="K")

        def document(lines):
            line = {"name": "钢笔 0.5 毫米 黑色", "quantity": 10000, "price": 125000, "rate": 1300}
            return Document.draft(admin, "invoice", customer, [line] * lines).freeze(number="N-1")

        documents = {n: document(n) for n in (10, 100, 500)}
        pdf.render(documents[10])
        sha = blobs.keep(pdf.render(documents[10]))
        table(
            "One paper",
            [
                (
                    "stored, read and checked against its hash",
                    milliseconds(lambda: blobs.fetch(sha)),
                ),
                *(
                    (f"made, {n} lines", milliseconds(lambda n=n: pdf.render(documents[n]), 5))
                    for n in documents
                ),
            ],
        )

        def render(_):
            with app.app_context():
                pdf.render(documents[10])

        with concurrent.futures.ThreadPoolExecutor(4) as threads:
            table(
                "Twenty papers of ten lines",
                [
                    (
                        "one after another",
                        milliseconds(lambda: [pdf.render(documents[10]) for _ in range(20)], 3),
                    ),
                    (
                        "by four threads, two worker processes",
                        milliseconds(lambda: list(threads.map(render, range(20))), 3),
                    ),
                ],
            )


if __name__ == "__main__":
    main()
