"""Mail, written from a template (`<name>_subject.txt`, `<name>.txt`). Call it from a subscriber."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from itsm.kernel.errors import DomainError


class NoMailServer(DomainError):
    code = "no_mail_server"


def check_set_up() -> None:
    if not settings.MAIL_IS_SENT:
        raise NoMailServer("No mail can be sent from here: the server's setting EMAIL_HOST is empty.")


def address_of(path: str) -> str:
    """The whole address of a page, for who reads it elsewhere."""
    return urljoin(settings.SITE_URL, path)


def send(to: str, template: str, **context: Any) -> None:
    """Send one message now; a refusal of the mail server is an error, so that it is tried again."""
    from itsm.kernel import organisation

    said = organisation.current()
    context |= {"organisation": said, "site": settings.SITE_URL}
    subject = " ".join(render_to_string(f"mail/{template}_subject.txt", context).split())
    body = render_to_string(f"mail/{template}.txt", context).strip() + "\n"
    EmailMessage(subject, body, organisation.sender(said), [to]).send()
