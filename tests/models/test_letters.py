"""Everything that leaves the house in words: each PDF and each mail, with every fact there and each
one missing in turn, in both languages."""

import datetime as dt
import re
from pathlib import Path

import pytest
from jinja2 import meta, nodes

from models.adapters import outbox
from models.adapters.printing import pdf
from models.adapters.printing.environment import html
from models.care.occasion import TEXTS
from models.core.clock import today
from models.core.placeholders import fill_placeholders
from models.documents import KINDS
from models.dunning import level
from models.insights import monthly
from models.receivables.statement import frozen_account
from tests.support.same_text import text_of

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
FIGURES = re.compile(r"https?://\S+|\S+@\S+|\d[\d,.:]*")
HALF_WIDTH = re.compile(r"[:;,()!?]")
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
CODES = re.compile(rf"\b({'|'.join(KINDS)}|open|paid|price|quality|dispute|check)\b")
OUTCOMES, PURPOSES = ("approved", "rejected", "returned"), ("issue", "void", "destruction")
LINK = "https://x.test/a"
# What a mail may be told, by the name in its template; all names are Latin, as those of customers
# and colleagues may be in any language.
FACTS = {
    "told": {
        "subject_type": "User",
        "subject_id": 3,
        "action": "second_factor_reset",
        "actor_type": "User",
        "actor_name": "Ada",
        "facts": {},
        "origin": "203.0.113.9",
    },
    "file": "Offer.pdf",
    "mail": "li@firm.test",
    "id": 3,
    "about": "DP-1",
    "address": "203.0.113.9",
    "agent": "Firefox",
    "what": "reset",
    "person": "Li Ming",
    "amount": 1200,
    "approve": True,
    "at": "2026-11-29 08:00",
    "base_url": "https://x.test",
    "before": 30,
    "credit": 1100,
    "bounced": ["anna@a.test"],
    "by": "Li",
    "broken": [("INV-1", "Alfa", 100, "CNY")],
    "category": "Tea",
    "cause": "dispute",
    "closed": 1,
    "closing": 1200,
    "company": type("Company", (), {"name": "Huaxin"}),
    "copy_of": "Alfa",
    "count": 3,
    "course": "Basics",
    "currency": "CNY",
    "customer": "Alfa",
    "day": "2026-11-29",
    "discount": 300,
    "disputes": [("DP-1", "Alfa", True), ("DP-2", "Alfa", False)],
    "due_on": "2026-11-29",
    "email": "anna@a.test",
    "faults": ["x"],
    "firm": "Huaxin",
    "found": 2,
    "head": "0" * 64,
    "interest": 12,
    "items": [{"number": "INV-1", "due_on": "2026-11-29", "open": 100}],
    "kind": "delivery_note",
    "label": "INV-1",
    "last": ["INV-2026-0001"],
    "last_day": "2026-11-29",
    "late": 1,
    "letters": 2,
    "code": "K7QM-2F9P",
    "link": LINK,
    "link_until": "2026-12-29",
    "links": {"INV-1": LINK},
    "message": "Xy",
    "month": "2026-11",
    "n": 2,
    "name": "Anna",
    "news": [
        {"template": "dispute", "about": "DP-1", "paper": "INV-1", "customer": "Alfa"}
        | {"text": "Xy", "link": LINK},
        {"template": "confirmed", "number": "DN-1", "customer": "Alfa", "text": "", "link": LINK},
    ],
    "next_on": "2026-12-29",
    "next_title": "Xy",
    "number": "INV-1",
    "occasion": "birthday",
    "open": 1,
    "opt_out": LINK,
    "outcome": "approved",
    "overdue": [("CNY", 1, 100)],
    "owner": "Li",
    "paper": "INV-1",
    "parts": [("CNY", 100, 90)],
    "path": "/a",
    "pay_by": "2026-11-29",
    "place": "Disk",
    "purpose": "issue",
    "reply": "Xy",
    "rows": [
        {"rule": "approval_late", "label": "Xy", "owner": "Li", "due_on": "2026-11-29"}
        | {"day": "2026-11-29", "hour": "08:00", "customer": "Alfa", "what": "Xy"}
    ],
    "rule": "approval_late",
    "score": 9,
    "sender": "Li",
    "since": "2026-11-01",
    "soon": [("CNY", 1, 100)],
    "step": "check",
    "subject": "Xy",
    "survey": LINK,
    "terms": 14,
    "text": "Xy",
    "title": "Xy",
    "total": 1200,
    "trouble": "timed out",
    "until": "2026-11-29",
}
MAILS = sorted(p.stem for p in Path("templates/mail").glob("[!_]*.txt") if "." not in p.stem)


