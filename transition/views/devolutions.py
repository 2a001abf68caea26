"""Whether the pipeline of a stream decides alone: granted and taken back on pages of the stream."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from itsm.kernel.middleware import Request
from itsm.kernel.pages import find
from itsm.kernel.permissions import allowed
from transition.forms.delivery import ReasonForm
from transition.forms.operation import DevolutionForm
from transition.models import DeliveryStream, Devolution
from transition.operations import devolutions
from transition.queries import streams as ask
from transition.queries.devolutions import held_against, latest_of, listed
from transition.queries.records import record_of
from transition.rules import operation as rules
from transition.views.verbs import posted, verb


def shown_on(stream: DeliveryStream, request: Request) -> dict[str, Any] | None:
    """What the stream's page says of it: the terms, the figures now, who granted or what revoked it."""
    if stream.kind != DeliveryStream.Kind.CODE or stream.change_model_id is None:
        return None
    now, last = timezone.now(), latest_of(stream)
    stands = last is not None and last.state == Devolution.State.GRANTED
    held = (
        held_against(last, record_of(stream.plan.service_id, now, last.days)) if last is not None and stands else None
    )
    return {
        "last": last,
        "stands": stands,
        "held": held,
        "record": held.record if held else record_of(stream.plan.service_id, now),
        "may": allowed(rules.may_devolve, request.actor, stream),
    }


@require_http_methods(["GET", "POST"])
def grant(request: Request, number: str) -> HttpResponse:
    stream = find(ask.listed(), number, request.actor)
    record = record_of(stream.plan.service_id, timezone.now())
    return verb(
        request,
        stream,
        partial(devolutions.grant, stream_id=stream.pk, now=timezone.now()),
        form=DevolutionForm(posted(request)),
        rule=rules.may_devolve,
        title=f"Let the pipeline of {stream.display} decide alone",
        intro=f"The record now: {record.sentence}. It is held against these terms at each request.",
        submit_label="Grant it",
    )


@require_http_methods(["GET", "POST"])
def revoke(request: Request, number: str) -> HttpResponse:
    devolution = find(listed(), number, request.actor)
    return verb(
        request,
        devolution,
        partial(devolutions.revoke, devolution_id=devolution.pk, now=timezone.now()),
        form=ReasonForm(posted(request)),
        title=f"Take back {devolution.number}",
        intro="From the next request on, people decide.",
        submit_label="Take it back",
        danger=True,
    )
