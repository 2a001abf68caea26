"""Who can do what on a service, and through which assignment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itsm.kernel.models import RoleAssignment, Team
from itsm.kernel.roles import Role
from itsm.portal.queries.access import holds_on
from tests.builders import make_service

pytestmark = pytest.mark.django_db


def test_it_names_the_assignment_that_gives_each_role(person, service_owner):
    shop, other = make_service(owner=service_owner), make_service("Other")
    kim, lee = person("kim"), person("lee")
    team = Team.objects.create(name="Night shift", lead=lee)
    team.members.add(kim)
    RoleAssignment.objects.create(team=team, role=Role.SUPPORT_LEAD, service_id=shop.pk)
    RoleAssignment.objects.create(user=lee, role=Role.IMPLEMENTER, service_id=other.pk)
    now = timezone.now()
    RoleAssignment.objects.create(
        user=lee, role=Role.VIEWER, since=now - timedelta(days=9), until=now - timedelta(days=1)
    )

    found = {(hold.username, hold.role, hold.scope, hold.through) for hold in holds_on(shop)}

    assert found == {
        ("kim", "Support lead", "Online Shop", "the team Night shift"),
        ("service.owner", "Service owner", "everywhere", "their own assignment"),
        ("service.owner", "Owner", "Online Shop", "the service's record"),
    }


def test_only_an_administrator_sees_it_and_in_few_queries(browser_of, person, viewer, django_assert_max_num_queries):
    admin, shop = person("root", is_superuser=True), make_service()
    for name in ("a", "b", "c"):
        person(name, Role.IMPLEMENTER)
    browser = browser_of(admin)
    with django_assert_max_num_queries(10):
        page = browser.get(f"/administration/access/?service={shop.slug}")

    assert page.status_code == 200
    assert page.content.decode().count("Implementer") == 3
    assert browser_of(viewer).get("/administration/access/").status_code == 403
    assert browser.get("/administration/access/?service=nonsense").status_code == 422
