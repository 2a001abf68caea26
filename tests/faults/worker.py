"""`celery -A tests.faults.worker`: the program's worker and beat, with what the fault tests add."""

from celery.signals import worker_process_init

from itsm.celery import app

__all__ = ["app"]


@app.on_after_finalize.connect
def _extend(**_: object) -> None:
    from tests.faults import build

    assert build.write_down


@worker_process_init.connect
def _extended(**_: object) -> None:
    _extend()
