"""Messages by mail: to a real mail server, at once or once a day, once each."""

import threading
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings
from django.utils import timezone

from itsm.kernel import mailing, notifications
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.jobs import send_digests, send_mail
from itsm.kernel.models import Notification, NotificationMute, User
from itsm.kernel.notifications import prefer, tell
from itsm.local.valkey import free_port
from tests.builders import make_ci

pytestmark = pytest.mark.django_db


class Inbox:
    """What the server was given; it refuses whoever is named `refused`."""

    def __init__(self):
        self.received, self.lock = [], threading.Lock()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with self.lock:
            self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture(scope="module")
def server():
    controller = Controller(Inbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def inbox(server):
    server.handler.received.clear()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=server.port,
        EMAIL_USE_TLS=False, MAIL_IS_SENT=True, SITE_URL="https://slipway.example.org",
    ):  # fmt: skip
        yield server.handler.received


@pytest.fixture
def reader(person) -> User:
    return person("kim", email="kim@example.org", time_zone="Europe/Berlin")


def of(message, kind: str) -> str:
    return message.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_a_message_comes_at_once_in_text_and_html_and_leads_to_the_action(inbox, reader):
    ci = make_ci("db-1")
    tell([reader], text="RFC-1 waits for <you> & me", kind="changes.decision", about=ci, link="/changes/1/#decision")

    assert send_mail() == 1
    assert send_mail() == 0

    (message,) = inbox
    assert message["Subject"] == "RFC-1 waits for <you> & me"
    assert message["To"] == "kim@example.org"
    assert message["List-Unsubscribe"] == "<https://slipway.example.org/notifications/preferences/>"
    assert "Decide: https://slipway.example.org/changes/1/#decision" in of(message, "plain")
    assert "RFC-1 waits for <you> & me" in of(message, "plain")
    assert "&lt;you&gt; &amp; me" in of(message, "html")
    assert 'href="https://slipway.example.org/changes/1/#decision"' in of(message, "html")


def test_a_title_cannot_write_headers(inbox, reader):
    tell([reader], text="Hello\r\nBcc: all@example.org", kind="changes.decision")

    send_mail()

    assert inbox[0]["Subject"] == "Hello Bcc: all@example.org"
    assert inbox[0]["Bcc"] is None


def test_what_was_read_meanwhile_or_is_old_or_unwanted_does_not_come(inbox, reader, person):
    for user in (reader, person("blank", email="")):
        tell([user], text="a", kind="changes.decision")
    Notification.objects.filter(user=reader).update(read_at=timezone.now())
    tell([reader], text="b", kind="changes.decision")
    Notification.objects.filter(text="b").update(created_at=timezone.now() - timedelta(days=3))
    prefer(mail={"changes.task": "never"}, digest_hour=7, actor=Actor.person(reader))
    tell([reader], text="c", kind="changes.task")

    assert send_mail() == 0
    assert Notification.objects.count() == 4


def test_a_refused_address_is_given_up_and_holds_nobody_else_up(inbox, reader, person):
    tell([person("gone", email="refused@example.org"), reader], text="a", kind="changes.decision")

    send_mail()

    assert [message["To"] for message in inbox] == ["kim@example.org"]
    assert not Notification.objects.filter(mailed_at__isnull=True).exists()


def test_a_server_out_of_reach_is_tried_again_later_under_the_same_id(inbox, reader, server):
    tell([reader], text="a", kind="changes.decision")
    with override_settings(EMAIL_PORT=free_port()):
        assert send_mail() == 0
    now = timezone.now()
    assert mailing.send_due(now) == 0

    assert mailing.send_due(now + timedelta(minutes=11)) == 1

    assert inbox[0]["Message-ID"] == f"<notification-{Notification.objects.get().pk}@slipway.example.org>"


def at(hour: int, day: int = 1):
    """So late in Berlin on that day of a coming June."""
    return timezone.now().replace(month=6, day=day, hour=hour - 2, minute=5)


