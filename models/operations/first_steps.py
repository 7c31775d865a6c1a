"""What a new firm still has to do, read from what is there: each step ticks itself."""

import datetime as dt
from typing import NamedTuple

from models.adapters.outbox import Mail
from models.company import Company
from models.core.clock import today
from models.customers import Customer, tax_ids
from models.documents import Document
from models.operations import test_mail
from models.operations.backup import Place, keys, snapshot
from models.people import User

NEW = dt.timedelta(days=30)  # after its first document a firm is left in peace


class Step(NamedTuple):
    """`facts`: what is there already; `needed`: before the first invoice."""

    key: str
    done: bool
    facts: dict = {}
    needed: bool = False


def steps(company):
    """All the steps in their order, done or not."""
    sent = test_mail.last()
    colleagues = [user.name for user in User.select().where(User.active).order_by(User.id)[1:]]
    currencies = _currencies(company)
    return [
        Step("firm", _is_complete(company), _identity(company), needed=True),
        Step("bank", bool(currencies), {"currencies": currencies}, needed=True),
        Step("look", bool(company.logo or company.seal or company.contract_seal)),
        Step(
            "mail",
            Mail.select().where(Mail.state == "sent").exists(),
            {"to": sent.recipient} if sent else {},
        ),
        Step("colleagues", bool(colleagues), {"names": colleagues[:3], "count": len(colleagues)}),
        Step("backup", Place.in_use().exists()),
        Step("sheet", keys.printed(snapshot.folder())),
        Step("data", Customer.select().exists(), {"count": Customer.select().count()}, needed=True),
        Step("invoice", _first_invoice() is not None),
    ]


def shown_to(person, company):
    """The steps as long as something is left of them, for who may do them; none once they were put
    away, or the firm has worked for a while."""
    if not person.may("configure") or company.demo or not company.setting("first_steps"):
        return []
    first = _first_invoice()
    if first and first < today() - NEW:
        return []
    every = steps(company)
    return [] if all(step.done for step in every) else every


def put_away(by):
    """Show the steps no longer."""
    Company.current().revise(by, settings={"first_steps": False})


def _is_complete(company):
    return bool(company.address and company.tax_id)


def _identity(company):
    return {
        "tax_id": company.tax_id,
        "checked": tax_ids.checked(company.tax_id),
        "doubtful": tax_ids.doubtful(company.tax_id),
    }


def _currencies(company):
    """Those in which a document names an account."""
    own = [company.currency] if company.bank_account else []
    euro = ["EUR"] if company.setting("iban") else []
    return sorted({*own, *euro, *company.setting("accounts")})


def _first_invoice():
    """The day of the first invoice, or None."""
    invoices = Document.standing().where(Document.kind == "invoice")
    first = invoices.order_by(Document.issued_on).first()
    return first and (first.issued_on or first.date)
