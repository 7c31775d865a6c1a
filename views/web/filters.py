"""The filters of the templates."""

from models.core.clock import local
from models.core.money import format_money, format_price, format_scaled
from views.markdown import markdown
from views.refusals import faults, jobs, troubles
from views.web import devices, events, labels
from views.web.events import changes

FILTERS = {
    "changes": changes.changes,
    "day_month": labels.day_month,
    "device": devices.device,
    "fault_sentence": faults.fault_sentence,
    "find_words": labels.find_words,
    "headed": labels.headed,
    "initials": labels.initials,
    "job_trouble": jobs.job_trouble,
    "listed": labels.listed,
    "local": lambda v: local(v) if v else None,
    "mail_trouble": troubles.mail_trouble,
    "markdown": markdown,
    "moment": lambda v: f"{local(v):%Y-%m-%d %H:%M}" if v else "",
    "money": format_money,
    "percent": lambda v: format_scaled(v, 2),
    "place_trouble": troubles.place_trouble,
    "price": format_price,
    "quantity": lambda v: format_scaled(v, 4),
    "told": events.told,
}
