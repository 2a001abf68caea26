"""The web process: `gunicorn --config python:itsm.serving itsm.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from itsm.kernel.watching import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
tracing.start("web")
application = get_wsgi_application()


def settle() -> None:
    """What is loaded stays for good, so the collector need not walk it again: that held requests up for most of a
    second, one in a hundred. The routes are loaded first, or the first request would do it."""
    get_resolver().reverse_dict  # noqa: B018 - it is filled when it is asked for
    gc.collect()
    gc.freeze()


settle()
