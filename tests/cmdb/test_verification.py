"""Verification: how long it holds, by hand, in bulk, and how its age is seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cmdb.models import ConfigurationItem
from cmdb.operations import verification
from cmdb.queries.verification import of_age, terms
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import OutboxEvent, Team
from tests.builders import make_ci, make_class
from tests.plans import copies, made_up, plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """Verified today, 100 days ago, never."""
    now = timezone.now()
    ages = {"fresh": now, "due": now - timedelta(days=100), "never": None}
    for name, at in ages.items():
        ConfigurationItem.objects.filter(pk=make_ci(name).pk).update(verified_at=at)
    return ages


def test_a_class_says_how_long_a_verification_holds_and_the_classes_below_inherit_it():
    above = make_class("hardware", verify_days=200)
    below, plain = make_class("blade", parent=above), make_class("plain")
    own = make_class("rack", parent=above, verify_days=10)
    found = terms()
    assert [found[each.pk] for each in (above, below, plain, own)] == [200, 200, 90, 10]


@pytest.mark.parametrize("age", ["fresh", "due", "never"])
def test_the_age_is_a_filter(three, api, viewer, age):
    body = api(viewer).get(f"/api/cmdb/cis/?verification={age}").json()
    assert [ci["name"] for ci in body["results"]] == [age]
    assert api(viewer).get("/api/cmdb/cis/?verification=old").status_code == 400


def test_the_term_of_the_class_counts(three):
    patient = make_class("patient", verify_days=365)
    old = make_ci("old", ci_class=patient)
    ConfigurationItem.objects.filter(pk=old.pk).update(verified_at=timezone.now() - timedelta(days=100))
    cis, now = ConfigurationItem.objects.all(), timezone.now()
    assert {ci.name for ci in of_age(cis, "fresh", now)} == {"fresh", "old"}
    assert {ci.name for ci in of_age(cis, "due", now)} == {"due"}


def test_the_age_is_a_colour_in_the_list(three, browser_of, viewer, config_manager):
    page = browser_of(viewer).get("/cmdb/cis/").content.decode()
    for kind, word in (("ok", "verified"), ("warn", "due again"), ("unknown", "never verified")):
        assert f'<span class="v {kind}">{word}</span>' in page
    assert "Verify the chosen" not in page
    assert "Verify the chosen" in browser_of(config_manager).get("/cmdb/cis/").content.decode()
    csv = b"".join(browser_of(config_manager).get("/cmdb/cis/?format=csv").streaming_content).decode()
    assert "Choose" not in csv


def test_many_are_verified_at_once_by_page_and_rest(three, browser_of, api, config_manager):
    ids = list(ConfigurationItem.objects.order_by("pk").values_list("pk", flat=True))
    browser = browser_of(config_manager)
    assert "due (CI-" in browser.get("/cmdb/cis/verify/", {"pick": ids}).content.decode()
    assert browser.post("/cmdb/cis/verify/", {"cis": "\n".join(f"CI-{pk}" for pk in ids)}).status_code == 302
    assert OutboxEvent.objects.filter(name="cmdb.ci.verified").count() == 3

    answer = api(config_manager).post("/api/cmdb/cis/verify/", [{"id": pk} for pk in ids], format="json")
    assert [ci["verified_by"] for ci in answer.json()] == ["config.manager"] * 3
    stale = api(config_manager).post("/api/cmdb/cis/verify/", [{"id": ids[0], "revision": 1}], format="json")
    assert stale.status_code == 412
    for wrong in ([], {}, [{"id": 0}], [{"id": ids[0], "x": 1}], [{"id": ids[0]}, {"id": ids[0]}]):
        assert api(config_manager).post("/api/cmdb/cis/verify/", wrong, format="json").status_code == 400, wrong


def test_it_refuses_those_of_others_and_then_verifies_none(bob, now):
    team = Team.objects.create(name="Ops")
    team.members.add(bob)
    mine, ours, theirs = make_ci(owner=bob), make_ci(support_team=team), make_ci()
    with pytest.raises(Forbidden, match=theirs.number):
        verification.verify_all(ci_ids=[mine.pk, theirs.pk], actor=Actor.person(bob), now=now)
    assert not ConfigurationItem.objects.filter(verified_at__isnull=False).exists()

    verification.verify_all(ci_ids=[mine.pk, ours.pk], actor=Actor.person(bob), now=now)
    assert ConfigurationItem.objects.filter(verified_by=bob).count() == 2
    with pytest.raises(InvalidInput):
        verification.verify_all(ci_ids=[], actor=Actor.person(bob), now=now)


def test_an_older_word_does_not_undo_a_later_one(system, now):
    make_ci("kept")
    ConfigurationItem.objects.update(verified_at=now)
    found = ConfigurationItem.objects.all()
    assert verification.verify_found(cis=found, actor=system, at=now - timedelta(days=1)) == 0
    assert verification.verify_found(cis=found, actor=system, at=now + timedelta(days=1)) == 1


def test_the_never_verified_are_found_by_an_index(three):
    with made_up([ConfigurationItem]) as write:
        seen = "CASE WHEN n %% 40 > 0 THEN now() END"
        copies(write, ConfigurationItem.objects.earliest("pk"), 2000, name="'n' || n", verified_at=seen)
    ask = of_age(ConfigurationItem.objects.order_by("verified_at", "pk"), "never", timezone.now())[:50]
    assert "ci_order_verified_at" in plan_of(*ask.query.sql_with_params())
