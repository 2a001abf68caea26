"""How gunicorn serves the site: `gunicorn --config python:itsm.serving --bind ADDRESS itsm.wsgi`."""

import atexit
import os
import shutil
import tempfile

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 16)
preload_app = True
control_socket_disable = True
limit_request_line = 8190  # bytes, the most that gunicorn takes: filters may be long
if os.path.isdir("/dev/shm"):  # noqa: S108 - gunicorn's own heartbeat files, unlinked at once
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def count_together() -> None:
    """A folder in which the web processes of this server add up what they count; it goes with the server."""
    folder, owner = tempfile.mkdtemp(prefix="slipway-metrics-"), os.getpid()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder

    @atexit.register
    def forget() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


count_together()

from itsm.settings import LOGGING  # noqa: E402 - what it imports counts as well

logconfig_dict = {
    **LOGGING,
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        # The program's own line for each request says more, and nothing that was in an address.
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": True},
    },
}
