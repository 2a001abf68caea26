from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsm.kernel import events, outbox
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError
from itsm.kernel.models import EventDelivery

SHOWN = 50


class Command(BaseCommand):
    help = "Show how far behind the outbox is and what is parked; --send-again tries a parked delivery anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--send-again", metavar="ID", help="the id of a parked delivery, or 'all'")

    def handle(self, *args: Any, send_again: str | None, **options: Any) -> None:
        if send_again:
            self._send_again(send_again)
        for name, value in events.lag().items():
            self.stdout.write(f"{name:16} {value:g}")
        for delivery in _parked().select_related("event")[:SHOWN]:
            self.stdout.write(f"\n{delivery.pk} {delivery.event} → {delivery.subscriber}\n    {delivery.problem}")

    def _send_again(self, which: str) -> None:
        if which != "all" and not which.isdecimal():
            raise CommandError("--send-again takes the id of a parked delivery, or 'all'.")
        wanted = list(_parked().values_list("pk", flat=True)) if which == "all" else [int(which)]
        try:
            for pk in wanted:
                outbox.send_again(delivery_id=pk, actor=Actor.system("manage.py outbox"))
        except EventDelivery.DoesNotExist as error:
            raise CommandError(f"There is no delivery {which}.") from error
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"sent again: {len(wanted)}")


def _parked():  # type: ignore[no-untyped-def]
    return EventDelivery.objects.filter(parked_at__isnull=False).order_by("pk")
