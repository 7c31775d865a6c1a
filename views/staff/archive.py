"""The archive: folders, search over everything filed, one filing with its file, tags and story."""

from functools import cached_property

from flask import (
    get_template_attribute,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from peewee import JOIN, fn

from models.adapters import search, spreadsheets
from models.archive import CLASSES, Filing, Folder, LegalHold, retention
from models.archive.folder import classes
from models.core.errors import refuse
from models.core.fields import canonical
from models.customers import Customer
from models.numbering import as_counted
from views.lists import Listing, between, zipped_files
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import form_ids, form_text, query_id, query_text
from views.web.idempotency import idempotent
from views.web.kept_files import send_kept, still_clean
from views.web.labels import state_name
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("archive", __name__, url_prefix="/archive", menu="archive", help="10-filing")
MOST = 500
STATES = ("kept", "moved", "withdrawn", "destroyed")
SORTS = {
    "id": (Filing.id, "int"),
    "code": (Filing.code, "text"),
    "number": (as_counted(Filing.number), "text"),
    "name": (Filing.name, "text"),
    "customer": (Customer.name, "text"),
    "date": (Filing.day, "day"),
    "total": (Filing.total, "int"),
}


def class_name(kind):
    """The class of the archive in the reader's language."""
    return str(get_template_attribute("shared/labels.html", "class_label")(kind)).strip()


def state(name):
    """The state of a filing in the reader's language."""
    return _("Moved to another folder") if name == "moved" else state_name(name)


def listing():
    """What the person sees of the archive, narrowed and sorted by the query string."""
    rows = (
        sees()
        .filings()
        .select(Filing, Customer, Folder)
        .join(Folder)
        .switch(Filing)
        .join(Customer, JOIN.LEFT_OUTER)
    )
    if query_text("q"):
        rows = rows.where(Filing.id.in_(search.find(query_text("q"), "filings")))
    if query_text("kind") in CLASSES:
        rows = rows.where(Folder.kind == query_text("kind"))
    if query_id("year"):
        rows = rows.where(Folder.year == query_id("year"))
    if query_id("customer"):
        rows = rows.where(Filing.customer.in_(Customer.group_of(query_id("customer"))))
    if query_text("state") in STATES:
        rows = rows.where(Filing.state == query_text("state"))
    if query_text("tag"):
        rows = rows.where(Filing.tags.cast("TEXT").contains(canonical(query_text("tag"))))
    return Listing("archive", between(rows, Filing.day), SORTS, "-id")


def folders():
    """[(year, [(class, how many)])], newest first, of what the person sees."""
    if person().sees_all:
        seen = Folder.select(Folder.year, Folder.kind, Folder.last).tuples()
    else:
        seen = (
            sees()
            .filings()
            .select(Folder.year, Folder.kind, fn.COUNT(Filing.id))
            .join(Folder)
            .group_by(Folder.year, Folder.kind)
            .tuples()
        )
    years = {}
    for year, kind, count in seen:
        years.setdefault(year, {})[kind] = count
    return [
        (year, [(kind, years[year][kind]) for kind in CLASSES if kind in years[year]])
        for year in sorted(years, reverse=True)
    ]


@bp.get("/")
@staff_only
def index():
    return render_template(
        "staff/archive/index.html",
        listing=listing(),
        folders=folders(),
        classes=classes(),
        class_name=class_name,
        chosen=request.args,
        states=STATES,
        state=state,
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    heads = [
        _("Archive no."),
        _("Archive class"),
        _("Year"),
        _("Number"),
        _("File"),
        _("Customer"),
        _("Date"),
        _("Currency"),
        _("Total (incl. tax)"),
        _("Tags"),
        "SHA-256",
        _("State"),
    ]
    return listing().as_file(
        form,
        heads,
        lambda f: [
            f.code,
            class_name(f.kind),
            f.folder.year,
            f.number,
            f.name,
            f.customer.name if f.customer else "",
            f.day,
            f.currency,
            spreadsheets.amount(f.total, f.currency) if f.currency else "",
            ", ".join(f.tags),
            f.sha,
            state(f.state),
        ],
    )


@bp.get("/<int:id>")
@staff_only
def show(id):
    filing = get_or_404(sees().filings(), id)
    page = FilingPage(filing, person())
    return render_template(
        "staff/archive/show.html",
        filing=filing,
        page=page,
        state=state,
        class_name=class_name,
    )


class FilingPage:
    """What the archive keeps, as a person of the house finds it."""

    def __init__(self, filing, person):
        self.filing, self.person = filing, person
        self.file = filing.file

    @property
    def kept(self):
        return self.filing.state == "kept"

    @property
    def may_correct(self):
        """What was said of a file from outside; a tax invoice says it itself."""
        return self.file and not self.file.einvoices.exists() and self.person.may("archive")

    @property
    def may_renew(self):
        return self.kept and self.filing.kind != "einvoice" and self.person.may("attach")

    @cached_property
    def versions(self):
        if not self.file:
            return []
        return list(self.file.versions.order_by(self.file.versions.model.number.desc()))

    @cached_property
    def holds(self):
        return LegalHold.covering(self.filing) if self.kept else []

    @cached_property
    def until(self):
        """The day its term is over."""
        return retention.due_on(self.filing.folder)

    @cached_property
    def events(self):
        """Its events, also those of a document from which it was removed."""
        parted = [e for e in (self.file.events if self.file else ()) if e.action == "parted"]
        return sorted([*self.filing.events, *parted], key=lambda e: e.id)


@bp.get("/<int:id>/file")
@staff_only
def file(id):
    filing = get_or_404(sees().filings(), id)
    return send_kept(filing.bytes(), filing.name, shown=True)


@bp.post("/<int:id>/tags")
@can("tag")
@idempotent
def tag(id):
    filing = get_or_404(sees().filings(), id)
    filing.tag(
        person(),
        form_text("tag", 400, lines=False).replace("，", ",").split(","),
    )
    return redirect(url_for(".show", id=id), 303)


@bp.post("/zip")
@staff_only
def several():
    """The files of the chosen, by the names they bear."""
    ids = form_ids("ids", MOST)
    rows = list(
        sees()
        .filings()
        .where(Filing.id.in_(ids or [0]), Filing.state == "kept")
        .order_by(Filing.id)
    ) or refuse("nothing_chosen")
    files = [(f.name, lambda f=f: still_clean(f.bytes())) for f in rows]
    return zipped_files(files, "archive.zip")
