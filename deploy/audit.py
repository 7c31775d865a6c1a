"""Known holes in what Danju is made of, and whether they are older than our rule allows.

`python deploy/audit.py requirements-stores.lock`, by `make audit`. Asks osv.dev for the versions of
the lock file and of static/LICENSES.md, and CISA which holes are being used. Ends with 1 where a
hole is older than its days, or the lock file than its months; with 2 where nobody could be
asked."""

import datetime as dt
import json
import subprocess
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from sbom import CARRIED, packages

OSV = "https://api.osv.dev/v1"
USED = "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
# The days of docs/security.md, Up to date. How grave nobody has said counts as serious.
DAYS = {"used": 3, "serious": 14, "other": 92}
MINOR = {"LOW", "MODERATE", "MEDIUM"}
RENEWED = 92  # days after which the lock file is to be made anew
NPM = {"htmx": "htmx.org", "Pico CSS": "@picocss/pico", "Lucide": "lucide-static"}


def parts(lock, licences):
    """[(ecosystem, name, version)] of all that runs."""
    python = [("PyPI", name, version) for name, version, _hashes in packages(lock)]
    return python + [
        ("npm", NPM[name], version) for _file, name, version, _licence in CARRIED.findall(licences)
    ]


def fetched(url, body=None):
    data = json.dumps(body).encode() if body else None
    sent = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(sent, timeout=30) as answer:
        return json.load(answer)


def holes(wanted, osv):
    """[(part, what is known of one hole)]; several reports of the same are one."""
    queries = [
        {"package": {"ecosystem": system, "name": name}, "version": version}
        for system, name, version in wanted
    ]
    answers = fetched(f"{osv}/querybatch", {"queries": queries})["results"]
    for part, answer in zip(wanted, answers, strict=True):
        reports = [fetched(f"{osv}/vulns/{found['id']}") for found in answer.get("vulns", ())]
        for same in _together([r for r in reports if "withdrawn" not in r]):
            yield part, same


def _together(reports):
    groups = []
    for report in reports:
        names = {report["id"], *report.get("aliases", ())}
        mine = [group for group in groups if group["names"] & names]
        groups = [group for group in groups if group not in mine]
        groups.append(
            {
                "names": names.union(*(group["names"] for group in mine)),
                "reports": [report, *(r for group in mine for r in group["reports"])],
            }
        )
    return groups


def judged(hole, used, today):
    """(kind, days since it is known) of a hole."""
    known = min(dt.date.fromisoformat(r["published"][:10]) for r in hole["reports"])
    said = {r.get("database_specific", {}).get("severity") for r in hole["reports"]} - {None}
    minor = said and said <= MINOR
    kind = "used" if hole["names"] & used else "other" if minor else "serious"
    return kind, (today - known).days


def told(wanted, osv, used_at, today):
    """(whether a hole is older than its days, lines to read)."""
    found = list(holes(wanted, osv))
    used = {hole["cveID"] for hole in fetched(used_at)["vulnerabilities"]} if found else set()
    lines, late = [], False
    for (_system, name, version), hole in found:
        kind, days = judged(hole, used, today)
        over = days > DAYS[kind]
        late |= over
        lines.append(
            f"{'TOO LATE' if over else 'open':9}{name} {version}: {' '.join(sorted(hole['names']))}"
            f" ({kind}, known for {days} days of {DAYS[kind]})"
        )
    return late, [*sorted(lines), f"{len(wanted)} packages, {len(found)} known holes"]


def renewed(path):
    """The day on which the lock file was made anew, by git; None without."""
    words = ["git", "log", "-1", "--format=%cs", "--", path]
    try:
        said = subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return None
    return dt.date.fromisoformat(said) if said else None


def main(path, osv=OSV, used_at=USED, today=None):
    today = today or dt.date.today()
    wanted = parts(Path(path).read_text(), Path("static/LICENSES.md").read_text())
    day = renewed(path)
    old = day is not None and (today - day).days > RENEWED
    if old:
        print(f"TOO LATE {path} is of {day}: make lock")
    try:
        late, lines = told(wanted, osv, used_at, today)
    except OSError as error:
        print(f"Nothing is known: osv.dev or cisa.gov could not be asked ({error})")
        return 2
    print(*lines, sep="\n")
    return int(late or old)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
