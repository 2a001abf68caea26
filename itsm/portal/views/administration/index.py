"""Where administrators begin: each area with how much is in it."""

from datetime import timedelta
from typing import Any

import redis
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from itsm.kernel import organisation
from itsm.kernel.middleware import Request
from itsm.kernel.models import ApiToken, EventDelivery, RoleAssignment, Team, User, WebhookEndpoint
from itsm.kernel.people.queries import has_second_factor
from itsm.kernel.templatetags._time import moment
from itsm.portal.views.administration import for_administrators
from transition.queries import clockwork
from transition.views.dora import duration


@require_GET
@for_administrators
def show(request: Request) -> HttpResponse:
    cards = [
        _people(),
        _teams(),
        _roles(),
        _tokens(),
        _webhooks(),
        _deliveries(),
        _rhythm(),
        _organisation(),
        _ledger(),
    ]
    return TemplateResponse(request, "portal/administration/index.html", {"title": "Administration", "cards": cards})


def _card(title: str, url: str, figure: int | str, text: str, links: tuple[Any, ...] = ()) -> dict[str, Any]:
    return {"title": title, "url": reverse(url), "figure": figure, "text": text, "links": links}


def _people() -> dict[str, Any]:
    people = User.objects.annotate(second_factor=has_second_factor())
    alone = Q(is_active=True, is_machine=False)
    found = people.aggregate(
        active=Count("pk", filter=alone),
        machines=Count("pk", filter=Q(is_active=True, is_machine=True)),
        gone=Count("pk", filter=Q(is_active=False)),
        without=Count("pk", filter=alone & Q(second_factor=False)),
    )
    here = reverse("people")
    links = (
        (found["without"], "without a second factor", f"{here}?second_factor=false&is_active=true&is_machine=false"),
        (found["machines"], "for machines", f"{here}?is_machine=true"),
        (found["gone"], "deactivated", f"{here}?is_active=false"),
    )
    return _card("People", "people", found["active"], "Accounts, invitations, second factors, administrators.", links)


def _teams() -> dict[str, Any]:
    return _card("Teams", "teams", Team.objects.active().count(), "Who works together, and who leads.")


def _roles() -> dict[str, Any]:
    return _card(
        "Who can do what", "access", _held().count(), "Roles as they are held now, on one service or everywhere."
    )


def _held() -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.current()


def _tokens() -> dict[str, Any]:
    soon = timezone.now() + timedelta(days=14)
    valid = ApiToken.objects.valid().filter(user__is_active=True)
    found = valid.aggregate(all=Count("pk"), ending=Count("pk", filter=Q(expires_at__lte=soon)))
    text = f"Keys of the REST API. {found['ending']} end within two weeks."
    return _card("Tokens", "all-tokens", found["all"], text)


def _webhooks() -> dict[str, Any]:
    active = WebhookEndpoint.objects.active().count()
    return _card("Webhooks", "webhooks", active, "Other systems that are told of events.")


def _deliveries() -> dict[str, Any]:
    parked = EventDelivery.objects.filter(parked_at__isnull=False).count()
    return _card("Deliveries", "deliveries", parked, "Effects of events that were given up and wait for you.")


def _rhythm() -> dict[str, Any]:
    """Whether the periods of the streams open and close in their time."""
    now = timezone.now()
    due = {"to be opened": clockwork.to_open(now), "to be closed": clockwork.to_close(now)}
    late = [f"{each.number} {what}, since {duration(each.seconds)}" for what, each in due.items() if each.is_late]
    figure = "late" if late else "in time"
    return _card("Periods of streams", "transition:period-list", figure, f"{'; '.join([*late, _last_turn()])}.")


def _last_turn() -> str:
    try:
        turn = clockwork.last_turn()
    except redis.RedisError:
        return "When they were last turned is not known: the broker does not answer"
    if turn is None:
        return "None was opened or closed yet"
    return f"The last were opened or closed {moment(turn.at)}, {duration(turn.seconds)} after their time"


def _organisation() -> dict[str, Any]:
    said = organisation.current()
    zone = said.time_zone or timezone.get_default_timezone_name()
    return _card("Organisation", "organisation", said.name, f"{zone}. Working calendar, holidays, mail.")


def _ledger() -> dict[str, Any]:
    return _card("Ledger", "ledger", "", "Every decision, chained so that none can be changed unseen.")
