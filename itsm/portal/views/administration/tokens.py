"""All keys of the REST API, whoever has them; never the keys themselves."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes.views.verbs import bound
from itsm.kernel import tokens
from itsm.kernel.middleware import Request
from itsm.kernel.models import ApiToken
from itsm.kernel.pages import form_page, list_page
from itsm.kernel.people.filters import EveryTokenFilter
from itsm.portal.views.administration import CRUMBS, for_administrators
from itsm.portal.views.administration.forms import WhyForm
from itsm.portal.views.administration.tables import TokenTable


@require_GET
@for_administrators
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=ApiToken.objects.select_related("user").order_by("revoked_at", "-pk"),
        filterset=EveryTokenFilter,
        table=TokenTable,
        title="Tokens",
        empty={"title": "No token.", "text": "People make their own, under “My account”."},
        crumbs=CRUMBS,
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def revoke(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.select_related("user"), pk=pk)

    def perform(**said: Any) -> str:
        tokens.revoke(token_id=pk, now=timezone.now(), **said)
        return token.user.get_absolute_url()

    return form_page(
        request,
        form=bound(request, WhyForm),
        perform=perform,
        record=token,
        title=f"Revoke the token “{token.name}” of {token.user}",
        submit_label="Revoke it",
        cancel_url=reverse("all-tokens"),
        danger=True,
        intro="Whatever uses it is refused from its next request on. This cannot be undone.",
        crumbs=[*CRUMBS, ("Tokens", reverse("all-tokens"))],
    )
