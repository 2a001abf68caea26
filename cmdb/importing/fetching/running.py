"""A worker's way with imports that are to be fetched: each asked for by one worker, taken up again if that one died."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from cmdb.importing import files, running, working
from cmdb.importing.fetching import files as plain
from cmdb.importing.fetching import netbox
from cmdb.importing.fetching.http import FetchFailed
from cmdb.importing.progress import Watch
from cmdb.models import ImportRun, ImportSchedule
from cmdb.operations import import_schedules, import_steps
from itsm.kernel.actor import Actor
from itsm.kernel.locks import alone
from itsm.kernel.sealing import Sealed, unseal

CLOCK = Actor.system("clockwork")


def start_due(now: datetime) -> int:
    """Begin the imports whose time has come, each once however many beats ask. Answers how many."""
    due = ImportSchedule.objects.filter(next_at__lte=now).order_by("next_at", "pk").values_list("pk", flat=True)
    begun = [import_schedules.start_due(schedule_id=pk, actor=CLOCK, now=now) for pk in due]
    return sum(run is not None for run in begun)


def waiting() -> QuerySet[ImportRun]:
    found = ImportRun.objects.filter(state=ImportRun.State.FETCHING)
    return found.select_related("requested_by", "schedule").order_by("pk")


def work_through() -> int:
    """Fetch what waits to be, unless another worker is at it. Answers how many."""
    done = 0
    for pk in waiting().values_list("pk", flat=True):
        with alone(f"fetch import {pk}") as mine:
            run = waiting().filter(pk=pk).first() if mine else None
            if run is not None:
                working.carry_out(FETCHES, run)
                done += 1
    return done


def fetch(run: ImportRun, watch: Watch) -> None:
    actor = running.asked_by(run)
    import_steps.start(run_id=run.pk, actor=actor, now=timezone.now())
    watch.step("Fetching")
    files.drop(run)
    files.keep(run, _counted(_content(run, watch), watch))
    import_steps.fetched(run_id=run.pk, digest=run.digest, size=run.file_size, actor=actor)


def _content(run: ImportRun, watch: Watch) -> Iterator[bytes]:
    schedule = run.schedule
    if schedule is None:
        raise FetchFailed("Its schedule was removed, so nobody can say where to fetch it from.")
    try:
        token = unseal(schedule.token, purpose=import_schedules.PURPOSE) if schedule.token else ""
    except Sealed as error:
        raise FetchFailed("The token cannot be read since SECRET_KEY was changed. Give it again.") from error
    if run.format == "netbox":
        return netbox.content(schedule.address, token, watch.rest)
    return plain.content(schedule.address, token)


def _counted(pieces: Iterator[bytes], watch: Watch) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        watch.read(0, size)
        yield piece


FETCHES = replace(running.IMPORTS, name="fetches", waiting=waiting, act=fetch)
