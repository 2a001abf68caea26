"""Status accounting: what a CI was at a moment, and what made each difference."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cmdb.models import ConfigurationItem
from cmdb.operations import baselines, cis, relations
from cmdb.queries.accounting import life_of, relations_at
from itsm.kernel import history
from tests.builders import SYSTEM, make_ci, make_service

pytestmark = pytest.mark.django_db


def backdate(**since: timedelta) -> None:
    """All that was written so far was written so long ago: what is written in one transaction has one time."""
    ago = timedelta(**since)  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        for table in ("cmdb_configurationitemevent", "cmdb_relationevent"):
            cursor.execute(f"UPDATE {table} SET pgh_created_at = pgh_created_at - %s", [ago])


@pytest.fixture
def cause(now):
    """Any record will do."""
    make_ci("kept")
    return baselines.take(name="Cause", query="name=kept", actor=SYSTEM, now=now)


def test_a_cause_is_told_through_nested_operations_and_only_of_what_was_done_for_it(cause):
    service = make_service()
    with history.because(cause):
        cis.update(ci_id=service.ci_id, version="2", actor=SYSTEM)
    cis.update(ci_id=service.ci_id, version="3", actor=SYSTEM)

    latest, before, *_ = history.story_of(service.ci)
    assert latest["because"] is None
    assert before["because"] == {
        "kind": "cmdb.baseline", "id": cause.pk, "number": cause.number, "url": cause.get_absolute_url()
    }  # fmt: skip


def test_within_one_operation_only_what_is_written_under_the_cause_is_put_down_to_it(cause):
    first, second = make_ci("first"), make_ci("second")
    with history.attributed(SYSTEM, through="test"):
        ConfigurationItem.objects.filter(pk=first.pk).update(version="2")
        with history.because(cause):
            ConfigurationItem.objects.filter(pk=second.pk).update(version="2")
        ConfigurationItem.objects.filter(pk=first.pk).update(version="3")

    assert [entry["because"] for entry in history.story_of(first)] == [None, None, None]
    told = history.story_of(second)[0]
    assert (told["because"]["number"], told["who"], told["through"]) == (cause.number, "test", "test")


def test_the_nearest_cause_is_told(cause, now):
    nearer = baselines.take(name="Nearer", query="name=kept", actor=SYSTEM, now=now)
    ci = make_ci()
    with history.because(cause), history.because(nearer), history.because(None):
        cis.update(ci_id=ci.pk, version="2", actor=SYSTEM)
    assert history.story_of(ci)[0]["because"]["number"] == nearer.number


def test_relations_that_come_and_go_belong_to_the_story_of_both_ends():
    web, database = make_ci("web-1"), make_ci("db-1")
    relation = relations.relate(source=web, type="depends_on", target=database, actor=SYSTEM)
    relations.remove(relation_id=relation.pk, actor=SYSTEM)

    for ci, other in ((web, "db-1"), (database, "web-1")):
        told = {entry["summary"]: entry for entry in history.story_of(ci)}
        assert told.keys() == {"Created", "Relation added", "Relation removed"}
        assert other in [after for _, _, after in told["Relation added"]["changes"]]


def test_a_ci_is_shown_as_it_was_with_its_relations_then(api, browser_of, viewer):
    web, database, cache = make_ci("web-1", version="1"), make_ci("db-1"), make_ci("cache-1")
    relation = relations.relate(source=web, type="depends_on", target=database, actor=SYSTEM)
    backdate(days=2)
    at = timezone.now() - timedelta(days=1)
    relations.remove(relation_id=relation.pk, actor=SYSTEM)
    relations.relate(source=web, type="depends_on", target=cache, actor=SYSTEM)
    cis.update(ci_id=web.pk, version="2", actor=SYSTEM)

    assert relations_at(web, at) == ["web-1 depends on db-1"]
    assert relations_at(web, timezone.now()) == ["web-1 depends on cache-1"]
    assert relations_at(web, at - timedelta(days=5)) == []
    body = api(viewer).get(f"/api/cmdb/cis/{web.number}/as-of/", {"at": at.isoformat()}).json()
    assert (body["fields"]["version"], body["links"]) == ("1", ["web-1 depends on db-1"])
    page = browser_of(viewer).get(f"/history/{web.number}/", {"at": at.isoformat()}).content.decode()
    assert "web-1 depends on db-1" in page
    assert "no longer" in page
    assert api(viewer).get(f"/api/cmdb/cis/{web.number}/as-of/?at=yesterday").status_code == 400


def test_the_states_of_its_life_are_told_with_what_made_each(cause):
    ci = make_ci(status="planned")
    backdate(days=3)
    cis.verify(ci_id=ci.pk, actor=SYSTEM, now=timezone.now())
    with history.because(cause):
        cis.move(ci_id=ci.pk, to="live", actor=SYSTEM)

    now, first = life_of(ci)
    assert (now.state, now.until, now.because["number"]) == ("live", None, cause.number)
    assert (first.state, first.until, first.because) == ("planned", now.since, None)


def test_rest_tells_the_story_page_by_page(api, viewer, cause):
    ci = make_ci()
    with history.because(cause):
        cis.update(ci_id=ci.pk, version="2", actor=SYSTEM)
    body = api(viewer).get(f"/api/cmdb/cis/{ci.number}/history/?limit=1").json()
    assert body["count"] == 2
    assert body["next"]
    assert body["results"][0]["because"]["number"] == cause.number


def test_the_report_tells_each_difference_of_a_period_with_its_cause(api, browser_of, viewer, cause):
    service = make_service()
    web = make_ci("web-1", version="1")
    relations.relate(source=service.ci, type="runs_on", target=web, actor=SYSTEM)
    make_ci("elsewhere")
    gone = relations.relate(source=web, type="depends_on", target=make_ci("db-1"), actor=SYSTEM)
    backdate(days=9)
    with history.because(cause):
        cis.update(ci_id=web.pk, version="2", actor=SYSTEM)
    relations.remove(relation_id=gone.pk, actor=SYSTEM)

    since = (timezone.now() - timedelta(days=1)).date().isoformat()
    said = {"service": service.slug, "since": since, "format": "csv"}
    lines = b"".join(browser_of(viewer).get("/cmdb/accounting/", said).streaming_content).decode().splitlines()
    assert any("web-1" in line and "Changed version,version,1,2" in line and cause.number in line for line in lines)
    assert [line for line in lines if "Relation removed" in line and "relation,web-1 depends on db-1,," in line]
    assert not any("elsewhere" in line for line in lines)

    body = api(viewer).get("/api/cmdb/accounting/", {"query": "name=web-1", "since": since}).json()
    told = {(row["ci"], row["field"], row["after"], row["because"]) for row in body["results"]}
    assert (web.number, "version", "2", cause.number) in told
    for wrong in ({"query": "colour=red", "since": since}, {"since": "yesterday"}, {"service": "none", "since": since}):
        assert api(viewer).get("/api/cmdb/accounting/", wrong).status_code == 400, wrong


def test_the_page_of_a_ci_without_a_history_opens(browser_of, viewer, db):
    ci = make_ci("copied-in")
    ConfigurationItem.pgh_event_model.objects.filter(pgh_obj_id=ci.pk).delete()
    assert browser_of(viewer).get(ci.get_absolute_url()).status_code == 200
