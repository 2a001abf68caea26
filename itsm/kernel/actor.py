"""Who acts: a person, a machine account, or a part of the program itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from itsm.kernel.roles import Role

if TYPE_CHECKING:
    from itsm.kernel.models import ApiToken, User


@dataclass(frozen=True)
class Actor:
    """The one on whose authority an operation runs; every operation takes one explicitly."""

    kind: Literal["person", "machine", "system", "nobody"]
    label: str
    user: "User | None" = None
    token: "ApiToken | None" = None
    proved_at: float | None = None

    @classmethod
    def person(cls, user: "User", *, token: "ApiToken | None" = None, proved_at: float | None = None) -> "Actor":
        """The user, who came by this token, or by a session in which they proved at that time who they are."""
        return cls("machine" if user.is_machine else "person", str(user), user, token, proved_at)

    @classmethod
    def system(cls, part: str) -> "Actor":
        """A part of the program (a job, a command); may do what no rule of a person forbids it."""
        return cls("system", part)

    @classmethod
    def nobody(cls) -> "Actor":
        return cls("nobody", "nobody")

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def is_admin(self) -> bool:
        return bool(self.user and self.user.is_active and self.user.is_superuser)

    @cached_property
    def assignments(self) -> frozenset[tuple[str, int | None]]:
        """(role, service id or None for everywhere), as they stand now; read once per request."""
        from itsm.kernel.models import RoleAssignment

        if self.user is None or not self.user.is_active:
            return frozenset()
        return frozenset(RoleAssignment.objects.held_by(self.user).values_list("role", "service_id"))

    @cached_property
    def memory(self) -> dict[str, Any]:
        """What was asked on this actor's behalf already; it lasts as long as the actor, one request."""
        return {}

    def holds(self, *roles: Role, services: Iterable[int] = ()) -> bool:
        """Whether the actor has one of the roles everywhere, or for one of these services."""
        if self.is_admin:
            return True
        wanted = {str(role) for role in roles}
        scopes = {None, *services}
        return any(role in wanted and scope in scopes for role, scope in self.assignments)

    def holds_anywhere(self, *roles: Role) -> bool:
        """Whether the actor has one of the roles in any scope."""
        return self.is_admin or any(role in {str(r) for r in roles} for role, _ in self.assignments)
