"""Entries as iCalendar (RFC 5545) reads them.

An entry's UID stays the same for ever, and its SEQUENCE rises with each write of its record: calendars then move what
they have in place of showing it twice. DTSTAMP is when it was written last, because the feed is no message (it has no
METHOD). REFRESH-INTERVAL (RFC 7986) is a wish: each program asks when it likes, some once a day.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from icalendar import Calendar, Event
from icalendar.prop import vDuration

from changes.queries.feeds import Item

HOURLY = timedelta(hours=1)


def written(name: str, items: Iterable[Item]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Slipway//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.calendar_name = name
    refresh = vDuration(HOURLY)
    refresh.params["VALUE"] = "DURATION"
    calendar.add("refresh-interval", refresh)
    calendar.add("x-published-ttl", vDuration(HOURLY))
    for item in items:
        calendar.add_component(_event(item))
    return bytes(calendar.to_ical())


def _event(item: Item) -> Event:
    record, modified = item.of, _utc(item.of.updated_at)
    event = Event()
    event.add("uid", uid_of(item))
    event.add("dtstamp", modified)
    event.add("last-modified", modified)
    event.add("sequence", record.revision - 1)
    event.add("dtstart", _utc(item.start))
    event.add("dtend", _utc(item.end))
    event.add("summary", item.summary)
    event.add("url", f"{settings.SITE_URL}{record.get_absolute_url()}")
    event.add("status", "CANCELLED" if item.cancelled else "CONFIRMED" if item.firm else "TENTATIVE")
    return event


def uid_of(item: Item) -> str:
    """Of the site and the record's number, so that two sites never mean the same entry."""
    named = f"{settings.SITE_URL}/{item.of.number}/{item.part}"
    return f"{item.of._meta.model_name}-{uuid5(NAMESPACE_URL, named)}@{urlsplit(settings.SITE_URL).hostname}"


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
