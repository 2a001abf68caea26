"""Redundancy: a cluster's member alone does not break the cluster."""

import pytest
from django.db import IntegrityError, transaction

from cmdb.models import Relation, RelationGroup
from cmdb.operations import groups, relations
from cmdb.queries.hits import Question, answer_to
from cmdb.queries.impact import reach
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from tests.builders import SYSTEM, make_ci, make_cluster

pytestmark = pytest.mark.django_db


@pytest.fixture
def servers():
    return [make_ci(f"web-{n}") for n in (1, 2, 3)]


@pytest.fixture
def cluster(servers):
    """It needs two of three."""
    return make_cluster("cluster", servers, needs=2)[0]


def reached(*starts, **options):
    return {pk: hit.distance for pk, hit in reach([ci.pk for ci in starts], **options).items()}


def test_one_of_three_alone_hits_nothing(servers, cluster):
    assert reached(servers[0]) == {}


def test_two_of_three_together_break_what_needs_two(servers, cluster):
    shop = make_ci("shop", depends_on=[cluster])

    assert reached(*servers[:2]) == {cluster.pk: 1, shop.pk: 2}


def test_what_all_members_hang_on_breaks_the_cluster_though_it_is_no_member(servers, cluster):
    rack = make_ci("rack")
    for server in servers:
        relations.relate(source=server, type="runs_on", target=rack, actor=SYSTEM)

    assert reached(rack) == {server.pk: 1 for server in servers} | {cluster.pk: 2}


def test_it_is_as_far_as_the_member_whose_loss_is_one_too_many(servers, cluster):
    far = make_ci("switch")
    relations.relate(source=servers[1], type="depends_on", target=far, actor=SYSTEM)

    found = reach([servers[0].pk, far.pk])

    assert found[cluster.pk].distance == 2
    assert found[cluster.pk].via == servers[1].pk


def test_a_relation_beside_the_group_hits_by_itself(servers, cluster):
    power = make_ci("power")
    relations.relate(source=cluster, type="depends_on", target=power, actor=SYSTEM)

    assert reached(power) == {cluster.pk: 1}


def test_a_way_around_the_group_still_leads_there(servers, cluster):
    proxy = make_ci("proxy", depends_on=[servers[0]])
    relations.relate(source=cluster, type="depends_on", target=proxy, actor=SYSTEM)

    assert reached(servers[0]) == {proxy.pk: 1, cluster.pk: 2}


def test_a_cycle_through_a_group_ends(servers, cluster):
    for server in servers:
        relations.relate(source=server, type="depends_on", target=cluster, actor=SYSTEM)

    assert reached(servers[0]) == {}
    assert reached(cluster) == {server.pk: 1 for server in servers}


def test_two_groups_of_one_ci_are_counted_apart(servers):
    others = [make_ci("dns-1"), make_ci("dns-2")]
    shop = make_ci("shop", depends_on=[*servers, *others])
    of = {relation.target_id: relation for relation in shop.relations_out.all()}
    for name, needs, members in (("web", 2, servers), ("dns", 1, others)):
        groups.form(ci=shop, name=name, needs=needs, relations=[of[m.pk] for m in members], actor=SYSTEM)

    assert reached(servers[0], others[0]) == {}
    assert reached(*others) == {shop.pk: 1}


def test_a_mesh_carries_a_failure_past_a_group_on_its_other_side():
    """`connects_to` runs both ways: the group of one end says nothing of the other."""
    links = [make_ci("link-1"), make_ci("link-2")]
    site = make_ci("site")
    found = [relations.relate(source=site, type="connects_to", target=link, actor=SYSTEM) for link in links]
    groups.form(ci=site, name="uplinks", needs=1, relations=found, actor=SYSTEM)

    assert reached(links[0]) == {}
    assert reached(*links) == {site.pk: 1}
    assert reached(site) == {link.pk: 1 for link in links}


def test_upstream_every_member_is_told_and_whether_it_hits_alone(servers, cluster):
    rack, power = make_ci("rack"), make_ci("power")
    relations.relate(source=servers[0], type="runs_on", target=rack, actor=SYSTEM)
    relations.relate(source=cluster, type="depends_on", target=power, actor=SYSTEM)

    found = answer_to(Question((cluster.pk,), "upstream"))

    told = {hit.id: (hit.distance, hit.alone) for hit in found.hits}
    assert told == {power.pk: (1, True), rack.pk: (2, False)} | {server.pk: (1, False) for server in servers}


def test_the_answer_names_the_groups_that_hold(servers, cluster):
    found = answer_to(Question((servers[0].pk,)))

    assert [(held.group.ci, held.down, held.members) for held in found.held] == [(cluster, 1, 3)]
    assert answer_to(Question((servers[0].pk, servers[1].pk))).held == []


def test_the_database_refuses_a_relation_by_which_the_ci_is_not_hit(servers, cluster):
    other, group = make_ci("other", depends_on=[servers[0]]), RelationGroup.objects.get()

    with pytest.raises(IntegrityError, match="relation group"), transaction.atomic():
        Relation.objects.filter(source=other).update(group=group)
    with pytest.raises(IntegrityError), transaction.atomic():
        RelationGroup.objects.update(needs=0)


@pytest.mark.parametrize("needs", [0, 4])
def test_it_refuses_a_need_that_says_nothing(needs, servers, cluster):
    group = RelationGroup.objects.get()

    with pytest.raises(InvalidInput) as refusal:
        groups.update(group_id=group.pk, needs=needs, actor=SYSTEM)

    assert "needs" in refusal.value.errors
    group.refresh_from_db()
    assert group.needs == 2


def test_it_refuses_a_group_of_one_and_relations_of_others(servers):
    shop, other = make_ci("shop", depends_on=servers), make_ci("other", depends_on=servers)
    own, others = list(shop.relations_out.all()), list(other.relations_out.all())

    for members in (own[:1], [own[0], others[1]], []):
        with pytest.raises(InvalidInput) as refusal:
            groups.form(ci=shop, name="x", needs=1, relations=members, actor=SYSTEM)
        assert "relations" in refusal.value.errors
    assert not RelationGroup.objects.exists()


def test_a_relation_is_in_one_group_only(servers, cluster):
    with pytest.raises(InvalidInput):
        groups.form(ci=cluster, name="again", needs=1, relations=list(Relation.objects.all()), actor=SYSTEM)


def test_a_relation_that_the_group_needs_is_not_taken_away(servers, cluster):
    first, second, _ = Relation.objects.order_by("pk")
    relations.remove(relation_id=first.pk, actor=SYSTEM)

    with pytest.raises(relations.NeededByGroup) as refusal:
        relations.remove(relation_id=second.pk, actor=SYSTEM)

    assert refusal.value.checks[0]["fix"]
    assert Relation.objects.filter(pk=second.pk).exists()


def test_a_dissolved_group_lets_each_member_hit_again(servers, cluster):
    groups.dissolve(group_id=RelationGroup.objects.get().pk, actor=SYSTEM)

    assert reached(servers[0]) == {cluster.pk: 1}
    assert Relation.objects.count() == 3


def test_only_a_configuration_manager_records_redundancy(servers, viewer, config_manager):
    shop = make_ci("shop", depends_on=servers)
    said = {"ci": shop, "name": "web", "needs": 1, "relations": list(shop.relations_out.all())}

    with pytest.raises(Forbidden):
        groups.form(actor=Actor.person(viewer), **said)
    assert groups.form(actor=Actor.person(config_manager), **said).needs == 1