def faults(text, language):
    """What is wrong with the lines of a letter."""
    for line in filter(None, (line.strip() for line in text.splitlines())):
        bare = FIGURES.sub("", line)
        if "{" in line or "}" in line:
            yield f"a brace: {line}"
        if CODE.search(bare) or language == "zh" and CODES.search(bare):
            yield f"a code: {line}"
        if language == "zh" and CHINESE.search(line) and HALF_WIDTH.search(bare):
            yield f"a half-width sign: {line}"
        if language == "en" and CHINESE.search(line):
            yield f"a Chinese sign: {line}"


def shown(page):
    """What one sees of an HTML page."""
    page = re.sub(r"<(style|title)\b.*?</\1>|<!doctype[^>]*>", "", page, flags=re.S)
    return "\n".join(line for line in text_of(page) if not line.startswith("<"))


def facts_of(template, environment):
    """Its facts, and the same without each of them in turn."""
    names, optional = set(), set()
    read = [f"mail/{template}.txt", f"mail/{template}.subject.txt"]
    for name in read:
        tree = environment.parse(environment.loader.get_source(environment, name)[0])
        read += [part for part in meta.find_referenced_templates(tree) if part.startswith("mail/")]
        names |= meta.find_undeclared_variables(tree)
        for choice in tree.find_all((nodes.If, nodes.Or)):
            part = choice.left if isinstance(choice, nodes.Or) else choice.test
            optional |= {x.name for x in (part, *part.find_all(nodes.Name)) if hasattr(x, "name")}
    facts = {name: FACTS[name] for name in names - environment.globals.keys()}
    yield facts
    for name in facts.keys() & optional:
        empty = {str: "", int: 0, list: [], dict: {}, bool: False}[type(facts[name])]
        yield {**facts, name: empty}
    for kind in KINDS if "kind" in names else ():
        yield {**facts, "kind": kind}
    for outcome in OUTCOMES if "outcome" in names else ():
        yield from ({**facts, "outcome": outcome, "purpose": p} for p in PURPOSES)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mail_is_whole_sentences_of_its_language(app, language):
    found = set()
    for template, facts in [(name, x) for name in MAILS for x in facts_of(name, app.jinja_env)]:
        subject, text, page = outbox.preview("anna@a.test", template, language, facts)
        letter = f"{subject}\n{text}\n{shown(page)}"
        found |= {f"{template}: {fault}" for fault in faults(letter, language)}
        greeted = re.search(r"^Dear .*,\n\s*(\w)", text, flags=re.M)
        if greeted and greeted[1].islower():
            found.add(f"{template}: lower case after the greeting: {text}")
    assert not found


def test_the_button_of_a_mail_says_what_a_press_does(app):
    for language, button in (("zh", "查看"), ("en", "Open")):
        facts = {"name": "Anna", "code": "K7QM-2F9P", "link": LINK}
        page = outbox.preview("anna@a.test", "sign_in", language, facts)[2]
        assert f">{button}</a>" in page and "未结" not in page


def latin(content):
    """The content with other people's names in Latin letters."""
    if isinstance(content, dict):
        own = ("title", "words", "text")
        return {k: v if k in own else latin(v) for k, v in content.items()}
    if isinstance(content, list):
        return [latin(x) for x in content]
    return "Xy" if isinstance(content, str) and CHINESE.search(content) else content


