"""Write what is agreed for a service in rows: the rows that are given replace those that there were.

Called inside operations on services; a row that stays as it was is not touched, so history tells what changed.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Model

from cmdb import service_hours
from cmdb.models import HoursException, Service, ServiceHours, ServiceTarget, SupportAccess
from cmdb.service_hours import Unreadable
from itsm.kernel.errors import InvalidInput
from itsm.kernel.people.users import check_zone

# As many times a week as its sentence has room for.
MOST = {"times": 24, "targets": 20, "access": 100, "exceptions": 400}
Row = Mapping[str, Any]
# Which units a measure can be agreed in, and which way is better where there is only one.
UNITS = {
    ServiceTarget.Measure.AVAILABILITY: ("percent",),
    ServiceTarget.Measure.CHANGE_FAIL_RATE: ("percent",),
    ServiceTarget.Measure.RESTORE: ("min", "h", "d"),
    ServiceTarget.Measure.SUPPORT_RESPONSE: ("s", "min", "h", "d"),
    ServiceTarget.Measure.RESPONSE: ("ms", "s"),
    ServiceTarget.Measure.OTHER: tuple(ServiceTarget.Unit.values),
}


def set_hours(service: Service, said: Row) -> None:
    """`said`: {zone, week: {weekday: spans}, exceptions: [{day, name, span}]}; what is left out stays."""
    if "zone" in said:
        check_zone("service_hours", said["zone"])
        service.hours_zone = said["zone"]
    if "week" in said:
        week = {day: _ordered(spans) for day, spans in said["week"].items()}
        rows = [{"weekday": day, "span": _range(span)} for day in sorted(week) for span in week[day]]
        _check_length("service_hours", rows, "times")
        _replace(service, ServiceHours, ("weekday", "span"), rows)
        service.hours = service_hours.sentence(week)
    if "exceptions" in said:
        _set_exceptions(service, said["exceptions"])


def _ordered(spans: Iterable[service_hours.Span]) -> list[service_hours.Span]:
    try:
        return service_hours.ordered([service_hours.int_span(*span) for span in spans])
    except Unreadable as error:
        raise InvalidInput.at("service_hours", str(error)) from error


def set_hours_in_words(service: Service, text: str) -> None:
    """The week alone, as `Mon–Fri 08:00–18:00; Sat 10:00–14:00`."""
    try:
        set_hours(service, {"week": service_hours.week_in(text)})
    except Unreadable as error:
        raise InvalidInput.at("hours", str(error)) from error


def _set_exceptions(service: Service, said: Iterable[Row]) -> None:
    rows = [
        {
            "day": each["day"],
            "name": each.get("name", ""),
            "span": _range(_ordered([each["span"]])[0]) if each.get("span") else None,
        }
        for each in said
    ]
    _check_length("service_hours", rows, "exceptions")
    days: set[date] = set()
    for at, row in enumerate(rows):
        if row["day"] in days:
            raise _at("service_hours", {"exceptions": {at: {"day": [f"{row['day']} is there twice."]}}})
        days.add(row["day"])
    _replace(service, HoursException, ("day",), rows)


def set_targets(service: Service, said: Iterable[Row]) -> None:
    """`said`: [{measure, name?, better?, target, unit, window?}]."""
    rows = [_target(at, row) for at, row in enumerate(said)]
    _check_length("sla_targets", rows, "targets")
    _check_once(
        "sla_targets", rows, ("measure", "name", "window"), "measure", "This measure over this time is there twice."
    )
    _replace(service, ServiceTarget, ("measure", "name", "window"), rows)


def _target(at: int, said: Row) -> dict[str, Any]:
    row = {"name": "", "window": ServiceTarget.Window.MONTH, **said}
    measure = row["measure"]
    row["better"] = row.get("better") or _usual(measure)

    def wrong(field: str, message: str) -> InvalidInput:
        return _at("sla_targets", {at: {field: [message]}})

    if measure == ServiceTarget.Measure.OTHER and not row["name"].strip():
        raise wrong("name", "Say what is measured.")
    if measure != ServiceTarget.Measure.OTHER and row["name"]:
        raise wrong("name", "Only another measure has a name of its own; leave this empty.")
    if row["unit"] not in UNITS[measure]:
        raise wrong("unit", f"It is not measured in this; take {', '.join(UNITS[measure])}.")
    row["target"] = _number(row["target"])
    if row["target"] is None or row["target"] < 0:
        raise wrong("target", "Give a number that is not below 0.")
    if row["unit"] == "percent" and row["target"] > 100:
        raise wrong("target", "There are at most 100 %.")
    if row["target"] >= 10**9:
        raise wrong("target", "That is too much; give a number below 1,000,000,000.")
    return row


def _number(said: Any) -> Decimal | None:
    try:
        found = Decimal(str(said)).quantize(Decimal("0.001"))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _usual(measure: str) -> str:
    return (
        ServiceTarget.Better.AT_LEAST if measure == ServiceTarget.Measure.AVAILABILITY else ServiceTarget.Better.AT_MOST
    )


def set_access(service: Service, said: Iterable[Row]) -> None:
    """`said`: [{system, access, reason?}]."""
    rows = [{"reason": "", **row, "system": row["system"].strip()} for row in said]
    _check_length("access", rows, "access")
    _check_once("access", rows, ("system",), "system", "This system is there twice.")
    for at, row in enumerate(rows):
        if row["access"] in (SupportAccess.Access.ON_REQUEST, SupportAccess.Access.NONE) and not row["reason"].strip():
            raise _at("access", {at: {"reason": ["Say why not, or how it is asked for."]}})
    _replace(service, SupportAccess, ("system",), rows)


SETTERS: dict[str, Callable[[Service, Any], None]] = {
    "hours": set_hours_in_words,
    "service_hours": set_hours,
    "sla_targets": set_targets,
    "access": set_access,
}


def _replace(service: Service, model: type[Model], key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    """Three writes at most, whatever there is: what is gone, what is new, what differs."""
    there = {
        tuple(getattr(each, name) for name in key): each for each in model._default_manager.filter(service=service)
    }
    wanted = {tuple(row[name] for name in key): row for row in rows}
    if gone := [each.pk for found, each in there.items() if found not in wanted]:
        model._default_manager.filter(pk__in=gone).delete()
    model._default_manager.bulk_create(model(service=service, **row) for k, row in wanted.items() if k not in there)
    changed = []
    for found in wanted.keys() & there.keys():
        record, row = there[found], wanted[found]
        if any(getattr(record, name) != value for name, value in row.items()):
            for name, value in row.items():
                setattr(record, name, value)
            changed.append(record)
    if changed:
        model._default_manager.bulk_update(changed, sorted(set(rows[0]) - set(key)))


def _range(span: tuple[int, int]) -> NumericRange:
    return NumericRange(*span)


def _at(part: str, errors: dict[Any, Any]) -> InvalidInput:
    return InvalidInput(f"{part}: {_first(errors)}", errors={part: errors})


def _first(errors: Any) -> str:
    """The sentence that lies deepest."""
    while isinstance(errors, dict | list):
        errors = next(iter(errors.values() if isinstance(errors, dict) else errors))
    return str(errors)


def _check_length(part: str, rows: list[Any], what: str) -> None:
    if len(rows) > MOST[what]:
        raise InvalidInput.at(part, f"There are {len(rows)}; at most {MOST[what]} can be agreed.")


def _check_once(part: str, rows: list[dict[str, Any]], key: tuple[str, ...], field: str, message: str) -> None:
    seen: set[tuple[Any, ...]] = set()
    for at, row in enumerate(rows):
        found = tuple(str(row[name]).lower() for name in key)
        if found in seen:
            raise _at(part, {at: {field: [message]}})
        seen.add(found)
