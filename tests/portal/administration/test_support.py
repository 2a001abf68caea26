"""Django's admin shows, to staff with a second factor only, and changes nothing."""

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.urls import reverse

from itsm.kernel import tokens
from itsm.kernel.models import ApiToken, LedgerEntry, OutboxEvent, User
from itsm.portal import support
from tests.changes.builders import make_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(person):
    user = person("help.desk", is_staff=True)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    return user


def addresses() -> list[str]:
    """Every page: the index, and of each kind the list, the form to add, one record, its history and deletion."""
    found = [reverse("admin:index"), reverse("admin:jsi18n"), reverse("admin:autocomplete")]
    for model in support.shown():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        record = model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 1
        found += [reverse(f"{name}_{page}") for page in ("changelist", "add")]
        found += [reverse(f"{name}_{page}", args=[record]) for page in ("change", "history", "delete")]
    return found


def test_it_refuses_staff_without_a_second_factor_and_everybody_else(browser_of, person, staff, change_manager):
    without = browser_of(person("new.at.desk", is_staff=True))
    others = [without, browser_of(change_manager), browser_of(person("boss", is_superuser=True))]
    totp.TOTP.activate(change_manager, totp.generate_totp_secret())
    for client in others:
        for address in addresses():
            assert client.get(address).status_code == 403, address
    assert browser_of(staff).get("/admin/").status_code == 200


def test_who_has_not_signed_in_is_sent_to(client):
    assert client.get("/admin/kernel/user/")["Location"].startswith("/accounts/login/")
    assert client.get("/admin/login/")["Location"].startswith("/accounts/login/")


def test_each_kind_is_listed_and_read_without_its_secrets(browser_of, staff, alice):
    make_change(requested_by=alice)
    tokens.make(staff, name="mine")
    staff.set_password("something long")
    staff.save()
    client = browser_of(staff)
    for model in support.shown():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist")).status_code == 200, model
    token = ApiToken.objects.get()
    page = client.get(reverse("admin:kernel_apitoken_change", args=[token.pk])).content.decode()
    assert ("mine" in page, token.digest in page) == (True, False)
    page = client.get(reverse("admin:kernel_user_change", args=[staff.pk])).content.decode()
    assert ("help.desk" in page, staff.password in page, 'name="_save"' in page) == (True, False, False)


def test_a_confidential_change_is_not_read_by_the_back_door(browser_of, staff, alice):
    change = make_change(requested_by=alice, confidential=True, title="Nobody knows")
    client = browser_of(staff)

    assert "Nobody knows" not in client.get(reverse("admin:changes_changerequest_changelist")).content.decode()
    assert client.get(reverse("admin:changes_changerequest_change", args=[change.pk])).status_code == 302


def test_a_post_changes_nothing_anywhere(browser_of, staff, alice, person):
    make_change(requested_by=alice)
    boss = person("boss", is_superuser=True, is_staff=True)
    totp.TOTP.activate(boss, totp.generate_totp_secret())
    before = (User.objects.count(), OutboxEvent.objects.count(), LedgerEntry.objects.count())
    for client in (browser_of(staff), browser_of(boss)):
        for address in addresses():
            answer = client.post(address, {"post": "yes", "name": "x", "username": "x", "action": "delete_selected"})
            assert answer.status_code == 405, address
    assert (User.objects.count(), OutboxEvent.objects.count(), LedgerEntry.objects.count()) == before
    assert not LogEntry.objects.exists()


def test_a_page_of_the_admin_reads_only(browser_of, staff, alice):
    make_change(requested_by=alice)
    client = browser_of(staff)
    client.get("/admin/")
    with connection.execute_wrapper(_only_reads):
        for address in addresses()[:40]:
            assert client.get(address).status_code in (200, 302, 403), address


def _only_reads(execute, sql, params, many, context):
    assert sql.lstrip("( ").upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "DECLARE")), sql
    return execute(sql, params, many, context)
