"""The hours of services, as they are agreed."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from cmdb.models import HoursException, Service, ServiceHours
from cmdb.service_hours import Hours
from itsm.kernel import organisation


def hours_of(service: Service) -> Hours:
    return hours_of_each([service])[service.pk]


def hours_of_each(services: Iterable[Service]) -> dict[int, Hours]:
    """By the service's id; three queries for any number of them."""
    found = list(services)
    week: dict[int, dict[int, list[Any]]] = {each.pk: defaultdict(list) for each in found}
    exceptions: dict[int, dict[Any, list[Any]]] = {each.pk: {} for each in found}
    rows = ServiceHours.objects.filter(service__in=week).order_by("service", "weekday", "span")
    for service, weekday, span in rows.values_list("service_id", "weekday", "span"):
        week[service][weekday].append((span.lower, span.upper))
    others = HoursException.objects.filter(service__in=week).order_by("service", "day")
    for service, day, span in others.values_list("service_id", "day", "span"):
        exceptions[service][day] = [(span.lower, span.upper)] if span else []
    usual = _usual_zone() if any(not each.hours_zone for each in found) else ""
    return {each.pk: Hours(each.hours_zone or usual, dict(week[each.pk]), exceptions[each.pk]) for each in found}


def exceptions_of(service: Service, since: date | None = None, most: int = 400) -> list[HoursException]:
    """Those to come, or all; in order."""
    rows = HoursException.objects.filter(service=service).order_by("day")
    return list(rows.filter(day__gte=since) if since else rows)[:most]


def _usual_zone() -> str:
    return organisation.current().time_zone or timezone.get_default_timezone_name()