@pytest.fixture
def papers(firm):
    """{language: [content]} of each kind, bare and with all that may stand on it."""
    firm.a.revise(firm.fang, language="en")
    firm.issued(price="100", customer=firm.b, by=firm.chen)
    firm.issued(price="100")
    made = {"zh": [], "en": []}
    for language, contents in made.items():
        for kind in KINDS:
            bare = firm.draft(kind, language=language).freeze(number="N-1")
            contents += [bare, {**bare, "number": None}]
            contents.append(
                {**bare, "discount": "5", "prices_include_tax": True, "note": "Xy"}
                | {"reference": "Xy", "corrects": "N-0", "source_numbers": ["N-0", "N-1"]}
                | {"imported": kind == "order", "valid_until": "2026-11-29", "due_on": "2026-11-29"}
            )
            contents[-1]["lines"] = [{**x, "discount": "5"} for x in bare["lines"]]
        account = frozen_account(firm.a, "CNY", today(), today(), "ST-1") | {"language": language}
        signed = {"lines": [], "missing": "Xy", "name": "Xy", "made_by": "Xy", "made_at": "Xy"}
        contents += [account, account | {"open": 0, "credit": 0, "closing": 0}]
        contents.append({**account, "confirmation": {**signed, "signed_at": "Xy", "address": "x"}})
        contents.append(reminder(account, language))
        contents.append(reminder(account, language) | {"interest": 12, "interest_rate": "5"})
    return made


def reminder(account, language):
    first = level.FIRST[2] if language == "zh" else level.FIRST[3]
    item = {"number": "N-1", "issued_on": "2026-11-01", "due_on": "2026-11-02", "days_late": 9}
    return account | {
        "kind": "reminder",
        "title": level.FIRST[0 if language == "zh" else 1],
        "text": first,
        "items": [item | {"total": 100, "open": 50, "held": 50, "interest": 1}] * 2,
        "total_open": 100,
        "total_overdue": 50,
        "to_pay": 112,
        "interest": 0,
        "pay_by": "2026-11-29",
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_paper_is_whole_sentences_of_its_language(app, firm, papers, language):
    pages = []
    for content in papers[language]:
        content = latin(content)
        pages.append(pdf.html_of(content, draft=not content["number"]))
    said = monthly.content_of((today().replace(day=1) - dt.timedelta(days=1)).replace(day=1))
    pages.append(html("pdf/monthly.html", language, said=latin(said)))
    pages.append(html("pdf/certificate.html", language, paper=CERTIFICATE, images={}))
    pages.append(html("pdf/training_certificate.html", language, **TRAINING))
    assert not {fault for page in pages for fault in faults(shown(page), language)}


CERTIFICATE = {
    "kind": "certificate",
    "number": "DC-1",
    "opinion": "Xy",
    "seller": {"name": "Huaxin"},
    "items": [{"name": "Xy", "class": "invoice", "years": "2015", "code": "A", "sha": "0"}],
    "witnesses": [{"name": "Li", "checked_at": "2026-11-29", "signed_at": "2026-11-29"}],
    "copies": [{"name": "a", "place": "Disk", "made": "2026-11-29", "expires": "2026-11-29"}],
}
TRAINING = {
    "firm": {"name": "Huaxin"},
    "title": "Basics",
    "row": {
        "user": {"name": "Li"},
        "certificate": "T-1",
        "passed_on": "2026-11-29",
        "score": 90,
        "valid_until": "2027-11-29",
    },
}


def test_every_page_that_is_printed_is_read_here():
    pages = {p.stem for p in Path("templates/pdf").glob("[!_]*.html")} - {"macros"}
    own = {"document", "statement", "reminder", "monthly", "certificate", "training_certificate"}
    assert pages == own


def test_our_own_words_for_reminders_and_greetings_are_of_their_language():
    facts = dict.fromkeys((*level.PLACEHOLDERS, "name", "years", "sender"), "Xy")
    texts = [(text, "zh" if n in (0, 2) else "en") for x in LEVELS for n, text in enumerate(x)]
    texts += [(text, language) for (_key, language), both in TEXTS.items() for text in both]
    found = [f for text, lang in texts for f in faults(fill_placeholders(text, facts), lang)]
    assert not found


LEVELS = (level.NOTICE, level.FIRST, level.AGAIN, level.FINAL)
