"""How soon the record says what was deployed is measured from its history."""

from datetime import timedelta

from django.utils import timezone

from cmdb.models import ConfigurationItem
from itsm.kernel.measures import Scope, get
from tests.builders import SYSTEM, make_service
from transition.models import Deployment


def deployed(service, version, finished_at):
    return Deployment.objects.create(
        service=service, environment="production", artifact="shop", version=version, state="succeeded",
        decision="authorised", finished_at=finished_at, started_at=finished_at, requested_at=finished_at,
    )  # fmt: skip


def test_it_is_the_median_of_those_that_the_record_knows(db):
    now = timezone.now()
    service = make_service("Shop")
    for version, hours in (("1", 1), ("2", 3), ("3", 30)):
        deployed(service, version, now - timedelta(hours=hours))
        ConfigurationItem.objects.filter(pk=service.ci_id).update(version=version)
    deployed(service, "never recorded", now - timedelta(hours=2))

    found = get("record_lag").take(Scope(now - timedelta(days=2), now, SYSTEM, service=service.pk))

    assert found.parts == {"deployments": 4, "recorded": 3}
    assert abs(found.value - 3 * 3600) < 60


def test_without_a_deployment_there_is_no_figure(db):
    now = timezone.now()
    assert get("record_lag").take(Scope(now - timedelta(days=2), now, SYSTEM)).value is None
