"""People, to be named in forms."""

from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Trim

from itsm.kernel.models import User
from itsm.kernel.picking import offer


def _people() -> QuerySet[User]:
    called = Trim(Concat("first_name", Value(" "), "last_name"))
    return User.objects.filter(is_active=True, is_machine=False).annotate(called=called)


offer(
    "person",
    noun="person",
    records=_people,
    name="called",
    handle="username",
    words=("last_name", "first_name", "username"),
    example="a name or user name",
)
