"""An incident where no change was expected to reach shows that a relation is missing."""

import pytest
from django.db import InternalError, transaction

from changes.models import ChangeRequest, ImpactPrediction
from changes.operations.keeping import keep_prediction
from cmdb.models import ConfigurationItem, Relation, RelationProposal
from cmdb.operations import relation_proposals, relations
from cmdb.queries.impact import reach
from itsm.kernel import history
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from tests.builders import SYSTEM, make_ci, make_cluster
from tests.changes.builders import END, NOW, START, make_change
from transition.models import Incident
from transition.operations import incidents, unexpected
from transition.queries.deltas import delta_of, prediction_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(alice):
    """It touches the database, on which the shop depends, and has begun."""
    database = make_ci("db", criticality=4)
    make_ci("shop", depends_on=[database])
    change = make_change(requested_by=alice, cis=[database, make_ci("cable", criticality=1)])
    ChangeRequest.objects.filter(pk=change.pk).update(status="review", outcome="failed", started_at=START)
    keep_prediction(change=change, now=START)
    return change


def broke(ci, change):
    incident = incidents.report(title=f"{ci} is slow", ci=ci, opened_at=END, actor=SYSTEM)
    return incidents.confirm_cause(incident_id=incident.pk, change=change, actor=SYSTEM)


def test_an_incident_out_of_reach_proposes_the_relation(change):
    search = make_ci("search")
    incident = broke(search, change)

    proposal = unexpected.propose_missing(incident_id=incident.pk, actor=SYSTEM)

    assert proposal.sentence == "search depends on db"
    assert proposal.evidence == incident.number
    assert unexpected.propose_missing(incident_id=incident.pk, actor=SYSTEM) == proposal


@pytest.mark.parametrize("name", ["db", "shop"])
def test_what_was_touched_or_predicted_proposes_nothing(name, change):
    incident = broke(ConfigurationItem.objects.get(name=name), change)

    assert unexpected.propose_missing(incident_id=incident.pk, actor=SYSTEM) is None
    assert not RelationProposal.objects.exists()


@pytest.mark.parametrize("model", [ChangeRequest, Incident])
def test_what_is_confidential_is_no_evidence_for_everybody_to_read(model, change):
    incident = broke(make_ci("search"), change)
    model.objects.update(confidential=True)

    assert unexpected.propose_missing(incident_id=incident.pk, actor=SYSTEM) is None
    assert not RelationProposal.objects.exists()


def test_where_redundancy_did_not_hold_no_relation_is_missing(change):
    database = change.cis.get(name="db")
    cluster, _ = make_cluster("cluster", [database, make_ci("db-2")], needs=1)
    incident = broke(cluster, change)

    assert unexpected.propose_missing(incident_id=incident.pk, actor=SYSTEM) is None
    assert delta_of(change, SYSTEM).unexpected == [cluster]


def test_relations_added_after_the_change_began_do_not_improve_its_prediction(change):
    search = make_ci("search", depends_on=[change.cis.get(name="db")])
    broke(search, change)

    assert delta_of(change, SYSTEM).unexpected == [search]
    assert prediction_of(change).at == START


def test_a_kept_prediction_is_never_rewritten(change):
    with pytest.raises(InternalError), transaction.atomic():
        ImpactPrediction.objects.update(impacted=[])
    assert keep_prediction(change=change, now=END).at == START


def test_a_change_without_one_is_measured_by_the_cmdb_of_today_and_says_so(change):
    ImpactPrediction.objects.all().delete()

    prediction = prediction_of(change)

    assert prediction.at is None
    assert len(prediction.expected) == 3


def test_precision_and_recall(change):
    for ci in (change.cis.get(name="db"), make_ci("search"), make_ci("mail")):
        broke(ci, change)

    delta = delta_of(change, SYSTEM)

    assert delta.precision == pytest.approx(1 / 3)
    assert delta.recall == pytest.approx(1 / 3)
    assert [ci.name for ci in delta.unexpected] == ["search", "mail"]


