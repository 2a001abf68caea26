"""Pages that cut a package into smaller ones or let it go over into streams; both show each item's way first."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from itsm.kernel.errors import DomainError
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, page_or_fragment, refuse
from transition.forms.delivery import IntoStreamsForm, SliceForm
from transition.models import DeliveryStream, ReleasePackage
from transition.operations import replanning
from transition.queries import plans as ask
from transition.queries.replanning import STREAM_FOR, Slice, Way, latest_of, streams_of, ways_into_streams
from transition.views.verbs import posted, verb

TEMPLATE = "transition/package/replan.html"
FIELDS = "transition/package/replan_fields.html"


@require_http_methods(["GET", "POST"])
def slice_(request: Request, number: str) -> HttpResponse:
    """Nothing is cut before *Slice* is pressed; *Preview* comes back with each item's way."""
    package = find(ask.packages(), number, request.actor)
    form = SliceForm(posted(request), package=package, initial={"target_date": package.target_date})

    def preview() -> list[Way]:
        return replanning.preview_slices(package=package, slices=[_slice(form.cleaned_data)], actor=request.actor)

    def perform(*, actor: Any, reason: str, **said: Any) -> ReleasePackage:
        return replanning.slice_(package_id=package.pk, slices=[_slice(said)], actor=actor, reason=reason)

    intro = f"A smaller package with a date of its own takes some of the items; the rest stays in {package.name}."
    title = f"Slice {package.name}"
    return _page(request, package, form, perform, preview, title=title, submit_label="Slice", intro=intro)


@require_http_methods(["GET", "POST"])
def replan_as_streams(request: Request, number: str) -> HttpResponse:
    package = find(ask.packages(), number, request.actor)
    ways = ways_into_streams(package, {})
    form = IntoStreamsForm(posted(request), kinds=_kinds(ways), streams=streams_of(package))

    def preview() -> list[Way]:
        return replanning.preview_streams(package=package, streams=form.chosen, actor=request.actor)

    def perform(*, actor: Any, reason: str, **_: Any) -> ReleasePackage:
        return replanning.replan_as_streams(package_id=package.pk, streams=form.chosen, actor=actor, reason=reason)

    intro = "What is left to do goes over into streams, each item to the stream for its kind. What is done stays."
    title = f"Re-plan {package.name} as streams"
    return _page(
        request, package, form, perform, preview, title=title, submit_label="Re-plan as streams", intro=intro, ways=ways
    )


@require_http_methods(["GET", "POST"])
def undo(request: Request, number: str) -> HttpResponse:
    package = find(ask.packages(), number, request.actor)
    last = latest_of(package)
    told = f"{last.get_way_display()} by {last.by or 'the system'}. " if last else ""

    def perform(**data: Any) -> ReleasePackage:
        return replanning.undo(package_id=package.pk, now=timezone.now(), **data)

    return verb(
        request,
        package,
        perform,
        title=f"Undo the re-planning of {package.name}",
        intro=f"{told}Items return with their dates; packages that were made for them are cancelled.",
        submit_label="Undo it",
    )


def _slice(said: dict[str, Any]) -> Slice:
    return Slice(name=said["name"], target_date=said["target_date"], items=list(said["items"]))


def _kinds(ways: list[Way]) -> dict[str, DeliveryStream | None]:
    """Of each kind that has something left to do, the stream that it goes to by itself."""
    found = {way.item.kind: way.to for way in ways if way.to is not None or way.missing}
    return {str(kind): found[kind] for kind in STREAM_FOR if kind in found}  # type: ignore[misc]


def _page(
    request: Request,
    package: ReleasePackage,
    form: Form,
    perform: Callable[..., ReleasePackage],
    preview: Callable[[], list[Way]],
    **context: Any,
) -> HttpResponse:
    said = {"record": package, "cancel_url": package.get_absolute_url(), "fields_template": FIELDS, **context}
    if "preview" not in request.POST or not form.is_valid():
        return form_page(request, form=form, perform=perform, template=TEMPLATE, **said)
    try:
        said["ways"] = preview()
    except DomainError as error:
        refuse(form, error)
    return page_or_fragment(request, TEMPLATE, "form", {"form": form, **said})
