"""What the journal's events say, in whole sentences of the reader's language.

SENTENCES has, for each action of each kind of thing, its sentences with the most facts first: the
first whose facts the event holds is used. "action code" serves an event whose reason is a code.
Those under "*" serve every kind. tests/views/test_event_sentences.py compares them with the verbs.
"""

import re

from flask_babel import gettext as _

from models.core.journal import Event
from models.core.money import format_money
from models.people.notice import TOLD
from views.refusals import word
from views.web import labels
from views.web.events import documents, money, records
from views.web.events.kinds import thing_name
from views.web.language import N_

SENTENCES = {**documents.SENTENCES, **money.SENTENCES, **records.SENTENCES}
# What is told after a sentence that has no place for it, unless it is a code.
REMARKS = {
    "behalf": N_("On behalf of %(behalf)s"),
    "reason": N_("Reason: %(reason)s"),
    "note": N_("Note: %(note)s"),
}
CODES = ("reason", "because", "purpose")  # facts that may be a code
NO_REMARKS = (
    "approvers",
    "below_limit",
    "equals_source",
    "time_limit",
    "same_person_just_approved",
)


def as_event(facts):
    """The event of which a mail holds these facts."""
    return Event(**{name: facts[name] for name in TOLD})


def told(event):
    """[the sentence of this event, then its remarks]."""
    facts = {"who": actor(event), **_readable(event.facts)}
    text = next(
        (text for text in _texts(event) if _placeholders(text) <= facts.keys()),
        f"%(who)s: {event.action}",
    )
    remarks = [
        remark
        for name, remark in REMARKS.items()
        if name in facts and name not in _placeholders(text) and facts[name] not in NO_REMARKS
    ]
    return [_filled(each, facts) for each in (text, *remarks)]


def actor(event):
    """Who did it. Of whom came by a link only the address is known to which it was sent."""
    if email := event.facts.get("link"):
        return _("Someone by the link sent to %(email)s", email=email)
    return _("System") if event.actor_type == "System" else event.actor_name


def acts():
    """{"Kind.action": how the filter calls it}, by kind."""
    names = {
        f"{kind}.{action}": labels.headed(
            _("any kind") if kind == "*" else thing_name(kind),
            _filled(texts[-1], dict.fromkeys(_placeholders(texts[-1]), "…")),
        )
        for kind, actions in SENTENCES.items()
        for action, texts in actions.items()
        if " " not in action
    }
    return dict(sorted(names.items(), key=lambda item: item[1]))


def _texts(event):
    """The sentences that may fit, the best first."""
    codes = [str(event.facts[name]) for name in CODES if event.facts.get(name)]
    for kind in (event.subject_type, "*"):
        actions = SENTENCES.get(kind, {})
        for key in (*(f"{event.action} {code}" for code in codes), event.action):
            yield from actions.get(key, ())


def _placeholders(text):
    return set(re.findall(r"%\((\w+)\)s", text))


def _filled(text, facts):
    return _(text, **{name: facts[name] for name in _placeholders(text)})


def _readable(facts):
    """The facts that are given, as people read them."""
    readable = {}
    for name, value in facts.items():
        if isinstance(value, list):
            value = labels.listed(value)
        elif name == "amount":
            known = facts.get("currency")
            value = f"{format_money(value, known)} {known}" if known and value else None
        elif name == "kind":
            value = word(value)
        if value not in (None, "", {}):
            readable[name] = value
    return readable
