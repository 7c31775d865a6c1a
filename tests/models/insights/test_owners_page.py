"""The owner's page leaves nothing out."""

import datetime as dt

import pypdfium2

from models.core.clock import at, today
from models.insights import monthly


def test_no_currency_is_left_out_of_the_page(firm):
    first = (today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    sold = {"CNY": "111", "EUR": "222", "GBP": "333", "USD": "444", "JPY": "555"}
    with at(dt.datetime.combine(first + dt.timedelta(days=3), dt.time(4))):
        for currency, price in sold.items():
            firm.issued(price=price, currency=currency)
    pdf = pypdfium2.PdfDocument(monthly.render(monthly.content_of(first), "en"))
    text = pdf[0].get_textpage().get_text_range()
    assert len(pdf) == 1 and not [
        c for c, price in sold.items() if c not in text or price not in text
    ]
