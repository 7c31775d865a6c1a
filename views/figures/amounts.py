"""Amounts and shares as figures show them, and what they count."""

from flask_babel import gettext as _
from markupsafe import Markup

from models.core.money import format_money
from models.insights.overview import change


def counted(look):
    return (
        _(
            "Invoices issued in the period, less credit notes, without tax; voided ones "
            "do not count."
        )
        if look.basis == "invoice"
        else _("Orders issued in the period, without tax; voided ones do not count.")
    )


def money(value, look):
    """An amount for a figure or a note, its currency small."""
    return Markup('{} <small class="currency">{}</small>').format(
        format_money(value, look.currency), look.currency
    )


def money_text(value, look):
    return f"{format_money(value, look.currency)} {look.currency}"


def moved(now, before, look=None):
    """ "+12.3 % · before 1,000.00" under a figure."""
    by = change(now, before)
    was = format_money(before, look.currency) if look else f"{before:,}"
    return _("before %(was)s", was=was) + (f" · {by / 100:+.1f}\u00a0%" if by is not None else "")


def percent(bps):
    return "–" if bps is None else f"{bps / 100:.1f}"
