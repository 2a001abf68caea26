"""What a transition point would find now, and what was found at those that a service has passed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cmdb.models import CriterionWaiver, PointPassed, Service
from cmdb.portfolio import criteria, points
from cmdb.portfolio.criteria import Criterion, Finding
from cmdb.portfolio.points import Point

SHOWN = 100


@dataclass(frozen=True)
class Examined:
    """One criterion of a point as it stands now, with the waiver that holds for what was found."""

    criterion: Criterion
    finding: Finding
    waiver: CriterionWaiver | None = None

    @property
    def bars(self) -> bool:
        return self.finding.met is False and self.waiver is None

    @property
    def as_dict(self) -> dict[str, Any]:
        """For the record of a point passed, and for clients."""
        found = {
            "code": self.criterion.code,
            "label": self.criterion.label,
            "met": self.finding.met,
            "message": self.finding.message,
            "waived_by": "",
            "waived_because": "",
        }
        if self.waiver and self.finding.met is False:
            found |= {"waived_by": str(self.waiver.by), "waived_because": self.waiver.reason}
        return found

    @property
    def as_check(self) -> dict[str, Any]:
        """For a refusal: what failed, and the way to mend it."""
        return {
            "code": self.criterion.code,
            "label": self.criterion.label,
            "message": self.finding.message,
            "url": self.finding.url,
            "fix": self.finding.fix,
        }


def examine(service: Service, point: Point, now: datetime) -> list[Examined]:
    """Each criterion of the point as it stands."""
    findings = [(each, each.look(service, now)) for each in criteria.asked_at(point.code)]
    unmet = any(finding.met is False for _, finding in findings)
    waived = {(waiver.criterion, waiver.fingerprint): waiver for waiver in _waivers(service, point)} if unmet else {}
    return [Examined(each, finding, waived.get((each.code, finding.fingerprint))) for each, finding in findings]


def ahead(service: Service, now: datetime) -> list[tuple[Point, list[Examined]]]:
    """Every point that the service may come to next, with what it would find."""
    return [(point, examine(service, point, now)) for point in points.open_from(service.sub_state)]


def barring(examined: Iterable[Examined]) -> list[Examined]:
    return [each for each in examined if each.bars]


def passed(service: Service, most: int = SHOWN) -> list[PointPassed]:
    """The points that it has passed, the latest first."""
    return list(PointPassed.objects.filter(service=service).select_related("by").order_by("-pk")[:most])


def _waivers(service: Service, point: Point) -> Iterable[CriterionWaiver]:
    """Those that were not used up yet: a waiver is for one passage."""
    last = PointPassed.objects.filter(service=service, point=point.code).order_by("-pk").values_list("at", flat=True)
    since = last.first()
    waivers = CriterionWaiver.objects.filter(service=service, point=point.code).select_related("by").order_by("pk")
    return waivers.filter(at__gt=since) if since else waivers
