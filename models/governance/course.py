"""Courses: lessons that name the firm's own customers and documents, and a quiz. A firm may reword
the texts."""

import random
import re
from collections import namedtuple

from models.core.errors import refuse
from models.customers import Customer
from models.documents import Document
from models.governance import handbook
from models.governance.own_section import OwnSection
from models.people import User

FOLDER, PASS = "training", 80
Course = namedtuple("Course", "key title roles lessons questions")
Question = namedtuple("Question", "text answers right")


def parse(key, title, roles, text):
    """The course in a text: “## lesson”, then “## …” whose lines begin with ? + - as the quiz.
    Raises ValueError."""
    lessons, questions = [], []
    for part in re.split(r"^## ", text, flags=re.M)[1:]:
        head, _line, body = part.partition("\n")
        if re.search(r"^\? ", body, flags=re.M):
            questions += [_question(block) for block in re.split(r"^\? ", body, flags=re.M)[1:]]
        else:
            lessons.append((head.strip(), body.strip()))
    if not lessons or not questions:
        raise ValueError("lessons and questions")
    return Course(key, title, roles, lessons, questions)


def _question(block):
    lines = [line.strip() for line in block.strip().split("\n") if line.strip()]
    answers = [line[2:].strip() for line in lines[1:] if line[:2] in ("+ ", "- ")]
    right = [
        i
        for i, line in enumerate(line for line in lines[1:] if line[:2] in ("+ ", "- "))
        if line[:2] == "+ "
    ]
    if len(answers) < 2 or len(right) != 1:
        raise ValueError(lines[0])
    return Question(lines[0], answers, right[0])


def check_text(text):
    """Refused when the text cannot be parsed as a course."""
    try:
        parse("", "", (), text)
    except ValueError as error:
        refuse("course_unreadable", where=str(error)[:80])


def courses(language):
    """Every course in this language."""
    return [parse(s.key, s.title, s.roles, s.text) for s in handbook.sections(language, FOLDER)]


def course(key, language):
    """One course, or None."""
    found = handbook.section(key, language, FOLDER)
    return found and parse(found.key, found.title, found.roles, found.text)


def keys():
    return [*handbook.shipped(FOLDER, "en"), *(row.key for row in OwnSection.standing(FOLDER))]


def shuffled(question, seed):
    """[(index in the text, answer)] in another order for each seed."""
    rows = list(enumerate(question.answers))
    random.Random(seed).shuffle(rows)
    return rows


def facts(person):
    """Examples for the lessons, from what this person may see: a customer, an invoice, an order, a
    product, the approver."""
    customers = person.sees.customers()
    # Not a document that one is only asked about: its customer's page does not open.
    documents = person.sees.documents().where(
        Document.number.is_null(False), Document.customer.in_(customers.select(Customer.id))
    )
    invoice = documents.where(Document.kind == "invoice").order_by(Document.id.desc()).first()
    order = documents.where(Document.kind == "order").order_by(Document.id.desc()).first()
    customer = invoice.customer if invoice else customers.first()
    product, manager = person.sees.products().first(), next(iter(User.with_role("manager")), None)
    is_chinese = person.language == "zh"
    return {
        "customer": _link(customer and customer.name, customer and f"/customers/{customer.id}")
        or ("某客户" if is_chinese else "a customer"),
        "invoice": _link(invoice and invoice.number, invoice and f"/documents/{invoice.id}")
        or ("某张发票" if is_chinese else "an invoice"),
        "order": _link(order and order.number, order and f"/documents/{order.id}")
        or ("某张订单" if is_chinese else "an order"),
        "product": product.name if product else ("某产品" if is_chinese else "a product"),
        "manager": manager.name if manager else ("经理" if is_chinese else "the manager"),
    }


def _link(name, address):
    return f"[{_plain(name)}]({address})" if name else ""


def _plain(name):
    """The name with Markdown's special characters escaped."""
    return re.sub(r"([\\`*_{}\[\]()<>#!|])", r"\\\1", name)


def fill_names(text, names):
    """The lesson's text with the firm's own names filled in; unknown placeholders stay."""
    return re.sub(r"\{(\w+)\}", lambda m: names.get(m.group(1), m.group(0)), text)
