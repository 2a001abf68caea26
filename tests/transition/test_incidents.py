"""What broke, which change may have done it, and what was learnt."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changes.models import ChangeRequest
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import make_change
from transition.correlation import Candidate, score_of
from transition.models import Improvement, Incident, Meeting
from transition.operations import improvements, incidents, meetings

OPENED = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


@given(
    hours=st.floats(0, 168), distance=st.one_of(st.none(), st.integers(0, 10)), same=st.booleans(),
    outcome=st.sampled_from(["", "failed", "successful", "backed_out"]),
)  # fmt: skip
def test_a_score_is_between_nought_and_one_and_falls_with_time(hours, distance, same, outcome):
    def score(h):
        return score_of(Candidate(1, OPENED - timedelta(hours=h), distance, same, outcome), OPENED).score

    assert 0 <= score(hours) <= 1
    assert score(hours + 1) <= score(hours)


@given(distance=st.integers(0, 9))
def test_nearer_in_the_cmdb_scores_higher(distance):
    near, far = (score_of(Candidate(1, OPENED, d, False), OPENED).score for d in (distance, distance + 1))

    assert near > far


@pytest.fixture
def trouble(alice):
    """A database, the shop above it, a change on the database that ended an hour before, and one elsewhere."""
    database = make_ci("DB-ORDERS")
    shop = make_ci("SHOP", depends_on=[database])
    guilty = make_change(requested_by=alice, cis=[database], title="Patch the database")
    other = make_change(requested_by=alice, cis=[make_ci("elsewhere")], title="Elsewhere")
    for change in (guilty, other):
        ChangeRequest.objects.filter(pk=change.pk).update(
            status="closed",
            outcome="failed",
            started_at=OPENED - timedelta(hours=2),
            finished_at=OPENED - timedelta(hours=1),
        )
    incident = incidents.report(title="Checkout is slow", ci=shop, opened_at=OPENED, actor=SYSTEM)
    return incident, guilty


@pytest.mark.django_db
def test_the_change_on_the_ci_below_is_suspected_with_reasons(trouble):
    incident, guilty = trouble

    suspects = incidents.rank(incident_id=incident.pk, actor=SYSTEM)

    assert [s.change for s in suspects] == [guilty]
    assert suspects[0].reasons == ["60 min before", "touched DB-ORDERS, 1 CI away", "the change itself failed"]
    assert len(incidents.rank(incident_id=incident.pk, actor=SYSTEM)) == 1


@pytest.mark.django_db
def test_a_person_decides_the_cause(trouble, support_lead, viewer):
    incident, guilty = trouble
    incidents.rank(incident_id=incident.pk, actor=SYSTEM)
    with pytest.raises(Forbidden):
        incidents.confirm_cause(incident_id=incident.pk, change=guilty, actor=Actor.person(viewer))

    incidents.confirm_cause(incident_id=incident.pk, change=guilty, actor=Actor.person(support_lead))

    incident.refresh_from_db()
    assert (incident.cause, incident.caused_by) == ("change", guilty)
    assert incident.suspects.get().verdict == "confirmed"


@pytest.mark.django_db
def test_not_a_change_is_an_answer(trouble, support_lead):
    incident, _ = trouble
    incidents.rank(incident_id=incident.pk, actor=SYSTEM)
    incidents.dismiss_cause(incident_id=incident.pk, actor=Actor.person(support_lead))

    assert Incident.objects.get(pk=incident.pk).cause == "not_a_change"
    assert incident.suspects.get().verdict == "dismissed"


@pytest.mark.django_db
def test_a_pack_is_written_once_and_proposes_what_to_improve(service_owner, alice):
    service = make_service("Online Shop", owner=service_owner)
    meetings.agree(service=service, kind="sunset", at=time(16, 30), actor=SYSTEM)
    change = make_change(requested_by=alice, cis=[service.ci])
    ChangeRequest.objects.filter(pk=change.pk).update(status="closed", outcome="failed", started_at=OPENED)
    incident = incidents.report(title="Invoices twice", service=service, opened_at=OPENED, actor=SYSTEM)
    incidents.confirm_cause(incident_id=incident.pk, change=change, actor=SYSTEM)
    near = datetime.now(UTC).replace(hour=16, minute=10, second=0, microsecond=0) + timedelta(days=1)

    Incident.objects.filter(pk=incident.pk).update(opened_at=near - timedelta(hours=3))
    assert len(meetings.write_due(actor=SYSTEM, now=near)) == 1
    assert meetings.write_due(actor=SYSTEM, now=near + timedelta(minutes=5)) == []

    pack = Meeting.objects.get().pack
    assert "Invoices twice" in pack["sections"][0]["lines"][0]["text"]
    assert pack["sections"][0]["lines"][0]["link"] == incident.get_absolute_url()


@pytest.mark.django_db
def test_an_improvement_is_measured_again(csi_manager, now):
    actor = Actor.person(csi_manager)
    logged = improvements.log(
        title="No missed period", check_on=now.date(), baseline=3, target=0, origin="x", actor=actor
    )
    assert improvements.log(title="Again", origin="x", actor=actor) == logged
    for step in (improvements.approve, improvements.start, improvements.finish):
        step(improvement_id=logged.pk, actor=actor)
    with pytest.raises(improvements.CannotMeasure):
        improvements.check(improvement_id=logged.pk, actor=actor, now=now)

    improvements.check(improvement_id=logged.pk, actor=actor, now=now, actual=1)

    assert Improvement.objects.get().state == "did_not_work"
