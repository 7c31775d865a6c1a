"""Whatever somebody types, or a cell holds, is read or refused: amounts, days, addresses, codes,
searches, patterns. Hypothesis makes the texts, shrinks what fails, and prints how to repeat it."""

import contextlib
import datetime as dt
import time

import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from models.adapters import search
from models.adapters.cells import days as cell_days
from models.adapters.cells import numbers as cell_numbers
from models.bank import values
from models.core import filenames, mail_address, money
from models.core.dates import written
from models.core.errors import Refused
from models.core.placeholders import check_placeholders, fill_placeholders
from models.customers import names, tax_ids
from models.customers.keys import keys_of
from models.numbering import format_number, period_of, regex_of
from models.operations.backup import keys
from models.people import passwords
from tests.fuzz.watching import SEED
from tests.fuzz.words import WORDS
from tests.support.sets import fully
from views.web.days import read_day

# What is typed a little wrong, what is no text at all, and the same letters without end.
TYPED = st.one_of(
    st.text(alphabet="0123456789.,'-+年月日/ %eE()￥¥$€CNY万千", max_size=30),
    st.text(max_size=60),
    st.text(st.characters(codec=None), max_size=40),
    st.sampled_from(WORDS),
    st.builds(
        lambda part, times, end: (part * times)[:100_000] + end,
        st.one_of(st.text("@.a-9 ('{%,", min_size=1, max_size=3), st.text(min_size=1, max_size=2)),
        st.sampled_from(fully([500, 5_000], [500, 500, 5_000, 30_000])),
        st.text(max_size=3),
    ),
)
PATTERN = "{year}-{n:4}/{month}"
READERS = {
    "amounts": (
        lambda text: money.parse_money(text, "CNY"),
        lambda text: money.parse_scaled(text, 4),
        lambda text: cell_numbers.number(text, 2),
        lambda text: cell_numbers.integer(text, 0, 10**9),
        lambda text: cell_numbers.unit(text),
        lambda text: values.amount(text, 2),
        lambda text: values.amount(text, 2, ","),
        lambda text: values.decimal_sign([text, "1,5"]),
    ),
    "days": (
        lambda text: cell_days.day(text),
        lambda text: cell_days.day(text, "dmy"),
        lambda text: cell_days.day_order([text, "1.2.26"]),
        lambda text: cell_days.is_serial(text),
        lambda text: values.day(text),
        lambda text: values.day_order([text]),
        lambda text: written(text, "dd.mm.yyyy"),
    ),
    "addresses": (
        lambda text: mail_address.MAIL.fullmatch(text),
        lambda text: names.mail(text),
        lambda text: names.phone(text),
        lambda text: names.near(text),
        lambda text: names.comparable(text),
        lambda text: keys_of(text, text, text, text),
        lambda text: tax_ids.checked(text),
        lambda text: passwords.easy(text[:128], "李销售", "li@firm.test", "华信商贸"),
    ),
    "names of files": (
        lambda text: filenames.clean(text),
        lambda text: filenames.harmless(text),
        lambda text: filenames.safe(text),
        lambda text: filenames.extension(text),
        lambda text: filenames.pdf_of(text),
    ),
    "patterns": (
        lambda text: check_placeholders(text, ("name",)),
        lambda text: fill_placeholders(text, {"name": "x"}),
        lambda text: keys.read(text),
        lambda text: (regex_of(text).fullmatch("x"), period_of(text, DAY)),
        lambda text: regex_of(PATTERN).fullmatch(text),
        lambda text: format_number(text, DAY, 7),
        lambda text: values.currency(text),
        lambda text: values.side(text),
    ),
}
DAY = dt.date(2026, 11, 30)
FULL = {"amounts": 2500, "days": 2500, "addresses": 1500, "names of files": 1500, "patterns": 1500}
REFUSALS = Refused, ValueError


def try_all(readers, text):
    """Refusals are right; five seconds, and any other fault, are not."""
    for reader in readers:
        began = time.process_time()
        with contextlib.suppress(*REFUSALS):
            reader(text)
        assert time.process_time() - began < 2, f"{len(text)} letters of {text[:20]!r}"


def many(part, full):
    return settings(
        max_examples=fully(part, full),
        deadline=None,
        print_blob=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.on_sqlite
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("kind", READERS)
def test_whatever_is_typed_is_read_or_refused(kind):
    @seed(SEED)
    @many(25, FULL[kind])
    @given(TYPED)
    def run(text):
        try_all(READERS[kind], text)

    run()


def test_whatever_is_searched_for_is_found_or_not(app, firm):
    """In the search of all and in the filters of lists."""
    person, kinds = firm.li, [kind for kind in search.SOURCES if hasattr(firm.li.sees, kind)]

    @seed(SEED)
    @many(20, 800)
    @given(TYPED)
    @example('a* OR "b')
    def run(text):
        began = time.process_time()
        text = text[:100].replace("\0", "")  # as query_text leaves it
        text = text.encode("utf-8", "replace").decode()
        search.seen_by(person, text)
        for kind in kinds:
            list(search.find(text, kind).limit(3))
        assert time.process_time() - began < 2

    run()


def test_whatever_day_is_typed_is_read_or_none(app, firm):
    with app.test_request_context():

        @seed(SEED)
        @many(25, 1500)
        @given(TYPED)
        def run(text):
            began = time.process_time()
            found = read_day(text)
            assert found is None or 1900 <= found.year < 3000
            assert time.process_time() - began < 2

        run()
