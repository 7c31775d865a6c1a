"""A statement as the customer finds it, in the portal and behind a link: look, mark each line,
sign, pay."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from models.core.errors import Refused, refuse
from views.portal.paying import picture_of, ways_to_pay
from views.refusals import sentence, status
from views.web.fields import form_amount, form_text
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees


class StatementPage:
    """`routes`: the blueprint with the acts of the page; `id`: what its addresses name."""

    def __init__(self, statement, routes, id):
        self.statement, self.routes, self.id = statement, routes, id

    def at(self, act):
        return url_for(f"{self.routes}.{act}", id=self.id)

    @property
    def ways(self):
        return ways_to_pay(self.statement.still_open(), self.at("code"))

    def code(self):
        return picture_of(self.ways)

    def shown(self, problem="", code=200):
        return make_response(
            render_template(
                f"portal/{'links/statement' if person().link else 'statements/show'}.html",
                page=self,
                ways=self.ways,
                statement=self.statement,
                paper=self.statement.snapshot,
                typed=request.form,
                problem=problem,
                link=person().link,
            ),
            code,
        )

    def confirm(self):
        """Sign it with what was marked; what is refused comes back with what was typed."""
        row = self.statement
        try:
            row.confirm(
                person(),
                form_text("name", 100, lines=False),
                _differing(row),
                form_text("missing", 1000),
                request.remote_addr or "",
            )
        except Refused as error:
            self.statement = get_or_404(sees().statements(), row.id)
            return self.shown(sentence(error), status(error))
        flash_ok(_("Thank you. A signed copy is available to both of us."))
        return redirect(self.at("show"), 303)


def _differing(row):
    """{row: (their amount, reason)} of the lines that are ticked as differing."""
    found = {}
    for index in range(len(row.snapshot["rows"])):
        if request.form.get(f"mark-{index}"):
            reason = form_text(f"reason-{index}", 500, lines=False) or refuse("reason_needed")
            found[index] = (form_amount(f"amount-{index}", row.currency), reason)
    return found
