"""Amounts and shares as text, and what the figures count."""

from flask_babel import gettext as _
from markupsafe import Markup

from models.core.money import format_money
from models.insights.overview import change


def what_counts(lens):
    return (
        _(
            "Invoices issued in the period, less credit notes, without tax; voided ones "
            "do not count."
        )
        if lens.basis == "invoice"
        else _("Orders issued in the period, without tax; voided ones do not count.")
    )


def money(value, lens):
    """An amount for a figure or a note, with its currency in small letters."""
    return Markup('{} <small class="currency">{}</small>').format(
        format_money(value, lens.currency), lens.currency
    )


def money_text(value, lens):
    return f"{format_money(value, lens.currency)} {lens.currency}"


def before_and_change(now, before, lens=None):
    """ "+12.3% · before 1,000.00" under a figure."""
    relative = change(now, before)
    amount_before = format_money(before, lens.currency) if lens else f"{before:,}"
    return _("previous period %(was)s", was=amount_before) + (
        f" · {relative / 100:+.1f}%" if relative is not None else ""
    )


def percent(bps):
    return "–" if bps is None else f"{bps / 100:.1f}"
