"""Every kind of page as each role sees it: a large firm beside a small one, SQLite beside
PostgreSQL, and the list beside the same list by others."""

import contextlib
import sys
import threading
import time

from bench.loader import KEPT, SELLERS, code_of, opened
from bench.serving import Browser, Server, measured
from bench.tables import middle, p95, ratio, show, text
from models.customers import Contact, Customer
from models.documents import Document
from models.people import Session

STAFF = "ada", "manager0", "seller0", "finance", "archivist"
CLIENTS = 8
WARM = 24  # turns that do not count: each thread of a server opens the database once
PATIENCE = 6  # seconds for a page of a role
PEERS = {
    "bare Flask": ("-m", "bench.peers.bare"),
    "sqlite3 and a session": ("-m", "bench.peers.raw"),
    "Django": ("-m", "bench.peers.django_list"),
}
DJANGO = KEPT / "peers" / "bin" / "python"
# (page, address, who asks)
PAGES = (
    ("home", "/", STAFF),
    ("documents", "/documents/", STAFF),
    ("documents by number", "/documents/?sort=number", ("seller0", "finance")),
    ("documents, largest", "/documents/?sort=-total", ("seller0", "finance")),
    ("overdue by day", "/documents/?state=overdue&sort=due", ("seller0", "finance")),
    ("documents holding a number", "/documents/?q={number}", ("seller0", "finance")),
    ("documents, nothing found", "/documents/?q=qqzzx77", ("seller0", "finance")),
    ("documents holding i00", "/documents/?q=i00", ("seller0", "finance")),
    ("payments", "/payments/", ("seller0", "finance")),
    ("payments, nothing found", "/payments/?q=qqzzx77", ("seller0", "finance")),
    ("customers by what they owe", "/customers/?sort=-owes", ("seller0", "finance")),
    ("one document", "/documents/{document}", ("seller0", "finance")),
    ("customers", "/customers/", ("seller0", "manager0")),
    ("customer of few", "/customers/{small}", ("seller0", "finance")),
    ("customer of most", "/customers/1", ("seller0", "finance")),
    ("inbox", "/tasks/", ("manager0", "finance")),
    ("search, a number", "/search/?q={number}", ("seller0", "finance")),
    ("search, nothing found", "/search/?q=qqzzx77", ("seller0", "finance")),
    ("search, a common word", "/search/?q=000", ("seller0", "finance")),
    ("receivables", "/receivables/", ("seller0", "finance")),
    ("reminders", "/reminders/", ("finance",)),
    *(
        (f"insights, {name}", f"/insights/{name}", ("ada",))
        for name in "overview customers salespeople products paying quotes cohorts stopped".split()
    ),
    ("archive", "/archive/", ("archivist",)),
    ("number register", "/numbers/", ("finance",)),
    ("portal, home", "/portal/", ("customer of few", "customer of most")),
    ("portal, documents", "/portal/documents/", ("customer of few", "customer of most")),
)


class Firm:
    """A firm that is being served, and who asks it."""

    def __init__(self, name, folder, stack, **settings):
        with opened(folder, **settings).app_context():
            small = Customer.get(Customer.code == code_of(Customer.select().count() - SELLERS))
            one = Document.select().where(Document.customer == small, Document.imported)
            document = one.order_by(Document.id.desc()).first()
            ids = {"customer of few": small.id, "customer of most": 1}
            sids = {
                who: Session.start(Contact.get(Contact.customer == ident))
                for who, ident in ids.items()
            }
        self.name, self.folder = name, folder
        self.facts = {"small": small.id, "document": document.id, "number": document.number}
        self.server = stack.enter_context(Server.of_firm(folder, **settings))
        self.browsers = {who: Browser(self.server.port, sid) for who, sid in sids.items()}
        for who in STAFF:
            self.browsers[who] = Browser(self.server.port).sign_in(who)

    def ask(self, who, address):
        return measured(self.server, self.browsers[who], address.format(**self.facts))


