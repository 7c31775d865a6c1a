"""Imports of 10,000 lines and more: CPU a line, how long the lock is held, and what others notice.

`python -m bench.imports 10000 100000` takes CSV files of so many lines, five to a document."""

import resource
import statistics
import sys
import threading
import time

from bench.firm import firm, signed_in
from models.core import portions
from models.core.clock import now
from models.core.database import db
from models.core.portions import Portions
from models.customers import Customer
from models.imports import Import, publishing

LINES = 5  # to a document
PAGES = ("/", "/documents/", "/customers/", "/receivables/")


def main(*counts):
    for count in counts or (10000,):
        with firm(2000) as (app, admin):
            row, checking = checked(admin, count)
            browser = signed_in(app, admin)
            idle = [answer_of(browser, path) for _ in range(15) for path in PAGES]
            print(f"\nAn import of {count} lines")
            for name, value in measured(app, admin, row, count, checking, idle):
                print(f"  {name:<50}{value:>10.1f}")


def checked(admin, count):
    """The checked import, and the CPU seconds of reading and checking it."""
    row = Import.upload(admin, "documents", "lines.csv", content(count))
    row.check(admin, row.mapping, {"kind": "invoice", "settled": True, "create_customers": True})
    began = time.thread_time()
    Import.run_waiting()
    row = Import.get_by_id(row.id)
    assert row.clean, row.findings
    return row, time.thread_time() - began


def content(count):
    rows = ["Invoice No,Date,Customer,SKU,Item,Qty,Unit price,Tax rate"]
    for i in range(count):
        n = i // LINES
        rows.append(
            f"OLD-{n},{2015 + n % 10}-{1 + n % 12:02}-{1 + n % 28:02},客户 {n % 977} 有限公司,"
            f"S{i % 499},产品 {i % 499},{1 + i % 9},{10 + i % 90}.50,13%"
        )
    return "\n".join(rows).encode()


def measured(app, admin, row, count, checking, idle):
    """The rows of the table: the import runs in a thread as in the portal, while pages are asked
    and customers entered."""
    holds, results = held(), {}
    memory = resident()

    def work():
        with app.app_context():
            began = time.thread_time()
            Import.run_waiting()
            results["cpu"] = time.thread_time() - began
            db.close()

    row.start(admin)
    browser, busy, saves = signed_in(app, admin), [], []
    thread = threading.Thread(target=work)
    began, peak = time.monotonic(), memory
    thread.start()
    while thread.is_alive():
        busy += [answer_of(browser, path) for path in PAGES]
        saves.append(seconds(lambda: Customer.enter(admin, name=f"new {now()}")))
        peak = max(peak, resident())
        time.sleep(0.05)
    spent, row = time.monotonic() - began, Import.get_by_id(row.id)
    assert row.state == "done", (row.state, row.error, row.findings)
    micro = 1e6 / count
    return [
        ("reading and checking, µs CPU a line", checking * micro),
        ("writing, with reading once more, µs CPU a line", results["cpu"] * micro),
        ("writing alone, µs CPU a line", (results["cpu"] - checking) * micro),
        ("the whole, s", spent),
        ("longest hold of the lock, ms", max(wall for wall, _cpu in holds) * 1000),
        ("the same in CPU time, ms", max(cpu for _wall, cpu in holds) * 1000),
        ("the last step, ms", holds[-1][0] * 1000),
        ("portions", len(holds)),
        ("of these longer than 100 ms", sum(wall > 0.1 for wall, _cpu in holds)),
        ("memory above idle, MB", peak - memory),
        ("pages at idle, p95 ms", p95(idle)),
        ("pages meanwhile, p95 ms", p95(busy)),
        ("a save meanwhile, p95 ms", p95(saves)),
        ("the longest save meanwhile, ms", max(saves) * 1000),
    ]


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
    main(*map(int, sys.argv[1:]))
