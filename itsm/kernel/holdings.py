"""What a user holds now: their own roles, those of their teams, and those that others lend to them."""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from itsm.kernel.models import User

# Asked with every request, so it is written out: the ORM takes ten times as long to put it together as the
# database to answer it. Columns: role, service, giver, and whether an assignment gives it.
HELD = """
WITH standing AS NOT MATERIALIZED (
    SELECT role, service_id, user_id, team_id FROM kernel_roleassignment
    WHERE since <= %(now)s AND (until IS NULL OR until > %(now)s)
), lending AS (
    SELECT role, giver_id FROM kernel_delegation JOIN kernel_user ON kernel_user.id = giver_id AND is_active
    WHERE taker_id = %(user)s AND since <= %(now)s AND until > %(now)s AND ended_at IS NULL
)
SELECT role, service_id, NULL::bigint AS giver_id, true FROM standing WHERE user_id = %(user)s
UNION SELECT role, service_id, NULL::bigint, true FROM standing JOIN kernel_team_members AS mine USING (team_id)
    WHERE mine.user_id = %(user)s
UNION SELECT role, NULL::bigint, giver_id, false FROM lending
UNION SELECT role, service_id, giver_id, true FROM lending JOIN standing USING (role) WHERE user_id = giver_id
UNION SELECT role, service_id, giver_id, true FROM lending JOIN standing USING (role)
    JOIN kernel_team_members AS theirs USING (team_id) WHERE theirs.user_id = giver_id
"""


@dataclass(frozen=True)
class Holdings:
    """`own` and `lent` are (role, service id or None for everywhere); `lent` says by whom, as does `givers`.

    A role can be lent that no assignment gives, because it comes with a record (the owner of a service): so
    `givers` are all (role, giver) that lend now.
    """

    own: frozenset[tuple[str, int | None]] = frozenset()
    lent: frozenset[tuple[str, int | None, int]] = frozenset()
    givers: frozenset[tuple[str, int]] = frozenset()


def of(user: User) -> Holdings:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"user": user.pk, "now": timezone.now()})
        rows = cursor.fetchall()
    return Holdings(
        own=frozenset((role, service) for role, service, giver, _ in rows if giver is None),
        lent=frozenset((role, service, giver) for role, service, giver, held in rows if giver is not None and held),
        givers=frozenset((role, giver) for role, _, giver, _ in rows if giver is not None),
    )
