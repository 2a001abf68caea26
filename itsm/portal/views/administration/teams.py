"""Teams: who is in them, who leads them, what they may."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from changes.views.verbs import bound, edit_page, verb_page
from cmdb.models import Service
from itsm.kernel.middleware import Request
from itsm.kernel.models import RoleAssignment, Team
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.people import assignments, queries, teams
from itsm.kernel.people.actions import TEAM_ACTIONS
from itsm.kernel.people.filters import TeamFilter
from itsm.portal.views.administration import CRUMBS, for_administrators
from itsm.portal.views.administration.forms import GrantForm, MemberForm, MembersForm, NewTeamForm, TeamForm, WhyForm
from itsm.portal.views.administration.roles import roles_of
from itsm.portal.views.administration.tables import TEAM_KINDS, TeamTable

HERE = [*CRUMBS, ("Teams", "/administration/teams/")]


@require_GET
@for_administrators
def list_(request: Request) -> HttpResponse:
    new = {"label": "New team", "url": reverse("team-create"), "primary": True}
    return list_page(
        request,
        queryset=queries.teams().order_by("name"),
        filterset=TeamFilter,
        table=TeamTable,
        title="Teams",
        empty={
            "title": "No team.",
            "text": "A team supports services, and holds roles that count for all its members.",
            "action_label": "New team",
            "action_url": reverse("team-create"),
        },
        actions=[new],
        crumbs=CRUMBS,
    )


@require_GET
@for_administrators
def detail(request: Request, pk: int) -> HttpResponse:
    team = _found(request, pk)
    services = Service.objects.filter(support_team=team).order_by("name")
    return record_page(
        request,
        team,
        "portal/administration/team.html",
        page="team",
        title=team.name,
        actions=TEAM_ACTIONS,
        crumbs=HERE,
        verdicts=[(TEAM_KINDS[team.state], team.state)],
        facts=[("Lead", team.lead), ("Members", team.people), ("Retired", team.retired_at)],
        members=team.members.order_by("last_name", "username"),
        roles=roles_of(RoleAssignment.objects.filter(team=team)),
        services=services,
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=bound(request, NewTeamForm),
        perform=teams.create,
        title="New team",
        submit_label="Make it",
        cancel_url=reverse("teams"),
        crumbs=HERE,
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def edit(request: Request, pk: int) -> HttpResponse:
    team = _found(request, pk)
    form = bound(request, TeamForm, initial=TeamForm.of(team))
    return edit_page(request, team, form, partial(teams.update, team_id=pk), title=f"Edit {team}", crumbs=_crumbs(team))


@require_http_methods(["GET", "POST"])
@for_administrators
def add_members(request: Request, pk: int) -> HttpResponse:
    team = _found(request, pk)
    return verb_page(
        request,
        team,
        bound(request, MembersForm),
        partial(teams.add_members, team_id=pk),
        title=f"Add members to {team}",
        submit_label="Add them",
        intro="They hold the team's roles from their next request on.",
        crumbs=_crumbs(team),
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def remove_member(request: Request, pk: int) -> HttpResponse:
    team = _found(request, pk)
    form = bound(request, MemberForm, team=team, initial={"person": request.GET.get("person")})
    return verb_page(
        request,
        team,
        form,
        partial(teams.remove_member, team_id=pk),
        title=f"Remove a member of {team}",
        submit_label="Remove",
        danger=True,
        intro="The team's roles are theirs no more from the next request on.",
        crumbs=_crumbs(team),
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def grant(request: Request, pk: int) -> HttpResponse:
    team = _found(request, pk)

    def operate(**said: Any) -> Team:
        assignments.grant(team_id=pk, now=timezone.now(), **said)
        return team

    return verb_page(
        request,
        team,
        bound(request, GrantForm),
        operate,
        title=f"Grant {team} a role",
        submit_label="Grant it",
        intro="It counts for every member.",
        crumbs=_crumbs(team),
    )


@require_http_methods(["GET", "POST"])
@for_administrators
def retire(request: Request, pk: int) -> HttpResponse:
    team = _found(request, pk)
    return verb_page(
        request,
        team,
        bound(request, WhyForm),
        partial(teams.retire, team_id=pk, now=timezone.now()),
        title=f"Retire {team}",
        submit_label="Retire it",
        danger=True,
        intro="Its roles end, and nobody can be added. Services that it supports keep it until they are given another.",
        crumbs=_crumbs(team),
    )


def _found(request: Request, pk: int) -> Any:
    return find(queries.teams(), str(pk), request.actor)


def _crumbs(team: Team) -> list[tuple[str, str]]:
    return [*HERE, (str(team), team.get_absolute_url())]
