"""Pages of release packages and of the items in them."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, list_page, record_page
from itsm.kernel.permissions import allowed
from transition.actions.delivery import PACKAGE_ACTIONS
from transition.filters.delivery import PackageFilter
from transition.forms.delivery import ItemForm, MeasureForm, ReasonForm, RetargetForm, TargetForm
from transition.models import DeliveryItem, ReleasePackage
from transition.operations import items, packages, targets
from transition.queries import plans as ask
from transition.queries.timeline import contents_of, timeline_of
from transition.rules import delivery as rules
from transition.tables.delivery import PACKAGE_KINDS, PackageTable
from transition.views.verbs import posted, verb

CRUMBS = [("Packages", "/transition/packages/")]


@require_GET
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=ask.packages(),
        filterset=PackageFilter,
        table=PackageTable,
        title="Release packages",
        empty={
            "title": "No package yet.",
            "text": "A package is planned in the transition plan of its service.",
            "action_label": "Open the plans",
            "action_url": reverse("transition:plan-list"),
        },
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    package = find(ask.packages(), number, request.actor)
    found = list(ask.items().filter(package=package))
    today = timezone.localdate()
    return record_page(
        request,
        package,
        "transition/package/detail.html",
        page="transition.package",
        title=package.name,
        verdicts=[(PACKAGE_KINDS[package.state], package.get_state_display())],
        actions=PACKAGE_ACTIONS,
        crumbs=CRUMBS,
        facts=_facts(package),
        contents=contents_of(found),
        timeline=timeline_of(package, found, today),
        targets=ask.targets().filter(package=package),
        reviews=package.acceptance_reviews.select_related("decided_by").prefetch_related("gaps").order_by("pk"),
        may_deliver=allowed(rules.may_deliver, request.actor, DeliveryItem(package=package)),
        may_measure=allowed(rules.may_measure, request.actor, package.plan),
        els=_early_life(package),
        replannings=package.replannings.select_related("by").order_by("-pk"),
    )


def _facts(package: ReleasePackage) -> list[tuple[str, object, str | None]]:
    service, origin = package.plan.service, package.sliced_from
    cut = [("Cut from", origin.display, origin.get_absolute_url())] if origin else []
    return [
        ("Service", service, reverse("transition:dashboard", args=[service.slug])),
        ("Plan", package.plan.number, package.plan.get_absolute_url()),
        *cut,
        ("Target", f"{package.target_date:%a} {package.target_date.day} {package.target_date:%b %Y}", None),
        ("Early life", f"{package.els_days} days, to {package.els_until.day} {package.els_until:%b %Y}", None),
    ]


def _early_life(package: ReleasePackage) -> dict[str, Any] | None:
    """How much of the early life support has gone, once it is deployed."""
    if package.deployed_at is None or package.state == ReleasePackage.State.CLOSED:
        return None
    left = (package.els_until - timezone.localdate()).days
    return {"left": max(left, 0), "gone": min(max(package.els_days - left, 0), package.els_days), "over": left < 0}


def _move(
    request: Request, number: str, perform: Callable[..., ReleasePackage], title: str, submit: str, **context: Any
) -> HttpResponse:
    package = find(ask.packages(), number, request.actor)
    return verb(
        request,
        package,
        lambda **data: perform(package_id=package.pk, **data),
        title=f"{title} {package.name}",
        submit_label=submit,
        **context,
    )


@require_http_methods(["GET", "POST"])
def build(request: Request, number: str) -> HttpResponse:
    return _move(request, number, packages.build, "Begin building", "Begin building")


@require_http_methods(["GET", "POST"])
def accept(request: Request, number: str) -> HttpResponse:
    intro = "Operations take the package over. An open critical gap stops this."
    return _move(request, number, packages.accept, "Accept", "Accept", intro=intro)


@require_http_methods(["GET", "POST"])
def deploy(request: Request, number: str) -> HttpResponse:
    intro = "Every requirement in the package is then live, and early life support counts from today."

    def perform(**data: Any) -> ReleasePackage:
        return packages.deploy(now=timezone.now(), **data)

    return _move(request, number, perform, "Deploy", "It is live", intro=intro)


@require_http_methods(["GET", "POST"])
def begin_early_life(request: Request, number: str) -> HttpResponse:
    return _move(request, number, packages.begin_early_life, "Begin early life of", "Begin early life")


@require_http_methods(["GET", "POST"])
def close(request: Request, number: str) -> HttpResponse:
    def perform(**data: Any) -> ReleasePackage:
        return packages.close(now=timezone.now(), **data)

    return _move(request, number, perform, "Close", "Close the package")


@require_http_methods(["GET", "POST"])
def cancel(request: Request, number: str) -> HttpResponse:
    form = ReasonForm(posted(request))
    return _move(request, number, packages.cancel, "Cancel", "Cancel the package", form=form, danger=True)


@require_http_methods(["GET", "POST"])
def retarget(request: Request, number: str) -> HttpResponse:
    package = find(ask.packages(), number, request.actor)
    form = RetargetForm(posted(request), initial={"target_date": package.target_date})
    intro = "Everything that is due at an offset from the target moves along."
    return _move(request, number, packages.retarget, "Move the target date of", "Move it", form=form, intro=intro)


@require_http_methods(["GET", "POST"])
def add_item(request: Request, number: str) -> HttpResponse:
    package = find(ask.packages(), number, request.actor)

    def perform(**data: Any) -> ReleasePackage:
        items.add(package=package, **data)
        return package

    return verb(
        request,
        package,
        perform,
        form=ItemForm(posted(request), package=package),
        title=f"Add an item to {package.name}",
        submit_label="Add the item",
    )


@require_http_methods(["GET", "POST"])
def set_target(request: Request, number: str) -> HttpResponse:
    package = find(ask.packages(), number, request.actor)

    def perform(**data: Any) -> ReleasePackage:
        targets.set_target(package=package, **data)
        return package

    return verb(
        request,
        package,
        perform,
        form=TargetForm(posted(request), package=package),
        title=f"Set a non-functional target of {package.name}",
        submit_label="Set the target",
    )


@require_http_methods(["GET", "POST"])
def measure(request: Request, number: str, target_id: int) -> HttpResponse:
    package = find(ask.packages(), number, request.actor)
    target = get_object_or_404(ask.targets(), pk=target_id, package=package)

    def perform(**data: Any) -> ReleasePackage:
        targets.measure(target_id=target.pk, **data)
        return package

    return verb(
        request,
        package,
        perform,
        form=MeasureForm(posted(request), initial={"attained_percent": target.attained_percent}),
        title=f"Measure {target.requirement.code}",
        intro=f"{target.requirement.text}: {target.target_percent.normalize():f} % are agreed for {package.name}.",
        submit_label="Record the measurement",
    )


@require_http_methods(["GET", "POST"])
def start_item(request: Request, number: str) -> HttpResponse:
    return _deliver(request, number, items.start, "Start", "Start")


@require_http_methods(["GET", "POST"])
def complete_item(request: Request, number: str) -> HttpResponse:
    def perform(**data: Any) -> DeliveryItem:
        return items.complete(now=timezone.now(), **data)

    return _deliver(request, number, perform, "Complete", "It is done")


@require_http_methods(["GET", "POST"])
def drop_item(request: Request, number: str) -> HttpResponse:
    form = ReasonForm(posted(request))
    return _deliver(request, number, items.drop, "Drop", "Drop it", form=form, danger=True)


def _deliver(
    request: Request, number: str, perform: Callable[..., DeliveryItem], title: str, submit: str, **context: Any
) -> HttpResponse:
    item = find(ask.items(), number, request.actor)
    return verb(
        request,
        item,
        lambda **data: perform(item_id=item.pk, **data),
        title=f"{title}: {item.title}",
        submit_label=submit,
        **context,
    )
