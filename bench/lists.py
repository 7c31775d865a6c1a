"""The list of documents: keyset paging compared with OFFSET, whole pages, the search."""

import sys

from bench.firm import firm, milliseconds, pay_most, signed_in, table
from models.documents import Document


def main(count):
    with firm(count) as (app, admin):
        pay_most()
        newest = Document.select().order_by(Document.date.desc(), Document.id.desc())
        deep = list(newest.offset(count * 9 // 10).limit(1))[0]
        keys = [(Document.date, "desc"), (Document.id, "desc")]
        table(
            f"A page of 50 among {count} documents",
            [
                (
                    "keyset, first page",
                    milliseconds(lambda: Document.page(Document.select(), keys)),
                ),
                (
                    "keyset, at nine tenths",
                    milliseconds(
                        lambda: Document.page(Document.select(), keys, [deep.date, deep.id])
                    ),
                ),
                ("OFFSET, first page", milliseconds(lambda: list(newest.limit(51)))),
                (
                    "OFFSET, at nine tenths",
                    milliseconds(lambda: list(newest.offset(count * 9 // 10).limit(51)), 5),
                ),
            ],
        )
        browser = signed_in(app, admin)
        after = browser.get("/documents/").text.partition("after=")[2].partition('"')[0]
        table(
            "The whole answer",
            [
                ("GET /documents/", milliseconds(lambda: browser.get("/documents/"))),
                (
                    "GET /documents/ second page",
                    milliseconds(lambda: browser.get(f"/documents/?after={after}")),
                ),
                (
                    "GET /documents/?sort=-total",
                    milliseconds(lambda: browser.get("/documents/?sort=-total"), 5),
                ),
                (
                    "GET /documents/?q=B-77",
                    milliseconds(lambda: browser.get("/documents/?q=B-77"), 5),
                ),
                (
                    "GET /documents/?state=overdue&sort=due",
                    milliseconds(lambda: browser.get("/documents/?state=overdue&sort=due"), 5),
                ),
                *(
                    (f"GET {path}", milliseconds(lambda path=path: browser.get(path), 5))
                    for path in (
                        "/documents/?state=overdue",
                        "/documents/?state=paid",
                        "/receivables/",
                        "/receivables/items",
                        "/reminders/",
                    )
                ),
                ("GET /documents/1", milliseconds(lambda: browser.get("/documents/1"))),
                ("GET /customers/1", milliseconds(lambda: browser.get("/customers/1"))),
                ("GET / (today)", milliseconds(lambda: browser.get("/"), 5)),
            ],
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
