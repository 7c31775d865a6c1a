"""The Chinese calendar from 1900 to 2100: feasts, and birthdays kept by it (table: borax, MIT,
after GB/T 33661-2017)."""

import datetime as dt

from borax.calendars.lunardate import LunarDate

FIRST, LAST = 1900, 2100


def lunar(day):
    """(year, month, day, leap month?) of a solar day."""
    date = LunarDate.from_solar(day)
    return date.year, date.month, date.day, bool(date.leap)


def year_of(day):
    """The lunar year of a solar day; None without one, or outside the table."""
    return lunar(day)[0] if day and FIRST < day.year <= LAST else None


def solar(year, month, day, leap=False):
    """The solar day of a lunar one, or None where that year has no such day."""
    try:
        return LunarDate(year, month, day, int(leap)).to_solar_date()
    except ValueError:
        return None


def feasts(year):
    """{feast: its day in this solar year}"""
    return {
        "new_year": dt.date(year, 1, 1),
        "spring_festival": solar(year, 1, 1),
        "dragon_boat": solar(year, 5, 5),
        "mid_autumn": solar(year, 8, 15),
    }


def lunar_birthday(born, year):
    """The lunar birthday in lunar `year` of someone born on this solar day."""
    return day_in(year, *lunar(born)[1:])


def day_in(year, month, day, leap):
    """The solar day in lunar `year`: in a year without the leap month it is in the ordinary month,
    in a short month on the last day."""
    return (
        (leap and solar(year, month, day, True))
        or solar(year, month, day)
        or solar(year, month, day - 1)
    )


def anniversary(born, year):
    """The same solar day in another year; 29 February falls on the 28th."""
    try:
        return born.replace(year=year)
    except ValueError:
        return dt.date(year, 2, 28)


def lunar_days_between(month, day, leap, first, last):
    """[(solar day, lunar year)] of a lunar day from `first` to `last`."""
    years = range(max(FIRST, first.year - 1), min(LAST, last.year) + 1)
    found = [(day_in(year, month, day, leap), year) for year in years]
    return [(on, year) for on, year in found if on and first <= on <= last]


def birthdays_between(born, is_lunar, first, last):
    """[(day, age)] of the birthdays from `first` to `last`; none outside the years of the table."""
    if year_of(born) is None:
        return []
    birthdays = []
    for year in range(first.year - 1, last.year + 1):
        if is_lunar and not FIRST <= year <= LAST:
            continue
        day = lunar_birthday(born, year) if is_lunar else anniversary(born, year)
        age = year - (lunar(born)[0] if is_lunar else born.year)
        if day and first <= day <= last and age > 0:
            birthdays.append((day, age))
    return birthdays
