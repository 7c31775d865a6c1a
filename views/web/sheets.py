"""A document or reminder as pictures of its pages, for staff, in the portal and behind a link."""

from flask import abort, render_template, url_for

from views.web.downloads import send_data
from views.web.fields import query_id


class Sheets:
    """The pages of a document or reminder with their addresses. `at`: the blueprint that serves
    them and the id in its addresses."""

    def __init__(self, document, at, content=None):
        self.document, (self.blueprint, self.id) = document, at
        content = content or document.shown_content()
        self.tax_invoice = content.get("tax_invoice_number")
        self.shown, self.made = document.picture_hash(content), document.pictures(content)

    @property
    def pages(self):
        return self.made.pages if self.made else ()

    @property
    def rest(self):
        """How many pages stand in the PDF alone."""
        return self.made.total - len(self.pages) if self.made else 0

    def address(self, page):
        return self._url("sheet", shown=self.shown, page=page)

    @property
    def pdf(self):
        return self._url("pdf")

    @property
    def again(self):
        return self._url("sheets")

    def _url(self, view, **more):
        return url_for(f"{self.blueprint}.{view}", id=self.id, **more)


def serve_sheets(bp, guard, document_of):
    """The routes of the pictures. `document_of(id)`: the document in the reader's scope; who may
    open it may see them."""

    @bp.get("/<int:id>/sheets")
    @guard
    def sheets(id):
        """The pictures, or what stands there until they are made."""
        sheets = Sheets(document_of(id), (bp.name, id))
        return render_template("shared/_sheets.html", sheets=sheets)

    @bp.get("/<int:id>/sheets/<shown>.png")
    @guard
    def sheet(id, shown):
        pages = document_of(id).pictures_shown(shown).pages
        page = query_id("page") or 1
        page <= len(pages) or abort(404)
        return send_data(pages[page - 1].data, mimetype="image/png")