def test_accepting_adds_the_relation_with_the_incident_in_its_history(change, config_manager):
    search = make_ci("search")
    incident = broke(search, change)
    proposal = unexpected.propose_missing(incident_id=incident.pk, actor=SYSTEM)

    done = relation_proposals.accept(proposal_id=proposal.pk, actor=Actor.person(config_manager), now=NOW)

    assert reach([change.cis.get(name="db").pk])[search.pk].distance == 1
    assert (done.state, done.decided_by) == ("accepted", config_manager)
    assert incident.number in history.story_of(done.relation)[0]["reason"]
    with pytest.raises(IllegalMove):
        relation_proposals.accept(proposal_id=proposal.pk, actor=SYSTEM, now=NOW)


def test_whoever_accepts_may_know_better_which_relation_it_is(change):
    search, disk = make_ci("search"), make_ci("disk")
    proposal = unexpected.propose_missing(incident_id=broke(search, change).pk, actor=SYSTEM)
    arguments = {"proposal_id": proposal.pk, "actor": SYSTEM, "now": NOW}

    with pytest.raises(InvalidInput):
        relation_proposals.accept(type="documents", **arguments)
    with pytest.raises(InvalidInput):
        relation_proposals.accept(target=search, **arguments)
    assert not Relation.objects.filter(source=search).exists()
    relation_proposals.accept(type="runs_on", target=disk, **arguments)

    assert Relation.objects.get(source=search).target == disk


def test_dismissing_wants_a_reason_and_a_right(change, viewer):
    proposal = unexpected.propose_missing(incident_id=broke(make_ci("search"), change).pk, actor=SYSTEM)
    with pytest.raises(Forbidden):
        relation_proposals.dismiss(proposal_id=proposal.pk, actor=Actor.person(viewer), now=NOW, reason="No.")
    with pytest.raises(InvalidInput):
        relation_proposals.dismiss(proposal_id=proposal.pk, actor=SYSTEM, now=NOW, reason=" ")

    done = relation_proposals.dismiss(proposal_id=proposal.pk, actor=SYSTEM, now=NOW, reason="Chance.")

    assert done.state == "dismissed"
    assert not Relation.objects.filter(source__name="search").exists()


def test_when_the_cause_is_taken_back_what_it_proposed_falls(change):
    incident = broke(make_ci("search"), change)
    proposal = unexpected.propose_missing(incident_id=incident.pk, actor=SYSTEM)
    incidents.dismiss_cause(incident_id=incident.pk, change=change, actor=SYSTEM)

    unexpected.withdraw(incident_id=incident.pk, actor=SYSTEM, now=NOW)

    proposal.refresh_from_db()
    assert proposal.state == "dismissed"


def test_the_change_shows_what_was_unexpected_and_the_manager_is_asked(change, browser_of, api, config_manager):
    incident = broke(make_ci("search"), change)
    proposal = unexpected.propose_missing(incident_id=incident.pk, actor=SYSTEM)
    browser = browser_of(config_manager)

    page = browser.get(change.get_absolute_url()).content.decode()
    delta = api(config_manager).get(f"/api/changes/requests/{change.number}/impact-delta/").json()

    assert "3 CIs predicted, 1 hit, 0 of them predicted" in page
    assert proposal.number in page
    assert (delta["predicted"], delta["recall"], [ci["display"] for ci in delta["unexpected"]]) == (3, 0.0, ["search"])
    assert f"shown by {incident.number}" in browser.get("/").content.decode()
    assert incident.number in browser.get(proposal.get_absolute_url()).content.decode()


def test_proposals_are_decided_on_their_pages_and_by_rest(change, browser_of, api, config_manager, viewer):
    one, two = (
        unexpected.propose_missing(incident_id=broke(make_ci(name), change).pk, actor=SYSTEM) for name in ("a", "b")
    )
    browser, at = browser_of(config_manager), one.get_absolute_url()
    assert browser.get("/cmdb/relation-proposals/").status_code == 200
    assert browser_of(viewer).get(f"{at}accept/").status_code == 403

    assert browser.post(f"{at}accept/", {"type": "depends_on", "target": one.target.number}).status_code == 302
    url = f"/api/cmdb/relation-proposals/{two.number}/dismiss/"
    assert api(viewer).post(url, {"reason": "No."}, format="json").status_code == 403
    assert api(config_manager).post(url, {}, format="json").status_code == 400
    assert api(config_manager).post(url, {"reason": "No."}, format="json").json()["state"] == "dismissed"

    assert relations.relate(source=one.source, type="depends_on", target=one.target, actor=SYSTEM).pk
    assert set(RelationProposal.objects.values_list("state", flat=True)) == {"accepted", "dismissed"}
