"""Mails to a colleague about what customers do: the first goes at once, what follows within the
same minutes is told together in one mail at their end."""

import datetime as dt
import secrets

from models.adapters.outbox import Mail
from models.core.clock import now
from models.core.database import db

MINUTES = 5
MOST = 50  # things in one mail; the lists of the portal have the rest
MOST_TEXT = 200


@db.atomic()
def tell(person, template, context):
    """Queue the mail, or add it to what the person will be told of at the end of these minutes."""
    begun = now().replace(minute=now().minute // MINUTES * MINUTES, second=0, microsecond=0)
    key = f"told-{person.id}-{begun:%Y%m%d%H%M}"
    if not Mail.select().where(Mail.key == key).exists():
        Mail.enqueue_to(person, key, template, context)
        return
    item = {**context, "template": template, "text": context.get("text", "")[:MOST_TEXT]}
    mail = Mail.get_or_none(Mail.key == f"{key}-more")
    if mail is None:
        ends_at = begun + dt.timedelta(minutes=MINUTES)
        Mail.enqueue_to(
            person, f"{key}-more", "gathered", {"news": [item], "n": 1}, next_at=ends_at
        )
    else:
        news = [*mail.context["news"], item][:MOST]
        added = (
            Mail.update(context={**mail.context, "news": news, "n": mail.context["n"] + 1})
            .where(Mail.id == mail.id, Mail.state == "queued")
            .execute()
        )
        if not added:  # sent already, as the clock was set back
            Mail.enqueue_to(person, f"{key}-{secrets.token_hex(8)}", template, context)
