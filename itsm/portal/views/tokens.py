"""My tokens: those for the REST API; a new one's key is shown once."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel import tokens
from itsm.kernel.errors import DomainError
from itsm.kernel.middleware import Request
from itsm.kernel.models import ApiToken
from itsm.kernel.pages import form_page, page_or_fragment, refuse
from itsm.kernel.scopes import APPS, VERBS, Scope
from itsm.portal.views.account import CRUMBS

KINDS = {"valid": "ok", "expired": "none", "revoked": "none"}


class TokenForm(forms.Form):
    name = forms.CharField(max_length=100, label="What is it for?", help_text="So that you know it again.")
    verbs = forms.MultipleChoiceField(
        choices=[(verb.value, verb.label) for verb in VERBS],
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
        label="What may it do?",
        help_text="Never more than you may yourself.",
    )
    apps = forms.MultipleChoiceField(
        choices=[(app.value, str(app.label).removeprefix("Only ").capitalize()) for app in APPS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Only with some of the records?",
        help_text="None ticked: with all.",
    )
    days = forms.IntegerField(min_value=1, max_value=tokens.LONGEST_DAYS, initial=90, label="For how many days?")


@never_cache
@require_GET
def list_(request: Request) -> HttpResponse:
    mine = ApiToken.objects.visible_to(request.actor).order_by("revoked_at", "-pk")[:100]
    rows = [
        {
            "token": token,
            "kind": KINDS[token.state],
            "scopes": ", ".join(_short(scope) for scope in Scope if scope in token.scopes),
        }
        for token in mine
    ]
    return page_or_fragment(
        request, "portal/account/tokens.html", "list", {"title": "My tokens", "rows": rows, "crumbs": CRUMBS}
    )


def _short(scope: Scope) -> str:
    return scope.value if scope != Scope.KERNEL else "kernel (users, ledger, …)"


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    form = TokenForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "form": form,
        "title": "New token",
        "submit_label": "Make it",
        "cancel_url": reverse("tokens"),
        "crumbs": [*CRUMBS, ("My tokens", reverse("tokens"))],
    }
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (key := _made(request, form)):
            return page_or_fragment(request, "portal/account/token_made.html", "form", {**context, "key": key})
    return page_or_fragment(request, "partials/form.html", "form", context, status=status)


def _made(request: Request, form: TokenForm) -> str | None:
    said = form.cleaned_data
    try:
        _, key = tokens.make_own(
            name=said["name"],
            scopes=[*said["verbs"], *said["apps"]],
            days=said["days"],
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as error:
        refuse(form, error)
        return None
    return key


@require_http_methods(["GET", "POST"])
def revoke(request: Request, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.actor), pk=pk)

    def perform(**_: Any) -> str:
        tokens.revoke(token_id=token.pk, actor=request.actor, now=timezone.now())
        return reverse("tokens")

    return form_page(
        request,
        form=forms.Form(request.POST if request.method == "POST" else None),
        perform=perform,
        title=f"Revoke the token “{token.name}”",
        submit_label="Revoke it",
        cancel_url=reverse("tokens"),
        danger=True,
        intro="Whatever uses it is refused from its next request on. This cannot be undone.",
        crumbs=[*CRUMBS, ("My tokens", reverse("tokens"))],
    )
