"""Amounts that were a float, no number at all, or another number than the one that was meant."""

import random
from decimal import Decimal

import pytest

from models.core.money import parse_money, parse_scaled
from models.documents import Document
from models.payments import Payment
from tests.firm import KEY
from tests.support.sets import fully

REFUSED = [
    "NaN",
    "-NaN",
    "sNaN",
    "Infinity",
    "-inf",
    "1e400",
    "1e5",
    "1E-2",
    "0x10",
    "0b1",
    "1_000",
    "9" * 19,
    "9223372036854775808",
    "1.234,56",
    "1,23",
    "1,2345",
    "12,34,567",
    "1.2.3",
    "1..2",
    "--5",
    "+-5",
    "5-",
    "(5)",
    "10²",
    "½",
    "ⅷ",
    "五",
    "",
    ".",
    ",",
    "$5",
    "5%",
    "5.001",
    "0.005",
    "1'234.00",
    "\u202e5",
]
EXACT = {
    "CNY": {
        "0.1": 10,
        "0.10": 10,
        "0.3": 30,
        "1,234.56": 123456,
        "1 234.56": 123456,
        "１２３．４５": 12345,
        "+5": 500,
        "5.": 500,
        ".5": 50,
        "4.35": 435,
        "1.15": 115,
        "8.70": 870,
        "70368744177.64": 7036874417764,
        "0.29": 29,
    },
    "JPY": {"5": 5, "5.0": 5, "1,234": 1234},
    "EUR": {"1.10": 110, "2.2": 220},
}


@pytest.mark.parametrize("text", REFUSED)
def test_odoo_what_is_no_amount_is_refused_and_never_a_float(text):
    """Its chain of hashes (v3) broke where amounts were floats, and told of changes that none had
    made. An amount here is read from its digits alone."""
    with pytest.raises(ValueError):
        parse_money(text, "CNY")


@pytest.mark.parametrize("currency", EXACT)
def test_odoo_each_amount_is_the_one_that_was_typed(firm, sign_in, currency):
    """0.1 + 0.2 is 0.3; 4.35 is no 4.3499999; a yen has no hundredth. Over HTTP to the database."""
    for number, (text, minor) in enumerate(EXACT[currency].items()):
        form = {"customer": str(firm.a.id), "currency": currency, "amount": text, "keep": "1"}
        form["idempotency_key"] = f"{KEY}-{number}"
        assert sign_in(firm.fang).post("/payments/", data=form).status_code == 303, text
        row = Payment.select().order_by(Payment.id.desc()).get()
        assert (row.amount, type(row.amount)) == (minor, int), text
    assert parse_money("0.1", "CNY") + parse_money("0.2", "CNY") == parse_money("0.3", "CNY")


@pytest.mark.parametrize("text", fully(REFUSED[:8] + REFUSED[13:15], REFUSED) + ["-0", "0", "-5"])
def test_odoo_a_payment_of_no_amount_is_not_booked(firm, sign_in, text):
    """NaN, Infinity, 1e400, three decimals, -0: a sentence at the field, and nothing is kept."""
    form = {"customer": str(firm.a.id), "currency": "CNY", "amount": text, "keep": "1"}
    answer = sign_in(firm.fang).post("/payments/", data={**form, "idempotency_key": KEY})
    assert answer.status_code in (409, 422) and Payment.select().count() == 0


@pytest.mark.parametrize(
    "currency, text", [("JPY", "5.5"), ("KWD", "1.234"), ("XXX", "1"), ("", "1")]
)
def test_odoo_a_currency_has_its_own_decimals(firm, sign_in, currency, text):
    """A yen and a half is none, and no books are kept in a currency of three decimals."""
    form = {"customer": str(firm.a.id), "currency": currency, "amount": text, "keep": "1"}
    answer = sign_in(firm.fang).post("/payments/", data={**form, "idempotency_key": KEY})
    assert answer.status_code in (400, 409, 422) and Payment.select().count() == 0


def floats(content):
    if isinstance(content, dict):
        return [bad for each in content.values() for bad in floats(each)]
    if isinstance(content, list | tuple):
        return [bad for each in content for bad in floats(each)]
    return [content] if isinstance(content, float | Decimal) else []


def test_odoo_no_float_is_hashed_and_the_hash_is_the_same_after_reading_again(firm):
    """What is approved, frozen and sealed holds integers and words alone."""
    lines = [firm.line("0.1", "3"), firm.line("4.35", "1.15"), firm.line("1.005", "7.0001")]
    paper = Document.draft(firm.li, "invoice", firm.a, lines, discount=333)
    first = paper.content_hash()
    assert floats(paper.approvable_content()) == [] == floats(paper.freeze())
    assert Document.get_by_id(paper.id).content_hash() == first
    for event in paper.events:
        assert floats(event.facts) == []


@pytest.mark.parametrize("with_tax", [False, True])
def test_odoo_taxes_of_lines_and_of_the_whole_are_one_sum(firm, with_tax):
    """Rounded by line here and by total there, the two differed by a cent. By one rule: the whole
    is the sum of its rounded lines, by rate and in all, with discounts and with tax included."""
    chance = random.Random(7)
    for _turn in range(fully(20, 400)):
        lines = [
            firm.line(
                f"{chance.randrange(1, 10**7) / 10**4:.4f}",
                f"{chance.randrange(1, 10**5) / 10**2:.2f}",
                rate=chance.choice((0, 300, 600, 1300, 1900)),
                discount=chance.choice((0, 0, 333, 5000)),
            )
            for _line in range(chance.randrange(1, 12))
        ]
        discount = chance.choice((0, 0, 777))
        paper = Document.draft(
            firm.li, "invoice", firm.a, lines, prices_include_tax=with_tax, discount=discount
        )
        rows = paper.ordered_lines()
        assert sum(row.net for row in rows) == paper.net and sum(r.tax for r in rows) == paper.tax
        assert paper.net + paper.tax == paper.total == sum(row.gross for row in rows)
        frozen = paper.freeze()
        assert sum(row["tax"] for row in frozen["tax_summary"]) == paper.tax
        for row in rows:
            exact = Decimal(row.net) * row.rate / 10_000
            assert abs(row.tax - exact) <= 1


def test_odoo_quantities_and_rates_are_read_the_same_way():
    """The same digits for what is multiplied: nothing else is taken for a number."""
    for scale in (0, 2, 4):
        for text in ("NaN", "1e3", "0x1", "1_0", "--1", "1,2", "٫5"):
            with pytest.raises(ValueError):
                parse_scaled(text, scale)
    assert parse_scaled("0.0001", 4) == 1 and parse_scaled("-0", 4) == 0
