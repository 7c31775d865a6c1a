"""The plain sentence for each Refused code, in the reader's language.

The sentences stand in tables by subject; each is translated only when it is chosen."""

from flask_babel import gettext as _

from views.refusals import archive, backups, documents, general, imports, money, reading
from views.refusals.words import WORDS

SENTENCES = {
    **general.SENTENCES,
    **documents.SENTENCES,
    **money.SENTENCES,
    **archive.SENTENCES,
    **imports.SENTENCES,
    **backups.SENTENCES,
    **reading.SENTENCES,
}
ELSEWHERE = {"outside_networks": 403, "no_room": 503}
# Codes of wrong input (422); all others are conflicts (409).
MISTYPED = {
    "amount_unreadable",
    "currency_unknown",
    "customer_needed",
    "day_unreadable",
    "days_range",
    "dispute_amount",
    "einvoice_day",
    "einvoice_kind",
    "einvoice_number",
    "einvoice_seller_missing",
    "einvoice_tax_id",
    "einvoice_total",
    "einvoice_two_numbers",
    "file_damaged",
    "file_kind",
    "file_missing",
    "font_adds_nothing",
    "font_damaged",
    "font_kind",
    "hold_scope",
    "level_days",
    "level_interest",
    "level_taken",
    "level_text",
    "limit_negative",
    "mail_address",
    "month_unreadable",
    "name_needed",
    "naming_not_unique",
    "naming_signs",
    "no_placeholders",
    "no_such_number",
    "opinion_needed",
    "pattern_long",
    "proof_needed",
    "proof_wrong",
    "pattern_needs_n",
    "pattern_needs_year",
    "pattern_signs",
    "start_used",
    "place_incomplete",
    "place_path",
    "place_plain",
    "place_taken",
    "place_url",
    "placeholder_unknown",
    "promise_too_far",
    "account_needed",
    "reason_needed",
    "recovery_key_unreadable",
    "recovery_key_wrong",
    "retention_for_ever",
    "retention_least",
    "text_needed",
    "text_too_long",
    "text_unprintable",
}


def sentence(error):
    """What to tell the person. A code without a sentence is a programming mistake that tests
    catch."""
    return explain(error.code, {name: word(fact) for name, fact in error.facts.items()})


def explain(code, facts):
    """The sentence of a code, filled by these facts."""
    return _(SENTENCES[code]) % facts


def status(error):
    """422 when the input must be corrected, 403 when it is a question of where one is, 503 when the
    machine must be helped, 409 for a conflict with the present state."""
    if error.code in ELSEWHERE:
        return ELSEWHERE[error.code]
    return 422 if error.code in MISTYPED else 409


def word(fact):
    """A state or a role, as facts name it, in the reader's language; anything else as it is."""
    return _(WORDS[fact]) if fact in WORDS else fact
