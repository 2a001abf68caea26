"""The demo organisation with a cast of identities, made once for each module."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings

from itsm.portal.demo import load
from tests.rights.probes import Cast, make_cast

NOW = datetime(2026, 11, 23, 16, 45, tzinfo=UTC)


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker) -> Iterator[Cast]:
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], REQUESTS_A_MINUTE=0)
    with django_db_blocker.unblock(), transaction.atomic(), quick:
        assert load.load(now=NOW)
        yield make_cast()
        transaction.set_rollback(True)
