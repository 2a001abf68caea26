"""People, to be named in forms."""

from itsm.kernel.models import User
from itsm.kernel.picking import offer

offer(
    "person",
    noun="person",
    records=lambda: User.objects.filter(is_active=True, is_machine=False),
    handle="username",
    words=("last_name", "first_name", "username"),
    example="a name or user name",
)
