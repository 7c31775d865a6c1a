"""Days as an iCalendar file (RFC 5545), for any calendar program."""

import icalendar

from models.core.clock import now


def of_days(days, title):
    """The file's bytes, of [(uid, day, summary, description, url)], each a whole day."""
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//Danju//{title}//EN")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    for uid, day, summary, description, url in days:
        event = icalendar.Event()
        event.add("UID", uid)
        event.add("DTSTAMP", now().replace(microsecond=0), parameters={})
        event.add("DTSTART", day)
        event.add("SUMMARY", summary)
        event.add("DESCRIPTION", description)
        event.add("URL", url)
        event.add("TRANSP", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
