"""Earned devolution: the pipeline decides alone while its record holds; the next request takes it away."""

from datetime import timedelta
from decimal import Decimal

import pytest

from itsm.kernel import outbox
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.models import LedgerEntry, Notification
from tests.builders import SYSTEM
from tests.transition.gate_builders import NO_FAILURE, ask, deploy, looked_at, make_shop, person, stream_of
from transition.models import Devolution
from transition.operations import devolutions, unmatched

pytestmark = pytest.mark.django_db
EARNED = {"fact": "devolution", "is": True, "otherwise": "ask", "asked": "the pipeline may decide alone"}


@pytest.fixture
def shop(service_owner):
    """Before the policy asks for it: the record is earned under one that does not."""
    return make_shop([NO_FAILURE], owner=service_owner)


def now_asks(now):
    from changes.operations import policies

    rule = {"name": "production", "when": {"environment": "production"}, "devolve": [NO_FAILURE, EARNED],
            "ask": [{"role": "change_manager"}]}  # fmt: skip
    draft = policies.draft(name="deployments", title="Deployments", rules=[rule], actor=SYSTEM)
    policies.enforce(policy_id=draft.pk, actor=SYSTEM, now=now)


@pytest.fixture
def granted(shop, change_manager, now):
    for day in range(5):
        deploy(shop, now + timedelta(hours=day), version=f"1.{day}")
    found = devolutions.grant(stream_id=stream_of(shop).pk, actor=person(change_manager), now=now + timedelta(hours=6))
    now_asks(now)
    return found


def test_it_is_granted_on_a_record_that_holds_and_the_pipeline_decides_alone(granted, shop, now):
    entry = LedgerEntry.objects.get(decision="devolution_granted")
    deployment = ask(shop, now + timedelta(hours=7))

    assert granted.grant_entry == entry.sequence
    assert entry.details["record"]["deployments"] == 5
    assert deployment.decision == "authorised"
    found = looked_at(deployment, "the pipeline may decide alone")
    assert found["found"].endswith("0 of 5 failed or were rolled back (0 %) in the last 30 days")


def test_the_next_request_after_the_record_breaks_revokes_it_and_asks_people(granted, shop, change_manager, now):
    deploy(shop, now + timedelta(hours=8), outcome="failed", version="2")
    later = now + timedelta(hours=9)
    deployment = ask(shop, later)

    granted.refresh_from_db()
    entry = LedgerEntry.objects.get(decision="devolution_revoked")
    assert deployment.decision == "pending"
    assert (granted.state, granted.revoked_at, granted.revoke_entry) == ("revoked", later, entry.sequence)
    assert "1 of 6 failed" in granted.revoked_because
    assert f"{granted.number} was revoked" in looked_at(deployment, "the pipeline may decide alone")["found"]
    assert ask(shop, later + timedelta(days=60)).decision == "pending"  # nobody but a person grants it anew
    assert LedgerEntry.objects.filter(decision="devolution_revoked").count() == 1
    outbox.publish()
    for subscriber in outbox.waiting_subscribers():
        outbox.drain(subscriber)
    told = Notification.objects.filter(user=change_manager, kind="transition.devolution").order_by("pk")
    assert [" decides alone now" in told[0].text, "people do: " in told[1].text] == [True, True]


def test_deploying_without_asking_loses_it(granted, shop, change_manager, now):
    unmatched.record(service=shop, environment="production", artifact="shop", version="3", seen_at=now, origin="x",
                     actor=SYSTEM, now=now + timedelta(hours=8))  # fmt: skip

    assert ask(shop, now + timedelta(hours=9)).decision == "pending"
    granted.refresh_from_db()
    assert "deployed without asking" in granted.revoked_because


def test_it_is_for_one_criticality_only(granted, shop, change_manager, now):
    from cmdb.operations import cis

    cis.update(ci_id=shop.ci_id, criticality=4 if shop.ci.criticality != 4 else 3, actor=SYSTEM)
    shop.ci.refresh_from_db()

    assert ask(shop, now + timedelta(hours=7)).decision == "pending"
    granted.refresh_from_db()
    assert granted.state == "granted"


def test_a_record_that_does_not_hold_earns_nothing(shop, change_manager, now):
    with pytest.raises(devolutions.RecordDoesNotHold) as refusal:
        devolutions.grant(stream_id=stream_of(shop).pk, actor=person(change_manager), now=now)

    assert "0 deployments in 30 days, at least 5 are asked" in refusal.value.message
    assert not Devolution.objects.exists()
    assert not LedgerEntry.objects.filter(decision="devolution_granted").exists()


@pytest.mark.parametrize("terms", [{"days": 0}, {"min_deployments": 0}, {"max_failed_percent": Decimal(101)}])
def test_terms_that_ask_nothing_are_refused(shop, now, terms):
    with pytest.raises(InvalidInput):
        devolutions.grant(stream_id=stream_of(shop).pk, actor=SYSTEM, now=now, **terms)


def test_only_a_change_manager_grants_and_revokes_it_and_only_one_stands(granted, shop, release_manager, now):
    stream = stream_of(shop)
    with pytest.raises(Forbidden):
        devolutions.grant(stream_id=stream.pk, actor=person(release_manager), now=now)
    with pytest.raises(devolutions.AlreadyGranted):
        devolutions.grant(stream_id=stream.pk, actor=SYSTEM, now=now + timedelta(hours=6))
    devolutions.revoke(devolution_id=granted.pk, reason="The team changed.", actor=SYSTEM, now=now)
    with pytest.raises(IllegalMove):
        devolutions.revoke(devolution_id=granted.pk, reason="Again.", actor=SYSTEM, now=now)


def test_by_rest_it_is_granted_listed_and_revoked(shop, api, change_manager, now):
    from django.utils import timezone

    for hour in range(5):
        deploy(shop, timezone.now() - timedelta(hours=hour + 1), version=f"1.{hour}")
    client = api(change_manager)
    made = client.post("/api/transition/devolutions/", {"stream": stream_of(shop).number, "min_deployments": 3})
    assert (made.status_code, made.json()["state"]) == (201, "granted")
    path = f"/api/transition/devolutions/{made.json()['number']}"
    gone = client.post(f"{path}/revoke/", {"reason": "The team changed."})
    assert (gone.status_code, gone.json()["state"]) == (200, "revoked")
    assert client.get("/api/transition/devolutions/?state=revoked").json()["count"] == 1
