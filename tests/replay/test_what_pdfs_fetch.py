"""What is typed into a document makes the printer ask nobody and open nothing: others' PDF makers
fetched addresses and files that a text named."""

import contextlib
import http.server
import io
import threading
import time

import pypdfium2
import pytest

from models.adapters.printing import pdf, pool
from models.documents import Document
from models.receivables.statement import Statement
from tests.models.test_bombs import png
from tests.servers import answering
from tests.support.sets import fully
from tests.valid_forms.money import statement

pytestmark = pytest.mark.real_pdf
# Words that choose how the page is laid out, and are no text of a person.
CHOSEN = {"kind", "language", "currency", "font", "dates", "tax_kind", "pay", "seller_dates"}
DAYS = {"issued_on", "date", "due_on", "valid_until", "delivery_on", "since", "until", "day"}


@contextlib.contextmanager
def canary(sends_on_to=""):
    """A server that nobody should ask; gives its address and the paths that were asked for."""
    asked = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(302 if sends_on_to else 200)
            self.send_header("Location", sends_on_to)
            self.end_headers()
            self.wfile.write(png(2, 2))

    with answering(Answer) as address:
        yield address, asked


def payloads(url, file="/etc/passwd"):
    """Every way in which a text of HTML, CSS or of the printer's own tags can name an address."""
    return [
        form.format(at)
        for at in (f"{url}/x.png", f"file://{file}", file, f"../../../../../..{file}")
        for form in (
            '<img src="{}">',
            "<style>@font-face {{ font-family: a; src: url({}) }} * {{ font-family: a }}</style>",
            "<style>@page {{ background-image: url({}) }}</style>",
            '<link rel="stylesheet" href="{}">',
            "<style>@import url({});</style>",
            '<pdf:include src="{}"/>',
            '<svg><image xlink:href="{0}" href="{0}"/></svg>',
            '<iframe src="{0}"></iframe><object data="{0}"></object><embed src="{0}">',
            '<div style="background: url({})">x</div>',
            '"><img src={}><a href="',
        )
    ]


def filled_with(content, text):
    """The frozen content with this text wherever a person's words stand."""
    if isinstance(content, dict):
        return {
            key: value if key in CHOSEN | DAYS else filled_with(value, text)
            for key, value in content.items()
        }
    if isinstance(content, list):
        return [filled_with(each, text) for each in content]
    return text if isinstance(content, str) and content else content


def words(data):
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.split())


@pytest.fixture
def contents(firm):
    """A paper of each layout, as it is frozen."""
    line = {**firm.line(), "note": "n", "code": "c"}
    more = {"note": "n", "reference": "r", "contact": firm.anna}
    paper = Document.draft(firm.li, "invoice", firm.a, [line], **more)
    return {
        "invoice": paper.freeze(number="N-1", base_url="http://localhost:8000"),
        "statement": Statement.get_by_id(statement(firm).id).snapshot,
    }


@pytest.mark.parametrize("layout", ["invoice", "statement"])
def test_xhtml2pdf_827_and_838_no_field_of_a_paper_fetches_or_opens_anything(contents, layout):
    """HTML made of a customer's words was printed with the addresses and files that it named."""
    with canary() as (url, asked):
        every = payloads(url)
        for text in fully(every[:1] + every[10:11] + every[9:10], every):
            data = pdf.render(filled_with(contents[layout], text))
            assert "root:x" not in words(data)
            assert "".join(text.split())[:12] in words(data), "is not printed as it was typed"
        assert asked == []


@pytest.mark.parametrize("at", ["remote", "file", "above"])
def test_erpnext_2026_31017_a_page_that_is_hostile_itself_reads_nothing_outside(at):
    """A print format of one's own read files of the server and asked its neighbours: here even HTML
    that got past every escape would find the printer shut."""
    with canary() as (url, asked):
        chosen = {"remote": slice(0, 10), "file": slice(10, 20), "above": slice(20, 40)}[at]
        for text in payloads(url)[chosen]:
            with contextlib.suppress(pool.PdfFailed):
                data = pool.call("convert", f"<html><body><p>before</p>{text}</body></html>")[0]
                assert "root:x" not in words(data) and b"root:x" not in data
        assert asked == []


def test_weasyprint_983w_rhvv_gwmv_no_address_is_followed_to_where_it_sends_on():
    """The allowed address was checked, the one it sent on to was fetched."""
    with canary() as (inner, asked), canary(f"{inner}/secret") as (outer, asked_too):
        with contextlib.suppress(pool.PdfFailed):
            pool.call("convert", f'<html><body>x<img src="{outer}/a.png"></body></html>')
        assert asked == asked_too == []


