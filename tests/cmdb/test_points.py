"""Services pass the transition points of the portfolio, or are told what bars them."""

import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from cmdb.models import ConfigurationItem, CriterionWaiver, PointPassed, Relation, Service
from cmdb.operations import points, relations, services
from cmdb.portfolio import criteria
from cmdb.portfolio.points import ADOPTED, POINTS, between
from cmdb.queries.points import ahead, examine
from cmdb.queries.services import listed
from itsm.kernel import ledger
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from itsm.kernel.models import LedgerEntry, OutboxEvent, Team
from itsm.kernel.roles import Role
from tests.builders import SYSTEM, make_ci, make_service
from transition.operations import acceptance, gaps, incidents

Step = Service.SubState


@pytest.fixture
def shop(service_owner, sponsor):
    """In the pipeline, with everything agreed and on a live CI."""
    service = make_service(
        live=False, owner=service_owner, sponsor=sponsor, summary="Sells.", hours="Mon–Fri 08:00–18:00",
        sla_targets=[{"measure": "availability", "target": 99.5, "unit": "percent"}],
        access=[{"system": "Back office", "access": "full"}],
        support_team=Team.objects.create(name="Shop support"),
    )  # fmt: skip
    relations.relate(source=service.ci, type="depends_on", target=make_ci("web-1"), actor=SYSTEM)
    return service


def passes(service, to, actor, now, **said):
    return points.pass_point(service_id=service.pk, to=to, actor=actor, now=now, **said)


def at(service, step):
    Service.objects.filter(pk=service.pk).update(sub_state=step, status=Service.STATUS_OF[Step(step)])
    service.refresh_from_db()
    return service


def test_each_step_that_the_lifecycle_allows_has_one_point():
    steps = {(start, to) for start, following in Service.LIFECYCLE.steps.items() for to in following}
    covered = [(str(start), str(point.to)) for point in POINTS for start in point.starts]

    assert sorted(covered) == sorted(steps)
    assert {point for each in criteria.known() for point in each.at} <= {point.code for point in POINTS}


def test_a_service_passes_a_point_whose_criteria_are_met(shop, sponsor, now):
    service = passes(shop, "chartered", Actor.person(sponsor), now, reason="Customers ask for it.")

    assert (service.status, service.sub_state) == ("pipeline", "chartered")
    passage = PointPassed.objects.get()
    assert (passage.point, passage.by, passage.at, passage.reason) == (
        "charter", sponsor, now, "Customers ask for it.",
    )  # fmt: skip
    assert [found["met"] for found in passage.findings] == [True, True, True]
    assert OutboxEvent.objects.filter(name="cmdb.service.moved").get().payload["point"] == "charter"
    assert ledger.verify().intact
    assert LedgerEntry.objects.get(pk=passage.ledger_sequence).decision == "point_passed"


def test_it_refuses_a_point_and_names_each_criterion_that_is_not_met(db, now):
    service = make_service(live=False)

    with pytest.raises(points.CriteriaUnmet) as refusal:
        passes(service, "chartered", SYSTEM, now)

    assert [check["code"] for check in refusal.value.checks] == ["owner_named", "sponsor_named", "purpose_written"]
    assert all(check["message"] and check["url"] and check["fix"] for check in refusal.value.checks)
    service.refresh_from_db()
    assert service.sub_state == "defined"
    assert not PointPassed.objects.exists()


def test_nobody_skips_a_point(shop, sponsor, now):
    with pytest.raises(IllegalMove):
        passes(shop, "operational", Actor.person(sponsor), now)
    with pytest.raises(InvalidInput, match="Unknown step"):
        passes(shop, "nowhere", Actor.person(sponsor), now)


def test_only_those_who_will_run_it_accept_it(shop, service_owner, support_lead, now):
    at(shop, Step.BUILT)

    with pytest.raises(Forbidden, match="support lead or a test manager"):
        passes(shop, "accepted", Actor.person(service_owner), now)
    with pytest.raises(points.CriteriaUnmet) as refusal:
        passes(shop, "accepted", Actor.person(support_lead), now)

    assert {check["code"] for check in refusal.value.checks} == {"article_published", "support_accepted"}


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.code)
def test_whoever_may_pass_another_point_may_not_pass_this_one(point, shop, person, now):
    """Each rule is asked behind the one for some point, where the matrix of rights does not reach it."""
    of_another = {"accept": Role.SERVICE_OWNER, "rebuild": Role.BUSINESS_SPONSOR, "redesign": Role.BUSINESS_SPONSOR}
    somebody = person("somebody", of_another.get(point.code, Role.TEST_MANAGER))

    for start in point.starts:
        with pytest.raises(Forbidden, match=re.escape(point.who)):
            passes(at(shop, start), point.to, Actor.person(somebody), now, reason="Because.")


