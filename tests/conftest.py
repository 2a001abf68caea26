"""The cast: one person per role, and clients that act as them."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from rest_framework.test import APIClient

from itsm.kernel import tokens
from itsm.kernel.actor import Actor
from itsm.kernel.models import RoleAssignment, User
from itsm.kernel.roles import Role


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that at the end no process works alone."""
    items.sort(key=lambda item: not item.nodeid.startswith(("tests/local/", "tests/rights/")))


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """As ever, and let transactional tests empty the ledger after themselves; nothing else may."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_never_emptied%%'")
        for (trigger,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE kernel_ledgerentry DISABLE TRIGGER {trigger}")


@pytest.fixture
def now() -> datetime:
    """A Monday noon; time is passed to operations, never read by tests."""
    return datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def person(db) -> Callable[..., User]:
    """`person("kim", Role.IMPLEMENTER)`: a user who holds these roles everywhere."""

    def make(username: str, *roles: Role, **details: object) -> User:
        user = User.objects.create(username=username, **details)
        for role in roles:
            RoleAssignment.objects.create(user=user, role=role)
        return user

    return make


def _cast(username: str, *roles: Role):
    @pytest.fixture(name=username.replace(".", "_"))
    def member(person) -> User:
        first, _, last = username.title().partition(".")
        return person(username, *roles, first_name=first, last_name=last)

    return member


alice = _cast("alice", Role.REQUESTER)
bob = _cast("bob", Role.IMPLEMENTER)
change_manager = _cast("change.manager", Role.CHANGE_MANAGER)
cab_member = _cast("cab.member", Role.CAB_MEMBER)
service_owner = _cast("service.owner", Role.SERVICE_OWNER)
sponsor = _cast("sponsor", Role.BUSINESS_SPONSOR)
support_lead = _cast("support.lead", Role.SUPPORT_LEAD)
config_manager = _cast("config.manager", Role.CONFIGURATION_MANAGER)
test_manager = _cast("test.manager", Role.TEST_MANAGER)
knowledge_manager = _cast("knowledge.manager", Role.KNOWLEDGE_MANAGER)
csi_manager = _cast("csi.manager", Role.CSI_MANAGER)
release_manager = _cast("release.manager", Role.RELEASE_MANAGER)
planner = _cast("planner", Role.TRANSITION_PLANNER)
viewer = _cast("viewer", Role.VIEWER)


@pytest.fixture
def pipeline(person) -> User:
    return person("pipeline", Role.PIPELINE, is_machine=True)


@pytest.fixture
def system() -> Actor:
    return Actor.system("test")


@pytest.fixture
def api(db) -> Callable[[User], APIClient]:
    """`api(user)`: a REST client with a token of the user."""

    def sign_in(user: User) -> APIClient:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {tokens.make(user, name='test')}")
        return client

    return sign_in


def prove(client: Client, seconds_ago: float = 0) -> None:
    """As if this client's person had typed the password then."""
    session = client.session
    proof = {"method": "password", "at": time.time() - seconds_ago, "reauthenticated": True}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [proof]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session["began"] = session["seen"] = time.time()
    session.save()


@pytest.fixture
def browser_of(db) -> Callable[[User], Client]:
    """`browser_of(user)`: Django's test client, signed in to the pages."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="itsm.kernel.sign_in.Backend")
        prove(client)
        return client

    return sign_in


# A busy machine is no failure: examples are judged by what they show, not by how long they take.
hypothesis_settings.register_profile(
    "slipway",
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", 500)),
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("slipway")
