"""Impact: who is hit, how far away, and by which way."""

import pytest

from cmdb.models import Relation
from cmdb.operations import relations
from cmdb.queries.impact import impact_of, path_to, reach
from tests.builders import SYSTEM, make_ci

pytestmark = pytest.mark.django_db


def test_a_failing_database_hits_what_depends_on_it():
    database = make_ci("db")
    shop = make_ci("shop", depends_on=[database])

    assert [ci for ci, _ in impact_of([database]).items] == [shop]
    assert [ci for ci, _ in impact_of([shop], direction="upstream").items] == [database]
    assert impact_of([shop]).items == []


def test_depth_is_the_shortest_distance():
    a = make_ci("a")
    b = make_ci("b", depends_on=[a])
    c = make_ci("c", depends_on=[a, b])
    d = make_ci("d", depends_on=[c])
    e = make_ci("e", depends_on=[d])

    found = reach([a.pk], depth=3)

    assert {ci: reached.distance for ci, reached in found.items()} == {b.pk: 1, c.pk: 1, d.pk: 2, e.pk: 3}
    assert path_to(e.pk, found) == [a.pk, c.pk, d.pk, e.pk]


def test_cycles_end():
    a = make_ci("a")
    b = make_ci("b", depends_on=[a])
    relations.relate(source=a, type=Relation.Type.DEPENDS_ON, target=b, actor=SYSTEM)

    assert set(reach([a.pk])) == {b.pk}


def test_documents_carry_no_impact():
    a, manual = make_ci("a"), make_ci("manual")
    relations.relate(source=manual, type=Relation.Type.DOCUMENTS, target=a, actor=SYSTEM)

    assert reach([a.pk]) == reach([manual.pk]) == {}
