"""Starts processes of ours quickly, by the thousand: everything is imported once here, then each is
a fork that could as well have been started anew.

`python -m tests.faults.nursery` reads lines of JSON {"env": …, "words": [...]} and answers each
with a process id; `words` are those of `flask …`, or of `writer …`."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress

from tests.faults.conftest import ROOT, environment


class Born:
    """A process that lives in a session of its own."""

    def __init__(self, pid):
        self.pid = pid

    def alive(self):
        with suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return True
        return False

    def kill(self):
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        while self.alive():
            pass


class Nursery:
    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT,
            env=environment("/nowhere"),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def start(self, *words, data, **env):
        self.process.stdin.write(
            json.dumps(
                {"env": {"DATA_DIR": str(data), **env}, "words": [str(word) for word in words]}
            )
            + "\n"
        )
        self.process.stdin.flush()
        return Born(int(self.process.stdout.readline()))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def live(env, words):
    """What the fork does."""
    os.setsid()
    quiet = os.open(os.environ.get("NURSERY_LOG", os.devnull), os.O_RDWR | os.O_APPEND | os.O_CREAT)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    os.environ.update(env)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if words[0] == "writer":
        from tests.faults.writer import write

        return write(*words[1:])
    from flask.cli import main

    sys.argv = ["flask", *words]
    main()


def main():
    import waitress  # noqa: F401

    import app  # noqa: F401
    import jobs.scheduler  # noqa: F401
    import tests.faults.writer  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: they are killed
    for line in sys.stdin:
        told = json.loads(line)
        pid = os.fork()
        if not pid:
            try:
                live(**told)
            finally:
                os._exit(1)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
