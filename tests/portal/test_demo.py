"""The demo organisation: whole, once, and telling the story that it is made for."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings

from changes.models import ChangeRequest
from changes.operations import authorisations, requests, tasks
from changes.queries import basics, completeness, slots
from cmdb.models import ConfigurationItem, ImportRun, Relation, Service
from cmdb.queries import impact
from itsm.kernel import history, ledger
from itsm.kernel.actor import Actor
from itsm.kernel.models import LedgerEntry, RoleAssignment, User
from itsm.portal.demo import load, plan
from itsm.portal.demo.stage import Stage
from itsm.portal.queries import work
from knowledge.models import Article
from transition.models import (
    Deployment,
    Gap,
    Improvement,
    Incident,
    Meeting,
    ReleasePackage,
    Requirement,
    StreamPeriod,
)
from transition.operations import deployments

NOW = datetime(2026, 11, 23, 16, 45, tzinfo=UTC)
PEOPLE = [
    "admin", "change.manager", "cab.member", "requester", "implementer", "service.owner", "sponsor", "support.lead",
    "config.manager", "test.manager", "knowledge.manager", "csi.manager", "viewer",
]  # fmt: skip


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Once for all tests here, in a transaction that is rolled back after the last."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic(), quick:
        assert load.load(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded, db) -> None:
    """The demo organisation, as loaded on a Monday afternoon."""


def counts() -> dict[str, int]:
    ours = ("kernel", "cmdb", "knowledge", "changes", "transition")
    return {m._meta.label: m._base_manager.count() for app in ours for m in apps.get_app_config(app).get_models()}


def test_loading_it_twice_changes_nothing(demo):
    before = counts()
    assert load.load(now=NOW) is False
    assert counts() == before


def test_it_is_refused_outside_the_demo(db, settings):
    settings.DEMO = False
    before = User.objects.count()
    with pytest.raises(CommandError, match="SLIPWAY_DEMO"):
        call_command("load_demo")
    assert User.objects.count() == before


@pytest.mark.parametrize("username", PEOPLE)
def test_its_people_sign_in(demo, settings, username):
    settings.DEMO = True
    client = Client()
    answer = client.post("/accounts/login/", {"login": username, "password": "slipway-demo"})
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")


def test_its_pipeline_cannot_sign_in_to_pages(demo, settings):
    settings.DEMO = True
    assert not Client().login(username="pipeline", password="slipway-demo")


def test_its_ledger_is_in_order(demo):
    assert ledger.verify().broken_at is None


def test_its_history_says_who(demo):
    story = history.story_of(ConfigurationItem.objects.get(name="DB-ORDERS"))
    assert {entry["who"] for entry in story} == {"Viktor Hansen"}


def test_the_firewall_reaches_fourteen_items_some_long_unverified(demo):
    found = impact.impact_of([ConfigurationItem.objects.get(name="CORP_PIX_001")])
    assert len(found.items) == 14
    assert {ci.name for ci, _ in found.services} == {"Online Shop", "Payments", "Corporate network"}
    assert sum((NOW - ci.verified_at).days > 90 for ci, _ in found.items) == 6


def test_the_packages_are_those_of_the_reference_plan(demo):
    first, second = ReleasePackage.objects.order_by("ordinal")
    assert (first.target_date.month, first.els_days, first.state) == (6, 5, "closed")
    assert (second.target_date.month, second.els_days, second.state) == (11, 15, "building")
    briefing, training = (p.items.get(kind=kind) for p, kind in [(first, "briefing"), (second, "training")])
    assert (first.target_date - briefing.due).days == 21
    assert (second.target_date - training.due).days == 35
    assert set(first.nfr_targets.values_list("target_percent", flat=True)) == {75}
    assert set(second.nfr_targets.values_list("target_percent", flat=True)) == {90}


@pytest.mark.parametrize("month", range(1, 13))
def test_its_deliveries_lie_before_and_ahead_in_every_month(month):
    stage = Stage(datetime(2027, month, 28, 12, tzinfo=UTC))
    assert plan.last_target(stage, 6) < stage.now.date() <= plan.next_target(stage, 11)


def test_one_knowledge_period_was_missed_and_one_acceptance_week_was_too_full(demo):
    missed = StreamPeriod.objects.get(state="missed")
    assert (missed.stream.ordinal, missed.span.lower.date().isoformat()) == (2, "2026-11-18")
    excess = StreamPeriod.objects.get(state="excess")
    assert (excess.stream.ordinal, excess.runs.count()) == (3, 3)
    assert StreamPeriod.objects.filter(state="open").count() == 4


def test_nobody_is_service_level_manager_next_thursday(demo):
    def cover(day: int) -> int:
        at = datetime(2026, 11, day, 12, tzinfo=UTC)
        return RoleAssignment.objects.current(at).filter(role="service_level_manager").count()

    assert [cover(day) for day in (23, 25, 26, 27)] == [1, 1, 0, 1]


def test_the_shop_is_live(demo):
    shop = Service.objects.get(slug="online-shop")
    assert (shop.status, shop.owner.username, shop.sponsor.username) == ("live", "service.owner", "sponsor")


@pytest.fixture
def firewall(demo) -> ChangeRequest:
    return ChangeRequest.objects.get(title="Open firewall CORP_PIX_001 to PayPal")


def test_the_firewall_request_meets_the_backup_and_waits_for_one_person(firewall):
    verdicts = {v.code: v for v in basics.verdicts_of(firewall, NOW)}

    assert {code: v.verdict for code, v in verdicts.items()} == {
        "nothing_else": "block",
        "nobody_assumes": "block",
        "no_surprise": "warn",
        "everyone_knows": "ok",
        "time_to_go_back": "ok",
    }
    assert "Nightly backup of DB-ORDERS runs 22:30–23:30" in verdicts["nothing_else"].explanation
    assert "“Restart the proxy”, is assigned to Jonah Baker" in verdicts["nobody_assumes"].explanation
    assert "6 of 15 CIs" in verdicts["no_surprise"].explanation
    assert "= 90 of 120 min" in verdicts["time_to_go_back"].explanation
    assert firewall.status == "assessment"
    assert firewall.window.lower == datetime(2026, 11, 24, 22, tzinfo=UTC)
    assert firewall.proposal.title == "Accept PayPal"


def test_the_firewall_request_waits_for_the_change_manager_the_cab_has_spoken(firewall):
    assert dict(firewall.authorisations.values_list("role", "state")) == {
        "change_manager": "pending",
        "cab_member": "authorised",
    }


def test_once_moved_and_acknowledged_the_firewall_request_can_be_authorised(firewall):
    manager, implementer = (Actor.person(User.objects.get(username=n)) for n in ("change.manager", "implementer"))
    (start, end), *_ = slots.next_free_slots(firewall, timedelta(hours=2), firewall.window.lower)

    requests.schedule(change_id=firewall.pk, start=start, end=end, actor=manager)
    restart = firewall.tasks.get(title="Restart the proxy")
    tasks.acknowledge(task_id=restart.pk, actor=implementer, now=NOW)
    waiting = firewall.authorisations.get(role="change_manager", state="pending")
    authorisations.decide(authorisation_id=waiting.pk, decision="authorised", actor=manager, now=NOW)

    waiting.refresh_from_db()
    assert waiting.state == "authorised"
    assert LedgerEntry.objects.order_by("sequence").last().subject == firewall.number
    assert ledger.verify().broken_at is None


def test_a_change_failed_because_the_backup_ran(demo):
    failed = ChangeRequest.objects.get(outcome="failed")
    assert (failed.status, failed.review.causes) == ("closed", ["concurrent_activity"])
    assert "DB-ORDERS" in failed.title


def test_an_emergency_of_today_still_owes_why_it_was_and_its_requester_is_asked_for_it(demo):
    change = ChangeRequest.objects.get(type="emergency")
    asked = work.waiting_for(Actor.person(change.requested_by), NOW, ["owed"])

    assert [one.field for one in completeness.owed(change)] == ["reason", "back_out_trigger", "back_out_steps"]
    assert [(item.title, item.step.label) for item in asked] == [(change.title, "Complete it")]


def test_the_incident_of_that_night_names_the_failed_change_first(demo):
    incident = Incident.objects.get(title="Orders cannot be placed")
    first = incident.suspects.order_by("-score").first()
    assert (incident.cause, incident.caused_by.outcome, incident.state) == ("change", "failed", "resolved")
    assert (first.change, first.verdict) == (incident.caused_by, "confirmed")
    assert incident.improvements.get().state == "checking"


def test_one_incident_was_no_change_and_one_waits_for_a_verdict(demo):
    assert Incident.objects.get(cause="not_a_change").service.slug == "payments"
    waiting = Incident.objects.get(cause="undecided")
    assert waiting.state == "open"
    assert waiting.suspects.filter(verdict="open").exists()


def test_the_pipeline_was_refused_when_tests_failed_and_people_when_none_was_run(demo):
    refused, barring = Deployment.objects.filter(decision="refused"), ("block", "inconclusive")
    assert refused.count() == 3
    assert all("no test failed" in str([r for r in d.reasons if r["verdict"] in barring]) for d in refused)
    live = Deployment.objects.filter(environment="production", state="succeeded")
    assert not live.exclude(decision="refused").filter(run=None).exists()


def test_requirement_e_is_live_without_an_article_and_was_pushed_back(demo):
    wanted = Requirement.objects.get(code="e")
    assert wanted.deployed_at is not None
    assert not Relation.objects.filter(type="describes", target=wanted.ci).exists()
    assert Gap.objects.get(state="open").severity == "minor"
    states = dict(Article.objects.values_list("title", "state"))
    assert sorted(states.values()) == ["draft", "in_test", "published", "published", "published"]


def test_the_packs_wrote_themselves_and_proposed_what_to_improve(demo):
    assert Meeting.objects.filter(pack_at__isnull=False).count() == 32
    proposed = Improvement.objects.get(origin__startswith="period:")
    assert proposed.title == "Keep the rhythm of 2 Knowledge"


def test_the_pipeline_may_deploy_today(demo):
    answer = deployments.request(
        service=Service.objects.get(slug="online-shop"),
        environment="production",
        artifact="registry/online-shop",
        version="1.9.0",
        evidence=[{"kind": "tests", "passed": 12, "failed": 0}],
        actor=Actor.person(User.objects.get(username="pipeline")),
        now=NOW,
    )
    assert (answer.decision, answer.change.type) == ("authorised", "standard")


def test_the_first_list_of_the_racks_is_in_and_todays_waits_for_a_decision(demo):
    first, today = ImportRun.objects.filter(source="rack-inventory").order_by("pk")
    assert (first.state, first.failure) == ("done", "")
    assert first.counts["created"] == 12
    assert today.state == "previewed"
    assert today.counts["changed"] > 0
    assert today.problem_count == 2, "a class that is not there yet, and so what its CI is plugged into"


def test_the_next_bill_of_the_storefront_waits_and_says_what_is_different(demo):
    first, following = ImportRun.objects.filter(source="sbom-storefront").order_by("pk")

    assert (first.state, first.counts["created"]) == ("done", 8)
    assert (following.state, following.failure) == ("previewed", "")
    words = {word: following.counts[word] for word in ("added", "removed", "upgraded", "downgraded")}
    assert words == {"added": 1, "removed": 1, "upgraded": 4, "downgraded": 1}
