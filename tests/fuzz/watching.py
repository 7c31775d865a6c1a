"""What a run of hostile inputs costs, and which of them failed."""

import os
import time
from pathlib import Path

from tests.support.sets import FULL

MOST_SECONDS = 5
MOST_MB = 80  # that memory may grow after the first quarter of the inputs
MANY = 400  # fewer inputs say nothing about memory
SEED = os.environ.get("FUZZ_SEED") or (str(time.time_ns() % 10**9) if FULL else "17")


def numbers(part, full):
    """The numbers of the inputs that a test makes."""
    if only := os.environ.get("FUZZ_ONLY"):
        return [int(only)]
    return range(int(os.environ.get("FUZZ_INPUTS") or (full if FULL else part)))


def megabytes():
    """What this process holds at the moment."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


class Watch:
    """Counts the inputs of one test, their seconds and faults."""

    def __init__(self):
        self.began, self.count, self.slowest, self.faults = time.monotonic(), 0, (0, ""), []
        self.kinds, self.warm = {}, 0

    def note(self, name, seconds, fault="", kind=""):
        """One input, told by its number and what it was."""
        self.count += 1
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        self.slowest = max(self.slowest, (round(seconds, 2), name))
        if fault or seconds > MOST_SECONDS:
            fault = fault or f"took {seconds:.1f} s"
            self.faults.append(f"{name}: {fault} (FUZZ_SEED={SEED})")

    def warmed_up(self):
        """From now on memory should not grow."""
        self.warm = self.warm or megabytes()

    def over(self, tell):
        """Fail with what was found; tell("figures", …) gets the figures."""
        seconds, grown = time.monotonic() - self.began, megabytes() - self.warm if self.warm else 0
        figures = (
            f"{self.count} inputs in {seconds:.0f} s, slowest {self.slowest[0]} s "
            f"({self.slowest[1][:80]}), memory {self.warm} → {self.warm + grown} MB, "
            f"FUZZ_SEED={SEED}, {dict(sorted(self.kinds.items()))}"
        )
        FULL and tell("figures", figures)
        print(figures)
        assert not self.faults, "\n".join(self.faults[:20])
        assert self.count < MANY or grown < MOST_MB, figures
