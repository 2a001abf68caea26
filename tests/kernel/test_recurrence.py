"""A rule of recurrence as people say it."""

import pytest

from itsm.kernel.recurrence import in_words


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("", "once"),
        ("FREQ=DAILY", "every day"),
        ("FREQ=HOURLY;INTERVAL=6", "every 6 hours"),
        ("FREQ=WEEKLY;BYDAY=TU", "every week on Tuesday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH,FR", "every 2 weeks on Monday, Thursday and Friday"),
        ("FREQ=MONTHLY;BYDAY=2SU", "every month on the second Sunday"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "every month on day 1 and day 15"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31", "every year on day 31 in March"),
        ("FREQ=DAILY;COUNT=5", "every day 5 times"),
        ("FREQ=DAILY;UNTIL=20270115T000000", "every day until 15 January 2027"),
    ],
)
def test_a_rule_is_said_in_words(rule, said):
    assert in_words(rule) == said


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;BYHOUR=3,4", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "FREQ=MONTHLY;BYMONTHDAY=-9", "NONSENSE"]
)
def test_what_has_no_short_words_stays_as_it_is_written(rule):
    assert in_words(rule) == rule
