"""Papers: making a PDF by length, against giving out the stored one; and one worker process beside
two."""

import concurrent.futures

from bench.firm import firm, table, took
from models.adapters import blobs
from models.adapters.printing import pdf
from models.customers import Customer
from models.documents import Document


def main():
    with firm() as (app, admin):
        customer = Customer.enter(admin, name="客户", code="K")

        def paper(lines):
            line = {"name": "钢笔 0.5 毫米 黑色", "quantity": 10000, "price": 125000, "rate": 1300}
            return Document.draft(admin, "invoice", customer, [line] * lines).freeze(number="N-1")

        papers = {n: paper(n) for n in (10, 100, 500)}
        pdf.render(papers[10])
        sha = blobs.keep(pdf.render(papers[10]))
        table(
            "One paper",
            [
                ("stored, read and checked against its hash", took(lambda: blobs.fetch(sha))),
                *((f"made, {n} lines", took(lambda n=n: pdf.render(papers[n]), 5)) for n in papers),
            ],
        )

        def render(_):
            with app.app_context():
                pdf.render(papers[10])

        with concurrent.futures.ThreadPoolExecutor(4) as hands:
            table(
                "Twenty papers of ten lines",
                [
                    (
                        "one after another",
                        took(lambda: [pdf.render(papers[10]) for _ in range(20)], 3),
                    ),
                    (
                        "by four threads, two worker processes",
                        took(lambda: list(hands.map(render, range(20))), 3),
                    ),
                ],
            )


if __name__ == "__main__":
    main()
