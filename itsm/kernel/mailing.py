"""Messages by mail: each at once, or those of a day together. Sent by jobs, outside any transaction.

A message is claimed before it is sent and marked after, so that workers share the work; one that dies in between
sends it again ten minutes later under the same Message-ID, by which mail programs know it.
"""

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from itsm.kernel import organisation
from itsm.kernel.mail import address_of
from itsm.kernel.models import DigestSent, Notification, User
from itsm.kernel.models.notification import Mail
from itsm.kernel.notifications import kind_of

log = logging.getLogger(__name__)

BATCH = 50
CLAIMED_FOR = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=2)
IN_DIGEST = 100


def due(now: datetime, mail: str) -> QuerySet[Notification]:
    """What is still to be sent: not read meanwhile, not claimed by another worker, and not too old to be news."""
    free = Q(mail_taken_at__isnull=True) | Q(mail_taken_at__lt=now - CLAIMED_FOR)
    return Notification.objects.filter(
        free, mail=mail, mailed_at__isnull=True, read_at__isnull=True, created_at__gt=now - GIVEN_UP_AFTER
    )


def send_due(now: datetime) -> int:
    """Send a batch of what goes out at once; how many were sent."""
    with transaction.atomic():
        free = due(now, Mail.AT_ONCE).select_for_update(of=("self",), skip_locked=True)
        taken = list(free.select_related("user").order_by("pk")[:BATCH])
        Notification.objects.filter(pk__in=[note.pk for note in taken]).update(mail_taken_at=now)
    return sum(_sent([note], "notification", _subject_of(note)) for note in taken)


def send_digests(now: datetime) -> int:
    """Send everybody whose hour has come what the day has left unread; how many digests."""
    waiting = User.objects.filter(pk__in=due(now, Mail.DAILY).values("user"), is_active=True)
    people = waiting.select_related("notification_preference").order_by("pk")
    usual = organisation.current().digest_hour
    return sum(_digest(user, now) for user in people.iterator(chunk_size=500) if _hour_has_come(user, now, usual))


def _hour_has_come(user: User, now: datetime, usual: int) -> bool:
    preference = getattr(user, "notification_preference", None)
    return _local(user, now).hour >= (preference.digest_hour if preference else usual)


def _local(user: User, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(user.time_zone) if user.time_zone else timezone.get_default_timezone())


def _digest(user: User, now: datetime) -> int:
    if not _claim_day(user, _local(user, now)):
        return 0
    notes = list(due(now, Mail.DAILY).filter(user=user).select_related("user").order_by("-pk")[:IN_DIGEST])
    count = f"{len(notes)} messages" if len(notes) != 1 else "One message"
    return _sent(notes, "digest", f"{count} from Slipway") if notes else 0


def _claim_day(user: User, local: datetime) -> bool:
    """Whether this worker is the one to send this day's; the database decides."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_digestsent AS sent (user_id, day) VALUES (%s, %s)"
            " ON CONFLICT (user_id) DO UPDATE SET day = EXCLUDED.day WHERE sent.day < EXCLUDED.day",
            [user.pk, local.date()],
        )
        return cursor.rowcount == 1


def _sent(notes: Sequence[Notification], template: str, subject: str) -> int:
    """Send the notes to their one reader; a refused address is given up, a server out of reach is tried again."""
    user = notes[0].user
    message = _message(user, notes, template, subject)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        log.warning("The mail server refuses the address of %s: %s", user.username, refused.recipients)
    except (OSError, smtplib.SMTPException) as trouble:
        log.warning("Mail to %s was not sent, and will be tried again: %s", user.username, trouble)
        if template == "digest":
            DigestSent.objects.filter(user=user).delete()
        return 0
    Notification.objects.filter(pk__in=[note.pk for note in notes]).update(mailed_at=timezone.now())
    return 1


def _message(user: User, notes: Sequence[Notification], template: str, subject: str) -> EmailMultiAlternatives:
    context = {
        "user": user,
        "notes": [{"note": note, "kind": kind_of(note.kind), "url": address_of(note.link)} for note in notes],
        "subject": subject,
        "preferences_url": address_of(reverse("notification-preferences")),
    }
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    headers = {
        "Message-ID": f"<{template}-{notes[0].pk}@{host}>",
        "List-Unsubscribe": f"<{context['preferences_url']}>",
        "Auto-Submitted": "auto-generated",
    }
    text = render_to_string(f"email/{template}.txt", context)
    message = EmailMultiAlternatives(subject, text, organisation.sender(), [user.email], headers=headers)
    message.attach_alternative(render_to_string(f"email/{template}.html", context), "text/html")
    return message


def _subject_of(note: Notification) -> str:
    """One line: a text with a line break in it would let a title write headers."""
    return " ".join(note.text.split())[:150]
