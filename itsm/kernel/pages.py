"""The page patterns: a list, a record, one operation's form. docs/interface.md shows each."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from itsm.kernel import export, history, panels
from itsm.kernel.actions import Action, rule_at
from itsm.kernel.actor import Actor
from itsm.kernel.counting import EstimatingPaginator
from itsm.kernel.errors import DomainError, Forbidden
from itsm.kernel.forms import say_no_choice
from itsm.kernel.permissions import Rule, allowed, refusal_of

PAGE_SIZE = 50
SHOWN_OF_HISTORY = 5
log = logging.getLogger(__name__)


def find(queryset: Any, ref: str, actor: Actor) -> Any:
    """The record with this number, id or slug that the actor may see; 404 otherwise."""
    found = queryset.visible_to(actor).by_ref(ref).first()
    if found is None:
        raise Http404
    return found


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that htmx follows too."""
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", False) else HttpResponseRedirect(url)


def page_or_fragment(
    request: HttpRequest, template: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page, or for htmx only its named partial; caches keep the two apart."""
    name = f"{template}#{fragment}" if getattr(request, "htmx", False) else template
    response = TemplateResponse(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def list_page(
    request: HttpRequest,
    *,
    queryset: QuerySet,
    filterset: type,
    table: Callable[[list[Any]], Any],
    title: str,
    empty: dict[str, str],
    actions: list[dict[str, Any]] | None = None,
    **context: Any,
) -> HttpResponse:
    """A filtered, sorted, paged list; for htmx only its `list` fragment, with `format=csv` all of it as a file."""
    filtered = filterset(request.GET, queryset=queryset, request=request)
    rows = filtered.qs if filtered.is_valid() else queryset.none()
    if request.GET.get("format") == "csv":
        return export.answer(table(list(rows[: export.MOST])).plain_rows(), title)  # type: ignore[return-value]
    paginator = EstimatingPaginator(rows, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    template = context.pop("template", "partials/list.html")
    return page_or_fragment(
        request,
        template,
        "list",
        {
            "title": title,
            "filter": filtered,
            "table": table(list(page.object_list)) if page.object_list else None,
            "page": page,
            "count": paginator.count,
            "about": paginator.counted.is_estimate,
            "export_url": export_url(request),
            "empty": empty,
            "actions": actions or [],
            **context,
        },
    )


def export_url(request: HttpRequest) -> str:
    """The same list as CSV: all its rows, not only this page's."""
    query = request.GET.copy()
    query.pop("page", None)
    query["format"] = "csv"
    return f"{request.path}?{query.urlencode()}"


def record_page(
    request: HttpRequest,
    record: Any,
    template: str,
    *,
    page: str,
    title: str,
    actions: tuple[Action, ...] = (),
    **context: Any,
) -> HttpResponse:
    """A record with its states, facts, possible steps, panels of higher apps, and history."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    lifecycle = getattr(record, "LIFECYCLE", None)
    return TemplateResponse(
        request,
        template,
        {
            "record": record,
            "number": getattr(record, "number", ""),
            "title": title,
            "states": lifecycle.drawn(record) if lifecycle else [],
            "actions": buttons(actions, actor, record, page),
            "panels": panels.render(page, request, record),
            "history": history.story_of(record, SHOWN_OF_HISTORY),
            **context,
        },
    )


def buttons(actions: tuple[Action, ...], actor: Actor, record: Any, page: str) -> list[dict[str, Any]]:
    """The actions with the address of each one's page, named `<app>:<noun>-<verb>`; those without a page fall out."""
    found = []
    for action in actions:
        try:
            url = reverse(f"{page.replace('.', ':')}-{action.name}", args=[getattr(record, "ref", record.pk)])
        except NoReverseMatch:
            continue
        reason = action.refusal(actor, record)
        found.append(
            {
                "name": action.name,
                "label": action.label,
                "url": url,
                "allowed": reason is None,
                "reason": reason or "",
                "primary": action.primary,
                "danger": action.danger,
            }
        )
    return found


def form_page(
    request: HttpRequest,
    *,
    form: BaseForm,
    perform: Callable[..., Model | str],
    title: str,
    submit_label: str,
    cancel_url: str,
    template: str = "partials/verb.html",
    rule: Rule | None = None,
    **context: Any,
) -> HttpResponse:
    """One operation's form: performs it with the cleaned data as keywords, then shows the record.

    `perform` answers the record (which has `get_absolute_url`) or an address. A refusal
    is shown on the form and nothing is lost. Those whom the `rule` (by default that of the
    `record`'s action of this name) does not let get its sentence (403) in place of the form.
    """
    rule = rule or rule_at(context.get("record"), request.path)
    if rule is not None and (request.method != "POST" or not form.is_valid()):
        _open_to(rule, request, context.get("record"))
    if request.method == "POST" and form.is_valid():
        try:
            done = perform(actor=request.actor, **form.cleaned_data)  # type: ignore[attr-defined]
        except DomainError as error:
            refuse(form, error)
        else:
            return go_to(request, done if isinstance(done, str) else done.get_absolute_url())  # type: ignore[attr-defined]
    say_no_choice(form)
    status = 200 if not (form.errors or getattr(form, "refusal", None)) else 422
    if isinstance(getattr(form, "error", None), Forbidden):
        status = 403
    return page_or_fragment(
        request,
        template,
        "form",
        {"form": form, "title": title, "submit_label": submit_label, "cancel_url": cancel_url, **context},
        status=status,
    )


def _open_to(rule: Rule, request: HttpRequest, record: Any) -> None:
    if not allowed(rule, request.actor, record):  # type: ignore[attr-defined]
        log.warning("%s may not open %s", request.actor.label, request.path)  # type: ignore[attr-defined]
        raise PermissionDenied(refusal_of(rule))


def _sentences(messages: Any) -> Any:
    """Of a field that has places of its own, each sentence with its place."""
    if not isinstance(messages, dict):
        return messages
    return [f"{place or 'all of it'}: {said}" for place, each in messages.items() for said in each]


def refuse(form: Any, error: DomainError) -> None:
    """Put the refusal on the form: at its fields where it names some that can be seen, on top otherwise."""
    places = getattr(form, "places", lambda errors: errors)(error.errors)
    for name, messages in places.items():
        if name in form.fields:
            form.add_error(name, _sentences(messages))
    form.error = error
    seen = {field.name for field in form.visible_fields()}
    if places and places.keys() <= seen and not error.checks:
        return  # it is said where it can be mended
    unplaced = {name: messages for name, messages in places.items() if name not in form.fields}
    checks = [*error.checks, *_lines(unplaced, but=error.message)]
    form.refusal = {"message": error.message, "code": error.code, "checks": checks}


def _lines(places: dict[str, Any], *, but: str) -> list[dict[str, str]]:
    """What is wrong where the form has no field, unless the message says it already."""
    said = [str(sentence) for messages in places.values() for sentence in _sentences(messages)]
    return [{"code": "invalid", "label": "", "message": each, "url": ""} for each in said if each not in but]
