"""A bank's file between its upload and its lines: say what the columns mean, look at what will
come in, take it in, take it back."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.bank import judging
from models.bank.heads import MEANINGS
from models.bank.line import BankLine
from models.core.errors import Refused
from models.core.money import format_money
from views.refusals import explain, sentence, status
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_choice, form_text, parse_id, query_id
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint(
    "bank_files", __name__, url_prefix="/bank-files", menu="bank_lines", help="07-payment"
)
PAGE = 100
# Reading takes its time, and so does taking in; no transaction may hold the others up meanwhile.
# Sent twice they do the same once: a line that is here is not taken again.
HABITS = {
    "decimal": ("", ".", ","),
    "date_order": ("", "dmy", "mdy", "ymd"),
    "sides": ("", "bank", "own"),
    "direction": ("", "signed", "minus_in", "in"),
}
SIDES = ("", "in", "out", "none")
VERDICTS = ("", "booked", "pending", "closed")
KINDS = ("new", "completed", "known", "outgoing", "left_out")
ALIKE = ("same", "other")


def meanings():
    return {
        "date": _("Date"),
        "credit": _("Money in"),
        "debit": _("Money out"),
        "amount": _("Amount (in and out)"),
        "flag": _("In or out"),
        "payer": _("Payer"),
        "payer_account": _("Payer's account"),
        "party": _("Payer and account in one"),
        "payee": _("Payee"),
        "payee_account": _("Payee's account"),
        "text": _("Remittance text"),
        "reference": _("Reference"),
        "balance": _("Balance"),
        "currency": _("Currency"),
        "account": _("Our account"),
        "status": _("State"),
    }


def questions():
    return {
        "columns": _("Which columns hold the date and the amount?"),
        "direction": _("The amounts have no plus or minus sign. Which of them are money in?"),
        "sides": _("Are debit and credit from the bank's view or your own books?"),
        "decimal": _("Is 1.234 more than a thousand, or a little more than one?"),
        "date_order": _("Which comes first, day or month?"),
        "status": _("Which of these states mean that the money arrived?"),
        "account": _("Which of your accounts does this file belong to?"),
        "encoding": _("Which encoding shows the text correctly?"),
        "separator": _("Which sign separates the columns?"),
        "sheet": _("Which sheet holds the transactions?"),
    }


def kind_names():
    return {
        "new": _("To be imported"),
        "completed": _("Imported before, now completed"),
        "known": _("Already imported"),
        "outgoing": _("Outgoing"),
        "left_out": _("Skipped"),
    }


def why_left_out():
    return {
        "pending": _("not yet posted by the bank"),
        "closed": _("failed or returned"),
        "neutral": _("neither income nor expense"),
        "reversal": _("our own payment was returned"),
        "status": _("the state is not known"),
        "currency": _("a currency we don't use"),
        "": _("no amount"),
    }


@bp.get("/<int:id>")
@can("pay")
def show(id):
    return _page(get_or_404(sees().bank_files(), id))


def _page(row, problem="", code=200, typed=None):
    judged, found = row.judged(), row.found
    samples = found.get("samples", {})
    counts = {kind: sum(what == kind for _r, what, _l in judged) for kind in KINDS}
    wanted = request.args.get("show", "")
    kind = wanted if wanted in KINDS else next((k for k in KINDS if counts[k]), "new")
    rows = [(r, line) for r, what, line in judged if what == kind]
    pages = max(1, -(-len(rows) // PAGE))
    page = min(max(query_id("page"), 1), pages)
    lines = row.lines.order_by(BankLine.booked_on, BankLine.id)
    return make_response(
        render_template(
            "staff/bank_files/show.html",
            row=row,
            table=_table(found.get("table") or {}, typed),
            said=typed or found.get("choices", {}),
            counts=counts,
            kind=kind,
            alike=[(n, r, line) for n, (r, what, line) in enumerate(judged) if what == "alike"],
            seen=judging.key_of(judged),
            rows=rows[(page - 1) * PAGE : page * PAGE],
            page=page,
            pages=pages,
            problem=problem,
            fault=explain(*found["fault"]) if found.get("fault") else "",
            notes=[_note(*note) for note in found.get("notes", ())],
            asked=[(questions()[q], samples.get(q, ())) for q in found.get("questions", ())],
            question_names=questions(),
            meanings=meanings(),
            kind_names=kind_names(),
            why_left_out=why_left_out(),
            booked=row.lines.where(BankLine.state == "booked").count(),
            lines=list(lines.limit(PAGE)),
            events=list(row.events),
        ),
        code,
    )


def _table(table, typed):
    """The columns as they were read, or as a form that was refused had them."""
    if not typed or not table:
        return table
    columns = {str(n): typed.get(f"column-{n}", "") for n in range(len(table["heads"]))}
    flags = [[v, typed.get(f"flag-{n}", "")] for n, (v, _side) in enumerate(table["flags"])]
    states = [
        [v, typed.get(f"status-{n}", ""), sample]
        for n, (v, _verdict, sample) in enumerate(table["statuses"])
    ]
    head_row = parse_id(typed.get("head_row", ""))
    found = {"columns": columns, "flags": flags, "statuses": states, "head_row": head_row}
    return {**table, **found}


def _note(code, facts):
    if code == "bank_difference":
        amounts = {n: format_money(facts[n], facts["currency"]) for n in ("reached", "closing")}
        missing = format_money(facts["closing"] - facts["reached"], facts["currency"])
        facts = {**facts, **amounts, "missing": missing}
    return explain(code, facts)


@bp.post("/<int:id>/columns")
@can("pay")
def answer(id):
    row = get_or_404(sees().bank_files(), id)
    try:
        row.answer(person(), _choices(row.found.get("table") or {}))
    except Refused as error:
        again = get_or_404(sees().bank_files(), id)
        return _page(again, sentence(error), status(error), request.form)
    return redirect(url_for(".show", id=id), 303)


def _choices(table):
    """What the form says; with another row of heads, the columns are found anew."""
    chosen = {name: form_choice(name, values) for name, values in HABITS.items()}
    most = {"account": 60, "encoding": 20, "separator": 1, "sheet": 100}
    chosen |= {name: form_text(name, length, lines=False) for name, length in most.items()}
    said = {name: value for name, value in chosen.items() if value}
    if not table:
        return said
    numbers = (0, *(number for number, _text in table["above"]))
    head_row = int(form_choice("head_row", [str(number) for number in numbers]))
    if head_row != table["head_row"]:
        return {**said, "head_row": head_row}
    columns = {
        str(n): form_choice(f"column-{n}", ("", *MEANINGS)) for n in range(len(table["heads"]))
    }
    flags = {
        value: form_choice(f"flag-{n}", SIDES) for n, (value, _side) in enumerate(table["flags"])
    }
    states = {
        value: form_choice(f"status-{n}", VERDICTS)
        for n, (value, _verdict, _sample) in enumerate(table["statuses"])
    }
    return {
        **said,
        "head_row": head_row,
        "columns": {n: name for n, name in columns.items() if name},
        "flags": {value: side for value, side in flags.items() if side},
        "statuses": {value: verdict for value, verdict in states.items() if verdict},
    }


@bp.post("/<int:id>/lines")
@can("pay")
def take_in(id):
    row = get_or_404(sees().bank_files(), id)
    if row.state != "done":
        try:
            row.take_in(person(), form_text("seen", 16))
        except Refused as error:
            return _page(get_or_404(sees().bank_files(), id), sentence(error), status(error))
        flash_ok(_("%(new)s new, %(known)s already imported.", **row.counts))
    return redirect(url_for("bank_lines.index"), 303)


@bp.post("/<int:id>/comparison")
@can("pay")
@idempotent
def compare(id):
    row = get_or_404(sees().bank_files(), id)
    keys = [
        f"{n}-{line.id}" for n, (_row, what, line) in enumerate(row.judged()) if what == "alike"
    ]
    row.compare(person(), {key: form_choice(f"alike-{key}", ALIKE) for key in keys})
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/undo")
@can("pay")
@idempotent
def undo(id):
    get_or_404(sees().bank_files(), id).undo(person())
    return redirect(url_for(".show", id=id), 303)


@bp.post("/<int:id>/discard")
@can("pay")
@idempotent
def discard(id):
    get_or_404(sees().bank_files(), id).discard(person())
    return redirect(url_for("bank_lines.index"), 303)
