"""The web process: `gunicorn --config python:itsm.serving itsm.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from itsm.kernel.watching import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
tracing.start("web")
application = get_wsgi_application()
