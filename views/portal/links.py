"""The link in a mail: a page that says whose document it is, one press, and that one document,
without signing in. Nobody who comes so is signed in anywhere else."""

import functools

from flask import (
    Blueprint,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale
from flask_babel import gettext as _

from models.adapters import blobs
from models.core import disk, filenames
from models.core.clock import today
from models.core.database import SHORT
from models.core.errors import Refused
from models.core.money import format_money
from models.disputes import LIVE, REASONS, Dispute
from models.documents import DocumentLink, LinkVisit, Message
from models.payments import Payment
from models.people import log
from views.portal.confirmations import drawn
from views.portal.document_page import DocumentPage, code_of
from views.refusals import sentence, status
from views.web.auth import link_only, public
from views.web.cookies import cookie_name, give_cookie
from views.web.downloads import send_data
from views.web.fields import form_amount, form_choice, form_day, form_id, form_text
from views.web.idempotency import idempotent
from views.web.language import chosen_language
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees
from views.web.sheets import Sheets, serve_sheets

bp = Blueprint("links", __name__, url_prefix="/d")
CODE_SECONDS = 1800


def path_of(id):
    """A path for each link: a browser sends its cookies to no other one, nor to the portal."""
    return f"/d/{id}"


def visitor():
    """The contact behind the link whose button this browser pressed, or None."""
    id = (request.view_args or {}).get("id")
    secret = request.cookies.get(cookie_name("visit", path_of(id)), "") if id else ""
    return LinkVisit.resume(secret, id) if secret and id < 2**31 else None


def _link(id):
    """The usable link whose code this browser brought, or None."""
    link = DocumentLink.of_code(request.cookies.get(cookie_name("code", path_of(id)), ""))
    return link if link and link.id == id else None


@bp.get("")
@public
def arrive():
    """The form that takes the code of the mail, which stands behind the # of the address: browsers
    send that to no server, so that no log has it."""
    return render_template("portal/links/code.html")


@bp.post("")
@public
def bring():
    """Keep the code in a cookie. Nothing changes: programs that look at mails follow links too."""
    code = form_text("code", 100, lines=False)
    link = DocumentLink.of_code(code)
    if not link:
        return _gone()
    response = redirect(url_for("links.greet", id=link.id), 303)
    give_cookie(response, "code", code, path=path_of(link.id), httponly=True, max_age=CODE_SECONDS)
    return response


def _gone():
    log.warning("document link refused: from %s", request.remote_addr)
    return make_response(render_template("portal/links/over.html", closed=False), 410)


@bp.get("/<int:id>")
@public
def greet(id):
    """Whose document it is, and the button that opens it."""
    if person().is_authenticated:
        return redirect(_opened(person().link), 303)
    link = _link(id)
    if not link:
        return _gone()
    with force_locale(chosen_language() or link.contact.language):
        return render_template("portal/links/greet.html", link=link)


def _opened(link):
    """The page of what it opens."""
    return url_for("statement_links.show" if link.statement_id else "links.show", id=link.id)


@bp.post("/<int:id>")
@public
def press(id):
    link = _link(id)
    if not link:
        return _gone()
    response = redirect(_opened(link), 303)
    give_cookie(response, "visit", link.visit(), path=path_of(id), httponly=True)
    return response


@bp.post("/<int:id>/closing")
@public
def close(id):
    """Whoever reads the mail of another closes its link."""
    link = person().link if person().is_authenticated else _link(id)
    if not link:
        return _gone()
    link.close()
    response = make_response(render_template("portal/links/over.html", closed=True))
    for name in ("code", "visit"):
        response.delete_cookie(
            cookie_name(name, path_of(id)),
            path=path_of(id),
            samesite="Lax",
            httponly=True,
            secure=current_app.config["BASE_URL"].startswith("https://"),
        )
    return response


def _document():
    """The one document of this visit."""
    return get_or_404(sees().documents(), person().link.document_id or 0)


@bp.get("/<int:id>/document")
@link_only
def show(id):
    document = _document()
    with disk.if_free(SHORT):
        document.record_opening(person())
    return _page(document)


def _page(document, problem="", code=200):
    at = {
        name: url_for(f"links.{name}", id=person().link.id)
        for name in ("pdf", "code", "signature", "paid", "ask", "dispute", "reply", "confirm")
    }
    page = DocumentPage(document, at)
    return make_response(
        render_template(
            "portal/links/show.html",
            page=page,
            document=document,
            sheets=Sheets(document, ("links", person().link.id)),
            messages=list(document.messages),
            disputes=[(row, row.thread(person())) for row in sees().disputes()],
            live=LIVE,
            reported=Payment.reported_for(document),
            reasons=REASONS,
            typed=request.form,
            problem=problem,
            day=today(),
            link=person().link,
            **page.ways_to_pay(),
        ),
        code,
    )


def _done(text, id):
    flash_ok(text)
    return redirect(url_for("links.show", id=id), 303)


def act(view):
    """A form of this page: what is refused comes back on it, with what was typed."""

    @functools.wraps(view)
    def acting(id):
        try:
            return view(id)
        except Refused as error:
            return _page(_document(), sentence(error), status(error))

    return acting


@bp.get("/<int:id>/pdf")
@link_only
def pdf(id):
    document = _document()
    return send_data(
        document.stamped_pdf(),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=filenames.pdf_of(document.number),
    )


serve_sheets(bp, link_only, lambda _id: _document())


@bp.get("/<int:id>/code.png")
@link_only
def code(id):
    return code_of(_document())


@bp.get("/<int:id>/signature")
@link_only
def signature(id):
    """What was drawn."""
    sha = _document().signature or abort(404)
    return send_data(blobs.fetch(sha), mimetype="image/png")


@bp.post("/<int:id>/confirmation")
@link_only
@idempotent(reading=drawn)
@act
def confirm(id):
    name = form_text("name", 100, lines=False)
    _document().confirm(person(), name, address=request.remote_addr, drawn=drawn())
    return _done(_("Thank you. Your confirmation is recorded."), id)


@bp.post("/<int:id>/messages")
@link_only
@idempotent
@act
def ask(id):
    Message.write(person(), _document(), form_text("text", 4000))
    return _done(_("Thank you. You will find our reply here."), id)


@bp.post("/<int:id>/disputes")
@link_only
@idempotent
@act
def dispute(id):
    document = _document()
    Dispute.raise_(
        person(),
        customer=document.customer,
        document=document,
        reason=form_choice("reason", REASONS),
        amount=form_amount("amount", document.currency, empty=None),
        text=form_text("text", 4000),
        author=form_text("name", 100, lines=False),
    )
    return _done(_("We have received your dispute and will reply by email."), id)


@bp.post("/<int:id>/replies")
@link_only
@idempotent
@act
def reply(id):
    """A word about a dispute; our answer accepted, or not."""
    row = get_or_404(sees().disputes(), form_id("dispute"))
    how, text = form_choice("how", ("say", "agree", "disagree")), form_text("text", 4000)
    row.agree(person(), text=text) if how == "agree" else getattr(row, how)(person(), text)
    return _done(_("Thank you."), id)


@bp.post("/<int:id>/payments")
@link_only
@idempotent
@act
def paid(id):
    document = _document()
    amount = form_amount("amount", document.currency)
    page = DocumentPage(document, {})
    Payment.report(
        person(),
        document.currency,
        amount,
        form_day("paid_on", empty=today()),
        form_text("reference", 200, lines=False),
        [(document, min(amount, page.left))],
    )
    text = _(
        "Thank you. We will check the payment of %(currency)s %(amount)s.",
        currency=document.currency,
        amount=format_money(amount, document.currency),
    )
    return _done(text, id)
