"""The made-up world: whole, the same for the same seed, and made once."""

import pytest
from django.db import connection

from changes.models import ChangeRequest
from cmdb.models import ConfigurationItem, Relation, Service
from cmdb.operations import cis
from cmdb.queries.impact import reach
from itsm.portal.generate.world import WorldIsThere, generate
from tests.builders import SYSTEM, make_class
from transition.models import DeliveryStream, Deployment, Incident

pytestmark = pytest.mark.django_db


def test_a_small_world_is_whole_and_holds_every_constraint(now):
    generate(scale=0.0005, now=now)

    counts = [model.objects.count() for model in (ConfigurationItem, Service, ChangeRequest, DeliveryStream)]
    assert counts == [500, 10, 100, 50]
    assert Deployment.objects.count() == 1000
    assert Incident.objects.count() == 250
    for table in ("cmdb_relation", "changes_affectedci", "transition_incident"):
        assert not _orphans(table), table
    deepest = ConfigurationItem.objects.filter(ci_class__code="spine-switch").order_by("pk").first()
    assert max(reached.distance for reached in reach([deepest.pk]).values()) == 9


def _orphans(table):
    """Foreign keys that point nowhere; the load does not check them row by row."""
    with connection.cursor() as cursor:
        keys = connection.introspection.get_relations(cursor, table).items()
        lost = []
        for column, (field, target, *_) in keys:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t LEFT JOIN "{target}" o ON o."{field}" = t."{column}" '
                f'WHERE t."{column}" IS NOT NULL AND o."{field}" IS NULL'
            )
            lost += [(column, count) for (count,) in cursor.fetchall() if count]
    return lost


def test_ids_go_on_behind_it(now):
    generate(scale=0.0005, now=now)
    last = ConfigurationItem.objects.order_by("-pk").first()

    assert cis.create(ci_class=make_class(), name="one more", actor=SYSTEM).pk == last.pk + 1


def test_it_refuses_to_make_it_twice_and_adds_nothing(now):
    generate(scale=0.0005, now=now)
    relations = Relation.objects.count()

    with pytest.raises(WorldIsThere):
        generate(scale=0.0005, now=now)

    assert Relation.objects.count() == relations
