"""When changes of a model are made: its weekly hours on the organisation's clock."""

from datetime import datetime

from django.utils import timezone

from changes.models import ChangeModel
from cmdb.service_hours import Hours, week_in
from itsm.kernel import organisation


def hours_of(model: ChangeModel) -> Hours | None:
    """None where its changes are made at any time."""
    if not model.windows:
        return None
    return Hours(organisation.current().time_zone or timezone.get_default_timezone_name(), week_in(model.windows))


def fits(model: ChangeModel, start: datetime | None, end: datetime | None) -> bool | None:
    """Whether [start, end) lies within one of its windows; None where there is nothing to ask."""
    hours = hours_of(model) if start and end else None
    return list(hours.between(start, end)) == [(start, end)] if hours and start and end else None
