"""`make asvs`: what shows that each requirement of OWASP ASVS 5.0 is met.

A test that would fail without a requirement carries its id, `@pytest.mark.asvs("3.4.3")`. Status
and sentence of each id stand in the table of docs/security.md and nowhere else. This runs the
marked tests, prints one line for each id, and fails on whatever has no proof."""

import os
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "security.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| [123] \| ([^|]+) \| (.*) \|$", re.M)
MET, NOT_MET, NOT_APPLICABLE = "met", "**not met yet**", "not applicable"
# The 190 of levels 1 and 2 that concern a portal like ours, chapter by chapter.
CONCERNING = """
1.1: 1 2; 1.2: 1 2 3 4 5 9; 1.3: 1 2 3 4 5 6 7 10 11; 1.4: 2; 1.5: 1 2;
2.1: 1 2 3; 2.2: 1 2 3; 2.3: 1 2 3 4; 2.4: 1;
3.2: 1 2; 3.3: 1 2 3 4; 3.4: 1 2 3 4 5 6; 3.5: 1 3 4; 3.7: 1 2;
4.1: 1 2 3; 4.2: 1; 5.1: 1; 5.2: 1 2 3; 5.3: 1 2; 5.4: 1 2 3;
6.1: 1 2 3; 6.2: 1 2 3 4 5 6 7 8 9 10 11 12; 6.3: 1 2 3 4; 6.4: 1 2 3 4; 6.5: 1 2 3 4 5; 6.6: 2 3;
7.1: 1 2; 7.2: 1 2 3 4; 7.3: 1 2; 7.4: 1 2 3 4 5; 7.5: 1 2; 7.6: 2;
8.1: 1 2; 8.2: 1 2 3; 8.3: 1; 8.4: 1; 9.1: 1 2 3; 9.2: 1 2;
11.1: 1 2; 11.2: 1 2 3; 11.3: 1 2 3; 11.4: 1 2 3 4; 11.5: 1; 11.6: 1;
12.1: 1 2; 12.2: 1 2; 12.3: 1 2; 13.1: 1; 13.2: 1 2 3 4 5; 13.3: 1 2; 13.4: 1 2 3 4 5;
14.1: 1 2; 14.2: 1 2 3 4; 14.3: 1 2 3;
15.1: 1 2 3; 15.2: 1 2 3; 15.3: 1 2 3 4 5 6 7;
16.1: 1; 16.2: 1 2 3 4 5; 16.3: 1 2 3 4; 16.4: 1 2 3; 16.5: 1 2 3"""
BEYOND = ("2.3.5", "3.5.8", "5.2.4", "5.2.5", "5.2.6", "8.3.2", "14.2.7", "15.4.2", "16.5.4")


def ids():
    """All that the page must speak of."""
    chapters = (part.split(":") for part in CONCERNING.split(";"))
    return {f"{chapter.strip()}.{last}" for chapter, all in chapters for last in all.split()} | set(
        BEYOND
    )


def by_number(id):
    return [int(part) for part in id.split(".")]


class Marked:
    """Pytest runs the marked tests alone; what each id's tests came to is kept."""

    def __init__(self):
        self.tests = {}  # {test: the ids it carries}
        self.came_to = defaultdict(set)  # {test: outcomes}; of a test with parameters, all of them

    def pytest_collection_modifyitems(self, config, items):
        marked = {item: list(item.iter_markers("asvs")) for item in items}
        for item, marks in marked.items():
            if marks:
                carried = self.tests.setdefault(item.nodeid.split("[")[0], set())
                carried.update(id for mark in marks for id in mark.args)
        config.hook.pytest_deselected(items=[item for item in items if not marked[item]])
        items[:] = [item for item in items if marked[item]]

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.came_to[report.nodeid.split("[")[0]].add(report.outcome)


def judged(rows, tests, came_to):
    """(id, result, its tests) sorted by id; every result that is a gap begins with GAP."""
    for id in sorted(ids() | rows.keys() | set().union(*tests.values(), set()), key=by_number):
        mine = sorted(test for test, carried in tests.items() if id in carried)
        outcomes = set().union(*(came_to.get(test, set()) for test in mine), set())
        yield id, _result(id, *rows.get(id, ("", "")), mine, outcomes), mine


def _result(id, status, sentence, mine, outcomes):
    if id not in ids() or not status:
        return "GAP: no row in docs/security.md" if id in ids() else "GAP: no such id"
    if not sentence.strip():
        return "GAP: no reason in docs/security.md"
    if "failed" in outcomes:
        return "GAP: a test fails"
    if status == NOT_MET:
        return "GAP: not met"
    if status == NOT_APPLICABLE:
        return status
    if status != MET:
        return f"GAP: unknown status {status}"
    if "passed" not in outcomes:
        return "GAP: its tests were skipped" if mine else "GAP: no test"
    return MET


def rows():
    """{id: (status, sentence)} of the page."""
    return {id: (status, sentence) for id, status, sentence in ROW.findall(PAGE.read_text())}


def main():
    os.chdir(ROOT)
    marked = Marked()
    files = [str(p) for p in Path("tests").rglob("test_*.py") if "mark.asvs(" in p.read_text()]
    pytest.main(["-q", "--no-header", "--disable-warnings", *sorted(files)], plugins=[marked])
    lines = list(judged(rows(), marked.tests, marked.came_to))
    for id, result, mine in lines:
        print(f"{id:7} {result:15} {', '.join(mine)}")
    gaps = [result for _id, result, _mine in lines if result.startswith("GAP")]
    met, aside = (sum(r == what for _i, r, _m in lines) for what in (MET, NOT_APPLICABLE))
    print(f"{len(lines)} ids: {met} met, {aside} not applicable, {len(gaps)} gaps")
    sys.exit(bool(gaps))


if __name__ == "__main__":
    main()
