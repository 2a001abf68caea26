"""People and machine accounts: who is there, and what an administrator does with an account."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes.forms import ConfirmForm
from changes.views.verbs import bound, edit_page, verb_page
from itsm.kernel.middleware import Request
from itsm.kernel.models import ApiToken, RoleAssignment, User
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.people import assignments, queries, users
from itsm.kernel.people.actions import PERSON_ACTIONS
from itsm.kernel.people.filters import PersonFilter
from itsm.portal.queries import charges
from itsm.portal.views.administration import CRUMBS, for_administrators
from itsm.portal.views.administration.forms import GrantForm, NewPersonForm, PersonForm, WhyForm
from itsm.portal.views.administration.roles import roles_of
from itsm.portal.views.administration.tables import TOKEN_KINDS, PersonTable

HERE = [*CRUMBS, ("People", "/administration/people/")]
TOKENS_SHOWN = 20


@require_GET
@for_administrators
def list_(request: Request) -> HttpResponse:
    return list_page(
        request,
        queryset=queries.people().order_by("last_name", "first_name", "username"),
        filterset=PersonFilter,
        table=PersonTable,
        title="People",
        empty={"title": "Nobody.", "text": "Clear the filter, or invite somebody."},
        actions=[{"label": "New account", "url": reverse("person-create"), "primary": True}],
        crumbs=CRUMBS,
    )


@require_GET
@for_administrators
def detail(request: Request, pk: int) -> HttpResponse:
    user = _found(request, pk)
    sessions = UserSession.objects.filter(user=user).count()
    return record_page(
        request,
        user,
        "portal/administration/person.html",
        page="person",
        title=str(user),
        actions=PERSON_ACTIONS,
        crumbs=HERE,
        verdicts=_verdicts(user),
        facts=[
            ("User name", user.username),
            ("Mail address", user.email),
            ("Time zone", user.time_zone or "the organisation's"),
            ("Last sign-in", user.last_login or "never"),
            ("Account since", user.date_joined),
            ("Sessions", sessions),
        ],
        teams=user.teams.all(),
        roles=roles_of(RoleAssignment.objects.filter(user=user)),
        through=roles_of(RoleAssignment.objects.current().filter(team__members=user)),
        tokens=_tokens(user),
        charges=charges.of(user, request.actor),
    )


def _verdicts(user: Any) -> list[tuple[str, str]]:
    found = [("ok" if user.is_active else "none", user.state)]
    if user.is_machine:
        found.append(("none", "machine: never signs in"))
    elif user.second_factor:
        found.append(("ok", "second factor"))
    else:
        found.append(("warn", "second factor demanded" if user.needs_second_factor else "no second factor"))
    return [*found, ("open", "administrator")] if user.is_superuser else found


def _tokens(user: User) -> list[dict[str, Any]]:
    latest = ApiToken.objects.filter(user=user).order_by("revoked_at", "-pk")[:TOKENS_SHOWN]
    return [{"token": token, "kind": TOKEN_KINDS[token.state]} for token in latest]


@require_http_methods(["GET", "POST"])
@for_administrators
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=bound(request, NewPersonForm),
        perform=users.create,
        title="New account",
        submit_label="Make it",
        intro="Nobody but its owner ever knows a password: a person is sent a link to choose one.",
        cancel_url=reverse("people"),
        crumbs=HERE,
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def edit(request: Request, pk: int) -> HttpResponse:
    user = _found(request, pk)
    form = bound(request, PersonForm, initial=PersonForm.of(user))
    return edit_page(request, user, form, partial(users.update, user_id=pk), title=f"Edit {user}", crumbs=_crumbs(user))


@require_http_methods(["GET", "POST"])
@for_administrators
def grant(request: Request, pk: int) -> HttpResponse:
    user = _found(request, pk)

    def operate(**said: Any) -> User:
        assignments.grant(user_id=pk, now=timezone.now(), **said)
        return user

    return verb_page(
        request,
        user,
        bound(request, GrantForm),
        operate,
        title=f"Grant {user} a role",
        submit_label="Grant it",
        crumbs=_crumbs(user),
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def deactivate(request: Request, pk: int) -> HttpResponse:
    user = _found(request, pk)
    return verb_page(
        request,
        user,
        bound(request, WhyForm),
        partial(users.deactivate, user_id=pk, now=timezone.now()),
        title=f"Deactivate {user}",
        submit_label="Deactivate the account",
        danger=True,
        intro="The next request of every session and token is refused. Roles stay, and count for nothing.",
        template="portal/administration/deactivate.html",
        charges=charges.of(user, request.actor),
        crumbs=_crumbs(user),
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def reactivate(request: Request, pk: int) -> HttpResponse:
    return _verb(
        request,
        pk,
        users.reactivate,
        title="Reactivate",
        submit_label="Open the account again",
        intro="With the roles that have not ended since. Revoked tokens stay revoked.",
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def invite(request: Request, pk: int) -> HttpResponse:
    return _verb(
        request,
        pk,
        users.invite,
        title="Send a link to",
        submit_label="Send it",
        intro="A link to choose a password, by mail. The present password counts until then.",
        said="The link is on its way.",
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def reset_second_factor(request: Request, pk: int) -> HttpResponse:
    return _verb(
        request,
        pk,
        users.reset_second_factor,
        form=WhyForm,
        title="Reset the second factor of",
        submit_label="Take it away",
        danger=True,
        intro="For who has lost the phone or the key. Be sure who asks. All sessions end; a new one can be set up.",
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def appoint(request: Request, pk: int) -> HttpResponse:
    return _verb(
        request,
        pk,
        users.appoint,
        form=WhyForm,
        title="Make an administrator of",
        submit_label="Appoint",
        intro="An administrator may do everything that any role may, and sees these pages.",
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def dismiss(request: Request, pk: int) -> HttpResponse:
    return _verb(
        request,
        pk,
        users.dismiss,
        form=WhyForm,
        title="Take administration away from",
        submit_label="Take it away",
        danger=True,
        intro="The account and its roles stay.",
    )


def _verb(
    request: Request,
    pk: int,
    operate: Callable[..., Any],
    *,
    title: str,
    form: type[forms.Form] = ConfirmForm,
    **context: Any,
) -> HttpResponse:
    user = _found(request, pk)
    perform = partial(operate, user_id=pk)
    title = f"{title} {user}"
    return verb_page(request, user, bound(request, form), perform, title=title, crumbs=_crumbs(user), **context)


def _found(request: Request, pk: int) -> Any:
    return find(queries.people(), str(pk), request.actor)


def _crumbs(user: User) -> list[tuple[str, str]]:
    return [*HERE, (str(user), user.get_absolute_url())]
