"""The only way a number is used."""

import itertools
from collections import deque

from models.adapters import blobs, pdf
from models.company import Company
from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.documents import approval_gate, sales
from models.numbering import NumberSeries
from models.products import Product


class Issue:
    base_url = None
    after_issue = []  # called with (paper, by) inside the transaction: credit notes are set off

    @db.atomic()
    def issue(self, by):
        """Draw the number, freeze the content, keep the PDF, in one transaction. Refused unless the
        approval was for exactly this content."""
        by.must("issue", self)
        self.state == "approved" or refuse("state_changed", now=self.state)
        approval_gate.requests().covers(self) or refuse("not_approved")
        self.check_remaining()
        number, series, place = NumberSeries.draw(self.kind)
        self.move(
            "approved",
            to="issued",
            number=number,
            series=series,
            place=place,
            issued_on=today(),
            issued_by=by,
        )
        self.snapshot = self.freeze(base_url=type(self).base_url)
        self.paper = blobs.keep(pdf.render(self.snapshot, images_of(self.snapshot)))
        self.save()
        for follow in self.after_issue:
            follow(self, by)
        self._note_costs()
        sales.add(self)
        self.record("issued", by, number=number, paper=self.paper, total=self.total)

    def _note_costs(self):
        """Keep what the goods cost us on this day: later costs change no margin of the past."""
        lines = self.ordered_lines()
        costs = Product.costs([line.product_id for line in lines], self.currency)
        for line in lines:
            if line.product_id in costs:
                line.cost = costs[line.product_id]
                line.save()

    def preview(self):
        """The PDF as it will print, without number, nothing kept."""
        paper = self.snapshot or self.freeze(base_url=type(self).base_url)
        return pdf.render(paper, images_of(paper), draft=self.number is None)

    def paper_bytes(self):
        """The PDF's bytes as first given out; an imported paper's is made once and then kept."""
        if self.state == "destroyed":
            refuse("is_destroyed")
        if self.paper is None:
            self._keep_imported()
        return blobs.fetch(self.paper)

    def begin_paper(self):
        """Begin with an imported paper's PDF where it has none; what is returned waits for it and
        keeps it."""
        if self.paper is not None or self.state == "destroyed":
            return lambda: None
        try:
            self.snapshot = self.snapshot or self.freeze()
            made = pdf.begin(self.snapshot, images_of(self.snapshot))
        except blobs.Damaged:
            return self.paper_bytes  # which meets it again, for this paper alone
        return lambda: self._keep_imported(made())

    @db.atomic()
    def _keep_imported(self, made=None):
        assert self.imported
        self.snapshot = self.snapshot or self.freeze()
        self.paper = blobs.keep(made or pdf.render(self.snapshot, images_of(self.snapshot)))
        self.save()
        self.record("paper_made", None, paper=self.paper)


def render_ahead(papers, ahead=6):
    """(paper, verb that keeps its PDF if it has none yet): the workers make those of imported
    papers side by side, a few ahead."""
    papers, waiting = iter(papers), deque()
    while True:
        for paper in itertools.islice(papers, ahead - len(waiting)):
            waiting.append((paper, paper.begin_paper()))
        if not waiting:
            return
        yield waiting.popleft()


def images_of(paper):
    """Logo and seal of the frozen seller."""
    return {
        name: blobs.fetch(paper["seller"][name])
        for name in ("logo", "seal")
        if paper["seller"].get(name)
    }


def seller_logo():
    firm = Company.current()
    return blobs.fetch(firm.logo) if firm and firm.logo else None