def test_the_rest_of_a_day_comes_together_at_the_readers_hour_and_once(inbox, reader):
    for text in ("one", "two"):
        tell([reader], text=text, kind="changes.outcome", link=f"/{text}/")
    Notification.objects.update(created_at=at(8) - timedelta(days=1))
    prefer(mail={}, digest_hour=9, actor=Actor.person(reader))

    assert [mailing.send_digests(at(hour)) for hour in (8, 9, 9, 10)] == [0, 1, 0, 0]

    assert inbox[0]["Subject"] == "2 messages from Slipway"
    assert "* one\n  See the change: https://slipway.example.org/one/" in of(inbox[0], "plain")
    tell([reader], text="three", kind="changes.outcome")
    Notification.objects.filter(text="three").update(created_at=at(8))
    assert mailing.send_digests(at(11)) == 0
    assert mailing.send_digests(at(9, day=2)) == 1
    assert inbox[1]["Subject"] == "One message from Slipway"


def test_nobody_gets_an_empty_digest(inbox, reader):
    assert send_digests() == 0


def test_without_a_server_nothing_is_marked_as_sent(reader, settings):
    settings.MAIL_IS_SENT = False
    tell([reader], text="a", kind="changes.decision")

    assert send_mail() == 0
    assert Notification.objects.get().mailed_at is None


def test_what_is_muted_is_not_told_in_any_channel(reader, viewer):
    ci, other = make_ci("db-1"), make_ci("db-2")
    tell([reader, viewer], text="a", about=ci)
    notifications.mute(Notification.objects.get(user=reader))
    notifications.mute(Notification.objects.get(user=reader))

    tell([reader, viewer], text="b", about=ci)
    tell([reader], text="c", about=other)

    assert [n.text for n in Notification.objects.filter(user=reader).order_by("pk")] == ["a", "c"]
    assert [n.text for n in Notification.objects.filter(user=viewer).order_by("pk")] == ["a", "b"]


def test_telling_many_asks_as_often_as_telling_one(person, django_assert_num_queries):
    ci, people = make_ci("db-1"), [person(f"p{n}", email=f"p{n}@example.org") for n in range(20)]

    with django_assert_num_queries(3):
        tell(people, text="a", about=ci)


@pytest.mark.parametrize(("field", "said"), [
    ("mail", {"mail": {"nonsense": "daily"}, "digest_hour": 7}),
    ("mail", {"mail": {"general": "hourly"}, "digest_hour": 7}),
    ("digest_hour", {"mail": {}, "digest_hour": 24}),
])  # fmt: skip
def test_nonsense_in_preferences_is_refused_by_name(reader, field, said):
    with pytest.raises(InvalidInput) as refused:
        prefer(**said, actor=Actor.person(reader))

    assert field in refused.value.errors


def test_the_list_counts_all_that_is_unread(browser_of, reader):
    for name in ("db-1", "db-2"):
        tell([reader], text=f"Look at {name}", about=make_ci(name))

    page = browser_of(reader).get("/notifications/").content.decode()

    assert '<span class="count num" id="count-notifications">2<' in page
    assert "Mark all read" in page


def test_the_pages_read_mute_and_choose(browser_of, reader, viewer):
    ci = make_ci("db-1")
    tell([reader], text="Look at db-1", about=ci)
    note = Notification.objects.get()
    me = browser_of(reader)

    assert me.get(f"/notifications/{note.pk}/")["Location"] == ci.get_absolute_url()
    note.refresh_from_db()
    assert note.read_at is not None
    assert browser_of(viewer).get(f"/notifications/{note.pk}/").status_code == 404
    assert browser_of(viewer).post(f"/notifications/{note.pk}/mute/").status_code == 404
    me.post(f"/notifications/{note.pk}/mute/")
    page = me.get("/notifications/preferences/").content.decode()
    assert "Look at db-1" in page
    fields = {f"mail_{kind.code}": "never" for kind in notifications.kinds()}
    assert me.post("/notifications/preferences/", {**fields, "digest_hour": "8"}).status_code == 302
    assert reader.notification_preference.mail["changes.decision"] == "never"
    assert (
        me.post("/notifications/preferences/", {**fields, "digest_hour": "8", "mail_general": "x"}).status_code == 422
    )
    muted = NotificationMute.objects.get()
    assert browser_of(viewer).post(f"/notifications/muted/{muted.pk}/unmute/").status_code == 404
    me.post(f"/notifications/muted/{muted.pk}/unmute/")
    assert not NotificationMute.objects.exists()
