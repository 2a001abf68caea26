"""The tables of the lists."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html

from itsm.kernel.models import ApiToken, Team, User
from itsm.kernel.scopes import Scope
from itsm.kernel.tables import RecordTable, VerdictColumn

PERSON_KINDS = {"active": "ok", "deactivated": "none"}
TEAM_KINDS = {"active": "ok", "retired": "none"}
TOKEN_KINDS = {"valid": "ok", "expired": "none", "revoked": "none"}


def named(things: Any) -> str:
    return ", ".join(dict.fromkeys(str(thing) for thing in things))


class PersonTable(RecordTable):
    class Meta(RecordTable.Meta):
        model = User
        fields = ("name", "username", "state", "email", "teams", "roles", "last_login", "second_factor")

    name = tables.Column(accessor="pk", order_by="last_name", linkify=True)
    username = tables.Column("User name")
    state = VerdictColumn(PERSON_KINDS, orderable=False)
    email = tables.Column("Address", orderable=False)
    teams = tables.Column(orderable=False)
    roles = tables.Column(accessor="held", orderable=False, empty_values=())
    last_login = tables.Column("Last sign-in")
    second_factor = tables.Column("Second factor", orderable=False)

    def render_name(self, record: User) -> str:
        return format_html('{} <span class="muted">machine</span>', record) if record.is_machine else str(record)

    def render_teams(self, value: Any) -> str:
        return named(value.all()) or "–"

    def render_roles(self, record: Any) -> str:
        held = [assignment.get_role_display() for assignment in record.held]
        return named(["Administrator", *held] if record.is_superuser else held) or "–"

    def render_second_factor(self, value: bool, record: User) -> str:
        if value or record.is_machine:
            return "yes" if value else "–"
        return "demanded, not set up" if record.needs_second_factor else "no"


class TeamTable(RecordTable):
    class Meta(RecordTable.Meta):
        model = Team
        fields = ("name", "state", "lead", "people", "roles")

    name = tables.Column(linkify=True)
    state = VerdictColumn(TEAM_KINDS, orderable=False)
    lead = tables.Column(orderable=False)
    people = tables.Column("Members", orderable=False, attrs={"td": {"class": "num right"}, "th": {"class": "right"}})
    roles = tables.Column(accessor="held", orderable=False, empty_values=())

    def render_roles(self, record: Any) -> str:
        return named(assignment.get_role_display() for assignment in record.held) or "–"


class TokenTable(RecordTable):
    """Never the key: nobody has it but who made it."""

    class Meta(RecordTable.Meta):
        model = ApiToken
        fields = ("name", "state", "user", "scopes", "expires_at", "last_used_at", "revoke")

    name = tables.Column()
    state = VerdictColumn(TOKEN_KINDS, orderable=False)
    user = tables.Column("Owner", orderable=False, linkify=True)
    scopes = tables.Column(orderable=False)
    expires_at = tables.Column("Ends")
    last_used_at = tables.Column("Last used")
    revoke = tables.TemplateColumn(
        '{% if record.state == "valid" %}<a href="{% url "any-token-revoke" record.pk %}">Revoke'
        '<span class="visually-hidden">: {{ record.name }}</span></a>{% endif %}',
        verbose_name="",
        orderable=False,
    )

    def render_scopes(self, value: list[str]) -> str:
        return ", ".join(scope.value for scope in Scope if scope in value)
