"""If-Match and If-None-Match, on every write of every resource."""

import pytest

from cmdb.models import ConfigurationItem
from itsm.api import router
from tests.builders import make_ci

pytestmark = pytest.mark.django_db


def test_what_was_read_already_is_not_sent_again(api, viewer):
    ci = make_ci("a")
    client = api(viewer)
    tag = client.get(f"/api/cmdb/cis/{ci.pk}/")["ETag"]

    again = client.get(f"/api/cmdb/cis/{ci.pk}/", HTTP_IF_NONE_MATCH=tag)

    assert (again.status_code, again["ETag"], again.content) == (304, tag, b"")


@pytest.mark.parametrize("operation", ["verify", "move"])
def test_an_operation_refuses_a_stale_record_whatever_its_body(api, config_manager, operation):
    ci = make_ci("a")
    response = api(config_manager).post(f"/api/cmdb/cis/{ci.pk}/{operation}/", {}, HTTP_IF_MATCH='"r9"')

    assert (response.status_code, response["ETag"]) == (412, '"r1"')
    assert ConfigurationItem.objects.get().revision == 1


def test_a_condition_does_not_outlive_its_request(api, config_manager):
    ci = make_ci("a")
    client = api(config_manager)
    client.patch(f"/api/cmdb/cis/{ci.pk}/", {"version": "2"}, HTTP_IF_MATCH='"r9"')

    assert client.patch(f"/api/cmdb/cis/{ci.pk}/", {"version": "2"}).status_code == 200


def test_a_weak_tag_never_matches_a_write(api, config_manager):
    ci = make_ci("a")
    response = api(config_manager).patch(f"/api/cmdb/cis/{ci.pk}/", {"version": "2"}, HTTP_IF_MATCH='W/"r1"')

    assert response.status_code == 412


@pytest.mark.parametrize("viewset", [viewset for _, viewset, _ in router.registry], ids=lambda v: v.__name__)
def test_every_detail_and_operation_reads_its_record_through_the_base(viewset):
    """`get_object` of the base is where a condition is heard; a resource of its own would not hear it."""
    from itsm.kernel.api.base import RecordViewSet

    if issubclass(viewset, RecordViewSet) and hasattr(viewset.queryset.model, "revision"):
        assert viewset.get_object is RecordViewSet.get_object
        assert viewset.dispatch is RecordViewSet.dispatch