def test_maigret_2908_what_a_text_names_in_markdown_or_mail_is_not_fetched_either(firm, app):
    """A report was made from what strangers wrote about themselves, and asked what they named.

    Texts of a firm that become HTML: handbook, letters."""
    from app import write_mail
    from models.adapters.outbox import Mail
    from views.markdown import markdown

    with canary() as (url, asked):
        assert "<img" not in markdown(f"![x]({url}/x.png) <img src='{url}/y.png'>")
        firm.anna.revise(firm.li, name=f'<img src="{url}/z.png">')
        paper = firm.printed()
        paper.send(firm.li, [firm.anna], key="k" * 20, base_url="http://localhost:8000")
        _subject, _text, html = write_mail(Mail.get(Mail.template == "document_sent"))
        assert "<img" not in html and "&lt;img" in html and asked == []


def test_reportlab_cve_2023_33733_what_it_would_run_is_printed_as_text(contents, tmp_path):
    """`<font color="[…]">` was evaluated as Python, out of a name in an invoice."""
    trap = tmp_path / "ran"
    code = (
        "[[[getattr(pow, Word('__globals__'))['os'].system('touch {}') for Word in [type('Word', "
        "(str,), {{}})]]] for x in [1]] and 'red'"
    ).format(trap)
    for text in (
        f'<para><font color="{code}">exploit</font></para>',
        f'<span style="color: {code}">exploit</span>',
        f'<para backColor="{code}">exploit</para>',
    ):
        data = pdf.render(filled_with(contents["invoice"], text))
        assert "<" in words(data) and "exploit" in words(data)
        with contextlib.suppress(pool.PdfFailed):
            pool.call("convert", f"<html><body>{text}</body></html>")
        assert not trap.exists()


# What keeps it busy
# ------------------------------------------------------------------------------------------------

HEAVY = {
    "a colour without end": '<font color="rgb(' + "1" * 40_000 + '">x</font>',
    "nested 200 deep": "<div>" * 200 + "x" + "</div>" * 200,
    "tables in tables": "<table><tr><td>" * 60 + "x" + "</td></tr></table>" * 60,
    "one word of 100 kB": "W" * 100_000,
}


@pytest.mark.parametrize("what", HEAVY)
def test_xhtml2pdf_cve_2024_25885_a_heavy_text_is_printed_or_given_up_in_time(
    monkeypatch, contents, what
):
    """A colour of 50,000 digits kept its pattern busy for minutes, and with it the whole server."""
    monkeypatch.setattr(pool, "LONGEST", 20)
    content = contents["invoice"]
    content["note"] = HEAVY[what]
    for html in (pdf.html_of(content), f"<html><body>{HEAVY[what]}</body></html>"):
        began = time.monotonic()
        with contextlib.suppress(pool.PdfFailed):
            pool.call("convert", html)
        assert time.monotonic() - began < 25


def test_xhtml2pdf_cve_2024_25885_one_that_hangs_keeps_nobody_else_waiting(
    monkeypatch, firm, sign_in
):
    """While a worker hangs, pages are served at once, and the next paper is printed."""
    monkeypatch.setattr(pool, "LONGEST", 2)
    hung = []

    def hang():
        with pytest.raises(pool.PdfFailed):
            pool.call("hang", b"", module="tests.support.hostile")
        hung.append(time.monotonic())

    browser = sign_in(firm.li)
    browser.get("/documents/")
    thread = threading.Thread(target=hang)
    thread.start()
    began = time.monotonic()
    while not hung:
        asked = time.monotonic()
        assert browser.get("/documents/").status_code == 200
        assert time.monotonic() - asked < fully(3, 1)
    thread.join()
    assert 1 < hung[0] - began < 20
    monkeypatch.undo()  # a fresh worker may take its time
    assert pdf.render(firm.draft().freeze(number="N-1"))[:4] == b"%PDF"


@pytest.mark.full
def test_xhtml2pdf_cve_2024_25885_a_paper_of_a_thousand_lines_ends(firm):
    """The largest that the portal takes; 5,000 are refused before (test_bad_input)."""
    lines = [{**firm.line(), "name": f"{n} " + "长" * 400} for n in range(1000)]
    paper = Document.draft(firm.li, "invoice", firm.a, lines).freeze(number="N-1")
    with contextlib.suppress(pool.PdfFailed):
        pdf.render(paper)
