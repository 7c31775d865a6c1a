"""A name or a text of the firm was read as a template: `{{7*7}}` came out as 49, and more."""

import re

import pytest

from app import write_mail
from models.adapters.outbox import Mail
from models.adapters.printing import pdf
from models.care import GreetingText
from models.care.greeting import compose
from models.core.errors import Refused
from models.core.placeholders import check_placeholders, fill_placeholders
from models.dunning import ReminderLevel
from models.numbering import NumberPattern
from tests.models.test_pdf import pages
from tests.models.test_placeholders import TEXTS
from tests.spoiling import enter
from tests.support.sets import some
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled

TEMPLATES = [
    "{{7*7}}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ config.SECRET_KEY }}",
    "{% for x in [1] %}4{{ 9 }}{% endfor %}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{total.__class__}",
    "{0.__class__.__init__.__globals__}",
    "{customer!r:>400}",
    "%(firm)s %s %n",
    "${7*7} #{7*7} <%= 7*7 %>",
    "$7*7$ @(7*7) *{7*7}",
]
RAN = re.compile(r"\b49\b|<class|__main__|uid=\d|SECRET|[0-9a-f]{64}")


def ran(text):
    """What of the templates was worked out."""
    for template in TEMPLATES:
        text = text.replace(template, "")
    return RAN.findall(text)


@pytest.mark.parametrize("template", some(3, TEMPLATES))
def test_fossbilling_2026_28496_a_name_is_no_template(firm, sign_in, template):
    """A customer's words reached the template engine of mails and ran on the server.

    In the names of customer, contact, product and colleague: on pages, in the mail, in the PDF."""
    firm.a.revise(firm.li, name=template)
    firm.anna.revise(firm.li, name=template)
    firm.li.revise(firm.ada, name=template)
    lines = [firm.line(name=template, note=template)]
    paper = type(firm.draft()).draft(firm.li, "invoice", firm.a, lines, note=template)
    paper.submit(by=firm.li)
    firm.approve_all(paper)
    paper = type(paper).get_by_id(paper.id)
    paper.issue(by=firm.li)
    paper.send(firm.li, [firm.anna], key="k" * 20, base_url="http://localhost:8000")
    subject, text, html = write_mail(Mail.get(Mail.template == "document_sent"))
    page = sign_in(firm.anna).get("/portal/").text + sign_in(firm.fang).get("/documents/").text
    printed = "".join(pages(pdf.render(type(paper).get_by_id(paper.id).snapshot)))
    assert template in text and "".join(template.split()) in "".join(printed.split())
    assert not ran(subject + text) and not re.findall(r"\b49\b", printed)
    assert not re.search("<class '|uid=0|__mro__\\[1\\]\\]", html + page)


@pytest.mark.parametrize("which", TEXTS)
def test_fossbilling_2026_28496_a_text_of_the_firm_has_its_few_words_and_no_more(firm, which):
    """An administrator's template was Twig without a sandbox: who could write it ran programs.

    Texts of reminders, greetings, offers, names of files, numbers: refused, or kept as they are."""
    save, _text, _known = TEXTS[which]
    for template in TEMPLATES[:8]:
        with pytest.raises(Refused):
            save(firm, template)


def test_jinja_and_weasyprint_no_attribute_of_what_is_filled_in_can_be_reached(firm):
    """The write-up: text of a form went through `Template(text).render(order=order)` to the PDF.

    Our own words are filled in by their names alone; what stands in a fact stays as it is."""
    facts = {"total": 49, "customer": firm.a, "firm": "{customer}"}
    for template in ("{total.__class__}", "{customer.name}", "{customer[0]}", "{total:>9}", "{0}"):
        assert fill_placeholders(template, facts) == template
        with pytest.raises(Refused):
            check_placeholders(template, tuple(facts))
    assert fill_placeholders("{firm} {total}", facts) == "{customer} 49"
    ReminderLevel.ladder()[0].revise(firm.fang, text_en="%(firm)s {total} %s", text_zh="付")
    assert ReminderLevel.ladder()[0].text("en", total="1.00") == "%(firm)s 1.00 %s"
    GreetingText.write(firm.ada, "birthday", "en", "Hi {name}", "%(name)s {name} <%= 7*7 %>")
    firm.bob.revise(firm.chen, name="{firm} {{7*7}}")
    subject, text = compose("birthday", firm.bob)
    assert subject == "Hi {firm} {{7*7}}" and "{firm} {{7*7}}" in text and "%(name)s" in text


def test_jinja_and_weasyprint_a_number_s_pattern_reaches_nothing(firm):
    """`{n.__class__}` in a pattern of numbers is no pattern."""
    for pattern in ("{n.__class__}", "{n:4.__class__}", "{year!r}{n:4}", "{n:99999}", "{{n:4}}"):
        with pytest.raises(Refused):
            NumberPattern.define(firm.ada, "invoice", pattern)


@pytest.mark.parametrize("endpoint", ["customers.new", "messages.create", "customers.note"])
def test_fossbilling_2026_28496_what_a_form_says_comes_back_as_it_was_typed(
    app, firm, sign_in, endpoint
):
    """Also in the page of the form itself, which is the first to show it."""
    who, path, fields, _strangers, *rest = CASES[endpoint](firm)
    browser = enter(app, firm, sign_in, who, "en", *rest)
    name = next(field for field in ("name", "text") if field in fields)
    form = filled({**fields, name: "{{7*7}} ${7*7} %(x)s"})
    answer = browser.post(path, data=form, follow_redirects=True)
    assert answer.status_code == 200 and "{{7*7}} ${7*7} %(x)s" in answer.text
