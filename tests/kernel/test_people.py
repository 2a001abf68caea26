"""Roles with scope and time, and signing in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from itsm.kernel.actor import Actor
from itsm.kernel.models import RoleAssignment, Team
from itsm.kernel.roles import Role
from itsm.kernel.sign_in import DEMO_PASSWORD, NotTheDemoPassword
from tests.builders import make_service

pytestmark = pytest.mark.django_db


def test_a_role_for_one_service_counts_only_there(person):
    shop, payments = make_service("Shop"), make_service("Payments")
    owner = person("olga")
    RoleAssignment.objects.create(user=owner, role=Role.SERVICE_OWNER, service_id=shop.pk)
    actor = Actor.person(owner)

    assert actor.holds(Role.SERVICE_OWNER, services=[shop.pk])
    assert not actor.holds(Role.SERVICE_OWNER, services=[payments.pk])
    assert not actor.holds(Role.SERVICE_OWNER)


def test_a_role_of_a_team_is_held_by_its_members(person):
    team = Team.objects.create(name="Shop Ops")
    member = person("mo")
    team.members.add(member)
    RoleAssignment.objects.create(team=team, role=Role.SUPPORT_LEAD)

    assert Actor.person(member).holds(Role.SUPPORT_LEAD)


def test_a_role_that_has_ended_counts_no_more(person):
    was = person("wanda")
    yesterday = timezone.now() - timedelta(days=1)
    RoleAssignment.objects.create(
        user=was, role=Role.CHANGE_MANAGER, since=yesterday - timedelta(days=9), until=yesterday
    )

    assert not Actor.person(was).holds(Role.CHANGE_MANAGER)


def test_the_scope_of_a_role_must_be_a_service(person):
    RoleAssignment.objects.create(user=person("x"), role=Role.VIEWER, service_id=999_999)

    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_the_demo_password_is_refused_outside_the_demo(client, viewer, settings):
    viewer.set_password(DEMO_PASSWORD)
    viewer.save()
    form = {"login": "viewer", "password": DEMO_PASSWORD}

    settings.DEMO = False
    client.post("/accounts/login/", form)
    assert "_auth_user_id" not in client.session

    settings.DEMO = True
    client.post("/accounts/login/", form)
    assert client.session["_auth_user_id"] == str(viewer.pk)


def test_nobody_chooses_the_demo_password():
    with pytest.raises(ValidationError):
        NotTheDemoPassword().validate(DEMO_PASSWORD)


def test_a_machine_account_cannot_sign_in_to_pages(client, pipeline, settings):
    settings.DEMO = True
    pipeline.set_password(DEMO_PASSWORD)
    pipeline.save()

    client.post("/accounts/login/", {"login": "pipeline", "password": DEMO_PASSWORD})

    assert "_auth_user_id" not in client.session


def test_pages_and_api_are_closed_without_sign_in(client):
    assert client.get("/cmdb/cis/").status_code == 302
    assert client.get("/ledger/").status_code == 302
    assert client.get("/api/users/").status_code == 401
    assert client.get("/api/schema/").status_code == 401
