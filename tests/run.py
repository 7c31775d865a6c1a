"""The runs of the tests by name.

`python -m tests.run` is `make test`: what must hold before a change lands. `python -m tests.run
all` is `make test-all`: everything in full, part by part; a part that has passed on these very
files is not run again, `all NAME …` runs only those."""

import hashlib
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

from tests.support import postgres, required

ROOT = Path(__file__).resolve().parent.parent
PASSED = ROOT / ".venv" / "test-all"
REPORTS = ROOT / ".venv" / "test-reports"  # what the last run of each part said, test by test
WORKERS = min(
    8, (os.cpu_count() or 1) + 1
)  # one more than cores: tests wait for disks, servers and browsers
SLOWEST = 15


class Part(NamedTuple):
    """One call of pytest. What `env` holds counts where the environment says nothing; on_postgres
    takes a server, or is left out where there is none."""

    name: str
    paths: tuple
    on_postgres: bool = False
    env: dict = {}
    workers: int = WORKERS


NO_DATABASE = (
    "approval_machine",
    "bank_banks",
    "bank_files",
    "bank_formats",
    "bank_messages",
    "bank_statuses",
    "bank_variants",
    "bombs",
    "cells",
    "customer_names",
    "encodings",
    "exports_in_full",
    "filenames",
    "fonts",
    "hostile_files",
    "import_cases",
    "import_heads",
    "import_meaning",
    "import_names",
    "import_shapes",
    "import_sheets",
    "import_twins",
    "import_values",
    "known_exports",
    "large_imports",
    "ledger",
    "legal_text",
    "letters",
    "lines",
    "lunar",
    "passwords",
    "pdf",
    "pictures",
    "placeholders",
    "places",
    "printed",
    "rows_left_out",
    "sandbox",
    "table_dialects",
    "tables",
    "words",
    "workbooks",
)  # as good as the same on both; in full on both
TEST = (
    Part("SQLite", ("tests",)),
    Part(
        "PostgreSQL",
        (
            "tests/models",
            "tests/test_audience.py",
            "tests/views/test_lists.py",
            "tests/views/test_insights.py",
            "tests/faults/test_pooler.py",
            "tests/faults/test_postgres.py",
            "tests/faults/test_two_hosts.py",
            "tests/faults/test_waiting.py",
            "tests/replay/test_doing_twice.py",
            "tests/replay/test_numbers.py",
            "tests/replay/test_reminder_storms.py",
            "tests/test_earlier_versions.py",
            *(f"--ignore=tests/models/test_{name}.py" for name in NO_DATABASE),
        ),
        on_postgres=True,
    ),
)
FULL = {"FULL": "yes"}
BAD_INPUT = "tests/test_bad_input.py", "tests/test_bad_requests.py"
ALL = (
    Part(
        "house",
        (
            "tests/test_house.py",
            "tests/test_install.py",
            "tests/test_mixed_lists.py",
            "tests/test_addresses.py",
            "tests/test_asvs.py",
            "tests/test_audience.py",
            "tests/test_audit.py",
            "tests/test_bench.py",
            "tests/test_deeds.py",
            "tests/test_docs.py",
            "tests/test_earlier_versions.py",
            "tests/test_rights_ended.py",
            "tests/test_rights_of_pieces.py",
            "tests/test_run.py",
            "tests/test_safe_code.py",
            "tests/test_security_page.py",
            "tests/test_styles.py",
            "tests/test_unpublished.py",
            "tests/test_untouched.py",
            "tests/test_while_locked.py",
            "tests/test_words.py",
        ),
        env=FULL,
    ),
    Part("models", ("tests/models",), env=FULL),
    Part("views", ("tests/views", "tests/real"), env=FULL),
    Part("replay", ("tests/replay",), env=FULL),
    Part("bad-input", BAD_INPUT, env=FULL),
    Part("fuzz", ("tests/fuzz",), env=FULL),
    Part("oracle", ("tests/oracle",), env=FULL),
    Part("browser", ("tests/browser",), env={**FULL, "PICTURES": str(ROOT / ".venv" / "pictures")}),
    Part("faults", ("tests/faults",), env=FULL),
    Part(
        "postgres",
        (
            "tests/models",
            "tests/views",
            "tests/test_audience.py",
            "tests/test_earlier_versions.py",
            "tests/faults",
            "tests/replay",
        ),
        on_postgres=True,
        env=FULL,
    ),
    Part("postgres-bad-input", BAD_INPUT, on_postgres=True),
)


