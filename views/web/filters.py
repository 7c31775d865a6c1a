"""The filters of the templates."""

import datetime as dt

from models.core.clock import local
from models.core.money import format_money, format_price, format_scaled
from views.markdown import markdown
from views.refusals import faults, jobs, troubles
from views.web import days, devices, events, labels
from views.web.events import changes

FILTERS = {
    "as_event": events.as_event,
    "changes": changes.changes,
    "day": days.shown,
    "day_month": labels.day_month,
    "device": devices.device,
    "fault_sentence": faults.fault_sentence,
    "find_words": labels.find_words,
    "headed": labels.headed,
    "iso": lambda day: day.isoformat() if isinstance(day, dt.date) else day or "",
    "initials": labels.initials,
    "job_trouble": jobs.job_trouble,
    "listed": labels.listed,
    "local": lambda v: local(v) if v else None,
    "mail_trouble": troubles.mail_trouble,
    "markdown": markdown,
    "moment": days.moment,
    "money": format_money,
    "percent": lambda v: format_scaled(v, 2),
    "place_trouble": troubles.place_trouble,
    "price": format_price,
    "quantity": lambda v: format_scaled(v, 4),
    "told": events.told,
}
