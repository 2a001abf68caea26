"""The worker app and the whole beat schedule.

Every job finds its own work in the database and claims it, so a beat too many, a second
worker or a redelivery changes nothing; and losing the broker loses nothing.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")

app = Celery("slipway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")

app.conf.beat_schedule = {
    "publish what happened": {"task": "kernel.publish_events", "schedule": 5.0},
    "forget old answers": {"task": "kernel.forget_answers", "schedule": crontab(minute="17", hour="3")},
    "close and open stream periods": {"task": "transition.turn_periods", "schedule": 60.0},
    "write the sunrise and sunset packs": {"task": "transition.write_packs", "schedule": 300.0},
    "rank suspects of new incidents": {"task": "transition.rank_suspects", "schedule": 60.0},
}