def test_a_critical_gap_bars_going_live_and_an_accepted_risk_does_not(shop, service_owner, support_lead, now):
    at(shop, Step.ACCEPTED)
    lead = Actor.person(support_lead)
    gap = gaps.name(service=shop, title="Nobody can restart it", severity="critical", actor=lead)
    gaps.name(service=shop, title="No picture of it", severity="minor", actor=lead)

    with pytest.raises(points.CriteriaUnmet) as refusal:
        passes(shop, "operational", Actor.person(service_owner), now)
    assert [check["code"] for check in refusal.value.checks] == ["no_critical_gap"]
    assert gap.number in refusal.value.checks[0]["message"]

    gaps.close(gap_id=gap.pk, actor=lead)
    assert passes(shop, "operational", Actor.person(service_owner), now).status == "live"
    assert ConfigurationItem.objects.get(pk=shop.ci_id).status == "live"


def test_a_service_does_not_go_live_on_cis_that_are_not(shop, service_owner, now):
    at(shop, Step.ACCEPTED)
    new = make_ci("web-2", status="testing")
    relations.relate(source=shop.ci, type="runs_on", target=new, actor=SYSTEM)

    with pytest.raises(points.CriteriaUnmet) as refusal:
        passes(shop, "operational", Actor.person(service_owner), now)

    assert "web-2 (testing)" in refusal.value.checks[0]["message"]


def test_it_does_not_retire_what_others_rely_on_or_what_is_broken(shop, service_owner, now):
    at(shop, Step.RETIRING)
    relations.relate(source=make_ci("till"), type="depends_on", target=shop.ci, actor=SYSTEM)
    incidents.report(title="Down", service=shop, priority=1, opened_at=now, actor=SYSTEM)

    with pytest.raises(points.CriteriaUnmet) as refusal:
        passes(shop, "retired", Actor.person(service_owner), now)

    assert {check["code"] for check in refusal.value.checks} == {"nothing_relies", "no_open_incident"}


def test_a_step_back_asks_why_and_nothing_else(shop, support_lead, now):
    at(shop, Step.BUILT)

    with pytest.raises(InvalidInput, match="Say why"):
        passes(shop, "designed", Actor.person(support_lead), now, reason=" ")

    assert (
        passes(shop, "designed", Actor.person(support_lead), now, reason="It does not scale.").sub_state == "designed"
    )


def test_a_waiver_lets_a_criterion_pass_once_and_stands_in_the_ledger(shop, service_owner, sponsor, now):
    services.update(service_id=shop.pk, summary="", actor=SYSTEM)
    said = {"service_id": shop.pk, "point": "charter", "criterion": "purpose_written", "now": now}

    points.waive(**said, reason="Written by Friday.", actor=Actor.person(service_owner))

    entry = LedgerEntry.objects.get()
    assert (entry.decision, entry.comment, entry.user) == ("criterion_waived", "Written by Friday.", service_owner)
    assert entry.details == {"point": "charter", "criterion": "purpose_written"}
    passes(shop, "chartered", Actor.person(sponsor), now)
    found = {each["code"]: each for each in PointPassed.objects.get().findings}["purpose_written"]
    assert (found["met"], found["waived_because"]) == (False, "Written by Friday.")
    at(shop, Step.DEFINED)
    with pytest.raises(points.CriteriaUnmet):
        passes(shop, "chartered", Actor.person(sponsor), now)


def test_a_waiver_falls_when_something_else_is_found(shop, service_owner, now):
    at(shop, Step.ACCEPTED)
    new = make_ci("web-2", status="testing")
    relations.relate(source=shop.ci, type="runs_on", target=new, actor=SYSTEM)
    said = {"service_id": shop.pk, "point": "go_live", "criterion": "parts_live", "now": now}
    points.waive(**said, reason="A spare.", actor=Actor.person(service_owner))
    relations.relate(source=shop.ci, type="runs_on", target=make_ci("web-3", status="planned"), actor=SYSTEM)

    with pytest.raises(points.CriteriaUnmet):
        passes(shop, "operational", Actor.person(service_owner), now)


