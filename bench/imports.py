"""Imports of 10,000 lines and more: CPU a line, how long the lock is held, and what others notice.

`python -m bench.imports 10000 100000` takes CSV and XLSX files of so many lines, five to a
document; `csv` or `xlsx` before the numbers takes only those, `undo` undoes them again. The last
lines are the table of all. CPU counts, not time, where the machine has more to do."""

import io
import resource
import statistics
import sys
import threading
import time

from openpyxl import Workbook

from bench.firm import firm, signed_in
from jobs import serve
from models.adapters.sandbox import workers
from models.core import portions
from models.core.clock import now
from models.core.database import db
from models.core.portions import Portions
from models.customers import Customer
from models.imports import Import, publishing

LINES = 5  # to a document
PAGES = ("/", "/documents/", "/customers/", "/receivables/")
CLICKS = 0.5  # seconds between two rounds of clicks
HEADS = "Invoice No,Date,Customer,SKU,Item,Qty,Unit price,Tax rate".split(",")
KINDS, UNDO = ("csv", "xlsx"), "undo"
COLUMNS = {
    "read": "read and check, µs CPU a line",
    "write": "write, µs CPU a line",
    "undo": "undo, µs CPU a line",
    "memory": "MB above idle",
    "cpu": "longest hold of the lock, ms CPU",
    "wall": "the same, ms",
    "over": "portions over 100 ms CPU, of",
    "idle": "others' p95 at idle, ms",
    "busy": "meanwhile, ms",
    "save": "a save meanwhile, p95 ms",
}


def main(*asked):
    kinds = [name for name in asked if name in KINDS] or KINDS
    counts = [int(name) for name in asked if name.isdecimal()] or [10000]
    found = [measured(kind, n, UNDO in asked) for n in counts for kind in kinds]
    print("\n| | " + " | ".join(COLUMNS.values()) + " |\n|" + "---|" * (len(COLUMNS) + 1))
    for figures in found:
        print(f"| {figures['of']} | " + " | ".join(figures.get(n, "–") for n in COLUMNS) + " |")


def measured(kind, count, undo):
    """{column: figure} of one import, while pages are asked and customers entered."""
    figures = {"of": f"{count} lines, {kind.upper()}"}
    with firm(2000) as (app, admin):
        serve.put_aside()
        browser = signed_in(app, admin)
        idle = [answer_of(browser, path) for _ in range(15) for path in PAGES]
        holds, others, memory = held(), Others(app, admin), resident()
        row = Import.upload(admin, "documents", f"lines.{kind}", content(kind, count), later=True)
        spent = in_worker(app, others)
        row = Import.get_by_id(row.id)
        row.check(admin, row.mapping, {"kind": "invoice", "settled": True})
        checking = in_worker(app, others)
        row = Import.get_by_id(row.id)
        assert row.clean, (row.state, row.error, row.findings)
        figures["read"] = f"{(spent + checking) / count * 1e6:.0f}"
        print(f"{figures['of']}: {spent / count * 1e6:.0f} + {checking / count * 1e6:.0f} µs")
        row.start(admin)
        # It goes through the rows once more: what has changed since is found before it is written.
        figures["write"] = f"{(in_worker(app, others) - checking) / count * 1e6:.0f}"
        assert Import.get_by_id(row.id).state == "done"
        if undo:
            Import.get_by_id(row.id).undo(admin)
            figures["undo"] = f"{in_worker(app, others) / count * 1e6:.0f}"
            assert Import.get_by_id(row.id).state == "undone"
    walls, cpus = zip(*holds, strict=True)
    return figures | {
        "memory": f"{others.peak - memory:.0f}",
        "cpu": f"{max(cpus) * 1000:.0f}",
        "wall": f"{max(walls) * 1000:.0f}",
        "over": f"{sum(cpu > 0.1 for cpu in cpus)} of {len(holds)}",
        "idle": f"{p95(idle):.0f}",
        "busy": f"{p95(others.pages):.0f}",
        "save": f"{p95(others.saves):.0f}",
    }


def content(kind, count):
    rows = (
        (
            f"OLD-{i // LINES}",
            f"{2015 + i // LINES % 10}-{1 + i // LINES % 12:02}-{1 + i // LINES % 28:02}",
            f"客户 {i // LINES % 977} 有限公司",
            f"S{i % 499}",
            f"产品 {i % 499}",
            1 + i % 9,
            f"{10 + i % 9973}.50",
            "13%",
        )
        for i in range(count)
    )
    if kind == "csv":
        return "\n".join([",".join(HEADS), *(",".join(map(str, row)) for row in rows)]).encode()
    book = Workbook(write_only=True)
    sheet = book.create_sheet("lines")
    sheet.append(HEADS)
    for row in rows:
        sheet.append([*row[:6], float(row[6]), row[7]])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class Others:
    """People who look at pages and save customers; the memory of the process is looked at too."""

    def __init__(self, app, admin):
        self.app, self.admin, self.browser = app, admin, signed_in(app, admin)
        self.pages, self.saves, self.peak = [], [], 0

    def click(self):
        self.pages += [answer_of(self.browser, path) for path in PAGES]
        self.saves.append(seconds(lambda: Customer.enter(self.admin, name=f"new {now()}")))
        for _ in range(10):
            self.peak = max(self.peak, resident())
            time.sleep(CLICKS / 10)


def in_worker(app, others):
    """Run what waits in a thread, as the portal does, while others click. Returns the CPU seconds
    of the thread, and of the process that reads files."""
    spent = []

    def work():
        with app.app_context():
            began = time.thread_time()
            Import.run_waiting()
            spent.append(time.thread_time() - began)
            db.close()

    before, thread = readers_cpu(), threading.Thread(target=work)
    thread.start()
    while thread.is_alive():
        others.click()
    return spent[0] + readers_cpu() - before


def readers_cpu():
    """CPU seconds of the processes that read files and have ended."""
    server = workers.server_pid()
    if server is None:
        return 0
    with open(f"/proc/{server}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / 100


def held():
    """[(seconds, CPU seconds)] for which each transaction of the import holds the lock."""
    holds, transaction, publish = [], Portions.transaction, publishing.publish

    @portions.contextmanager
    def measuring(self):
        with transaction(self):
            began, cpu = time.monotonic(), time.thread_time()
            yield
            holds.append((time.monotonic() - began, time.thread_time() - cpu))

    def publishing_measured(*args):
        cpu = time.thread_time()
        holds.append((seconds(lambda: publish(*args)), time.thread_time() - cpu))

    Portions.transaction, publishing.publish = measuring, publishing_measured
    return holds


def seconds(act):
    began = time.monotonic()
    act()
    return time.monotonic() - began


def answer_of(browser, path):
    return seconds(lambda: browser.get(path))


def p95(times):
    return statistics.quantiles(times, n=20)[-1] * 1000 if len(times) > 1 else 0


def resident():
    """Megabytes of this process now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main(*sys.argv[1:])
