"""Lines of the log."""

import pytest


@pytest.mark.asvs("16.2.2", "16.2.4", "16.4.1")
def test_a_log_line_is_one_line_in_utc():
    import logging

    from config import OneLineFormatter

    record = logging.LogRecord(
        "danju",
        logging.INFO,
        "x.py",
        1,
        "path %s",
        ("/a\n2026-01-01 INFO danju: forged\x1b[2J",),
        None,
    )
    record.created = 0
    assert (
        OneLineFormatter().format(record)
        == "1970-01-01T00:00:00Z INFO danju path /a\\n2026-01-01 INFO danju: forged\\x1b[2J"
    )
