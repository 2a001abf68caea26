"""The page of a deployment: why it may or may not go, who said so, what it brings and what came of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from changes.models import Authorisation
from changes.operations import authorisations
from tests.builders import SYSTEM
from tests.transition.builders import make_requirement
from tests.transition.gate_builders import DIGEST, NO_FAILURE, ask, deploy, make_shop, person
from transition.models import Incident, Suspect
from transition.operations import deployments, incidents, unmatched

pytestmark = pytest.mark.django_db
ASKING = {**NO_FAILURE, "inconclusive": "ask", "unknown": "warn", "fix": "Mend the failing tests."}
NOTHING_RAN = [{"kind": "tests", "name": "unit", "passed": 0, "failed": 0}]
FAILED = [{"kind": "tests", "name": "unit", "passed": 1, "failed": 2}]


@pytest.fixture
def shop(service_owner):
    return make_shop([ASKING], owner=service_owner)


@pytest.fixture
def read(browser_of, viewer):
    browser = browser_of(viewer)

    def page(deployment):
        answer = browser.get(deployment.get_absolute_url())
        assert answer.status_code == 200
        return answer.content.decode()

    return page


def test_what_bars_it_says_what_follows_and_what_mends_it(shop, read):
    html = read(ask(shop, timezone.now(), evidence=FAILED))

    assert "<b>bars it</b>" in html
    assert '<p class="mend">Mend the failing tests.</p>' in html


def test_what_waits_leads_to_the_decision_and_afterwards_says_who_decided(shop, read, change_manager):
    now = timezone.now()
    deployment = ask(shop, now, evidence=NOTHING_RAN)
    html = read(deployment)
    assert f'<a href="{deployment.change.get_absolute_url()}#decision">Open the decision</a>' in html
    assert "<b>leaves it to people</b>" in html

    waits = Authorisation.objects.get(change=deployment.change)
    authorisations.decide(
        authorisation_id=waits.pk, decision="rejected", comment="Run them.", actor=person(change_manager), now=now
    )
    deployments.follow(change_id=deployment.change_id, actor=SYSTEM)

    html = read(deployment)
    assert f"{change_manager} rejected it: “Run them.”" in html
    assert "Open the decision" not in html


def test_a_roll_back_says_who_when_why_and_how_it_was_judged(shop, read, release_manager):
    before = deploy(shop, timezone.now() - timedelta(hours=3), version="1.8.2")
    deployment = deploy(shop, timezone.now() - timedelta(hours=2), artifact_digest=DIGEST)
    html = read(deployment)
    assert DIGEST in html
    assert f'<a href="{before.get_absolute_url()}">1.8.2</a> to 1.8.3<p>Its version is 1.8.3 now.' in html

    deployments.roll_back(
        deployment_id=deployment.pk, reason="Baskets were empty.", actor=person(release_manager), now=timezone.now()
    )

    html = read(deployment)
    assert f"{release_manager}" in html.partition('class="standing"')[2].partition("</p>")[0]
    assert "“Baskets were empty.”" in html
    assert f"{deployment.change.number}</a> is judged backed out." in html
    assert "Its version is 1.8.2 now." in html


def test_what_it_brings_says_which_articles_are_needed(shop, read):
    make_requirement(shop.plan, "a", text="Product search")
    make_requirement(shop.plan, "x", kind="non_functional", text="Fast")

    html = read(ask(shop, timezone.now(), requirements=["a", "x"]))

    assert html.count("needs an article") == 1


def test_incidents_since_are_told_and_those_put_down_to_it_come_first(shop, read):
    now = timezone.now()
    deployment = deploy(shop, now - timedelta(hours=2))
    assert "since it began" in read(deployment)
    held = incidents.report(title="Invoices twice", service=shop, opened_at=now - timedelta(hours=1), actor=SYSTEM)
    Suspect.objects.get_or_create(incident=held, change=deployment.change, defaults={"score": "0.9"})
    incidents.report(title="Before it", service=shop, opened_at=now - timedelta(hours=5), actor=SYSTEM)
    other = incidents.report(title="Slow pages", service=shop, opened_at=now, actor=SYSTEM)
    Suspect.objects.filter(incident=other).update(verdict="dismissed")
    secret = incidents.report(title="Leaked keys", service=shop, opened_at=now, actor=SYSTEM)
    Incident.objects.filter(pk=secret.pk).update(confidential=True)

    html = read(deployment)

    assert html.index("Invoices twice") < html.index("Slow pages")
    assert "Before it" not in html
    assert "Leaked keys" not in html


def test_what_nobody_asked_for_leads_to_the_change_to_review(shop, read):
    now = timezone.now()
    told = ask(shop, now, mode="receipt", evidence=FAILED)
    html = read(told)
    assert f"{told.change.number}</a> is the change to review." in html
    assert "ask again" not in html
    assert "Authorised" not in html.partition('class="states"')[2].partition("</ol>")[0]

    seen = unmatched.record(
        service=shop, environment="staging", artifact="shop", version="2", seen_at=now, origin="cdevent:1",
        evidence={}, actor=SYSTEM, now=now,
    )  # fmt: skip
    html = read(seen)
    assert "It was seen there, and nobody had asked." in html
    assert f"{seen.change.number}</a> is the change to review." in html


def test_it_asks_as_often_for_much_as_for_little(shop, browser_of, viewer):
    browser, now = browser_of(viewer), timezone.now()

    def asked(deployment):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(deployment.get_absolute_url()).status_code == 200
        return len(captured)

    def make(names, at):
        for name in names:
            make_requirement(shop.plan, name, text=f"Requirement {name}")
        deployment = deploy(shop, at, requirements=names)
        for n in range(len(names) * 3):
            incident = incidents.report(
                title=f"Broke {n}", service=shop, opened_at=at + timedelta(minutes=n), actor=SYSTEM
            )
            Suspect.objects.get_or_create(incident=incident, change=deployment.change, defaults={"score": "0.5"})
        deployments.roll_back(deployment_id=deployment.pk, reason="Again.", actor=SYSTEM, now=at + timedelta(hours=1))
        return deployment

    deploy(shop, now - timedelta(days=9), version="1.8.2")
    little = make(["a"], now - timedelta(days=8))
    much = make(["b", "c", "d", "e"], now - timedelta(days=4))
    asked(little)

    assert asked(much) == asked(little)
    assert asked(much) <= 24