def run(part):
    """(exit code, seconds, {test: seconds}) of one part."""
    print(f"\n== {part.name}", flush=True)
    began, report = time.monotonic(), REPORTS / f"{part.name}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    words = [
        sys.executable,
        "-m",
        "pytest",
        *part.paths,
        "-q",
        "-rs",
        "-n",
        str(part.workers),
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
        f"--junitxml={report}",
    ]
    if part.on_postgres:
        with postgres.server() as url:
            if not url:
                print(f"left out: needs {required.POSTGRES}", flush=True)
                return int(required.ALL), 0, {}
            code = _pytest(words, {**part.env, **os.environ, "TEST_DATABASE_URL": url})
    else:
        code = _pytest(
            words,
            {
                **part.env,
                **{
                    name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"
                },
            },
        )
    return code, time.monotonic() - began, _seconds(part, report)


def _pytest(words, env):
    return subprocess.run(words, cwd=ROOT, env=env, check=False).returncode


def _seconds(part, report):
    """How long each test took, fixtures included; nothing when pytest did not come so far."""
    if not report.exists():
        return {}
    return {
        f"{case.get('classname').removeprefix('tests.')}::{case.get('name')} ({part.name})": float(
            case.get("time")
        )
        for case in ET.parse(report).iter("testcase")
    }


def told(part, name):
    """What tests told under that name: tests/browser/test_ways.py of each way, tests/fuzz and
    tests/oracle how much they tried."""
    report = REPORTS / f"{part.name}.xml"
    found = ET.parse(report).iter("property") if report.exists() else []
    return [each.get("value") for each in found if each.get("name") == name]


def summary(done):
    """The clicks of the daily ways, the figures of hostile inputs, the seconds of each part and of
    the slowest tests, of [(part, code, seconds, {test: seconds})]."""
    for name in ("clicks", "figures"):
        lines = [line for part, *_rest in done for line in told(part, name)]
        if lines:
            print(f"\n== {name}", *lines, sep="\n")
    print("\n== seconds")
    for part, code, seconds, _tests in done:
        print(f"{seconds:7.0f}  {part.name}{'' if code == 0 else '  FAILED'}")
    print(f"\n== the {SLOWEST} slowest tests")
    tests = {name: seconds for *_rest, found in done for name, seconds in found.items()}
    for name, seconds in sorted(tests.items(), key=lambda row: -row[1])[:SLOWEST]:
        print(f"{seconds:7.1f}  {name}")


def everything(names):
    """The parts of `make test-all` that are still to do, or those named; whether all passed."""
    wanted = [part for part in ALL if part.name in names] if names else ALL
    unknown = set(names) - {part.name for part in ALL}
    if unknown:
        raise SystemExit(
            f"no such part: {', '.join(sorted(unknown))}; there are "
            f"{', '.join(part.name for part in ALL)}"
        )
    PASSED.mkdir(parents=True, exist_ok=True)
    state, done = files_hash(), []
    for part in wanted:
        mark = PASSED / part.name
        if not names and mark.exists() and mark.read_text() == state:
            print(f"\n== {part.name}: passed already on these files", flush=True)
            continue
        result = run(part)
        done.append((part, *result))
        if result[0] == 0:
            mark.write_text(state)
    summary(done)
    return all(code == 0 for _part, code, *_rest in done)


def files_hash():
    """Of all that git tracks or would, as it lies in the working tree."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    found = hashlib.sha256()
    for name in sorted(set(names.decode().split("\0")) - {""}):
        path = ROOT / name
        if path.is_file():
            found.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def main(words):
    os.environ["CHROMIUM"] = required.chromium() or required.NONE
    if words[:1] == ["all"]:
        return everything(words[1:])
    done = [(part, *run(part)) for part in TEST]
    summary(done)
    return all(code == 0 for _part, code, *_rest in done)


if __name__ == "__main__":
    raise SystemExit(not main(sys.argv[1:]))
