"""Install packages with pip and say how far it is: pip alone is silent for a minute, or too loud.

`python deploy/install.py requirements.lock`; what pip said is kept in .venv/pip.log."""

import re
import subprocess
import sys
import time
from pathlib import Path

LOG = Path(".venv/pip.log")
COLLECTING = re.compile(r"Collecting ([\w.-]+)")
INSTALLING = "Installing collected packages: "


def named(path):
    """The packages that the file names itself."""
    lines = (line.split("#")[0].strip() for line in Path(path).read_text().splitlines())
    lines = (line for line in lines if ";" not in line)  # for other systems
    return [re.split(r"[^\w.-]", line)[0].lower() for line in lines if line and line[0] != "-"]


def steps(lines, names):
    """A short sentence for each line of pip's that brings the work on."""
    fetched = set()
    for line in lines:
        if match := COLLECTING.match(line):
            name = match[1].lower()
            if name in names:
                fetched.add(name)
                yield f"fetching {len(fetched)} of {len(names)}: {name}"
            else:
                yield f"fetching what they need: {name}"
        elif line.startswith(INSTALLING):
            yield f"installing {line.count(',') + 1} packages"


def main(path):
    began, names = time.monotonic(), set(named(path))
    print(f"Installing {path} into .venv, about a minute the first time", flush=True)
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", "-r", path]
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    with LOG.open("w") as log:
        for step in steps((log.write(line) and line for line in pip.stdout), names):
            if sys.stdout.isatty():
                print(f"\r\033[K  {step}", end="", flush=True)
    if pip.wait():
        sys.exit(f"\n{LOG.read_text()}\npip failed; the same is in {LOG}")
    print(f"{chr(13) + chr(27) + '[K' if sys.stdout.isatty() else ''}  ready", end="")
    print(f" after {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1])