def test_it_refuses_waivers_of_strangers_without_a_reason_and_of_what_is_met(shop, service_owner, bob, now):
    owner = Actor.person(service_owner)
    said = {"service_id": shop.pk, "point": "charter", "criterion": "owner_named", "now": now}

    with pytest.raises(Forbidden):
        points.waive(**said, reason="No.", actor=Actor.person(bob))
    with pytest.raises(InvalidInput):
        points.waive(**said, reason="", actor=owner)
    with pytest.raises(points.NothingToWaive):
        points.waive(**said, reason="Why not.", actor=owner)
    with pytest.raises(InvalidInput, match="does not stand before"):
        points.waive(**said | {"point": "retire"}, reason="Why not.", actor=owner)
    assert not CriterionWaiver.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_what_was_passed_and_waived_is_never_rewritten(shop, sponsor, now):
    passes(shop, "chartered", Actor.person(sponsor), now)
    for attempt in (PointPassed.objects.all().delete, lambda: PointPassed.objects.update(reason="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_what_is_there_already_is_entered_where_it_is(config_manager, service_owner):
    service = services.define(name="Mail", step="operational", actor=Actor.person(config_manager))

    assert service.status == "live"
    assert ConfigurationItem.objects.get(pk=service.ci_id).status == "live"
    assert PointPassed.objects.get().point == ADOPTED
    with pytest.raises(Forbidden):
        services.define(name="Fax", step="operational", actor=Actor.person(service_owner))


def test_an_acceptance_review_opens_the_way_into_support(shop, support_lead, now):
    at(shop, Step.BUILT)
    lead, point = Actor.person(support_lead), between("built", "accepted")
    found = {each.criterion.code: each.finding for each in examine(shop, point, now)}
    assert found["support_accepted"].met is False

    review = acceptance.open_review(service=shop, actor=lead)
    acceptance.accept(review_id=review.pk, actor=lead, now=now)

    found = {each.criterion.code: each.finding for each in examine(shop, point, now)}
    assert found["support_accepted"].met is True
    assert review.number in found["support_accepted"].message


def test_all_points_ahead_take_the_same_number_of_queries_whatever_is_there(shop, now):
    at(shop, Step.ACCEPTED)
    with CaptureQueriesContext(connection) as few:
        ahead(listed().get(pk=shop.pk), now)
    Relation.objects.bulk_create(
        Relation(source=shop.ci, type="depends_on", target=make_ci(f"part-{n}")) for n in range(20)
    )
    for n in range(5):
        gaps.name(service=shop, title=f"Gap {n}", severity="major", actor=SYSTEM)
    with CaptureQueriesContext(connection) as many:
        ahead(listed().get(pk=shop.pk), now)

    assert len(few) == len(many) <= 5


def test_rest_previews_a_point_refuses_it_with_its_criteria_and_passes_it(api, shop, service_owner, sponsor):
    client, address = api(sponsor), f"/api/cmdb/services/{shop.slug}/transition/"
    services.update(service_id=shop.pk, summary="", actor=SYSTEM)

    preview = client.get(f"{address}?to=chartered").json()
    (point,) = preview["points"]
    assert (point["code"], point["allowed"], point["open"]) == ("charter", True, False)
    assert [each["code"] for each in point["criteria"] if each["met"] is False] == ["purpose_written"]

    refused = client.post(address, {"to": "chartered"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "criteria_unmet")
    assert [check["code"] for check in refused.json()["checks"]] == ["purpose_written"]

    waive = {"point": "charter", "criterion": "purpose_written", "reason": "By Friday."}
    assert api(sponsor).post(address.replace("transition", "waive-criterion"), waive, format="json").status_code == 403
    waived = api(service_owner).post(address.replace("transition", "waive-criterion"), waive, format="json")
    assert waived.status_code == 200

    assert client.post(address, {"to": "chartered"}, format="json").json()["sub_state"] == "chartered"
    (told,) = client.get(address).json()["passed"]
    assert (told["point"], told["by"]) == ("charter", "sponsor")
    assert [each["waived_because"] for each in told["findings"] if each["waived_by"]] == ["By Friday."]


@pytest.mark.parametrize("to", ["nowhere", "\x00", "x" * 5000])
def test_rest_says_which_steps_there_are(api, shop, sponsor, to):
    client, address = api(sponsor), f"/api/cmdb/services/{shop.slug}/transition/"

    assert client.get(address, {"to": to}).status_code == 400
    assert client.post(address, {"to": to}, format="json").status_code == 400


def test_the_page_shows_what_bars_a_point_and_lets_who_may_pass_it(browser_of, viewer, service_owner, shop):
    address = f"{shop.get_absolute_url()}transition/"
    assert b"nothing bars it" in browser_of(viewer).get(address).content
    assert browser_of(viewer).get(f"{address}?to=chartered").status_code == 403
    services.update(service_id=shop.pk, summary="", actor=SYSTEM)

    owner = browser_of(service_owner)
    assert b"Nobody has written down what it does" in owner.get(f"{address}?to=chartered").content
    refused = owner.post(address, {"to": "chartered"})
    assert refused.status_code == 422
    assert b"1 of 3 criteria not met" in refused.content
    waiver = f"{shop.get_absolute_url()}waive-criterion/"
    about = {"point": "charter", "criterion": "purpose_written"}
    assert b"It goes into the ledger" in owner.get(waiver, about).content
    assert owner.post(waiver, about | {"reason": "By Friday."}).status_code == 302
    assert owner.post(address, {"to": "chartered"}).status_code == 302
    assert b"By Friday." in owner.get(address).content


def test_who_waives_for_others_comes_back_to_the_points(browser_of, service_owner, shop):
    Service.objects.filter(pk=shop.pk).update(sub_state="built")
    about = {"point": "accept", "criterion": "support_accepted", "reason": "The review is on Monday."}
    done = browser_of(service_owner).post(f"{shop.get_absolute_url()}waive-criterion/", about, follow=True)
    assert done.status_code == 200
    assert b"The review is on Monday." in done.content


@pytest.mark.parametrize(
    "path", ["transition/?to=%00", "waive-criterion/?point=x&criterion=%00", "transition/?to=retired"]
)
def test_pages_take_nonsense_calmly(browser_of, service_owner, shop, path):
    assert browser_of(service_owner).get(f"{shop.get_absolute_url()}{path}").status_code == 200
