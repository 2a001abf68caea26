"""Audits: what is missing, unexpected and different, what explains it, and what becomes of it."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.models import ChangeRequest
from cmdb.auditing import running, taking_over
from cmdb.importing.progress import Cancelled, Watch
from cmdb.models import Audit, AuditChunk, AuditProgress, CIEdit, ConfigurationItem, Discrepancy, Relation
from cmdb.operations import audits, cis, discrepancies, relations
from itsm.kernel import history
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, IllegalMove, InvalidInput
from tests.builders import SYSTEM, make_ci
from tests.changes.builders import make_change, make_model
from tests.cmdb.auditing import handed_in, make_web, run, seen

pytestmark = pytest.mark.django_db


def told(audit: Audit) -> list[tuple]:
    rows = audit.discrepancies.order_by("kind", "ci_name", "field")
    return [(d.kind, d.ci_name, d.field, d.expected, d.found) for d in rows]


@pytest.fixture
def web():
    return make_web()


def test_what_agrees_is_no_discrepancy_and_counts_as_verified(web, now):
    audit = run(seen("17", name="web-1", version="1", attributes={"os": "debian"}), now=now)

    assert told(audit) == []
    assert (audit.state, audit.counts["agree"], audit.counts["verified"]) == ("closed", 1, 1)
    web.refresh_from_db()
    assert web.verified_at == now
    assert history.story_of(web)[0]["because"]["number"] == audit.number
    assert not AuditChunk.objects.exists()


def test_a_number_told_as_text_is_that_number(web, now):
    audit = run(seen("17", name="web-1", attributes={"ram_gb": "32"}), now=now)
    assert (told(audit), audit.counts["verified"]) == ([], 1)

    other = run(seen("17", name="web-1", attributes={"ram_gb": "32.5", "os": "12"}), now=now)
    assert [found for *_, found in told(other)] == ["12", "32.5"]


def test_it_does_not_verify_where_that_was_not_wanted(web, now):
    run(seen("17", name="web-1"), now=now, verify_matches=False)
    web.refresh_from_db()
    assert web.verified_at is None


def test_each_field_and_attribute_that_differs_is_told(web, now):
    audit = run(seen("17", name="web-1", version="2", attributes={"ram_gb": 64, "rack": "A4"}), now=now)

    assert told(audit) == [
        ("different", "web-1", "attributes.rack", None, "A4"),
        ("different", "web-1", "attributes.ram_gb", 32, 64),
        ("different", "web-1", "version", "1", "2"),
    ]
    assert audit.state == "open"


def test_a_ci_is_found_by_its_key_then_by_its_name(web, now):
    by_name = make_ci("db-1", environment="production")
    audit = run(seen("17", name="renamed"), seen("99", name="db-1"), now=now)
    assert told(audit) == [("different", "web-1", "name", "web-1", "renamed")]
    assert audit.counts["matched"] == 2
    by_name.refresh_from_db()
    assert by_name.verified_at == now


def test_what_the_source_knows_and_did_not_find_is_missing_and_what_no_record_knows_is_unexpected(web, now):
    make_ci("known to others only")
    audit = run(seen("new-1", version="3"), now=now)
    kinds = {(d.kind, d.ci_name) for d in audit.discrepancies.all()}
    assert kinds == {("missing", "web-1"), ("unexpected", "new-1")}
    assert audit.counts["expected"] == 1


def test_a_filter_says_which_are_expected(web, now):
    make_ci("test-1", environment="test")
    make_ci("planned", status="planned", environment="production")
    lost = make_ci("db-1", environment="production")
    audit = run(seen("17", name="web-1"), now=now, query="environment=production")
    assert [(d.kind, d.ci_id) for d in audit.discrepancies.all()] == [("missing", lost.pk)]


def test_nothing_counts_as_missing_while_a_row_could_not_be_read(web, now):
    audit = run(seen("new-1"), seen("17", ci_class="spaceship"), now=now)
    assert [d.kind for d in audit.discrepancies.all()] == ["unexpected"]
    assert (audit.counts["whole"], audit.problem_count) == (False, 1)


def test_a_second_row_about_the_same_ci_is_told_and_counts_no_more(web, now):
    audit = run(seen("17", name="web-1", version="1"), seen("17", name="web-1", version="9"), now=now)
    assert told(audit) == []
    assert (audit.counts["whole"], audit.problems[0]["row"]) == (True, "cis[1]")


def test_an_empty_owner_is_nobody_and_an_empty_value_is_none(web, now):
    assert told(run(seen("17", name="web-1", owner="", attributes={"rack": "", "os": "debian"}), now=now)) == []


def test_what_the_record_gave_up_and_is_found_differs_in_its_status(web, now):
    ConfigurationItem.objects.filter(pk=web.pk).update(status="retired")
    audit = run(seen("17", name="web-1"), now=now)
    assert told(audit) == [("different", "web-1", "status", "retired", "live")]


def test_relations_are_compared_where_both_ends_were_found(web, now):
    database, elsewhere = make_ci("db-1"), make_ci("elsewhere", status="planned")
    relations.relate(source=web, type="depends_on", target=database, actor=SYSTEM)
    relations.relate(source=web, type="depends_on", target=elsewhere, actor=SYSTEM)
    cache = make_ci("cache-1")
    audit = run(
        seen("17", name="web-1"), seen("db-1"), seen("cache-1"), now=now,
        relations=[{"source": "17", "type": "depends_on", "target": "cache-1"}],
    )  # fmt: skip
    assert [(k, name, field) for k, name, field, *_ in told(audit)] == [
        ("relation_missing", "web-1", "depends_on"), ("relation_unexpected", "web-1", "depends_on"),
    ]  # fmt: skip
    discrepancies.update_record(ids=[d.pk for d in audit.discrepancies.all()], actor=SYSTEM, now=now)
    assert set(Relation.objects.filter(source=web).values_list("target", flat=True)) == {cache.pk, elsewhere.pk}


def test_it_fails_where_nothing_could_be_read_and_says_why(web, now):
    audit = run(seen("17", ci_class="spaceship"), now=now)
    assert audit.state == "failed"
    assert "cis[0]" in audit.failure
    assert "spaceship" in audit.failure
    assert not Discrepancy.objects.exists()
    assert not AuditChunk.objects.exists()


ENDS = [[{"object": {"device": {"id": n, "name": f"sw-{n}"}}}] for n in (1, 2)]
CABLE = {"id": 1, "a_terminations": ENDS[0], "b_terminations": ENDS[1]}
NULL = {"mode": "managed", "type": "null_resource", "name": "n", "instances": [{"attributes": {}}]}


@pytest.mark.parametrize(
    ("format_", "file", "said"),
    [
        ("csv", "id,class\n", "It names none."),
        ("csv", "id,class\na,ship\nb,ship\n", "row 2, the first of 2 things that are wrong in it: There is no class"),
        ("netbox", {"dcim/racks": [{"id": 1}, {"id": 2}], "dcim/regions": [{"id": 1}]}, "dcim/racks (2), dcim/regions"),
        ("netbox", {"dcim/cables": [CABLE]}, "It has 1 relation, but not the CIs"),
        ("terraform", {"version": 4, "resources": [NULL]}, "no CI by its nature: null_resource (1)."),
    ],
)
def test_where_a_file_has_no_ci_it_says_what_is_there_instead(now, format_, file, said):
    data = file if isinstance(file, str) else json.dumps(file)
    options = {"columns": {"id": "key", "class": "ci_class"}} if format_ == "csv" else {}
    kept = {"file_name": "f", "data": [data.encode()], "format": format_, "options": options}
    audit = audits.hand_in(name="East hall", source="scan", actor=SYSTEM, now=now, **kept)
    running.carry_out(audit)
    audit.refresh_from_db()
    assert audit.state == "failed"
    assert said in audit.failure


@pytest.mark.parametrize(
    ("outcome", "days", "explained"),
    [("successful", 1, True), ("with_issues", 1, True), ("backed_out", 1, False), ("successful", 40, False)],
)
def test_an_implemented_change_on_the_ci_explains_a_difference(web, now, alice, outcome, days, explained):
    change = make_change(requested_by=alice, cis=[web])
    began = now - timedelta(days=days)
    ChangeRequest.objects.filter(pk=change.pk).update(
        status="review",
        outcome=outcome,
        started_at=began,
        finished_at=began + timedelta(hours=1),
        window=(began, began + timedelta(hours=2)),
    )
    audit = run(seen("17", name="web-1", version="2"), now=now)

    found = audit.discrepancies.get()
    assert (found.state, found.explained_by) == (("authorised", change.number) if explained else ("open", ""))
    assert audit.counts["authorised"] == int(explained)


def test_a_change_outside_its_window_explains_nothing(web, now, alice):
    change = make_change(requested_by=alice, cis=[web])
    began = now - timedelta(days=1)
    ChangeRequest.objects.filter(pk=change.pk).update(
        status="review", outcome="successful", started_at=began, finished_at=began,
        window=(began + timedelta(hours=1), began + timedelta(hours=2)),
    )  # fmt: skip
    assert run(seen("17", name="web-1", version="2"), now=now).discrepancies.get().state == "open"


def test_a_change_before_the_last_verification_explains_nothing(web, now, alice):
    change = make_change(requested_by=alice, cis=[web])
    ChangeRequest.objects.filter(pk=change.pk).update(
        status="review", outcome="successful", started_at=now - timedelta(days=3), finished_at=now - timedelta(days=3)
    )
    cis.verify(ci_id=web.pk, actor=SYSTEM, now=now - timedelta(days=1))
    assert run(seen("17", name="web-1", version="2"), now=now).discrepancies.get().state == "open"


def test_the_record_is_updated_with_the_audit_as_cause(web, now):
    audit = run(seen("17", name="web-1", version="2", attributes={"rack": "A4"}), seen("new-1"), now=now)
    ids = list(audit.discrepancies.values_list("pk", flat=True))

    discrepancies.update_record(ids=ids, actor=SYSTEM, now=now)

    web.refresh_from_db()
    assert (web.version, web.attributes["rack"], web.attributes["os"]) == ("2", "A4", "debian")
    made = ConfigurationItem.objects.get(name="new-1")
    assert (made.status, made.external_keys.get().key) == ("live", "new-1")
    assert {history.story_of(ci)[0]["because"]["number"] for ci in (web, made)} == {audit.number}
    assert audits.close(audit_id=audit.pk, actor=SYSTEM).state == "closed"


def test_a_missing_ci_becomes_lost(web, now):
    audit = run(seen("new-1"), now=now)
    discrepancies.update_record(ids=[audit.discrepancies.get(kind="missing").pk], actor=SYSTEM, now=now)
    web.refresh_from_db()
    assert web.status == "lost"


def test_it_updates_all_or_nothing_and_says_what_stands_in_the_way(web, now):
    audit = run(seen("17", name="web-1", version="2", owner="nobody.here"), now=now)
    with pytest.raises(taking_over.CannotUpdate, match=r"no person 'nobody\.here'"):
        discrepancies.update_record(ids=list(audit.discrepancies.values_list("pk", flat=True)), actor=SYSTEM, now=now)
    web.refresh_from_db()
    assert web.version == "1"
    assert audit.discrepancies.filter(state="open").count() == 2


def test_what_a_second_person_has_to_accept_is_proposed_to_them(web, now, config_manager):
    ci_class = web.ci_class
    ci_class.reviewed_from = 1
    ci_class.save()
    audit = run(seen("17", name="web-1", version="2", attributes={"ram_gb": 64}), now=now)

    ids = list(audit.discrepancies.values_list("pk", flat=True))
    done = discrepancies.update_record(ids=ids, actor=Actor.person(config_manager), now=now)

    edit = CIEdit.objects.get()
    assert [(d.resolution, d.raised) for d in done] == [("proposed", edit.number)] * 2
    assert edit.changes == {"attributes.ram_gb": [32, 64], "version": ["1", "2"]}
    web.refresh_from_db()
    assert web.version == "1"


def test_an_unexpected_ci_that_nobody_had_asked_for_is_recorded_with_its_change(web, now):
    audit = run(seen("17", name="web-1"), seen("new-1"), now=now)
    (one,) = audit.discrepancies.values_list("pk", flat=True)
    discrepancies.raise_change(ids=[one], kind="unauthorised", actor=SYSTEM, now=now)
    change = ChangeRequest.objects.get()
    assert [ci.name for ci in change.cis.all()] == ["new-1"]


def test_an_rfc_is_raised_and_an_unauthorised_change_is_written_down(web, now):
    make_model()
    audit = run(seen("17", name="web-1", version="2", attributes={"ram_gb": 64}), now=now)
    ram, version = audit.discrepancies.order_by("field")

    discrepancies.raise_change(ids=[version.pk], kind="rfc", actor=SYSTEM, now=now)
    discrepancies.raise_change(ids=[ram.pk], kind="unauthorised", actor=SYSTEM, now=now)

    version.refresh_from_db()
    ram.refresh_from_db()
    rfc, found = ChangeRequest.objects.get(pk=version.raised_id), ChangeRequest.objects.get(pk=ram.raised_id)
    assert (version.resolution, rfc.status, list(rfc.cis.all())) == ("rfc", "draft", [web])
    assert (ram.resolution, found.status, found.type) == ("unauthorised", "review", "unauthorised")
    with pytest.raises(discrepancies.AlreadyResolved):
        discrepancies.raise_change(ids=[ram.pk], kind="rfc", actor=SYSTEM, now=now)


def test_what_is_ignored_stays_so_until_its_day(web, now):
    said = seen("17", name="web-1", version="2")
    first = run(said, now=now)
    (one,) = first.discrepancies.values_list("pk", flat=True)
    until = now.date() + timedelta(days=10)
    for wrong in ({"reason": " ", "until": until}, {"reason": "x", "until": now.date()}):
        with pytest.raises(InvalidInput):
            discrepancies.ignore(ids=[one], actor=SYSTEM, now=now, **wrong)
    discrepancies.ignore(ids=[one], reason="Lab machine", until=until, actor=SYSTEM, now=now)

    again = run(said, now=now + timedelta(days=5)).discrepancies.get()
    other = run(seen("17", name="web-1", version="3"), now=now + timedelta(days=5)).discrepancies.get()
    later = run(said, now=now + timedelta(days=11)).discrepancies.get()
    assert (again.state, again.resolution, again.reason) == ("resolved", "ignored", "Lab machine")
    assert (other.state, later.state) == ("open", "open")


def test_what_the_source_does_not_know_by_a_ci_is_ignored_by_its_key(web, now):
    said = [seen("17", name="web-1"), seen("lab-1")]
    (one,) = run(*said, now=now).discrepancies.values_list("pk", flat=True)
    until = now.date() + timedelta(days=10)
    discrepancies.ignore(ids=[one], reason="Lab machine", until=until, actor=SYSTEM, now=now)
    assert run(*said, now=now).state == "closed"
    assert run(*said, now=now, source="scan").state == "open"


def test_it_is_closed_once_nothing_is_open(web, now):
    audit = run(seen("17", name="web-1", version="2"), now=now)
    with pytest.raises(audits.StillOpen):
        audits.close(audit_id=audit.pk, actor=SYSTEM)
    discrepancies.update_record(ids=[audit.discrepancies.get().pk], actor=SYSTEM, now=now)
    assert audits.close(audit_id=audit.pk, actor=SYSTEM).state == "closed"
    with pytest.raises(IllegalMove):
        audits.cancel(audit_id=audit.pk, actor=SYSTEM, now=now)


def test_an_audit_that_is_put_away_is_resolved_no_more(web, now):
    audit = run(seen("17", name="web-1", version="2"), now=now)
    audits.cancel(audit_id=audit.pk, actor=SYSTEM, now=now)
    with pytest.raises(discrepancies.AuditIsOver):
        discrepancies.update_record(ids=[audit.discrepancies.get().pk], actor=SYSTEM, now=now)


def test_discrepancies_of_several_audits_are_not_resolved_at_once(web, now):
    ids = [run(seen("17", name="web-1", version=v), now=now).discrepancies.get().pk for v in "23"]
    with pytest.raises(InvalidInput, match="several audits"):
        discrepancies.update_record(ids=ids, actor=SYSTEM, now=now)
    with pytest.raises(InvalidInput, match="There is no DIS-"):
        discrepancies.update_record(ids=[ids[0], 2**40], actor=SYSTEM, now=now)
    assert set(Discrepancy.objects.values_list("state", flat=True)) == {"open"}


def test_who_may_audit(web, now, viewer, config_manager):
    with pytest.raises(Forbidden):
        handed_in(seen("17"), now=now, actor=Actor.person(viewer))
    audit = run(seen("17", name="web-1", version="2"), now=now, actor=Actor.person(config_manager))
    with pytest.raises(Forbidden):
        discrepancies.update_record(ids=[audit.discrepancies.get().pk], actor=Actor.person(viewer), now=now)


def test_a_worker_carries_out_what_waits_and_not_what_was_cancelled(web, now):
    waits = handed_in(seen("17", name="web-1"), now=now)
    gone = handed_in(seen("17", name="web-1"), now=now)
    audits.cancel(audit_id=gone.pk, actor=SYSTEM, now=now)
    assert running.work_through() == 1
    assert running.work_through() == 0
    for audit in (waits, gone):
        audit.refresh_from_db()
    assert (waits.state, gone.state) == ("closed", "cancelled")
    assert not AuditChunk.objects.exists()


def test_cancelling_stops_a_comparison_at_its_next_step(web, now, monkeypatch):
    audit = handed_in(seen("17", version="2"), now=now)

    def step(self: Watch, name: str) -> None:
        if name == "Comparing relations":
            raise Cancelled

    monkeypatch.setattr(Watch, "step", step)
    running.carry_out(audit)
    audit.refresh_from_db()
    assert audit.state == "cancelled"
    assert not Discrepancy.objects.exists()


def test_an_audit_that_kills_its_worker_is_given_up(web, now):
    audit = handed_in(seen("17", version="2"), now=now)
    Audit.objects.filter(pk=audit.pk).update(state="comparing")
    AuditProgress.objects.filter(audit=audit).update(attempts=3)
    assert running.work_through() == 1
    audit.refresh_from_db()
    assert (audit.state, "died" in audit.failure) == ("failed", True)


def test_the_comparison_asks_as_often_for_many_as_for_few(now):
    def asked(count: int) -> int:
        found = [seen(f"{count}-{n}", version="2") for n in range(count)]
        for each in found:
            make_ci(each["key"], version="1")
        with CaptureQueriesContext(connection) as captured:
            run(*found, now=now)
        return len(captured)

    asked(1)
    assert asked(2) == asked(40)
