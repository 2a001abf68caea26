import pytest

from cmdb.models import ConfigurationItem, ExternalKey
from tests.builders import make_class
from tests.cmdb.importing import problems_of, take_in

pytestmark = pytest.mark.django_db

TWO = "id,name,class,ver,runs on\nw1,web-1,server,1.0,h1\nh1,host-1,server,8,\n"


@pytest.fixture(autouse=True)
def server():
    return make_class()


def test_it_creates_what_is_new_and_relates_it():
    run = take_in(TWO)

    assert run.state == "done", (run.failure, problems_of(run))
    assert run.counts["created"] == 2
    assert run.counts["related"] == 1
    web = ConfigurationItem.objects.get(name="web-1")
    assert (web.version, web.status, web.revision) == ("1.0", "live", 1)
    assert web.relations_out.get().target.name == "host-1"
    known = ExternalKey.objects.get(source="inventory", key="w1")
    assert (known.ci, known.seen_in) == (web, run.pk)
    assert known.said == {"ci_class": "server", "name": "web-1", "version": "1.0"}


def test_the_same_file_again_changes_nothing():
    take_in(TWO)
    before = list(ConfigurationItem.objects.order_by("pk").values_list("pk", "revision", "updated_at"))
    history = ConfigurationItem.pgh_event_model.objects.count()

    again = take_in(TWO)

    assert again.state == "done"
    assert again.counts == {
        "cis": 2, "created": 0, "changed": 0, "unchanged": 2, "retired": 0, "related": 0, "unrelated": 0,
        "relations": 1,
    }  # fmt: skip
    assert list(ConfigurationItem.objects.order_by("pk").values_list("pk", "revision", "updated_at")) == before
    assert ConfigurationItem.pgh_event_model.objects.count() == history
    assert not again.differences.exists()
