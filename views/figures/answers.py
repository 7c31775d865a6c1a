"""The sentence that answers a question of the insights, and the bars of those who made most."""

from collections import namedtuple

from flask_babel import gettext as _
from flask_babel import pgettext
from markupsafe import Markup

from models.core.money import format_money
from models.insights import answers
from views.web.language import N_

Bar = namedtuple("Bar", "name net share href")
SAME = 49  # basis points, which are 0 %


def _strong(text, tone=""):
    return (
        Markup('<b class="{}">{}</b>').format(tone, text)
        if tone
        else Markup("<b>{}</b>").format(text)
    )


def _share(points):
    return f"{abs(points) / 100:.0f}%"


def _sum(net, lens):
    return _strong(f"{format_money(net, lens.currency)} {lens.currency}")


def doing(now, before, lens):
    """How are we doing?"""
    found = answers.doing(now, before)
    if not found.papers:
        return _("No sales in this period.")
    facts = {"sum": _sum(found.net, lens), "n": found.papers, "was": found.papers_before}
    if found.change is None:
        return Markup(_("You sold %(sum)s. There is no year before to compare with.", **facts))
    if not _sign(found.change, SAME):
        head = _("You sold %(sum)s, as much as a year before", **facts)
    elif found.change > 0:
        more = _strong(_("%(share)s more", share=_share(found.change)), "more")
        head = _("You sold %(sum)s, %(change)s than a year before", change=more, **facts)
    else:
        less = _strong(_("%(share)s less", share=_share(found.change)), "less")
        head = _("You sold %(sum)s, %(change)s than a year before", change=less, **facts)
    return Markup(_("%(head)s: %(reason)s.", head=head, reason=_reason(found, facts)))


def _sign(value, least=0):
    return (value > least) - (value < -least)


# by whether there were more sales, and whether each was worth more
REASONS = {
    (1, 1): N_("more sales (%(n)s instead of %(was)s), and each worth %(share)s more"),
    (1, 0): N_("more sales (%(n)s instead of %(was)s), each worth as much"),
    (1, -1): N_("more sales (%(n)s instead of %(was)s), but each worth %(share)s less"),
    (0, 1): N_("as many sales (%(n)s), each worth %(share)s more"),
    (0, 0): N_("as many sales (%(n)s), each worth as much"),
    (0, -1): N_("as many sales (%(n)s), each worth %(share)s less"),
    (-1, 1): N_("fewer sales (%(n)s instead of %(was)s), but each worth %(share)s more"),
    (-1, 0): N_("fewer sales (%(n)s instead of %(was)s), each worth as much"),
    (-1, -1): N_("fewer sales (%(n)s instead of %(was)s), and each worth %(share)s less"),
}


def _reason(found, facts):
    each = found.average_change or 0
    text = REASONS[_sign(found.papers - found.papers_before), _sign(each, SAME)]
    return _(text, share=_share(each), **facts)


def sources(lens):
    """[(label, amount)] from which customers the change since a year before comes."""
    found = answers.sources(lens, lens.year_before())
    names = (_("Customers lost"), _("Bought less"), _("Bought more"), _("New or back"))
    return [*zip(names, found, strict=True), (pgettext("figure", "Change"), sum(found))]


def leading(items, names, lens, href, only, many):
    """(sentence, bars) of who or what made most of [(id, net)]; `names(ids)` gives {id: name}.
    `only` and `many` are the sentences for one, with %(name)s and %(sum)s, and for several, with
    %(n)s."""
    found, rows = answers.leading(items)
    name_of = names([r.id for r in rows])
    bars = [Bar(name_of[r.id], r.net, r.share, href(r.id)) for r in rows]
    if not found.count:
        return _("No sales in this period."), []
    name = _strong(bars[0].name)
    if found.count == 1:
        return Markup(only % {"name": name, "sum": _sum(found.first.net, lens)}), bars
    facts = {
        "all": many % {"n": found.count},
        "name": name,
        "share": _strong(_share(found.first.share)),
    }
    text = (
        _(
            "%(all)s %(name)s makes %(share)s of sales, the first three together %(upto)s.",
            upto=_strong(_share(found.few.upto)),
            **facts,
        )
        if found.few
        else _("%(all)s %(name)s makes %(share)s of sales.", **facts)
    )
    return Markup(text), bars
