"""How figures are printed: as tables of Markdown, with the machine and how busy it is."""

import os
import platform
import sqlite3
from unicodedata import east_asian_width

BUSY = 0.5  # of the processors: above it wall times tell of others' work


def machine():
    """One line on the machine and its load, with a warning where others work on it."""
    with open("/proc/meminfo") as file:
        memory = int(file.readline().split()[1]) / 2**20
    with open("/proc/cpuinfo") as file:
        models = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    cores, load = os.cpu_count(), os.getloadavg()[0]
    line = (
        f"{cores} × {models[0] if models else platform.machine()}, {memory:.0f} GB, Python "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}; load {load:.1f}"
    )
    if load > cores * BUSY:
        line += "\n**The machine is busy: trust processor times and ratios, not wall times.**"
    return line


def show(title, heads, rows, note=""):
    """Print a table; numbers stand to the right."""
    rows = [[text(value) for value in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
    print(f"\n## {title}\n{note}\n" if note else f"\n## {title}\n")
    print(line(heads, widths))
    print("|" + "|".join("-" * (n + 1) + (":" if i else "-") for i, n in enumerate(widths)) + "|")
    for row in rows:
        print(line(row, widths), flush=True)


def line(cells, widths):
    padded = [
        cell + " " * (n - width(cell)) if not i else " " * (n - width(cell)) + cell
        for i, (cell, n) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"


def width(cell):
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in cell)


def text(value):
    """A figure with as many digits as it deserves."""
    if value is None:
        return "–"
    if isinstance(value, float):
        return (
            f"{value:,.0f}"
            if abs(value) >= 100
            else f"{value:.1f}"
            if abs(value) >= 10
            else f"{value:.2f}"
        )
    return f"{value:,}" if isinstance(value, int) else str(value)


def ratio(value):
    return f"{value:,.2f} ×" if value < 10 else f"{value:,.0f} ×"


def middle(values):
    return sorted(values)[len(values) // 2]


def p95(values):
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]
