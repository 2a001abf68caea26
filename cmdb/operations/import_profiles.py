"""Write down how the tables of a source are read."""

from typing import Any

from cmdb import rules
from cmdb.importing.mapping import parse
from cmdb.keys import checked_source
from cmdb.models import ImportProfile
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from itsm.kernel.uniqueness import unique


class ProfileInUse(DomainError):
    code = "profile_in_use"


EDITABLE = frozenset(
    {"name", "source", "delimiter", "encoding", "columns", "fixed", "values", "separator", "retire_missing"}
)


@operation
def create(*, name: str, source: str, columns: dict[str, str], actor: Actor, **details: Any) -> ImportProfile:
    """Raises BadMapping when a table could not be read by it."""
    require(rules.may_import, actor)
    return _save(ImportProfile(name=name, source=source, columns=columns), details, actor, force_insert=True)


@operation
def update(*, profile_id: int, actor: Actor, **changes: Any) -> ImportProfile:
    """Change what is named; runs that were read by it keep what they were told."""
    profile = ImportProfile.objects.lock(profile_id)
    require(rules.may_import, actor, profile)
    return _save(profile, changes, actor)


@operation
def remove(*, profile_id: int, actor: Actor) -> None:
    profile = ImportProfile.objects.lock(profile_id)
    require(rules.may_import, actor, profile)
    if schedule := profile.schedules.order_by("pk").first():
        raise ProfileInUse(f"The scheduled import {schedule.number} {schedule} is read by it. Change that first.")
    events.record("cmdb.import_profile.removed", profile, actor=actor)
    profile.delete()


def _save(profile: ImportProfile, changes: dict[str, Any], actor: Actor, force_insert: bool = False) -> ImportProfile:
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(profile, field, value)
    profile.source = checked_source(profile.source)
    parse(profile.options)
    with unique("name", f"There is an import profile {profile.name!r} already."):
        profile.save(force_insert=force_insert)
    events.record("cmdb.import_profile.saved", profile, actor=actor)
    return profile
