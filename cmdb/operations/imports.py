"""What people decide about an import: hand it in, say what its columns are, merge, cancel, roll back."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from cmdb import rules
from cmdb.importing import files
from cmdb.importing.readers import READERS, Reader
from cmdb.keys import checked_source
from cmdb.models import ImportProfile, ImportProgress, ImportRun
from cmdb.operations import import_profiles
from itsm.kernel import events, waking
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, IllegalMove, InvalidInput
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require

State = ImportRun.State


class FileForgotten(DomainError):
    code = "file_forgotten"


class NothingFetched(DomainError):
    code = "nothing_fetched"


class BrokenRows(DomainError):
    code = "broken_rows"


@operation
def hand_in(
    *,
    file_name: str,
    data: Iterable[bytes],
    actor: Actor,
    format: str = "csv",
    source: str = "",
    profile: ImportProfile | None = None,
    options: dict[str, Any] | None = None,
    retire_missing: bool | None = None,
    leave_out_broken: bool = False,
    dry_run: bool = True,
) -> ImportRun:
    """Keep the file and have it read; a table without profile or options waits until its columns are known."""
    require(rules.may_import, actor)
    reader = reader_of(format)
    source = checked_source(source or (profile.source if profile else ""))
    told = (profile.options if profile else {}) | (options or {})
    waits = reader.has_columns and not told.get("columns")
    if not waits:
        reader.check(told)
    run = ImportRun.objects.create(
        source=source,
        format=format,
        file_name=file_name.replace("\0", "")[-200:] or "file",
        profile=profile,
        options=told,
        retire_missing=bool(profile and profile.retire_missing) if retire_missing is None else retire_missing,
        leave_out_broken=leave_out_broken,
        dry_run=dry_run,
        requested_by=actor.user,
        state=State.UPLOADED if waits else State.QUEUED,
    )
    files.keep(run, data)
    run.save(update_fields=["digest", "file_size"])
    ImportProgress.objects.create(run=run)
    events.record("cmdb.import.requested", run, actor=actor, source=source)
    waking.after_commit(ring)
    return run


def reader_of(format: str) -> Reader:
    if format not in READERS:
        raise InvalidInput.at("format", f"There is no format {format!r}. There are {', '.join(READERS)}.")
    return READERS[format]


@operation
def describe(
    *,
    run_id: int,
    options: dict[str, Any],
    actor: Actor,
    retire_missing: bool = False,
    leave_out_broken: bool = False,
    save_as: str = "",
) -> ImportRun:
    """Say how the file is read, of a table what its columns are; it is read then, also when it was before.

    `save_as` writes it down for the next table: a profile of that name by which this one is read already is changed.
    """
    run = ImportRun.objects.lock(run_id)
    require(rules.may_import, actor, run)
    _take_up(run, State.QUEUED)
    reader = reader_of(run.format)
    reader.check(options)
    if save_as and not reader.has_columns:
        raise InvalidInput.at("save_as", "Only how tables are read can be kept as a profile.")
    run.options, run.retire_missing, run.leave_out_broken = options, retire_missing, leave_out_broken
    run.profile = _profile(run, save_as, actor) if save_as else None
    run.failure = ""
    run.save(update_fields=["state", "options", "retire_missing", "leave_out_broken", "profile", "failure"])
    begin_anew(run)
    return run


def _take_up(run: ImportRun, to: State) -> None:
    """From where people decide; not out of the hands of a worker."""
    ImportRun.LIFECYCLE.expect(run, to=to)
    if run.state not in ImportRun.WAITING:
        raise IllegalMove(ImportRun.LIFECYCLE.refusal(run, to))
    if not run.file_size:
        raise NothingFetched(f"{run} was never fetched whole, so there is nothing to read. Run its schedule again.")
    if run.file_forgotten_at:
        raise FileForgotten("The file is no longer kept. Hand it in again.")
    ImportRun.LIFECYCLE.move(run, to=to)


def _profile(run: ImportRun, name: str, actor: Actor) -> ImportProfile:
    said = {"retire_missing": run.retire_missing, **run.options}
    if run.profile and run.profile.name == name:
        kept: ImportProfile = import_profiles.update(profile_id=run.profile.pk, actor=actor, **said)
        return kept
    made: ImportProfile = import_profiles.create(name=name, source=run.source, actor=actor, **said)
    return made


@operation
def merge(*, run_id: int, actor: Actor, leave_out_broken: bool | None = None) -> ImportRun:
    """Take a previewed import in. The file is read again then, and compared with what is recorded by that time."""
    run = ImportRun.objects.lock(run_id)
    require(rules.may_import, actor, run)
    _take_up(run, State.MERGING)
    if leave_out_broken is not None:
        run.leave_out_broken = leave_out_broken
    if run.problem_count and not run.leave_out_broken:
        raise BrokenRows(
            f"{run.problem_count:,} things in the file cannot be taken in. Mend the file and hand it in again, "
            "or leave the broken rows out."
        )
    run.requested_by, run.failure = actor.user, ""
    run.save(update_fields=["state", "leave_out_broken", "requested_by", "failure"])
    begin_anew(run)
    return run


@operation
def cancel(*, run_id: int, actor: Actor) -> ImportRun:
    """Stop it. Nothing was written yet; a worker that is at it notices within two seconds."""
    run = ImportRun.objects.lock(run_id, no_key=True)
    require(rules.may_import, actor, run)
    if run.state == State.ROLLING_BACK:
        ImportProgress.objects.filter(run=run).update(cancel_asked=True)
        return run
    if not ImportRun.LIFECYCLE.allows(run, State.CANCELLED):
        raise IllegalMove(ImportRun.LIFECYCLE.refusal(run, State.CANCELLED))
    if run.state in (State.FETCHING, State.READING, State.MERGING):
        ImportProgress.objects.filter(run=run).update(cancel_asked=True)
        waking.after_commit(ring_for_fetching if run.state == State.FETCHING else ring)
        return run
    run.state, run.finished_at = State.CANCELLED, timezone.now()
    run.save(update_fields=["state", "finished_at"])
    events.record("cmdb.import.cancelled", run, actor=actor)
    return run


@operation
def roll_back(*, run_id: int, actor: Actor) -> ImportRun:
    """Take back what the import did. What was changed since then stays, and is told."""
    run = ImportRun.objects.lock(run_id)
    require(rules.may_import, actor, run)
    ImportRun.LIFECYCLE.move(run, to=State.ROLLING_BACK)
    if run.finished_at and run.finished_at < timezone.now() - files.DIFFERENCES_KEPT:
        raise FileForgotten("What this import changed is no longer kept; it cannot be taken back.")
    run.requested_by, run.failure = actor.user, ""
    run.save(update_fields=["state", "requested_by", "failure"])
    begin_anew(run)
    return run


def begin_anew(run: ImportRun) -> None:
    ImportProgress.objects.filter(run=run).update(phase="", rows=0, bytes=0, attempts=0, cancel_asked=False)
    waking.after_commit(ring)


def ring_for_fetching() -> None:
    from cmdb.jobs import fetch_imports

    waking.wake(fetch_imports)


def ring() -> None:
    from cmdb.jobs import work_through_imports

    waking.wake(work_through_imports)
