"""Pages of transition points: what each would find, the passage, and a waiver."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from cmdb import rules
from cmdb.forms.services import TransitionForm, WaiveForm
from cmdb.models import PointPassed, Service
from cmdb.operations import points as operations
from cmdb.portfolio import points
from cmdb.portfolio.points import Point
from cmdb.queries.points import Examined, ahead, barring, examine, passed
from cmdb.queries.services import listed
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Services", "/cmdb/services/")]


@require_http_methods(["GET", "POST"])
def transition(request: Request, slug: str) -> HttpResponse:
    """All points ahead; with `?to=` the one that leads there, with the form that passes it."""
    service = find(listed(), slug, request.actor)
    to, now = request.POST.get("to") or request.GET.get("to") or "", timezone.now()
    point = points.between(service.sub_state, to)
    if request.method == "GET" and point is None:
        return _overview(request, service, now)
    examined = examine(service, point, now) if point else []
    return form_page(
        request,
        form=TransitionForm(request.POST if request.method == "POST" else None, point=point, initial={"to": to}),
        perform=lambda **data: operations.pass_point(service_id=service.pk, now=now, **data),
        title=f"{point.label}: {service.name}" if point else service.name,
        intro=point.meaning if point else "",
        submit_label=point.label if point else "Pass the point",
        danger=bool(point and point.to == Service.SubState.RETIRED),
        cancel_url=reverse("cmdb:service-transition", args=[service.slug]),
        template="cmdb/service/point.html",
        record=service,
        crumbs=_crumbs(service, "Transition points"),
        rule=point.rule if point else rules.may_pass_some_point,
        point=point,
        rows=_rows(examined, point, service, waivable=allowed(rules.may_waive_criterion, request.actor, service)),
        barring=barring(examined),
        step=point.to.label if point else "",
    )


def _overview(request: Request, service: Service, now: datetime) -> HttpResponse:
    waivable = allowed(rules.may_waive_criterion, request.actor, service)
    return TemplateResponse(
        request,
        "cmdb/service/points.html",
        {
            "title": f"Transition points of {service.name}",
            "record": service,
            "crumbs": _crumbs(service),
            "states": Service.LIFECYCLE.drawn(service),
            "ways": [
                {
                    "point": point,
                    "rows": _rows(examined, point, service, waivable=waivable),
                    "barring": barring(examined),
                    "asked": len(examined),
                    "allowed": allowed(point.rule, request.actor, service),
                    "url": f"?{urlencode({'to': point.to})}",
                }
                for point, examined in ahead(service, now)
            ],
            "passed": [_told(each) for each in passed(service)],
        },
    )


@require_http_methods(["GET", "POST"])
def waive(request: Request, slug: str) -> HttpResponse:
    """For one criterion of a point, named in the address."""
    service = find(listed(), slug, request.actor)
    asked = {name: request.GET.get(name, "") for name in ("point", "criterion")}
    point = points.BY_CODE.get(request.POST.get("point") or asked["point"])
    code = request.POST.get("criterion") or asked["criterion"]
    found = examine(service, point, timezone.now()) if point else []
    examined = next((each for each in found if each.criterion.code == code), None)

    def perform(**data: Any) -> str:
        operations.waive(service_id=service.pk, now=timezone.now(), **data)
        page = reverse("cmdb:service-transition", args=[service.slug])
        passes = point is not None and allowed(point.rule, request.actor, service)
        return f"{page}?{urlencode({'to': point.to})}" if point and passes else page

    return form_page(
        request,
        form=WaiveForm(request.POST if request.method == "POST" else None, initial=asked),
        perform=perform,
        title=f"Waive: {examined.criterion.label}" if examined else "Waive a criterion",
        intro=(
            f"{examined.finding.message} You take that upon yourself, by name, for the next time that {service.name}"
            " passes this point. It goes into the ledger."
            if examined
            else ""
        ),
        submit_label="I take it upon myself",
        cancel_url=reverse("cmdb:service-transition", args=[service.slug]),
        record=service,
        crumbs=_crumbs(service, "Transition points"),
        rule=rules.may_waive_criterion,
    )


def _crumbs(service: Service, *more: str) -> list[tuple[str, str]]:
    found = [*CRUMBS, (service.name, service.get_absolute_url())]
    return [*found, *((each, reverse("cmdb:service-transition", args=[service.slug])) for each in more)]


def _rows(examined: list[Examined], point: Point | None, service: Service, *, waivable: bool) -> list[dict[str, Any]]:
    """The criteria as verdicts, what bars first."""
    found = [(each.bars, _row(each, point, service, waivable=waivable)) for each in examined]
    return [row for _, row in sorted(found, key=lambda pair: not pair[0])]


def _row(each: Examined, point: Point | None, service: Service, *, waivable: bool) -> dict[str, Any]:
    finding, waiver = each.finding, each.waiver
    if finding.met is None:
        kind, word = "none", "does not apply"
    elif finding.met:
        kind, word = "ok", "met"
    else:
        kind, word = ("warn", "waived") if waiver else ("block", "not met")
    text = finding.message
    if waiver and not finding.met:
        text += f" {waiver.by} took it upon themselves: {waiver.reason}"
    fixes = [{"label": finding.fix, "url": finding.url}] if finding.fix and not finding.met else []
    if each.bars and waivable and point:
        about = urlencode({"point": point.code, "criterion": each.criterion.code})
        fixes.append({"label": "Waive it", "url": f"{reverse('cmdb:service-waive', args=[service.slug])}?{about}"})
    return {"kind": kind, "word": word, "title": each.criterion.label, "text": text, "fixes": fixes}


def _told(passage: PointPassed) -> dict[str, Any]:
    waived = [found for found in passage.findings if found["waived_by"]]
    return {
        "label": points.label_of(passage.point),
        "passage": passage,
        "waived": waived,
        "met": sum(found["met"] is True for found in passage.findings),
    }
