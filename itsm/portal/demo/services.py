"""What runs: classes, configuration items, how they hang together, and the services on top."""

from datetime import timedelta
from typing import Any

from cmdb.models import Relation, Service
from cmdb.operations import cis, classes, edits, groups, relations, services
from itsm.portal.demo.stage import Stage


def load(stage: Stage) -> None:
    _make_cis(stage)
    for slug, said in stage.script["services"].items():
        _make_service(stage, slug, said)
    _propose_edits(stage)


def _make_cis(stage: Stage) -> None:
    manager = stage.act("config.manager")
    known = {code: classes.create(code=code, actor=manager, **said) for code, said in stage.script["classes"].items()}
    for name, said in stage.script["cis"].items():
        stage.cis[name] = cis.create(
            ci_class=known[said["class"]],
            name=name,
            environment="production",
            status="live",
            version=str(said.get("version", "")),
            owner=stage.people[said["owner"]],
            support_team=stage.teams[said["team"]],
            criticality=said["criticality"],
            attributes=said.get("attributes", {}),
            actor=manager,
        )
        _verify(stage, name, said["verified_days_ago"])
        for type_ in (Relation.Type.DEPENDS_ON, Relation.Type.RUNS_ON, Relation.Type.CONNECTS_TO):
            for target in said.get(type_, []):
                relations.relate(source=stage.cis[name], type=type_, target=stage.cis[target], actor=manager)
        _make_redundant(stage, name, said.get("groups", {}))


def _make_redundant(stage: Stage, name: str, said: dict[str, Any]) -> None:
    ci = stage.cis[name]
    for group, of in said.items():
        members = list(ci.relations_out.filter(target__name__in=of["of"]).order_by("pk"))
        groups.form(ci=ci, name=group, needs=of["needs"], relations=members, actor=stage.act("config.manager"))


def _propose_edits(stage: Stage) -> None:
    for said in stage.script["ci_edits"]:
        ci = stage.cis[said["ci"]]
        edits.submit(
            ci_id=ci.pk,
            actor=stage.act(said["by"]),
            reason=said["reason"],
            version=said["version"],
            attributes=ci.attributes | said["attributes"],
        )


def _make_service(stage: Stage, slug: str, said: dict[str, Any]) -> None:
    manager = stage.act("config.manager")
    plain = ("name", "summary", "criticality", "hours", "sla_targets", "delivery_model", "access", "support_access")
    service = services.define(
        slug=slug,
        owner=stage.people[said["owner"]],
        sponsor=stage.people[said["sponsor"]],
        support_team=stage.teams[said["support_team"]],
        step=said.get("step", Service.SubState.OPERATIONAL),
        actor=manager,
        **{name: said[name] for name in plain},
    )
    stage.services[slug], stage.cis[said["name"]] = service, service.ci
    for target in said["depends_on"]:
        relations.relate(source=service.ci, type=Relation.Type.DEPENDS_ON, target=stage.cis[target], actor=manager)
    _verify(stage, said["name"], said["verified_days_ago"])


def _verify(stage: Stage, name: str, days_ago: int) -> None:
    moment = stage.now - timedelta(days=days_ago)
    stage.cis[name] = cis.verify(ci_id=stage.cis[name].pk, actor=stage.act("config.manager"), now=moment)
