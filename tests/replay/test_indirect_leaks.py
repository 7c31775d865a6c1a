"""What another has may show beside the papers themselves: in counts, searches, sums, titles, mails,
refusals. Customer B's words stand in nothing that A, or who sells to A, is given."""

import datetime as dt
import re

import pytest

from models import dunning
from models.adapters.outbox import Mail
from models.core.clock import at, now, today
from models.customers import Contact, Customer
from models.disputes import Dispute
from models.insights import digest
from models.receivables.statement_run import StatementRun
from tests.firm import KEY
from tests.models.test_pdf import pages
from tests.replay.canaries import WORD, paths, plant, told
from tests.replay.cells import cells_of
from tests.replay.good_forms import ENDPOINTS, good_form
from tests.support.databases import POSTGRES
from tests.support.sets import one_in, some
from tests.support.signing_in import TOKEN
from tests.support.smtp import deliver
from tests.support.undo import undone
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled

NEW_EACH_TIME = re.compile(r'(idempotency_key" value=|data-options=)"[^"]*"|(Set-Cookie|Date): .*')
BINARY = ("application/vnd.openxmlformats", "application/zip")  # made at another second


def everything(app, browser, audience):
    """{address: what it tells} of all that one may ask without naming a thing."""
    found = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        whole = rule.endpoint != "static" and not rule.arguments - {"form", "name", "target"}
        if "GET" in rule.methods and whole and audience in view.audience:
            for path in (path for path in paths(rule, 1) if one_in(3, path) or audience != "staff"):
                answer = browser.get(path)
                binary = answer.mimetype.startswith(BINARY)
                body = str(list(cells_of(path, answer.data))) if binary else told(answer)
                found[path] = answer.status_code, NEW_EACH_TIME.sub("", TOKEN.sub("", body))
    return found


@pytest.mark.parametrize("who", ["li", "anna"])
def test_indirect_leaks_nothing_that_one_is_told_depends_on_what_another_has(
    app, firm, sign_in, who
):
    """Counts, sums, suggestions, page titles, tags: the same to the byte, whatever B has or not."""
    firm.issued()
    with at(now()):
        browser = sign_in(getattr(firm, who))
        audience = "staff" if who == "li" else "contact"
        before = everything(app, browser, audience)
        before = everything(app, browser, audience)  # the first time some say "new"
        plant(firm, firm.b, firm.chen, 100)
        after = everything(app, browser, audience)
    differing = {path for path in before if before[path] != after[path]}
    assert len(before) > (25 if who == "li" else 9) and not differing


def test_indirect_leaks_a_search_finds_no_word_of_anothers(app, firm, sign_in):
    """Palette, lists, choices and exports asked for B's very words, by name, code, mail, number."""
    plant(firm, firm.b, firm.chen, 60)
    number = firm.b.documents.where(type(firm.draft()).number.is_null(False)).first().number
    asked = some(2, ("KANARIE", number, "kanarie004", "KANARIE000", "k.test"))
    for who, audience in ((firm.li, "staff"), (firm.anna, "contact")):
        browser = sign_in(who)
        for rule in app.url_map.iter_rules():
            view = app.view_functions[rule.endpoint]
            if rule.endpoint == "static" or rule.arguments - {"form", "name"}:
                continue
            if "GET" in rule.methods and audience in view.audience:
                for word in (word for word in asked if one_in(2, rule, word)):
                    query = f"?q={word}&code={word}&name={word}&line-code={word}&email={word}"
                    text = told(browser.get(paths(rule, 1)[0] + query))
                    left = re.sub(re.escape(word), "", text, flags=re.IGNORECASE)
                    assert not WORD.search(left), (rule.rule, word)
                    assert word != number or firm.b.name not in text, rule.rule


def test_indirect_leaks_a_refusal_tells_nothing_of_the_stranger_it_refuses(app, firm, sign_in):
    """Each form that names a thing of another: what comes back holds no word of it."""
    told_of = 0
    for endpoint in (endpoint for endpoint in ENDPOINTS if one_in(2, endpoint)):
        with undone():
            who, path, fields, strangers, signed_in = good_form(app, firm, sign_in, endpoint)
            if who in ("ada", "fang", "zhao", None) or not strangers:
                continue  # sees all
            browser = signed_in()
            Customer.update(name="KANARIE").where(Customer.id == firm.b).execute()
            Contact.update(name="KANARIE-2").where(Contact.customer == firm.b).execute()
            for name, value in strangers.items():
                answer = browser.post(path, data=filled({**fields, name: str(value)}))
                assert not WORD.search(told(answer)), (endpoint, name)
                told_of += 1
    assert told_of > 4


@pytest.mark.parametrize("field", ["code", "name", "tax_id", "email"])
def test_indirect_leaks_a_value_that_another_customer_has_brings_no_name(firm, sign_in, field):
    """What refuses a code that is taken, and what hints at customers alike, name no stranger."""
    taken = {"code": "ZZ-7", "name": "KANARIE AG", "tax_id": "DE136695976", "email": "z@k.test"}
    firm.b.revise(firm.chen, **{**taken, "short_name": "KANARIE-KURZ"})
    browser = sign_in(firm.li)
    form = {**filled(CASES["customers.new"](firm)[2]), field: taken[field]}
    for answer in (
        browser.post("/customers/new", data=form, follow_redirects=True),
        browser.get("/customers/duplicates/alike", query_string=form),
        browser.get("/customers/duplicates/alike-contact", query_string=form),
    ):
        text = told(answer).replace("KANARIE AG", "") if field == "name" else told(answer)
        assert not WORD.search(text) and "Beta" not in text, answer.request.path


@pytest.mark.skipif(bool(POSTGRES), reason="what mails say is the same there")
def test_indirect_leaks_no_mail_to_one_customer_holds_words_of_another(app, firm, server):
    """Reminders, statements, documents and the week's digest, read as the mail server gets them."""
    plant(firm, firm.b, firm.chen, 60)
    Dispute.raise_(firm.bob, customer=firm.b, reason="price", text="x")  # the digest names it
    paper = firm.issued()
    paper.send(firm.li, [firm.anna], key=KEY, base_url="http://localhost:8000")
    StatementRun.begin(firm.fang, today() - dt.timedelta(days=30), today(), send=True)
    with at(now() + dt.timedelta(days=40)):
        StatementRun.run_waiting()
        dunning.run_due("http://localhost:8000")
        digest.mail_week("http://localhost:8000")
        deliver()
    assert Mail.select().where(Mail.state == "sent").count() > 3
    of_a = [m for m in server.mails if re.search(r"@a\.test|li@firm\.test", m["To"])]
    of_b = [m for m in server.mails if m not in of_a]
    assert of_a and any(WORD.search(words_of(m)) for m in of_b)
    assert [m["Subject"] for m in of_a if WORD.search(words_of(m))] == []


def words_of(mail):
    """Its headers, texts, and the texts and names of its PDFs."""
    found = [str(mail.items())]
    for part in mail.walk():
        found.append(part.get_filename() or "")
        if part.get_content_maintype() == "text":
            found.append(part.get_content())
        elif part.get_content_type() == "application/pdf":
            found += pages(part.get_content())
    return " ".join(found)
