"""What events are about is either open to all or guarded, and leads to its services where it has any."""

import pytest
from django.apps import apps

from cmdb.models import Service
from itsm.kernel import subjects


@pytest.mark.parametrize(("kind", "paths"), sorted(subjects.declared().items()), ids=lambda value: str(value))
def test_each_declared_way_leads_to_a_service(kind, paths, db):
    for path in paths:
        assert not apps.get_model(kind)._base_manager.filter(**{path: 1}).exists()
        if path != "pk":
            field = apps.get_model(kind)
            for part in path.split("__"):
                field = field._meta.get_field(part).related_model
            assert field is Service


@pytest.mark.parametrize(
    "kind",
    [
        "changes.changerequest", "changes.authorisation", "changes.decision", "changes.changetask", "changes.review",
        "transition.incident", "transition.suspect", "transition.deployment", "transition.evidence",
        "transition.improvement", "kernel.webhookendpoint",
    ],
)  # fmt: skip
def test_what_tells_of_something_confidential_is_guarded(kind):
    assert subjects.is_guarded(apps.get_model(kind))


@pytest.mark.parametrize("kind", ["cmdb.configurationitem", "cmdb.service", "changes.freeze", "knowledge.article"])
def test_what_everybody_may_read_is_not(kind):
    assert not subjects.is_guarded(apps.get_model(kind))
