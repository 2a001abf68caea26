"""Tell people; at most one message per person and event."""

from collections.abc import Iterable

from itsm.kernel.models import Notification, OutboxEvent, User


def tell(users: Iterable[User | None], *, text: str, link: str = "", event: OutboxEvent | None = None) -> None:
    people = {user.pk: user for user in users if user is not None and not user.is_machine}
    Notification.objects.bulk_create(
        [Notification(user=user, event=event, text=text[:300], link=link) for user in people.values()],
        ignore_conflicts=True,
    )
