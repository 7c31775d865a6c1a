"""China's public holidays and the weekend days worked instead (调休), which the State Council
announces each November for the year after."""

import functools

from chinese_calendar import constants

FIRST_YEAR = 2026  # earlier deadlines are over
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


@functools.cache
def published():
    """{day: (works, name)} of the years that have been announced. The dict is cached: callers must
    not change it."""
    off = {
        day: (False, NAMES.get(name, name))
        for day, name in constants.holidays.items()
        if day.year >= FIRST_YEAR
    }
    return off | {day: (True, "调休") for day in constants.workdays if day.year >= FIRST_YEAR}
