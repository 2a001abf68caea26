"""Tell people: at most one message per person, event and channel.

Each app declares its kinds of messages; a person chooses for each whether it comes by mail, at once or once a day,
and mutes single records. What goes by mail is sent by a job (see kernel.mailing), never inside a transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import Notification, NotificationMute, NotificationPreference, OutboxEvent, User
from itsm.kernel.models.notification import Mail
from itsm.kernel.operation import operation


@dataclass(frozen=True)
class Kind:
    """What a message is for: its name in the preferences, its button in a mail, and why one gets it."""

    code: str
    label: str
    action: str
    why: str
    mail: Mail


_kinds: dict[str, Kind] = {}


def kind(code: str, label: str, *, action: str, why: str, mail: Mail = Mail.DAILY) -> str:
    """Declare a kind of message; the code is what `tell` takes."""
    _kinds[code] = Kind(code, label, action, why, mail)
    return code


GENERAL = kind("general", "Other messages", action="Open", why="You are told because it concerns you.")
DELEGATION = kind(
    "delegation", "Somebody lends you a role", action="See it", why="You stand in for them.", mail=Mail.AT_ONCE
)
WEBHOOK = kind(
    "webhook", "A webhook of mine was disabled", action="See the webhook", why="You own it.", mail=Mail.AT_ONCE
)


def kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda each: (each.code == GENERAL, each.label))


def kind_of(code: str) -> Kind:
    return _kinds.get(code, _kinds[GENERAL])


def tell(
    users: Iterable[User | None],
    *,
    text: str,
    kind: str = GENERAL,
    about: Model | None = None,
    link: str = "",
    event: OutboxEvent | None = None,
) -> None:
    """Write the message for each person who has not muted what it is about; three queries, however many people.

    It leads to what it is about, unless `link` says where something is to be done about it.
    """
    people = {user.pk: user for user in users if user is not None and not user.is_machine and user.is_active}
    subject = _subject(about)
    link = link or (about.get_absolute_url() if about is not None else "")  # type: ignore[attr-defined]
    if about is not None and people:
        muted = NotificationMute.objects.filter(user__in=people, **subject).values_list("user", flat=True)
        people = {pk: user for pk, user in people.items() if pk not in set(muted)}
    chosen = dict(NotificationPreference.objects.filter(user__in=people).values_list("user", "mail")) if people else {}
    Notification.objects.bulk_create(
        [
            Notification(
                user=user, event=event, kind=kind, text=text[:300], link=link,
                mail=_mail(user, kind, chosen.get(pk, {})), **subject,
            )
            for pk, user in people.items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _subject(about: Model | None) -> dict[str, Any]:
    return {"subject_type": about._meta.label_lower, "subject_id": about.pk} if about is not None else {}


def _mail(user: User, code: str, chosen: dict[str, str]) -> str:
    if not user.email:
        return Mail.NEVER
    return chosen.get(code, kind_of(code).mail)


@operation
def prefer(*, mail: dict[str, str], digest_hour: int, actor: Actor) -> NotificationPreference:
    """Keep what the actor wants by mail, for each kind that is named."""
    if unknown := sorted(set(mail) - set(_kinds)):
        raise InvalidInput.at("mail", f"Unknown: {', '.join(unknown)}. Known: {', '.join(sorted(_kinds))}.")
    if wrong := sorted(set(mail.values()) - set(Mail)):
        raise InvalidInput.at("mail", f"Unknown: {', '.join(map(str, wrong))}. Known: {', '.join(Mail)}.")
    if not 0 <= digest_hour <= 23:
        raise InvalidInput.at("digest_hour", "Give an hour of the day, 0 to 23.")
    preference, _ = NotificationPreference.objects.select_for_update().get_or_create(user=actor.user)
    preference.mail, preference.digest_hour = {**preference.mail, **mail}, digest_hour
    preference.save(update_fields=["mail", "digest_hour"])
    return preference


@transaction.atomic
def mute(notification: Notification) -> NotificationMute | None:
    """Hear no more of what this message is about; None where it is about nothing."""
    if notification.subject_id is None:
        return None
    subject = {"subject_type": notification.subject_type, "subject_id": notification.subject_id}
    said = {"subject": notification.text[:200], "link": notification.link}
    muted, _ = NotificationMute.objects.get_or_create(user=notification.user, **subject, defaults=said)
    return muted
