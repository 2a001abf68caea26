"""A change to be decided, what is in its way, and a proposal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from changes.operations import jobs, proposals
from itsm.kernel.actor import Actor
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import make_change

SOON = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture
def firewall(config_manager):
    return make_ci("fw-1", verified_at=timezone.now())


@pytest.fixture
def change(alice, bob, firewall):
    """In assessment; everything is in order, and the change manager has to decide."""
    return make_change(
        requested_by=alice, assignee=bob, cis=[firewall], status="assessment", start=SOON, end=SOON + timedelta(hours=2)
    )


@pytest.fixture
def backup(firewall):
    return jobs.create(
        name="Nightly backup", kind="backup", first_start=SOON, duration_minutes=60, cis=[firewall], actor=SYSTEM
    )


@pytest.fixture
def proposal(sponsor):
    return proposals.draft(
        title="Accept PayPal", outcome_wanted="Pay with PayPal", sponsor=sponsor, actor=Actor.person(sponsor)
    )
