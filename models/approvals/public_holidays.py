"""China's public holidays and the weekend days worked instead (调休), which the State Council
announces each November for the year after."""

import functools

from chinese_calendar import constants

FIRST_YEAR = 2026  # earlier deadlines are over


@functools.cache
def published():
    """{day: (works, English name)} of the years that have been announced. The dict is cached:
    callers must not change it."""
    return {
        day: (works, name)
        for works, days in ((False, constants.holidays), (True, constants.workdays))
        for day, name in days.items()
        if day.year >= FIRST_YEAR
    }
