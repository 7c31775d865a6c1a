"""System status tells how many PDFs are to be made, and since when the oldest waits."""

import datetime as dt

from models.core.clock import at


def test_status_tells_how_many_pdfs_wait(firm, sign_in):
    page = lambda: sign_in(firm.ada).get("/status/").text  # noqa: E731
    assert "PDFs to be made: 0" in page()
    with at(dt.datetime(2026, 3, 2, 8)):
        firm.issued(price="10")
    assert "PDFs to be made: 1, the oldest since 2026-03-02 16:00" in page()
