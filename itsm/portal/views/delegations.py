"""While I am away: the roles that I lend and those that are lent to me."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from itsm.kernel import delegations
from itsm.kernel.middleware import Request
from itsm.kernel.models import Delegation, User
from itsm.kernel.pages import form_page, page_or_fragment
from itsm.kernel.picking import PickField
from itsm.kernel.roles import Role
from itsm.portal.views.account import CRUMBS

KINDS = {"planned": "open", "current": "ok", "ended": "none"}
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class DelegationForm(forms.Form):
    taker = PickField("person", label="Who stands in for you?")
    role = forms.ChoiceField(label="In which role?")
    since = forms.DateTimeField(required=False, widget=MOMENT, label="From", help_text="Empty: at once.")
    until = forms.DateTimeField(widget=MOMENT, label="Until", help_text=f"At most {delegations.LONGEST.days} days.")
    reason = forms.CharField(max_length=200, label="Why?", help_text="Shown to those who see the decisions.")

    def __init__(self, *args: Any, giver: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r, Role(r).label) for r in delegations.lendable(giver)]  # type: ignore[attr-defined]


@require_GET
def list_(request: Request) -> HttpResponse:
    own = Delegation.objects.visible_to(request.actor).select_related("giver", "taker")
    me = request.actor.user_id
    mine = own.filter(Q(giver=me) | Q(taker=me)).order_by("-until", "-pk")[:100]
    rows: list[dict[str, Any]] = [{"delegation": each, "kind": KINDS[each.state]} for each in mine]
    context = {
        "title": "While I am away",
        "rows": [row for row in rows if row["delegation"].giver_id == me],
        "taken": [row for row in rows if row["delegation"].taker_id == me],
        "crumbs": CRUMBS,
    }
    return page_or_fragment(request, "portal/account/delegations.html", "list", context)


def _me(request: Request) -> User:
    assert request.actor.user is not None  # the pages are for people who are signed in
    return request.actor.user


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    def perform(*, actor: Any, **said: Any) -> str:
        delegations.give(actor=actor, now=timezone.now(), **said)
        return reverse("delegations")

    return form_page(
        request,
        form=DelegationForm(request.POST if request.method == "POST" else None, giver=_me(request)),
        perform=perform,
        title="Let somebody stand in for you",
        submit_label="Lend the role",
        cancel_url=reverse("delegations"),
        intro="They can do what you can in this role, and each decision says that it was on your behalf."
        " What you may not decide because it is your own, they may not decide for you either.",
        crumbs=[*CRUMBS, ("While I am away", reverse("delegations"))],
    )


@require_http_methods(["GET", "POST"])
def end(request: Request, number: str) -> HttpResponse:
    delegation = get_object_or_404(Delegation.objects.visible_to(request.actor).by_ref(number))

    def perform(*, actor: Any, **_: Any) -> str:
        delegations.end(delegation_id=delegation.pk, actor=actor, now=timezone.now())
        return reverse("delegations")

    return form_page(
        request,
        form=forms.Form(request.POST if request.method == "POST" else None),
        perform=perform,
        title=f"End {delegation.number}",
        submit_label="End it now",
        cancel_url=reverse("delegations"),
        danger=True,
        intro=f"{delegation.display}. What was decided stays decided.",
        crumbs=[*CRUMBS, ("While I am away", reverse("delegations"))],
    )
