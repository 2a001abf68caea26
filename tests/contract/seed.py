"""python -m tests.contract.seed: the demo organisation, and two people for each group of roles; prints their tokens."""

import json

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from itsm.kernel import tokens  # noqa: E402
from itsm.kernel.models import RoleAssignment, User  # noqa: E402
from itsm.kernel.roles import Role  # noqa: E402
from itsm.portal.demo.load import load  # noqa: E402
from tests.contract.groups import GROUPS  # noqa: E402


def pair(group: str, roles: list[Role]) -> dict[str, str]:
    """One who holds the group's roles, and a peer who holds none: what only the first may see, the second must not."""
    holder = User.objects.create(username=f"contract.{group}", is_superuser=group == "administration")
    peer = User.objects.create(username=f"contract.{group}.peer")
    RoleAssignment.objects.bulk_create(RoleAssignment(user=holder, role=role) for role in roles)
    return {user.username: tokens.make(user, name="contract") for user in (holder, peer)}


if __name__ == "__main__":
    call_command("migrate", interactive=False, verbosity=0)
    load(now=timezone.now())
    print(json.dumps({group: pair(group, roles) for group, roles in GROUPS.items()}))
