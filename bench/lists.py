"""The list of documents: keyset pages beside OFFSET, the whole answer, the search."""

import sys

from bench.firm import firm, signed_in, table, took
from models.documents import Document


def main(count):
    with firm(count) as (app, admin):
        newest = Document.select().order_by(Document.date.desc(), Document.id.desc())
        deep = list(newest.offset(count * 9 // 10).limit(1))[0]
        keys = [(Document.date, "desc"), (Document.id, "desc")]
        table(
            f"A page of 50 among {count} documents",
            [
                ("keyset, first page", took(lambda: Document.page(Document.select(), keys))),
                (
                    "keyset, at nine tenths",
                    took(lambda: Document.page(Document.select(), keys, [deep.date, deep.id])),
                ),
                ("OFFSET, first page", took(lambda: list(newest.limit(51)))),
                (
                    "OFFSET, at nine tenths",
                    took(lambda: list(newest.offset(count * 9 // 10).limit(51)), 5),
                ),
            ],
        )
        browser = signed_in(app, admin)
        mark = browser.get("/documents/").text.partition("after=")[2].partition('"')[0]
        table(
            "The whole answer",
            [
                ("GET /documents/", took(lambda: browser.get("/documents/"))),
                (
                    "GET /documents/ second page",
                    took(lambda: browser.get(f"/documents/?after={mark}")),
                ),
                (
                    "GET /documents/?sort=-total",
                    took(lambda: browser.get("/documents/?sort=-total"), 5),
                ),
                ("GET /documents/?q=B-77", took(lambda: browser.get("/documents/?q=B-77"), 5)),
                (
                    "GET /documents/?state=overdue&sort=due",
                    took(lambda: browser.get("/documents/?state=overdue&sort=due"), 5),
                ),
                ("GET /documents/1", took(lambda: browser.get("/documents/1"))),
                ("GET /customers/1", took(lambda: browser.get("/customers/1"))),
                ("GET / (today)", took(lambda: browser.get("/"), 5)),
            ],
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
