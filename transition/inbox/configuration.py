"""Artifacts, environments and running services as configuration items."""

from django.db.models import Q

from cmdb.keys import Key
from cmdb.models import CIClass, ConfigurationItem, Service
from cmdb.operations import cis, classes
from itsm.kernel.actor import Actor
from transition.inbox.outcomes import Outcome
from transition.inbox.places import Places, actor_for
from transition.models import PipelineEvent
from transition.pipeline.meaning import key_of
from transition.pipeline.signals import Environment, Presence, Published

KNOWN_BY = "pipeline"
CLASSES = {
    "artifact": ("Artifact", CIClass.Kind.CODE),
    "environment": ("Environment", CIClass.Kind.OTHER),
    "service-instance": ("Running service", CIClass.Kind.APPLICATION),
}
Status = ConfigurationItem.Status


def published(event: PipelineEvent, said: Published, places: Places) -> Outcome:
    """The artifact's CI stands at this version."""
    service = places.service(event, said)
    places.may_tell(event, service)
    outcome, name = Outcome(service.pk if service else None), said.artifact.name[:200]
    if not name:
        return outcome.note("It names no artifact.")
    version = (said.artifact.version or said.artifact.digest)[:80]
    return _record(outcome, "artifact", name, "", actor_for(event), version=version)


def environment(event: PipelineEvent, said: Environment, places: Places) -> Outcome:
    places.may_tell(event, None)
    name = (said.label or said.name)[:200]
    return _record(
        Outcome(), "environment", name, places.environment(event, said.name), actor_for(event), gone=said.gone
    )


def presence(event: PipelineEvent, said: Presence, places: Places) -> Outcome:
    service: Service = places.placed(event, said)
    where = places.environment(event, said.environment)
    return _record(
        Outcome(service.pk), "service-instance", service.name[:200], where, actor_for(event), gone=said.gone,
        version=service.ci.version if not said.gone else "",
    )  # fmt: skip


def _record(
    outcome: Outcome, code: str, name: str, where: str, actor: Actor, *, version: str = "", gone: bool = False
) -> Outcome:
    key = Key(KNOWN_BY, key_of(f"{code}:{name}:{where}", 200))
    known_as = Q(external_keys__source=key.source, external_keys__key=key.key)
    found = ConfigurationItem.objects.filter(known_as | Q(ci_class__code=code, name=name, environment=where)).first()
    if found is None:
        if gone:
            return outcome.note("There was no record of it.")
        found = cis.create(
            ci_class=_class(code, actor), name=name, environment=where, version=version, status=Status.LIVE,
            external_keys=[key], actor=actor,
        )  # fmt: skip
        return outcome.add("Recorded as", found)
    return _bring_up_to(outcome, found, version, gone, actor)


def _bring_up_to(outcome: Outcome, ci: ConfigurationItem, version: str, gone: bool, actor: Actor) -> Outcome:
    why = "Its pipeline said so."
    wanted = Status.RETIRED if gone else Status.LIVE
    if ci.status != wanted:
        if not ConfigurationItem.LIFECYCLE.allows(ci, wanted):
            return outcome.note(f"{ci.number} is {ci.get_status_display().lower()} and cannot become {wanted} again.")
        cis.move(ci_id=ci.pk, to=wanted, actor=actor, reason=why)
        outcome.add(f"{wanted.label} now:", ci)
    if version and ci.version != version and not gone:
        cis.update(ci_id=ci.pk, version=version, actor=actor, reason=why)
        outcome.add(f"At version {version} now:", ci)
    return outcome if outcome.effects else outcome.note("It was as it says already.")


def _class(code: str, actor: Actor) -> CIClass:
    found: CIClass | None = CIClass.objects.filter(code=code).first()
    if found is not None:
        return found
    name, kind = CLASSES[code]
    made: CIClass = classes.create(code=code, name=name, kind=kind, actor=actor)
    return made
