"""REST: people, teams and the roles they hold. Here, because a role may be held for one service."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import Service
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, Strict
from itsm.kernel.models import RoleAssignment, Team, User
from itsm.kernel.people import assignments, queries, teams, users
from itsm.kernel.people.actions import PERSON_ACTIONS, ROLE_ACTIONS, TEAM_ACTIONS
from itsm.kernel.people.filters import RoleFilter, TeamFilter, UserFilter
from itsm.kernel.people.rules import may_administer
from itsm.kernel.permissions import require
from itsm.kernel.roles import Role


class Why(Strict):
    reason = serializers.CharField(max_length=300)


class Grant(Strict):
    role = serializers.ChoiceField(Role.choices)
    service = RefField(Service.objects, required=False, allow_null=True, help_text="Without: everywhere.")
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False, allow_null=True)
    reason = serializers.CharField(max_length=300)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        service = said.pop("service", None)
        return {**said, "service_id": service.pk if service else None}


class UserSerializer(RecordSerializer):
    """What only administrators and the person may know is null for others."""

    PRIVATE = ("email", "time_zone", "needs_second_factor", "second_factor", "is_administrator")

    roles = serializers.SerializerMethodField()
    teams: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    email = serializers.CharField(read_only=True, allow_null=True)
    time_zone = serializers.CharField(read_only=True, allow_null=True)
    needs_second_factor = serializers.BooleanField(read_only=True, allow_null=True)
    second_factor = serializers.BooleanField(read_only=True, allow_null=True, help_text="Whether one is set up.")
    is_administrator = serializers.BooleanField(source="is_superuser", read_only=True, allow_null=True)

    class Meta:
        model = User
        fields = (
            *RecordSerializer.BASE, "username", "first_name", "last_name", "is_machine", "is_active", "roles", "teams",
            "email", "time_zone", "needs_second_factor", "second_factor", "is_administrator", "actions",
        )  # fmt: skip

    def get_roles(self, user: Any) -> list[str]:
        """Held now by the user alone, everywhere or for a service; `roles/?user=` tells more."""
        return sorted({assignment.role for assignment in user.held})

    def to_representation(self, user: User) -> dict[str, Any]:
        drawn: dict[str, Any] = super().to_representation(user)
        actor = self.context["view"].actor
        if actor.is_admin or actor.user_id == user.pk:
            return drawn
        return {name: None if name in self.PRIVATE else value for name, value in drawn.items()}


class UserChanges(Strict):
    first_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=63, required=False, allow_blank=True, help_text="An IANA name.")
    needs_second_factor = serializers.BooleanField(required=False)


class NewUser(UserChanges):
    username = serializers.CharField(max_length=150)
    is_machine = serializers.BooleanField(required=False)
    invited = serializers.BooleanField(default=False, help_text="Send a link by which to choose a password.")


class UserViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    """People and machine accounts, by id or user name; administrators make and change them."""

    queryset = queries.people().order_by("pk")
    serializer_class = UserSerializer
    filterset_class = UserFilter
    record_actions = PERSON_ACTIONS
    create_arguments = NewUser
    update_arguments = UserChanges

    def perform_create(self, data: dict[str, Any]) -> User:
        return users.create(actor=self.actor, **data)

    def perform_update(self, record: User, data: dict[str, Any]) -> User:
        return users.update(user_id=record.pk, actor=self.actor, **data)

    def _do(self, operation: Any, **said: Any) -> Response:
        user = self.get_object()
        with self.as_seen(user):
            operation(user_id=user.pk, actor=self.actor, **said)
        return self.answer(user)

    @extend_schema(request=Grant, responses={200: UserSerializer})
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, pk: str) -> Response:
        """Give the user a role, everywhere or for one service."""
        return self._do(assignments.grant, now=timezone.now(), **self.arguments(Grant))

    @extend_schema(request=None, responses={200: UserSerializer})
    @action(detail=True, methods=["post"])
    def invite(self, request: Request, pk: str) -> Response:
        """Send a link by which to choose a password."""
        return self._do(users.invite)

    @extend_schema(request=Why, responses={200: UserSerializer})
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, pk: str) -> Response:
        """Close the account: its sessions and tokens end with their next request."""
        return self._do(users.deactivate, now=timezone.now(), **self.arguments(Why))

    @extend_schema(request=None, responses={200: UserSerializer})
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, pk: str) -> Response:
        """Open the account again, with the roles that have not ended since."""
        return self._do(users.reactivate)

    @extend_schema(request=Why, responses={200: UserSerializer})
    @action(detail=True, methods=["post"], url_path="reset-second-factor")
    def reset_second_factor(self, request: Request, pk: str) -> Response:
        """Take the second factor away from who has lost it."""
        return self._do(users.reset_second_factor, **self.arguments(Why))

    @extend_schema(request=Why, responses={200: UserSerializer})
    @action(detail=True, methods=["post"])
    def appoint(self, request: Request, pk: str) -> Response:
        """Make the person an administrator."""
        return self._do(users.appoint, **self.arguments(Why))

    @extend_schema(request=Why, responses={200: UserSerializer})
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        """Take administration away; roles stay."""
        return self._do(users.dismiss, **self.arguments(Why))


class TeamSerializer(RecordSerializer):
    lead = PersonField(read_only=True)
    members = PersonField(many=True, read_only=True)
    state = serializers.ChoiceField(["active", "retired"], read_only=True)

    class Meta:
        model = Team
        fields = (*RecordSerializer.BASE, "name", "lead", "members", "state", "retired_at", "actions")


class TeamChanges(Strict):
    name = serializers.CharField(max_length=100)
    lead = PersonField(required=False, allow_null=True)


class NewTeam(TeamChanges):
    members = serializers.ListField(child=PersonField(), required=False, max_length=1000)


class Joining(Strict):
    people = serializers.ListField(child=PersonField(), allow_empty=False, max_length=1000)


class Leaving(Strict):
    person = PersonField()


class TeamViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    """Teams support services, and hold roles that count for all their members."""

    queryset = Team.objects.select_related("lead").prefetch_related("members").order_by("pk")
    serializer_class = TeamSerializer
    filterset_class = TeamFilter
    record_actions = TEAM_ACTIONS
    create_arguments = NewTeam
    update_arguments = TeamChanges

    def perform_create(self, data: dict[str, Any]) -> Team:
        return teams.create(actor=self.actor, **data)

    def perform_update(self, record: Team, data: dict[str, Any]) -> Team:
        return teams.update(team_id=record.pk, actor=self.actor, **data)

    def _do(self, operation: Any, **said: Any) -> Response:
        team = self.get_object()
        with self.as_seen(team):
            operation(team_id=team.pk, actor=self.actor, **said)
        return self.answer(team)

    @extend_schema(request=Joining, responses={200: TeamSerializer})
    @action(detail=True, methods=["post"], url_path="add-members")
    def add_members(self, request: Request, pk: str) -> Response:
        """Take people in; they hold the team's roles from their next request on."""
        return self._do(teams.add_members, **self.arguments(Joining))

    @extend_schema(request=Leaving, responses={200: TeamSerializer})
    @action(detail=True, methods=["post"], url_path="remove-member")
    def remove_member(self, request: Request, pk: str) -> Response:
        """Let somebody go."""
        return self._do(teams.remove_member, **self.arguments(Leaving))

    @extend_schema(request=Grant, responses={200: TeamSerializer})
    @action(detail=True, methods=["post"])
    def grant(self, request: Request, pk: str) -> Response:
        """Give the team a role; it counts for every member."""
        return self._do(assignments.grant, now=timezone.now(), **self.arguments(Grant))

    @extend_schema(request=Why, responses={200: TeamSerializer})
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Its roles end, and nobody can be added."""
        return self._do(teams.retire, now=timezone.now(), **self.arguments(Why))


class RoleSerializer(RecordSerializer):
    user = PersonField(read_only=True)
    team = RefField(read_only=True)
    service = serializers.CharField(
        source="service_slug", read_only=True, allow_null=True, help_text="null: everywhere."
    )

    class Meta:
        model = RoleAssignment
        fields = (*RecordSerializer.BASE, "role", "user", "team", "service", "since", "until", "actions")


class RoleViewSet(RecordViewSet):
    """Who holds which role for what, since and until when; administrators only."""

    queryset = (
        RoleAssignment.objects.select_related("user", "team")
        .annotate(service_slug=Subquery(Service.objects.filter(pk=OuterRef("service_id")).values("slug")))
        .order_by("-pk")
    )
    serializer_class = RoleSerializer
    filterset_class = RoleFilter
    record_actions = ROLE_ACTIONS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require(may_administer, self.actor)

    @extend_schema(request=Why, responses={200: RoleSerializer})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """It counts no more from now on."""
        held = self.get_object()
        said = self.arguments(Why)
        with self.as_seen(held):
            return self.answer(assignments.end(assignment_id=held.pk, actor=self.actor, now=timezone.now(), **said))
