"""What every view shares: audience, scoped look-up, rendering pieces, doing things once."""

import functools

from flask import (
    abort,
    current_app,
    g,
    get_template_attribute,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from models.company import Company
from models.core import disk
from models.core.database import db
from models.core.idempotency import Outcome
from models.core.roles import STAFF_ROLES
from models.operations.announcement import Announcement
from models.people import User, log, named
from views import refusals
from views.help import help_address
from views.navigation import menu
from views.web.scope import sees


def audience(*who):
    """Who may come here: role names, "staff", "contact" or "public". Signed out: 401. Wrong side:
    404. Wrong role: 403."""

    def wrap(view):
        @functools.wraps(view)
        def guarded(*args, **kwargs):
            if "setup" not in who and Company.current() is None:
                return redirect(url_for("setup.new"), 303)
            if "public" in who or "setup" in who:
                return view(*args, **kwargs)
            if not current_user.is_authenticated:
                return signed_out()
            staff = isinstance(current_user._get_current_object(), User)
            if not (set(who) - {"contact"} if staff else "contact" in who):
                if request.path == "/":
                    return redirect(url_for("portal_home.index"), 303)
                abort(404)
            if staff and "staff" not in who and not set(who) & set(current_user.acting_roles):
                log.warning(
                    "forbidden: %s to %s from %s",
                    request.endpoint,
                    named(current_user),
                    request.remote_addr,
                )
                return trouble(403, not_allowed())
            return view(*args, **kwargs)

        guarded.audience = who
        return guarded

    return wrap


def once(view):
    """The same idempotency key again returns the first outcome; the key and the deed are one
    transaction."""

    @functools.wraps(view)
    def doing(*args, **kwargs):
        key = request.form.get("idempotency_key", "")
        if not (16 <= len(key) <= 64 and key.isascii() and key.isprintable()):
            return trouble(
                400, _("This form is too old. Go back, load the page again and send it once more.")
            )
        who = f"{type(current_user._get_current_object()).__name__} {current_user.get_id()}"
        with db.atomic() as transaction:
            first = Outcome.first(who, key)
            if first:
                if first.route != request.path:
                    return trouble(409, _("This form was already used for something else."))
                return redirect(first.answer["location"], 303)
            response = make_response(view(*args, **kwargs))
            if response.status_code == 303:
                Outcome.remember(who, key, request.path, {"location": response.location})
            else:
                transaction.rollback()
            return response

    doing.once = True
    return doing


def find(query, ident):
    """The row with this id within the query, or 404."""
    if not 0 < ident < 2**31:
        abort(404)
    found = query.where(query.model.id == ident).first()
    if found is None:
        log.info(
            "not in scope: %s %s of %s from %s",
            query.model.__name__,
            ident,
            named(current_user),
            request.remote_addr,
        )
    return found or abort(404)


def render(template, piece=None, status=200, **context):
    """The page, or with htmx only its piece."""
    name = piece if piece and request.htmx else template
    return make_response(render_template(name, **context), status)


def pieces(main, *others, **context):
    return render_template(main, **context) + "".join(
        render_template(other, out_of_band=True, **context) for other in others
    )


def in_language(language, template, **context):
    """A piece as its reader will have it: a paper stands in the customer's language, whoever looks
    at it."""
    with force_locale(language):
        return Markup(render_template(template, **context))


def signed_out():
    """401: the sign-in page, or a redirect to it for htmx."""
    address = url_for(
        "auth.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else "/"
    )
    if request.htmx:
        return make_response("", 401, {"HX-Redirect": address})
    from views.auth import SignInForm, sign_in_page

    return sign_in_page(
        SignInForm(formdata=None),
        request.full_path.rstrip("?") if request.method == "GET" else "/",
        401,
    )


def trouble(code, message, typed=(), more=""):
    """An error page with what was typed, to be sent again, or for htmx the sentences alone."""
    if request.htmx:
        return make_response(
            f"{message} {more}".strip(), code, {"Content-Type": "text/plain; charset=utf-8"}
        )
    return make_response(
        render_template(
            "errors/error.html",
            code=code,
            title=message,
            message=more,
            request_id="",
            typed=typed,
            back=above(request.path) if request.method == "POST" else "",
        ),
        code,
    )


def above(path):
    """The nearest page above an address that only takes forms: where the form stood, or nearly."""
    while path := path.rstrip("/").rpartition("/")[0]:
        for page in (path, f"{path}/"):
            if inside(page) == page:
                return page
    return ""


def moved():
    """503 while the old place still answers after `flask move --switch`; a page without the
    database."""
    return make_response(
        _(
            "Danju has moved to another database. Restart it with the new settings; "
            "nothing was lost."
        ),
        503,
        {"Content-Type": "text/plain; charset=utf-8", "Retry-After": "60"},
    )


def nothing_saved(code):
    """Why nothing can be written, and what can still be done."""
    return {
        "full": _(
            "The disk of this server is full, so nothing was saved. What is here can "
            "still be read and downloaded. Ask your administrator to free some space, "
            "then send it again."
        ),
        "read_only": _(
            "The disk of this server takes no changes at present, so nothing was saved. "
            "What is here can still be read and downloaded, but nobody can sign in anew. "
            "Tell your administrator, then send it again later."
        ),
        "away": _(
            "The storage of the files does not answer, so nothing was saved, and papers "
            "cannot be opened. Please try again in a few minutes; tell your "
            "administrator if it stays so."
        ),
        "gone": _("The database does not answer at present."),
        "failing": _(
            "The disk of this server does not answer as it should, so nothing was saved. "
            "Tell your administrator, then send it again later."
        ),
    }[code]


def meanwhile(code):
    """What to do until it is mended, where that is not said yet."""
    if code != "gone":
        return ""
    return (
        _("Please try again in a minute; tell your administrator if it stays so.")
        if request.method == "GET"
        else _(
            "Perhaps it was kept, perhaps not: send it again in a minute, it is not done "
            "twice. Tell your administrator if it stays so."
        )
    )


def not_allowed():
    """Why not: the role is missing, or its rights rest until a course is passed."""
    resting = getattr(current_user, "resting", None)
    return (
        _(
            "Your rights as %(role)s rest until you pass the course under Training.",
            role=", ".join(refusals.words().get(role, role) for role in resting),
        )
        if resting
        else _("You may see this, but not do that.")
    )


def typed():
    """[(name, label, value)] of a form that stood on a larger page; nothing when it held no
    words."""
    labels = {
        "amount": _("Amount"),
        "paid_on": _("Paid on"),
        "reference": _("Reference"),
        "text": _("Message"),
        "message": _("Message"),
        "reason": _("Reason"),
        "note": _("Note"),
        "name": _("Your name"),
        "tag": _("Tag"),
        "since": _("From"),
        "until": _("Until"),
        "day": _("Day"),
    }
    rows = [
        (name, labels.get(name), value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", "idempotency_key", "password", "old")
    ]
    return rows if any(label for _name, label, _value in rows) else []


def inside(target):
    """`target` if it is a path of ours that leads somewhere, else the home page."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith(("//", "/\\"))
        or any(ord(c) < 33 for c in target)
    ):
        return url_for("home.index")
    try:
        current_app.url_map.bind("").match(target.split("?")[0].split("#")[0], "GET")
    except (RequestRedirect, HTTPException):
        return url_for("home.index")
    return target


def cookie_name(name, path="/"):
    """Over TLS a name that a browser takes only for this host, or at least only over TLS."""
    if not current_app.config["BASE_URL"].startswith("https://"):
        return name
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"


def give_cookie(response, name, value, path="/", **more):
    response.set_cookie(
        cookie_name(name, path),
        value,
        path=path,
        samesite="Lax",
        secure=current_app.config["BASE_URL"].startswith("https://"),
        **more,
    )


def chosen_language():
    """What the reader chose by the switch, or nothing."""
    chosen = request.cookies.get(cookie_name("language"))
    return chosen if chosen in ("zh", "en") else ""


def language():
    """The reader's language: the person's, else the cookie's, else the browser's, else the
    firm's."""
    if not request:
        return None
    chosen = chosen_language()
    if chosen:
        return chosen
    if current_user.is_authenticated:
        return current_user.language
    firm = None if g.get("gone") else Company.current()
    return request.accept_languages.best_match(["zh", "en"]) or (firm.language if firm else "zh")


def surroundings():
    """What every layout needs."""
    if not request:
        return {"company": Company.current()}
    if g.get("gone"):
        return {"gone": True, "locale": str(get_locale() or "zh")[:2], "theme": chosen_theme()}
    if "nav" not in g:
        g.announcements = (
            list(Announcement.current()) if current_user and current_user.is_authenticated else []
        )
        person = current_user._get_current_object() if current_user else None
        g.nav = menu(_waiting(person)) if person and person.is_authenticated else []
    firm = Company.current()
    return {
        "company": firm,
        "nothing_saved": disk.present(),
        "locale": str(get_locale() or "zh")[:2],
        "nav": g.nav,
        "announcements": g.get("announcements", ()),
        "theme": chosen_theme(),
        "contact": current_user,
        "roles": STAFF_ROLES,
        "logo_url": url_for("portal_home.logo") if firm and firm.logo else None,
        "audience_of": current_user,
        "archive_tabs": archive_tabs,
        "help_address": help_address(request.blueprint),
    }


def chosen_theme():
    return request.cookies.get("__Host-theme") or request.cookies.get("theme", "")


def _waiting(person):
    """The numbers beside the menu's entries."""
    return (
        {"tasks.index": open_tasks().count(), "archive.index": person.sees.destructions_waiting()}
        if isinstance(person, User)
        else {}
    )


ARCHIVE = (
    "archive",
    "external_files",
    "filing_rules",
    "einvoices",
    "packages",
    "retention",
    "legal_holds",
    "destructions",
    "inspections",
)


def archive_tabs():
    """The pages of the archive that this person may open."""
    may = current_user.may
    rows = [
        ("archive.index", _("Everything filed"), "archive", True),
        ("einvoices.index", _("Tax invoices"), "receipt", may("drop_einvoice")),
        ("packages.index", _("Year packages"), "package", may("archive")),
        ("retention.index", _("Terms of keeping"), "clock", may("legal_hold")),
        ("legal_holds.index", _("Legal holds"), "lock", may("legal_hold")),
        ("destructions.index", _("Destruction"), "trash-2", may("witness")),
        ("inspections.index", _("Four tests"), "shield-check", may("archive")),
        ("filing_rules.index", _("Filing rules"), "settings", may("archive")),
    ]
    return [
        {
            "href": url_for(end),
            "label": label,
            "icon": icon,
            "active": end.split(".")[0] == request.blueprint,
            "count": sees().destructions_waiting() if end == "destructions.index" else 0,
        }
        for end, label, icon, shown in rows
        if shown
    ]


def state_name(state):
    """The state in the reader's language, as its badge says it."""
    return str(get_template_attribute("shared/macros.html", "state_label")(state)).strip()


def reason_name(reason):
    return str(get_template_attribute("shared/claims.html", "reason_label")(reason)).strip()


def kind_name(kind):
    return str(get_template_attribute("shared/macros.html", "kind_label")(kind)).strip()


def asked_for(subject):
    """What approval is asked for, in a few words: a paper by its kind and customer, another thing
    by its name."""
    return (
        f"{kind_name(subject.kind)} {subject.customer.name if subject.customer else subject.name}"
    )


def open_tasks():
    """What waits for this person's decision, oldest first; with all that a list shows, in one
    query."""
    from models.approvals import Task

    return Task.shown(sees().tasks().where(Task.state == "open").order_by(Task.opened_at, Task.id))


def calendar_file(text):
    """An iCalendar file as an answer."""
    return make_response(
        text,
        200,
        {
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": "attachment; filename=due.ics",
        },
    )


def flash_ok(text, tone="success"):
    from flask import flash

    flash(text, tone)
    session.modified = True


def flash_no(text):
    """Something that did not succeed, alone or among many."""
    flash_ok(text, "warning")
