"""Lines of the log, and where they go."""

import logging
import re
from logging.handlers import RotatingFileHandler

import pytest

from jobs import serve
from models.operations import doctor
from models.people import access_entry
from tests.test_safe_code import calls, who_calls
from tests.test_security_page import CHAPTERS


@pytest.mark.asvs("16.2.2", "16.2.4", "16.4.1")
def test_a_log_line_is_one_line_in_utc():
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


WRITTEN = "What is written down"


@pytest.mark.asvs("16.2.3", "16.1.1")
def test_the_log_goes_to_standard_error_and_to_one_file_as_the_page_says(
    app, monkeypatch, tmp_path
):
    monkeypatch.setattr(serve, "run", lambda *_args: None)
    before = set(logging.getLogger().handlers)
    app.test_cli_runner().invoke(args=["serve"])
    [file] = set(logging.getLogger().handlers) - before
    logging.getLogger().removeHandler(file), file.close()
    assert isinstance(file, RotatingFileHandler)
    assert file.baseFilename == str(tmp_path / doctor.LOG)
    words = " ".join(CHAPTERS[WRITTEN].split())
    assert f"`{doctor.LOG}` of the data folder" in words and "standard error" in words
    assert (file.backupCount, file.maxBytes) == (10, 5 * 2**20)
    assert "ten old files of 5 MB" in words


@pytest.mark.asvs("16.2.3")
def test_no_line_of_ours_sends_a_log_anywhere_else():
    made = {
        (path, name)
        for path, name, _call in calls()
        if re.search(r"(?:^|\.)[A-Z]\w*Handler$", name)
    }
    assert made == {("models/operations/doctor.py", "RotatingFileHandler")}
    added = {(path, name) for path, name, _call in calls() if name.endswith(".addHandler")}
    assert {path for path, _name in added} == {
        "models/adapters/printing/worker.py",  # counts warnings of the layout
        "models/operations/doctor.py",
        "models/people/access_entry.py",  # Who was here
    }
    assert who_calls("logging.basicConfig") == {"models/operations/doctor.py"}
    assert who_calls("event_receiver.send") == {"jobs/security_events.py"}


@pytest.mark.asvs("16.1.1")
def test_every_log_is_told_with_place_reader_and_time():
    table = re.findall(r"^\| (?!Log |---)([^|]+) \|(.+)\|$", CHAPTERS[WRITTEN], re.M)
    assert [name for name, _rest in table] == [
        "The journal",
        "Who was here",
        "The second place",
        "The log",
        "Jobs and mails",
        "The proxy's",
    ]
    assert all(len([c for c in rest.split("|") if c.strip()]) == 3 for _name, rest in table)
    told = dict(table)
    assert access_entry.KEPT.days == 365 and "a year" in told["Who was here"]
    assert f"{access_entry.MOST:,} lines" in told["Who was here"]
    assert "SECURITY_URL" in told["The second place"]
    for kind in ("refused sign-ins", "forbidden", "not in scope", "exports", "plain http"):
        assert kind in told["The log"]
