"""The criteria that the CMDB itself can answer; read once when the program starts."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from cmdb.models import ConfigurationItem, Relation, Service, SupportAccess
from cmdb.portfolio.criteria import Finding, criterion

NAMED = 5
NEAR = {"source": "target", "target": "source"}
TYPES = {
    "against": (Relation.Type.DEPENDS_ON, Relation.Type.RUNS_ON),
    "along": (Relation.Type.PART_OF, Relation.Type.IMPLEMENTS),
}
GONE = (ConfigurationItem.Status.RETIRED, ConfigurationItem.Status.LOST)


def _edit(service: Service) -> tuple[str, str]:
    return "Edit the service", reverse("cmdb:service-edit", args=[service.slug])


def _page(label: str, name: str, service: Service) -> tuple[str, str]:
    return label, reverse(f"cmdb:service-{name}", args=[service.slug])


def _relate(service: Service) -> tuple[str, str]:
    return "See its CI", service.ci.get_absolute_url()


@criterion("owner_named", "Somebody owns it", at=("charter", "go_live", "keep"))
def owner_named(service: Service, now: datetime) -> Finding:
    if service.owner is None:
        return Finding(False, "It has no owner.", *_edit(service))
    if not service.owner.is_active:
        return Finding(False, f"Its owner {service.owner} does not work here any more.", *_edit(service))
    return Finding(True, f"{service.owner} owns it.")


@criterion("sponsor_named", "The business sponsors it", at=("charter",))
def sponsor_named(service: Service, now: datetime) -> Finding:
    if service.sponsor is None:
        return Finding(False, "Nobody in the business sponsors it.", *_edit(service))
    return Finding(True, f"{service.sponsor} sponsors it.")


@criterion("purpose_written", "Its customers can read what it does", at=("charter",))
def purpose_written(service: Service, now: datetime) -> Finding:
    if not service.summary.strip():
        return Finding(False, "Nobody has written down what it does for its customers.", *_edit(service))
    return Finding(True, "What it does is written down.")


@criterion("support_team_named", "A team supports it", at=("design", "accept", "go_live", "keep"))
def support_team_named(service: Service, now: datetime) -> Finding:
    if service.support_team is None:
        return Finding(False, "No team supports it.", *_edit(service))
    return Finding(True, f"{service.support_team} supports it.")


@criterion("hours_agreed", "Service hours are agreed", at=("design", "go_live"))
def hours_agreed(service: Service, now: datetime) -> Finding:
    if not service.hours:
        said = "When it is there for its customers is not agreed."
        return Finding(False, said, *_page("Agree hours", "hours", service))
    return Finding(True, f"It is there {service.hours}.")


@criterion("targets_agreed", "Service level targets are agreed", at=("design", "go_live"))
def targets_agreed(service: Service, now: datetime) -> Finding:
    number = service.targets.count()
    if not number:
        return Finding(False, "No service level target is agreed.", *_page("Agree targets", "targets", service))
    return Finding(True, f"{_count(number, 'target')} agreed.")


@criterion("access_written", "What support can access is written down", at=("accept",))
def access_written(service: Service, now: datetime) -> Finding:
    """For each system, as without a row nobody knows whether it was forgotten."""
    given = list(service.access.values_list("access", flat=True))
    if not given:
        model = service.get_delivery_model_display()
        said = f"For no system or tool ({model}) it is written down what support can and cannot access."
        return Finding(False, said, *_page("Write it down", "access", service))
    without = sum(access in (SupportAccess.Access.NONE, SupportAccess.Access.ON_REQUEST) for access in given)
    return Finding(
        True, f"For {_count(len(given), 'system')}; to {without or 'none'} of them support cannot get by itself."
    )


@criterion("parts_recorded", "What it is made of is recorded", at=("build", "accept"))
def parts_recorded(service: Service, now: datetime) -> Finding:
    """A service on no CI makes every question about impact answer that nothing is hit."""
    number = _parts(service).count()
    if not number:
        return Finding(False, "No CI is recorded that it hangs on.", *_relate(service))
    return Finding(True, f"It hangs directly on {_count(number, 'CI')}.")


@criterion("parts_live", "What it is made of is live", at=("go_live",))
def parts_live(service: Service, now: datetime) -> Finding:
    parts = list(_parts(service).only("name", "status").order_by("name", "pk"))
    if not parts:
        return Finding(False, "No CI is recorded that it hangs on.", *_relate(service))
    idle = [ci for ci in parts if ci.status != ConfigurationItem.Status.LIVE]
    if not idle:
        return Finding(True, f"All {_count(len(parts), 'CI')} that it hangs on directly are live.")
    named = ", ".join(f"{ci.name} ({ci.get_status_display().lower()})" for ci in idle[:NAMED])
    more = f" and {len(idle) - NAMED} more" if len(idle) > NAMED else ""
    return Finding(
        False, f"Not live: {named}{more}.", fix="See it", url=idle[0].get_absolute_url(), evidence=_numbers(idle)
    )


@criterion("nothing_relies", "Nothing relies on it", at=("retire",))
def nothing_relies(service: Service, now: datetime) -> Finding:
    """Directly: what relies on what relies on it is their question."""
    found = list(_relying(service).only("name").order_by("name", "pk")[:1000])
    if not found:
        return Finding(True, "No CI that is still there relies on it.")
    named = ", ".join(ci.name for ci in found[:NAMED]) + (
        f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    )
    return Finding(
        False, f"It is relied on by {named}.", fix="See it", url=found[0].get_absolute_url(), evidence=_numbers(found)
    )


def _parts(service: Service) -> QuerySet[ConfigurationItem]:
    """The CIs whose failure hits it directly."""
    return _beside(service, against="target", along="source")


def _relying(service: Service) -> QuerySet[ConfigurationItem]:
    """The CIs that its failure hits directly, those that are gone left out."""
    return _beside(service, against="source", along="target").exclude(status__in=GONE)


def _beside(service: Service, **far: str) -> QuerySet[ConfigurationItem]:
    """The far ends of its CI's relations; being connected does not make the one a part of the other."""
    against, along = (
        Relation.objects.filter(**{NEAR[end]: service.ci_id}, type__in=TYPES[way]).order_by().values(end)
        for way, end in far.items()
    )
    return ConfigurationItem.objects.filter(pk__in=against.union(along))


def _numbers(cis: list[ConfigurationItem]) -> tuple[str, ...]:
    return tuple(ci.number for ci in cis)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
