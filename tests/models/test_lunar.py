"""The Chinese calendar of 1900 to 2100 against published days and against a second, astronomical
library."""

import datetime as dt

import pytest
from lunar_python import LunarYear, Solar

from models.care import lunar

D = dt.date
# From the State Council's holiday notices and the Hong Kong Observatory's conversion tables.
PUBLISHED = {
    "spring_festival": [
        D(1912, 2, 18),
        D(1949, 1, 29),
        D(1985, 2, 20),
        D(2000, 2, 5),
        D(2020, 1, 25),
        D(2023, 1, 22),
        D(2024, 2, 10),
        D(2025, 1, 29),
        D(2026, 2, 17),
        D(2027, 2, 6),
        D(2033, 1, 31),
        D(2034, 2, 19),
        D(2100, 2, 9),
    ],
    "dragon_boat": [D(2020, 6, 25), D(2023, 6, 22), D(2024, 6, 10), D(2025, 5, 31), D(2026, 6, 19)],
    "mid_autumn": [
        D(2020, 10, 1),
        D(2023, 9, 29),
        D(2024, 9, 17),
        D(2025, 10, 6),
        D(2026, 9, 25),
        D(2033, 9, 8),
    ],
}
# Every leap month of the two centuries, as the published tables have them.
PUBLISHED_LEAPS = """
1900 8, 1903 5, 1906 4, 1909 2, 1911 6, 1914 5, 1917 2, 1919 7, 1922 5, 1925 4, 1928 2, 1930 6,
1933 5, 1936 3, 1938 7, 1941 6, 1944 4, 1947 2, 1949 7, 1952 5, 1955 3, 1957 8, 1960 6, 1963 4,
1966 3, 1968 7, 1971 5, 1974 4, 1976 8, 1979 6, 1982 4, 1984 10, 1987 6, 1990 5, 1993 3, 1995 8,
1998 5, 2001 4, 2004 2, 2006 7, 2009 5, 2012 4, 2014 9, 2017 6, 2020 4, 2023 2, 2025 6, 2028 5,
2031 3, 2033 11, 2036 6, 2039 5, 2042 2, 2044 7, 2047 5, 2050 3, 2052 8, 2055 6, 2058 4, 2061 3,
2063 7, 2066 5, 2069 4, 2071 8, 2074 6, 2077 4, 2080 3, 2082 7, 2085 5, 2088 4, 2090 8, 2093 6,
2096 4, 2099 2"""
LEAP = dict(tuple(map(int, pair.split())) for pair in PUBLISHED_LEAPS.split(","))
# In these months the new moon falls so near to midnight that tables differ by a day, as the
# Observatory itself warns.
NEAR_MIDNIGHT = {(2089, 8, False), (2097, 7, False)}


@pytest.mark.parametrize("feast", PUBLISHED)
def test_feasts_fall_on_their_published_days(feast):
    assert [lunar.feasts(day.year)[feast] for day in PUBLISHED[feast]] == PUBLISHED[feast]


def test_leap_months_are_where_they_are_published():
    found = {y: m for y in range(1900, 2101) for m in range(1, 13) if lunar.solar(y, m, 1, True)}
    assert found == LEAP and len(LEAP) == 74


def test_every_month_of_two_centuries_begins_where_a_second_library_says():
    different, seen = set(), 0
    for year in range(1900, 2101):
        for month in LunarYear.fromYear(year).getMonthsInYear():
            number, leap = abs(month.getMonth()), month.getMonth() < 0
            first = Solar.fromJulianDay(month.getFirstJulianDay())
            seen += 1
            if lunar.solar(year, number, 1, leap) != D(
                first.getYear(), first.getMonth(), first.getDay()
            ):
                different.add((year, number, leap))
    assert seen == 201 * 12 + 74 and different == NEAR_MIDNIGHT


def test_every_day_leads_there_and_back():
    day = D(1900, 1, 31)
    while day <= D(2100, 12, 31):
        year, month, number, leap = lunar.lunar(day)
        assert lunar.solar(year, month, number, leap) == day
        day += dt.timedelta(days=1)


def test_a_birthday_in_a_leap_month_or_on_the_30th_is_kept_where_the_year_has_none():
    born = lunar.solar(1987, 6, 12, True)
    assert lunar.lunar_birthday(born, 2024) == lunar.solar(2024, 6, 12) and lunar.lunar_birthday(
        born, 2025
    ) == lunar.solar(2025, 6, 12, True)
    born = next(day for y in range(1960, 1990) if (day := lunar.solar(y, 12, 30)))
    short = next(y for y in range(2000, 2030) if lunar.solar(y, 12, 30) is None)
    assert lunar.lunar_birthday(born, short) == lunar.solar(short, 12, 29)


def test_solar_birthdays_and_the_29th_of_february():
    assert lunar.birthdays_between(D(2000, 2, 29), False, D(2026, 2, 20), D(2026, 3, 5)) == [
        (D(2026, 2, 28), 26)
    ]
    assert lunar.birthdays_between(D(1990, 12, 30), False, D(2026, 12, 28), D(2027, 1, 3)) == [
        (D(2026, 12, 30), 36)
    ]
    born = lunar.solar(1990, 12, 20)
    assert lunar.birthdays_between(born, True, D(2027, 1, 1), D(2027, 2, 28)) == [
        (lunar.solar(2026, 12, 20), 36)
    ]
    assert lunar.birthdays_between(D(1850, 1, 1), True, D(2026, 1, 1), D(2026, 12, 31)) == []
