"""A word typed above the documents or payments finds exactly what a plain look at every number,
reference and name finds, however many rows hold it and wherever among them they stand."""

import datetime as dt
import re

import pytest

from models.adapters import search
from models.adapters.search.word_index import command
from models.customers import Customer
from models.documents import Document
from models.payments import Payment
from views import list_words

WORDS = (
    *(
        "IMP-",
        "imp-00",
        "00",
        "0",
        "zz",
        "ZZ9",
        "zzz",
        "华",
        "华信",
        "华信贸",
        "贸易",
        "%",
        "_1",
        '"x',
    ),
    *("IMP-001 华信", "NEAR", "OR", "a-b", "1,200", "1200"),
)


@pytest.fixture
def numbered(firm):
    """Payments and documents of two customers; the newest have other numbers."""
    names = (
        Customer.create(name="华信贸易", owner=firm.li),
        Customer.create(name="Beta", owner=firm.li),
    )
    for customer in names:
        search.index(customer)
    for n in range(40):
        number = f"IMP-{n:03}" if n < 25 else f"R{n}"
        reference = ("", "zz9", '"x" 100%', "华信 a-b", "1200_1")[n % 5]
        Payment.create(
            **dict(number=number, reference=reference, customer=names[n % 2], amount=n + 1),
            **dict(received_on=dt.date(2026, 1, 1), currency="CNY", state="confirmed"),
        )
        row = Document.create(
            **dict(number=number, reference=reference, customer=names[n % 2], kind="invoice"),
            **dict(date=dt.date(2026, 1, 1), currency="CNY", language="zh", owner=firm.li),
        )
        search.index(row)
    return firm


def plainly(cls, words):
    rows = list(cls.select(cls, Customer).join(Customer, on=cls.customer == Customer.id))
    texts = {r.id: [t.lower() for t in (r.number, r.reference, r.customer.name) if t] for r in rows}
    return [
        ident
        for ident, held in sorted(texts.items(), reverse=True)
        if all(any(word in text for text in held) for word in words)
    ]


def shown(browser, name, word):
    page = browser.get(f"/{name}/", query_string={"q": word}).text
    return [int(i) for i in re.findall(rf'/{name}/(\d+)"', (page + "<tbody>").split("<tbody>")[1])]


@pytest.mark.parametrize("most", [5000, 3, -1])
def test_a_word_finds_what_a_plain_look_finds(numbered, sign_in, monkeypatch, most):
    monkeypatch.setattr(list_words, "MOST_ROWS", most)
    browser = sign_in(numbered.fang)
    for name, cls in (("payments", Payment), ("documents", Document)):
        for word in WORDS:
            expected = plainly(cls, search.words(word))
            assert shown(browser, name, word) == expected, (name, word)


@pytest.mark.parametrize("most", [5000, -1])
def test_a_customer_finds_the_same_among_their_own(numbered, sign_in, monkeypatch, most):
    monkeypatch.setattr(list_words, "MOST_ROWS", most)
    Document.update(state="issued", issued_on=dt.date(2026, 1, 1), customer=numbered.a).where(
        Document.number.startswith("IMP-") | Document.number.startswith("R3")
    ).execute()
    Document.update(state="issued").where(Document.number == "R29").execute()  # of another one
    theirs = {d.id for d in Document.select().where(Document.customer == numbered.a.id)}
    browser = sign_in(numbered.anna)
    for word in ("IMP-00", "r3", "R29", "zz9", "qqq", "1200", "0"):
        page = browser.get("/portal/documents/", query_string={"q": word}).text
        found = {int(i) for i in re.findall(r'/documents/(\d+)"', page)}
        held = Document.number.contains(word) | Document.reference.contains(word)
        assert found == theirs & {d.id for d in Document.select().where(held)}, word


def test_what_was_changed_or_removed_is_found_by_its_new_words_alone(numbered, sign_in):
    first, second = Payment.select().order_by(Payment.id.desc()).limit(2)
    Payment.update(reference="newly").where(Payment.id == first.id).execute()
    second.delete_instance()
    browser = sign_in(numbered.fang)
    assert shown(browser, "payments", "newly") == [first.id]
    for word in ("R3", "1200", "zz9"):
        assert shown(browser, "payments", word) == plainly(Payment, search.words(word)), word


@pytest.mark.on_sqlite
def test_the_word_index_says_which_few_rows_hold_it(numbered):
    assert search.few_held(Payment, "qqq", 100) == [] and search.ends(Payment, "qqq") is None
    assert len(search.few_held(Payment, "IMP-00", 100)) == 10
    assert search.few_held(Payment, "IMP-00", 9) is None


@pytest.mark.on_sqlite
def test_a_word_index_that_lacks_rows_is_told_and_written_anew(numbered):
    command("delete-all", "payment_words")
    assert search.differences() == ["search: 40 rows of payment, 0 stand in payment_words"]
    search.rebuild()
    assert search.differences() == [] and len(search.few_held(Payment, "IMP-00", 100)) == 10
