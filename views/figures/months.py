"""The days of months named such as 2026-11."""

import datetime as dt


def first_of(month):
    return dt.date(int(month[:4]), int(month[5:]), 1)


def last_of(month):
    first = first_of(month)
    return (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def month_within(lens, month):
    return lens.replace(first=max(first_of(month), lens.first), last=min(last_of(month), lens.last))


def year_before(month):
    return f"{int(month[:4]) - 1}{month[4:]}"
