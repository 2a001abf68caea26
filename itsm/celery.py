"""The worker app and the whole beat schedule.

Every job finds its own work in the database and claims it, so a beat too many, a second
worker or a redelivery changes nothing; and losing the broker loses nothing.
"""

import os

from celery import Celery
from celery.schedules import crontab

from itsm.kernel import heartbeats
from itsm.kernel.watching import jobs

__all__ = ["app", "heartbeats", "jobs"]  # both listen to Celery's signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
# Tests with real processes let the clockwork tick faster.
MINUTE = float(os.environ.get("SLIPWAY_BEAT_MINUTE", "60"))

app = Celery("slipway")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")

app.conf.beat_schedule = {
    "publish what happened": {
        "task": "kernel.publish_events",
        "schedule": min(5.0, MINUTE),
        "options": {"expires": 60},
    },
    "send mail": {"task": "kernel.send_mail", "schedule": MINUTE, "options": {"expires": 120}},
    "send digests": {"task": "kernel.send_digests", "schedule": 5 * MINUTE, "options": {"expires": 600}},
    "verify the ledger": {"task": "kernel.verify_ledger", "schedule": crontab(minute="41", hour="2")},
    "sign the ledger's checkpoint": {"task": "kernel.sign_checkpoint", "schedule": crontab(minute="31", hour="2")},
    "forget old events": {"task": "kernel.forget_events", "schedule": crontab(minute="27", hour="3")},
    "forget old answers": {"task": "kernel.forget_answers", "schedule": crontab(minute="17", hour="3")},
    "carry out imports": {
        "task": "cmdb.work_through_imports",
        "schedule": min(15.0, MINUTE),
        "options": {"expires": 60},
    },
    "fetch scheduled imports": {
        "task": "cmdb.fetch_imports",
        "schedule": min(15.0, MINUTE),
        "options": {"expires": 60},
    },
    "compare audits": {"task": "cmdb.work_through_audits", "schedule": min(15.0, MINUTE), "options": {"expires": 60}},
    "forget old imports": {"task": "cmdb.forget_imports", "schedule": crontab(minute="47", hour="3")},
    "learn the words of new titles": {"task": "portal.learn_words", "schedule": 5 * MINUTE},
    "examine CIs of changed classes": {"task": "cmdb.examine_fits", "schedule": MINUTE, "options": {"expires": 120}},
    "hand in deferred proposals again": {"task": "changes.resume_deferred", "schedule": crontab(minute="5")},
    "ask what proposals brought": {"task": "changes.remind_of_benefits", "schedule": crontab(minute="35")},
    "tell of overdue decisions": {"task": "changes.escalate", "schedule": MINUTE, "options": {"expires": 60}},
    "make recurring changes": {"task": "changes.make_recurring", "schedule": 5 * MINUTE, "options": {"expires": 300}},
    "look after standard changes": {"task": "changes.look_after_standard", "schedule": crontab(minute="21")},
    "tell of what emergencies owe": {"task": "changes.remind_of_words", "schedule": 5 * MINUTE},
    "tell of overdue reviews": {"task": "changes.remind_of_reviews", "schedule": 5 * MINUTE},
    "examine changes again": {
        "task": "changes.recheck_basics",
        "schedule": min(15.0, MINUTE),
        "options": {"expires": 60},
    },
    "examine all planned changes": {"task": "changes.sweep_basics", "schedule": crontab(minute="7", hour="4")},
    "ask how changes go on": {
        "task": "changes.ask_how_to_go_on",
        "schedule": MINUTE,
        "options": {"expires": 120},
    },
    "prepare the boards' meetings": {
        "task": "changes.prepare_meetings",
        "schedule": MINUTE,
        "options": {"expires": 120},
    },
    "close and open stream periods": {"task": "transition.turn_periods", "schedule": MINUTE},
    "tell of overdue hand-overs": {"task": "transition.escalate_needs", "schedule": 5 * MINUTE},
    "let needs follow the facts": {"task": "transition.sweep_needs", "schedule": crontab(minute="21")},
    "warn of roles that nobody covers": {"task": "transition.find_cover_gaps", "schedule": crontab(minute="51")},
    "write the sunrise and sunset packs": {"task": "transition.write_packs", "schedule": 5 * MINUTE},
    "work off pipeline events": {
        "task": "transition.work_off_events",
        "schedule": min(5.0, MINUTE),
        "options": {"expires": 60},
    },
    "forget old pipeline events": {
        "task": "transition.forget_pipeline_events",
        "schedule": crontab(minute="37", hour="3"),
    },
    "measure improvements again": {"task": "transition.check_improvements", "schedule": crontab(minute="11")},
    "end what ran out": {"task": "transition.lapse", "schedule": MINUTE},
    "rank suspects of new incidents": {"task": "transition.rank_suspects", "schedule": MINUTE},
}
