"""History is written by the database for every row, however many a statement touches."""

import pytest
from django.utils import timezone

from cmdb.models import ConfigurationItem
from itsm.kernel import history
from itsm.kernel.actor import Actor
from tests.builders import make_ci, make_service
from tests.changes.builders import make_change
from tests.transition.builders import make_plan, make_stream


def test_a_statement_that_changes_many_rows_tells_each_ones_story(alice):
    touched, untouched = [make_ci("db-1"), make_ci("db-2")], make_ci("db-3")

    with history.attributed(Actor.person(alice), through="test", reason="moved to another rack"):
        ConfigurationItem.objects.filter(pk__in=[ci.pk for ci in touched]).update(version="2")

    for ci in touched:
        latest, first = history.story_of(ci)
        assert (latest["who"], latest["reason"], latest["changes"]) == (
            "Alice",
            "moved to another rack",
            [("version", "", "2")],
        )
        assert first["summary"] == "Created"
    assert len(history.story_of(untouched)) == 1


def test_a_choice_is_shown_by_its_label(db):
    ci = make_ci("db-1", criticality=4)
    assert (ci.get_status_display(), ci.get_criticality_display()) == ("Live", "Critical")
    ci.status = "unheard of"
    assert ci.get_status_display() == "unheard of"


def test_what_an_operation_has_others_do_is_put_down_to_who_called_it(alice):
    ci = make_ci("db-1")
    with (
        history.attributed(Actor.person(alice), through="deployments.finish"),
        history.attributed(Actor.system("gate"), through="cis.update"),
    ):
        ConfigurationItem.objects.filter(pk=ci.pk).update(version="2")

    latest = history.story_of(ci)[0]
    assert (latest["who"], latest["through"]) == ("Alice", "deployments.finish")


def test_a_long_document_is_told_by_its_size(db):
    ci = make_ci("db-1")
    ConfigurationItem.objects.filter(pk=ci.pk).update(attributes={f"key {n}": "x" * 10 for n in range(20)})

    (change,) = history.story_of(ci)[0]["changes"]
    assert change[2] == "20 entries"


def test_of_an_object_each_member_that_is_another_is_told(db):
    ci = make_ci("db-1", attributes={"os": "debian", "ram_gb": 8, "rack": "B"})
    ConfigurationItem.objects.filter(pk=ci.pk).update(attributes={"os": "bsd", "ram_gb": 8, "disk": [1]})

    latest = history.story_of(ci)[0]
    assert latest["summary"] == "Changed attributes"
    assert sorted(latest["changes"], key=str) == [
        ("attributes: disk", None, [1]), ("attributes: os", "debian", "bsd"), ("attributes: rack", "B", None),
    ]  # fmt: skip


def test_what_has_attributes_is_shown_as_it_was(browser_of, viewer):
    ci = make_ci("db-1", attributes={"os": "debian", "disks": [1, {"gb": 2}]})
    page = browser_of(viewer).get(f"/history/{ci.number}/?at=2036-01-01T00:00:00")
    assert page.status_code == 200
    assert "attributes: os</th><td>debian<" in page.content.decode()


def test_other_records_and_choices_are_told_by_what_they_are_called(alice, bob, django_assert_num_queries):
    ci = make_ci("db-1", owner=alice)
    ConfigurationItem.objects.filter(pk=ci.pk).update(owner=bob, status="retired")

    with django_assert_num_queries(2):
        latest = history.story_of(ci)[0]

    assert set(latest["changes"]) == {("owner", "Alice", "Bob"), ("status", "Live", "Retired")}


@pytest.mark.django_db(transaction=True)  # a transaction is one moment
def test_a_record_is_known_as_it_was(alice):
    before = timezone.now()
    ci = make_ci("db-1", version="1")
    then = timezone.now()
    ConfigurationItem.objects.filter(pk=ci.pk).update(version="2")

    assert history.as_of(ci, before) is None
    assert history.as_of(ci, then)["version"] == "1"
    assert history.as_of(ci, timezone.now())["version"] == "2"


def test_what_holds_a_list_is_told_as_it_was_too(db, browser_of, viewer):
    service = make_service("Online Shop")
    stream = make_stream(make_plan(service), roles=["configuration_manager"], checklist=["Restore tried", "Owner told"])

    told = browser_of(viewer).get(f"/history/{stream.number}/?at=2999-01-01T00:00:00").context["then"]

    rows = {row["label"].lower(): row["then"] for row in told}
    assert rows["checklist"]


@pytest.mark.django_db(transaction=True)  # a transaction is one moment
def test_the_page_shows_what_it_was_and_gives_the_story_as_a_file(browser_of, viewer):
    ci = make_ci("db-1", version="=1")
    then = timezone.now()
    with history.attributed(Actor.system("import"), through="test", reason="Moved"):
        ConfigurationItem.objects.filter(pk=ci.pk).update(version="2")
    me = browser_of(viewer)
    path = f"/history/{ci.number}/"

    assert path in me.get(ci.get_absolute_url()).content.decode()
    page = me.get(f"{path}?at={then:%Y-%m-%dT%H:%M:%S.%f}").content.decode()
    assert "As it was" in page
    assert "=1" in page
    assert "It did not exist yet" in me.get(f"{path}?at=2001-01-01T00:00").content.decode()
    assert me.get(f"{path}?at=nonsense").status_code == 200
    assert me.get(f"{path}?page=nonsense").status_code == 200
    file = b"".join(me.get(f"{path}?format=csv").streaming_content).decode().splitlines()
    assert file[0] == "at,who,through,reason,because of,what,field,before,after"
    assert file[1].endswith(",import,test,Moved,,update,version,'=1,2")


@pytest.mark.django_db(transaction=True)  # a transaction is one moment
def test_the_api_tells_the_story_and_the_state(api, viewer):
    ci = make_ci("db-1", version="1")
    then = timezone.now()
    ConfigurationItem.objects.filter(pk=ci.pk).update(version="2")

    story = api(viewer).get(f"/api/history/?record={ci.number}&limit=1").json()
    assert (story["count"], story["previous"], len(story["results"])) == (2, None, 1)
    assert story["results"][0]["changes"] == [{"field": "version", "before": "1", "after": "2"}]
    assert api(viewer).get(story["next"]).json()["results"][0]["label"] == "insert"
    state = api(viewer).get("/api/history/as-of/", {"record": ci.number, "at": then.isoformat()}).json()
    assert (state["existed"], state["fields"]["version"]) == (True, "1")


@pytest.mark.parametrize(("path", "status"), [
    ("/api/history/", 400), ("/api/history/?record=CI-0", 404), ("/api/history/?record=nonsense", 404),
    ("/api/history/?record=CI-1&colour=red", 400), ("/api/history/as-of/?record={ci}", 400),
    ("/api/history/as-of/?record={ci}&at=yesterday", 400), ("/api/history/?record={ci}&limit=-1", 400),
])  # fmt: skip
def test_what_cannot_be_told_is_said(api, viewer, path, status):
    assert api(viewer).get(path.format(ci=make_ci("db-1").number)).status_code == status


def test_the_story_of_what_may_not_be_seen_is_not_told(api, browser_of, viewer, alice):
    change = make_change(requested_by=alice, title="Zugzwang")
    type(change).objects.filter(pk=change.pk).update(confidential=True)

    assert api(viewer).get(f"/api/history/?record={change.number}").status_code == 404
    assert browser_of(viewer).get(f"/history/{change.number}/").status_code == 404
    assert api(alice).get(f"/api/history/?record={change.number}").status_code == 200
