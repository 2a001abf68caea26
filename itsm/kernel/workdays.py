"""Which days are days of work, and how to count them. Pure: whoever asks brings the calendar along."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """A working week (ISO weekdays, Monday is 1), a country's public holidays, and own days off."""

    country: str = ""
    days_off: frozenset[date] = frozenset()
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})

    def works(self, day: date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.days_off and day not in _holidays(self.country)

    def after(self, day: date, days: int) -> date:
        """The working day that lies this many working days after the day; the day itself for none."""
        while days > 0:
            day += DAY
            if self.works(day):
                days -= 1
        return day


def countries() -> list[str]:
    """The countries whose public holidays are known, as ISO codes."""
    return sorted(code for code in holidays.list_supported_countries() if len(code) == 2)


@cache
def _holidays(country: str) -> "holidays.HolidayBase | frozenset[date]":
    return holidays.country_holidays(country) if country else frozenset()
