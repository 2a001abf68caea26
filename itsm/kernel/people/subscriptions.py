"""What follows when accounts change: the link by which a person chooses a password."""

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from itsm.kernel import events, mail
from itsm.kernel.models import OutboxEvent, User


@events.on("kernel.user.invited")
def send_the_link(event: OutboxEvent) -> None:
    """The key is made here and kept nowhere: it ends with its use, with any sign-in, and by time."""
    user = User.objects.filter(pk=event.subject_id, is_active=True, is_machine=False).exclude(email="").first()
    if user is None:
        return
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
    mail.send(user.email, "invitation", person=user, link=mail.address_of(path), days=days)
