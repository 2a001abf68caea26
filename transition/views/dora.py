"""The page of DORA's figures: each with its counts, its band and its definition, and how they went by weeks."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from cmdb.models import Service
from itsm.kernel import measures
from itsm.kernel.measures import Reading, Scope
from itsm.kernel.middleware import Request
from transition import pictures
from transition.bands import bands
from transition.models import DeliveryStream
from transition.queries import dora

NAMES = (
    "change_lead_time", "deployment_frequency", "change_fail_rate", "failed_deployment_recovery_time",
    "deployment_rework_rate",
)  # fmt: skip
DAYS, LONGEST = 30, 732


class AskForm(forms.Form):
    """Of what, and over which time; the days are those of the reader's clock, the last one counts."""

    service = forms.CharField(required=False, max_length=100)
    stream = forms.CharField(required=False, max_length=40)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        until = said.get("until") or timezone.localdate()
        since = said.get("since") or until - timedelta(days=DAYS - 1)
        if not since <= until <= since + timedelta(days=LONGEST):
            raise forms.ValidationError(f"The last day lies on or after the first, at most {LONGEST} days.")
        return said | {"since": since, "until": until}

    def clean_service(self) -> Service | None:
        return self._named("service", Service.objects.all())

    def clean_stream(self) -> DeliveryStream | None:
        return self._named("stream", DeliveryStream.objects.select_related("plan__service"))

    def _named(self, name: str, known: Any) -> Any:
        said = self.cleaned_data[name].strip()
        found = known.by_ref(said).first() if said else None
        if said and found is None:
            raise forms.ValidationError(f"There is no {name} {said}.")
        return found


@require_GET
def show(request: Request) -> HttpResponse:
    form = AskForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else _as_ever()
    scope = _scope(asked, request)
    span = dora.Span(scope.since, scope.until, str(timezone.get_current_timezone()), scope.service, None, scope.stream)
    weeks = dora.weeks(span)
    context = {
        "title": "Delivery figures",
        "crumbs": [("Reports", None)],
        "form": form,
        "asked": asked,
        "figures": _figures(scope, asked["until"]),
        "bands": bands(asked["until"]),
        "weeks": weeks,
        "lines": _lines(weeks),
        "services": Service.objects.filter(plan__isnull=False).select_related("ci").order_by("ci__name")[:500],
    }
    return TemplateResponse(request, "transition/dora/show.html", context, status=200 if form.is_valid() else 400)


def lately(request: Request, service: Service) -> list[dict[str, Any]]:
    """The figures of a service over the last days, as its dashboard shows them."""
    asked = _as_ever() | {"service": service}
    return _figures(_scope(asked, request), asked["until"])


def _figures(scope: Scope, on: date) -> list[dict[str, Any]]:
    return [_figure(name, scope, on) for name in NAMES]


def _as_ever() -> dict[str, Any]:
    form = AskForm({})
    form.is_valid()
    return form.cleaned_data


def _scope(asked: dict[str, Any], request: Request) -> Scope:
    service, stream = asked.get("service"), asked.get("stream")
    return Scope(
        since=_begin(asked["since"]), until=_begin(asked["until"] + timedelta(days=1)), actor=request.actor,
        service=service.pk if service else None, stream=stream.pk if stream else None,
    )  # fmt: skip


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())


def _figure(name: str, scope: Scope, on: date) -> dict[str, Any]:
    measure = measures.get(name)
    assert measure is not None
    reading = measure.take(scope)
    return {
        "name": name, "label": measure.label, "definition": measure.definition, "url": reading.url,
        "figure": said(measure.unit, reading.value), "counts": counts(name, reading),
        "band": bands(on).word(name, reading.value),
    }  # fmt: skip


def said(unit: str, value: float | None) -> str:
    if value is None:
        return "no data"
    if unit == "share":
        return f"{round(value * 100, 1):g} %"
    if unit == "per day":
        return f"{round(value, 2):g} a day"
    return duration(value)


def duration(seconds: float) -> str:
    """Two units at most: 3 d 4 h, 2 h 5 min, 40 s."""
    total = round(seconds)
    for size, name, part, small in ((86_400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if total >= size:
            rest = total % size // part
            return f"{total // size} {name} {rest} {small}" if rest else f"{total // size} {name}"
    return f"{total} s"


def counts(name: str, reading: Reading) -> str:
    """What the figure is made of, in words."""
    part = {key: f"{value:g}" for key, value in reading.parts.items() if value is not None}
    words = {
        "deployment_frequency": "{deployments} deployments, {succeeded} successful; {days_with_one} days with one",
        "change_lead_time": "median of {with_commit_times}; {deployments} deployments, not all have commits with times",
        "change_fail_rate": "{went_wrong} of {deployments} deployments: {failed} failed, {rolled_back} rolled back, "
                            "{caused_an_incident} caused an incident",
        "failed_deployment_recovery_time": "median of {recovered}; {open} of {went_wrong} failures still open",
        "deployment_rework_rate": "{rework} of {deployments} deployments",
    }  # fmt: skip
    if name == "change_lead_time" and part["with_commit_times"] == part["deployments"]:
        return f"median of {part['deployments']} deployments"
    return words[name].format(**part)


def _lines(weeks: list[dora.Week]) -> list[dict[str, str]]:
    rates = [week.failed / week.deployments if week.deployments else None for week in weeks]
    series = (
        ("Deployments a week", [float(week.deployments) for week in weeks]),
        ("Change fail rate", rates),
        ("Lead time", [week.lead_seconds for week in weeks]),
    )
    return [{"label": label, "points": pictures.line(values)} for label, values in series]  # type: ignore[arg-type]
