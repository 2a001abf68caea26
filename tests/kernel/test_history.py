"""History is written by the database for every row, however many a statement touches."""

from cmdb.models import ConfigurationItem
from itsm.kernel import history
from itsm.kernel.actor import Actor
from tests.builders import make_ci


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
