"""The run of the tests itself: what is skipped is seen, what passed is not run again, one test's
portal leaves nothing to the next."""

from types import SimpleNamespace

import pytest

from models.core.database import db
from models.customers import Customer
from tests import run
from tests.support import databases, portal, required
from tests.support.sets import one_in


@pytest.mark.parametrize("all_required, outcome", [(False, "skipped"), (True, "failed")])
def test_where_all_is_required_a_skip_is_a_failure(monkeypatch, all_required, outcome):
    report = SimpleNamespace(
        skipped=True, outcome="skipped", longrepr=("file", 1, "needs a browser")
    )
    monkeypatch.setattr(required, "ALL", all_required)
    required.fail_if_skipped(report)
    assert report.outcome == outcome and "needs a browser" in str(report.longrepr)


@pytest.fixture
def parts(monkeypatch, tmp_path):
    """The names of the parts that were run; `fails` holds those that must not pass."""
    ran = SimpleNamespace(names=[], fails=set(), state="one")

    def one(part):
        ran.names.append(part.name)
        return int(part.name in ran.fails), 1, {}

    monkeypatch.setattr(run, "PASSED", tmp_path / "passed")
    monkeypatch.setattr(run, "ALL", (run.Part("models", ()), run.Part("views", ())))
    monkeypatch.setattr(run, "files_hash", lambda: ran.state)
    monkeypatch.setattr(run, "run", one)
    return ran


def test_a_part_that_passed_is_not_run_again_until_a_file_changes(parts):
    parts.fails = {"views"}
    assert not run.everything([]) and parts.names == ["models", "views"]
    parts.fails = set()
    assert run.everything([]) and parts.names[2:] == ["views"]
    assert run.everything([]) and len(parts.names) == 3
    parts.state = "two"
    assert run.everything([]) and parts.names[3:] == ["models", "views"]


def test_every_file_of_tests_belongs_to_a_part():
    files = {path.relative_to(run.ROOT) for path in (run.ROOT / "tests").rglob("test_*.py")}
    assert files and not [
        path
        for path in files
        if not any(path.is_relative_to(given) for part in run.ALL for given in part.paths)
    ]


def test_a_part_is_run_by_its_name_and_an_unknown_one_is_told(parts):
    assert run.everything(["views"]) and parts.names == ["views"]
    with pytest.raises(SystemExit, match="no such part: nonsense; there are models, views"):
        run.everything(["nonsense"])


def test_the_first_test_of_some_files_starts_an_application_of_its_own_and_the_others_share_one(
    app, tmp_path
):
    names = [f"a file that there is not {n}" for n in range(8 * portal.OWN)]
    own = next(name for name in names if one_in(portal.OWN, name))
    made = [portal.portal_for(own, tmp_path) for _ in range(3)]
    assert made[0] is not made[1] and made[1] is made[2]


def test_what_a_test_sets_on_the_shared_portal_is_gone_for_the_next(app, tmp_path):
    shared = portal.portal_for("another such file", tmp_path) and portal.portal_for(
        "another such file", tmp_path
    )
    shared.config.update(DEMO_OPEN=True, NEW="x", SMTP_URL="smtp://mail.test")
    again = portal.portal_for("another such file", tmp_path)
    assert (
        again is shared
        and "NEW" not in again.config
        and again.config["SMTP_URL"] == ""
        and not again.config["DEMO_OPEN"]
    )


def test_what_is_made_once_is_laid_down_the_same_whatever_a_test_did_to_it(firm, tmp_path):
    def make(firm):
        made = Customer.enter(firm.li, name="Once", code="ONCE")
        (tmp_path / "files" / "kept").write_text("kept")
        return made

    first = databases.made_once("a trial", firm, tmp_path, make)
    db.connect(reuse_if_open=True)
    first.revise(firm.li, name="Changed")
    (tmp_path / "files" / "kept").unlink()
    again = databases.made_once("a trial", firm, tmp_path, pytest.fail)
    assert (
        Customer.get_by_id(again.id).name == again.name == "Once"
        and (tmp_path / "files" / "kept").read_text() == "kept"
    )


def test_the_clicks_of_the_daily_ways_are_told(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(run, "REPORTS", tmp_path)
    said = '<property name="clicks" value="statement 2 of 2"/><property name="other" value="x"/>'
    (tmp_path / "browser.xml").write_text(f"<testsuite><properties>{said}</properties></testsuite>")
    run.summary([(run.Part("browser", ()), 0, 1, {}), (run.Part("views", ()), 0, 1, {})])
    assert capsys.readouterr().out.startswith("\n== clicks\nstatement 2 of 2\n\n== seconds")
