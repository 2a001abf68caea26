"""Who acts: a person, a machine account, or a part of the program itself."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from itsm.kernel.roles import Role

if TYPE_CHECKING:
    from itsm.kernel.holdings import Holdings
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
    def holdings(self) -> "Holdings":
        """Roles of one's own and roles that are lent, as they stand now; read once per request."""
        from itsm.kernel import holdings

        if self.user is None or not self.user.is_active:
            return holdings.Holdings()
        return holdings.of(self.user)

    @cached_property
    def assignments(self) -> frozenset[tuple[str, int | None]]:
        """(role, service id or None for everywhere): one's own and those that are lent."""
        return self.holdings.own | {(role, service) for role, service, _ in self.holdings.lent}

    @cached_property
    def memory(self) -> dict[str, Any]:
        """What was asked on this actor's behalf already; it lasts as long as the actor, one request."""
        return {}

    def holds(self, *roles: Role, services: Iterable[int] = ()) -> bool:
        """Whether the actor has one of the roles everywhere, or for one of these services."""
        return self.is_admin or _covers(self.assignments, roles, services)

    def holds_anywhere(self, *roles: Role) -> bool:
        """Whether the actor has one of the roles in any scope."""
        return self.is_admin or any(role in {str(r) for r in roles} for role, _ in self.assignments)

    def holds_apart_from(self, people: Collection[int | None], *roles: Role, services: Iterable[int] = ()) -> bool:
        """As `holds`, without being one of these people and without standing in for one of them."""
        return self.user_id not in people and (
            self.holds_oneself(*roles, services=services) or bool(self._lenders(people, roles, services))
        )

    def holds_oneself(self, *roles: Role, services: Iterable[int] = ()) -> bool:
        """Whether the actor has the right without anybody lending it."""
        return self.is_admin or _covers(self.holdings.own, roles, services)

    def is_owner(self, owner_id: int | None) -> bool:
        """Whether the actor is this owner of a service, or has the owner's role from them."""
        return owner_id is not None and (
            owner_id == self.user_id or (str(Role.SERVICE_OWNER), owner_id) in self.holdings.givers
        )

    def on_behalf_of(
        self,
        *roles: Role,
        services: Iterable[int] = (),
        owner_id: int | None = None,
        apart_from: Collection[int | None] = (),
    ) -> str:
        """In whose name the actor uses one of the roles, or an owner's right; empty where it is the actor's own."""
        from itsm.kernel.models import User

        own = self.user is None or self.holds_oneself(*roles, services=services) or owner_id == self.user_id
        lenders = set() if own else self._lenders(apart_from, roles, services)
        if not own and self.is_owner(owner_id):
            lenders.add(owner_id)  # type: ignore[arg-type]
        return str(User.objects.get(pk=min(lenders))) if lenders else ""

    def _lenders(self, apart_from: Collection[int | None], roles: Iterable[Role], services: Iterable[int]) -> set[int]:
        scopes, wanted = {None, *services}, {str(role) for role in roles}
        lent = self.holdings.lent
        return {who for role, scope, who in lent if role in wanted and scope in scopes and who not in apart_from}


def _covers(held: Iterable[tuple[str, int | None]], roles: Iterable[Role], services: Iterable[int]) -> bool:
    wanted, scopes = {str(role) for role in roles}, {None, *services}
    return any(role in wanted and scope in scopes for role, scope in held)
