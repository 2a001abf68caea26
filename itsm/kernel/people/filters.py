"""How people, teams and tokens are filtered, on their pages and in the API."""

from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from itsm.kernel.filters import RecordFilter, RefFilter
from itsm.kernel.models import ApiToken, RoleAssignment, Team, User
from itsm.kernel.roles import Role

TOKEN_STATES = (("valid", "Valid"), ("expired", "Expired"), ("revoked", "Revoked"))


class UserFilter(RecordFilter):
    search_fields: ClassVar[tuple[str, ...]] = ("username", "first_name", "last_name")
    ordering_fields: ClassVar[tuple[str, ...]] = ("id", "username", "last_name")
    role = django_filters.ChoiceFilter(choices=Role.choices, method="with_role", label="Role")
    team = RefFilter("teams", queryset=Team.objects, label="Team", distinct=True)

    class Meta:
        model = User
        fields: ClassVar = ["username", "is_active", "is_machine"]

    def with_role(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Who holds it now, by themselves or through a team."""
        held = RoleAssignment.objects.current().filter(role=value)
        return queryset.filter(Q(pk__in=held.values("user")) | Q(memberships__team__in=held.values("team"))).distinct()


class PersonFilter(UserFilter):
    """With what only administrators see."""

    search_fields = ("username", "first_name", "last_name", "email")
    ordering_fields = ("id", "username", "last_name", "last_login")
    role = django_filters.ChoiceFilter(choices=Role.choices, method="with_role", label="Role", empty_label="Any role")
    team = django_filters.ModelChoiceFilter(
        field_name="teams", queryset=Team.objects.active().order_by("name"), label="Team", empty_label="Any team"
    )
    is_active = django_filters.BooleanFilter(label="Active")
    is_machine = django_filters.BooleanFilter(label="Machine")
    is_superuser = django_filters.BooleanFilter(label="Administrator")
    second_factor = django_filters.BooleanFilter(label="Second factor")

    class Meta:
        model = User
        fields: ClassVar = ["role", "team", "is_active", "is_superuser", "second_factor", "is_machine"]


class RoleFilter(RecordFilter):
    search_fields = ("user__username", "team__name")
    ordering_fields = ("id", "role", "since", "until")
    user = RefFilter("user", queryset=User.objects, label="User")
    team = RefFilter("team", queryset=Team.objects, label="Team")
    service_id = django_filters.NumberFilter(label="Service's id")
    current = django_filters.BooleanFilter(method="held_now", label="Held now")

    class Meta:
        model = RoleAssignment
        fields: ClassVar = ["role", "since", "until"]

    def held_now(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        held = RoleAssignment.objects.current().values("pk")
        return queryset.filter(pk__in=held) if value else queryset.exclude(pk__in=held)


class TeamFilter(RecordFilter):
    search_fields = ("name",)
    ordering_fields = ("id", "name")
    member = django_filters.CharFilter("members__username", label="Member")
    retired = django_filters.BooleanFilter("retired_at", lookup_expr="isnull", exclude=True, label="Retired")

    class Meta:
        model = Team
        fields: ClassVar = ["name"]


class TokenFilter(RecordFilter):
    search_fields = ("name",)
    owner = django_filters.CharFilter("user__username", label="Owner")

    class Meta:
        model = ApiToken
        fields: ClassVar = ["name", "expires_at", "last_used_at", "revoked_at"]


class EveryTokenFilter(RecordFilter):
    """All tokens, for administrators."""

    search_fields = ("name", "user__username", "user__first_name", "user__last_name")
    ordering_fields = ("id", "name", "expires_at", "last_used_at")
    state = django_filters.ChoiceFilter(choices=TOKEN_STATES, method="in_state", label="State", empty_label="Any state")
    owner = django_filters.CharFilter("user__username", label="Owner")

    class Meta:
        model = ApiToken
        fields: ClassVar = ["state", "owner"]

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "revoked":
            return queryset.filter(revoked_at__isnull=False)
        living = queryset.filter(revoked_at__isnull=True)
        over = Q(expires_at__lte=timezone.now())
        return living.filter(over) if value == "expired" else living.exclude(over)
