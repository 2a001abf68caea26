"""DORA's five measures, by name in the registry of measures."""

from itsm.kernel.measures import OF, Reading, Scope, measure, share
from transition.queries import dora
from transition.queries.links import list_url

Parts = dict[str, float | None]
COUNTED = "Counted are deployments to production that ended in the time, each once, whatever their size. "


def _span(scope: Scope) -> dora.Span:
    return dora.Span(scope.since, scope.until, service=scope.service, team=scope.team, stream=scope.stream)


def _list(scope: Scope, **more: str) -> str:
    """The list of what was counted; a team or stream is no filter of deployments."""
    if scope.team is not None or scope.stream is not None:
        return ""
    if scope.service is not None:
        more["service"] = str(scope.service)
    since, until = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (scope.since, scope.until))
    return list_url("deployment-list", environment="production", finished_at__gte=since, finished_at__lt=until, **more)


@measure(
    "deployment_frequency", "Deployment frequency",
    f"{COUNTED}Their number by the days of the time; beside it the days with at least one.",
    unit="per day", family="DORA", of=OF,
)  # fmt: skip
def deployment_frequency(scope: Scope) -> Reading:
    deployments, succeeded, days = dora.frequency(_span(scope))
    parts: Parts = {"deployments": deployments, "succeeded": succeeded, "days_with_one": days, "days": scope.days}
    return Reading(share(deployments, scope.days) if deployments else None, parts, _list(scope))


@measure(
    "change_lead_time", "Change lead time",
    f"{COUNTED}The median time from a deployment's first commit to its end in production. Left out are deployments "
    "that failed, and those of whose commits no time is known.",
    unit="seconds", family="DORA", of=OF,
)  # fmt: skip
def change_lead_time(scope: Scope) -> Reading:
    deployments, known, median = dora.lead_time(_span(scope))
    parts: Parts = {"deployments": deployments, "with_commit_times": known}
    return Reading(_number(median), parts, _list(scope))


@measure(
    "change_fail_rate", "Change fail rate",
    f"{COUNTED}Those that failed, were rolled back, or whose change is confirmed to have caused an incident, of all.",
    unit="share", family="DORA", of=OF,
)  # fmt: skip
def change_fail_rate(scope: Scope) -> Reading:
    deployments, failed, rolled_back, caused = dora.failures(_span(scope))
    bad = failed + rolled_back + caused
    parts: Parts = {"deployments": deployments, "went_wrong": bad, "failed": failed, "rolled_back": rolled_back,
             "caused_an_incident": caused}  # fmt: skip
    return Reading(share(bad, deployments), parts, _list(scope, went_wrong="true"))


@measure(
    "failed_deployment_recovery_time", "Failed deployment recovery time",
    f"{COUNTED}Of those that went wrong, the median time from their beginning until the failure was over: it was "
    "rolled back, the next deployment of the service succeeded, or the incidents that it caused were resolved. "
    "Failures that are not over are counted and not in the median.",
    unit="seconds", family="DORA", of=OF,
)  # fmt: skip
def failed_deployment_recovery_time(scope: Scope) -> Reading:
    went_wrong, open_, median = dora.recovery(_span(scope))
    parts: Parts = {"went_wrong": went_wrong, "recovered": went_wrong - open_, "open": open_}
    return Reading(_number(median), parts, _list(scope, went_wrong="true"))


@measure(
    "deployment_rework_rate", "Deployment rework rate",
    f"{COUNTED}Those that began while an incident caused by an earlier change of the service was open, or that came "
    "next after a failed or rolled back one, of all.",
    unit="share", family="DORA", of=OF,
)  # fmt: skip
def deployment_rework_rate(scope: Scope) -> Reading:
    deployments, rework = dora.rework(_span(scope))
    parts: Parts = {"deployments": deployments, "rework": rework}
    return Reading(share(rework, deployments), parts, _list(scope))


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