def compare(firms, times=12, pages=PAGES):
    """Print each page of each role: the last firm beside the first, which share one machine and
    take turns. A third one between them is PostgreSQL."""
    small, big = firms[0], firms[-1]
    heads = ["page", "who", "statements", "KB"]
    heads += [f"cpu, {firm.name}" for firm in firms] + ["ratio"]
    heads += [f"p50 / p95, {firm.name}" for firm in firms] + ["ratio of p95"]
    rows = []
    for page, address, people in pages:
        for who in people:
            figures = taken(firms, who, address, times)
            cpu = {firm: middle([f[0] for f in figures[firm]]) for firm in firms}
            wall = {firm: [f[1] for f in figures[firm]] for firm in firms}
            answer = figures[big][-1][2]
            row = [page, who, int(answer.headers["X-Statements"]), len(answer.data) // 1024]
            row += [cpu[firm] for firm in firms] + [ratio(cpu[big] / cpu[small])]
            row += [f"{text(middle(w))} / {text(p95(w))}" for w in wall.values()]
            rows.append([*row, ratio(p95(wall[big]) / p95(wall[small]))])
            print(".", end="", file=sys.stderr, flush=True)
    show("Pages: milliseconds of the server's processor, and of the clock", heads, rows)
    memory = [[f.name, f.server.memory(), f.server.most_memory()] for f in firms]
    show("Memory of the server after them, MB", ["firm", "now", "most"], memory)


def taken(firms, who, address, times):
    """{firm: [(cpu, wall, answer)]}, in turns, fewer of a slow page. The first answers, which fill
    caches, do not count."""
    figures, until = {firm: [] for firm in firms}, time.monotonic() + PATIENCE
    for turn in range(times + 2):
        if turn > 2 and time.monotonic() > until:
            break
        for firm in firms:
            figures[firm].append(firm.ask(who, address))
            answer = figures[firm][-1][2]
            assert answer.status == 200, (firm.name, who, address, answer.status)
    return {firm: found[2:] for firm, found in figures.items()}


def beside_peers(firm, times=60, seconds=4):
    """Print the list of documents beside what others need for the same bytes and rows."""
    who = firm.browsers["finance"]
    page = KEPT / "page.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_bytes(who.get("/documents/").data)
    with contextlib.ExitStack() as stack:
        asked = {"Danju": (firm.server, who)}
        for name, command in PEERS.items():
            python = DJANGO if name == "Django" else sys.executable
            if name == "Django" and not DJANGO.exists():
                print(f"\nNo Django at {DJANGO}: `make bench` installs it.")
                continue
            env = {"PAGE": str(page), "DATABASE": f"{firm.folder}/danju.db"}
            env["OWN"] = str(KEPT / "django.db")
            server = stack.enter_context(Server(python, *command, **env))
            browser = Browser(server.port, who.cookies["danju_sid"])
            if name == "Django":
                browser.get("/sign-in")
            asked[name] = server, browser
        figures = {name: [] for name in asked}
        for _ in range(WARM + times):
            for name, (server, browser) in asked.items():
                figures[name].append(measured(server, browser, "/documents/"))
                assert figures[name][-1][2].status == 200, (name, figures[name][-1][2].text[:500])
        rates = {name: rate(*one, seconds) for name, one in asked.items()}
    cpu = {name: middle([f[0] for f in found[WARM:]]) for name, found in figures.items()}
    rows = [
        [
            *(name, cpu[name], ratio(cpu[name] / cpu["Danju"])),
            *(middle([f[1] for f in found[WARM:]]), p95([f[1] for f in found[WARM:]])),
            *(len(found[-1][2].data), rates[name]),
        ]
        for name, found in figures.items()
    ]
    heads = ["who", "cpu, ms", "of Danju's", "p50, ms", "p95, ms", "bytes", "a second, 8 clients"]
    show(f"The list of documents, {firm.name}, beside others", heads, rows)


def rate(server, browser, seconds, clients=CLIENTS, path="/documents/"):
    """Answers a second to so many clients at once."""
    until, counts = time.monotonic() + seconds, []

    def ask():
        mine, count = Browser(server.port), 0
        mine.cookies = dict(browser.cookies)
        while time.monotonic() < until:
            assert mine.get(path).status == 200
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == clients, "a client failed"
    return sum(counts) / seconds
