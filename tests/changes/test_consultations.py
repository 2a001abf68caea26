"""The owners of impacted services are asked, say what they think, and are heard about the plan they saw."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from changes.models import Consultation
from changes.operations import authorisations, consultations, requests, waivers
from changes.queries import basics
from changes.queries.basics import BasicsBlock
from cmdb.operations import relations
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import LedgerEntry, Notification
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import NOW, decide, make_change, waiting
from tests.kernel.outbox_builders import deliver_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def helen(person):
    return person("helen", first_name="Helen", last_name="Marsh")


@pytest.fixture
def change(alice, bob, helen):
    firewall = make_ci("fw-1", verified_at=NOW)
    shop = make_service("Online Shop", owner=helen)
    relations.relate(source=shop.ci, type="depends_on", target=firewall, actor=SYSTEM)
    return make_change(requested_by=alice, assignee=bob, cis=[firewall], status="assessment")


def said_of_owners(change):
    group = next(one for one in basics.verdicts_of(change, NOW) if one.code == "no_surprise")
    return next(one for one in group.checks if one.code == "owners_heard")


def ask(change, alice):
    return consultations.ask_owners(change_id=change.pk, actor=Actor.person(alice), now=NOW)


def say(change, who, view="no_objection", comment=""):
    return consultations.give_view(change_id=change.pk, view=view, comment=comment, actor=Actor.person(who), now=NOW)


def test_an_owner_is_asked_once_and_told(change, alice, helen):
    assert said_of_owners(change).fix.action == "ask-owners"
    ask(change, alice)

    said = said_of_owners(change)
    assert (said.verdict, said.fix.action) == ("warn", "give-view")
    assert "Not heard: Helen Marsh, owner of Online Shop. Asked, without an answer yet." in said.explanation
    with pytest.raises(consultations.NobodyToAsk, match="have not answered yet"):
        ask(change, alice)


def test_an_owner_without_objection_is_heard_also_unasked_and_the_ledger_has_it(change, helen):
    say(change, helen)

    assert said_of_owners(change).verdict == "ok"
    entry = LedgerEntry.objects.get(decision="no_objection")
    assert (entry.user, entry.details["as"]) == (helen, "Helen Marsh, owner of Online Shop")


def test_an_objection_blocks_until_it_is_waived_or_taken_back(change, change_manager, helen):
    say(change, helen, "objection", "It is the day of the sale.")
    said = said_of_owners(change)
    assert said.verdict == "block"
    assert said.explanation == "Helen Marsh, owner of Online Shop, objects: It is the day of the sale."
    with pytest.raises(BasicsBlock):
        decide(waiting(change), change_manager)

    who = Actor.person(change_manager)
    waivers.waive(change_id=change.pk, check_code="no_surprise", reason="The sale was moved.", actor=who, now=NOW)
    say(change, helen, "objection", "It is the day of the second sale.")
    with pytest.raises(BasicsBlock):  # another objection than the one that was waived
        decide(waiting(change), change_manager)

    say(change, helen)
    assert authorisations.decide(
        authorisation_id=waiting(change).pk, decision="authorised", actor=who, now=NOW
    ).state == "authorised"  # fmt: skip


def test_a_view_is_about_the_plan_that_was_seen(change, alice, helen):
    say(change, helen, "objection", "Not then.")
    requests.plan(change_id=change.pk, check_minutes=33, actor=SYSTEM)
    said = said_of_owners(change)
    assert (said.verdict, said.fix.action) == ("warn", "ask-owners")

    ask(change, alice)
    assert Consultation.objects.get().view == ""


def test_it_refuses_a_view_from_who_owns_nothing_that_is_reached_and_one_that_comes_too_late(
    change, alice, person, helen
):
    other = person("olga")
    with pytest.raises(Forbidden):
        say(change, other)
    make_service("Payroll", owner=other)
    with pytest.raises(consultations.NoOwner):
        say(change, other)
    with pytest.raises(InvalidInput, match="Say what you object to"):
        say(change, helen, "objection", " ")
    with pytest.raises(InvalidInput, match="Known: no_objection, objection"):
        say(change, helen, "perhaps")
    requests.cancel(change_id=change.pk, reason="No longer needed.", actor=SYSTEM)
    with pytest.raises(consultations.TooLate):
        say(change, helen)
    assert not Consultation.objects.exists()


def test_the_database_keeps_an_objection_without_words_out(change, helen):
    with pytest.raises(IntegrityError, match="objection_says_why"), transaction.atomic():
        Consultation.objects.create(change=change, owner=helen, view="objection", said_at=NOW)


def test_the_page_leads_the_requester_to_ask_and_the_owner_to_say(browser_of, alice, helen, change):
    asks, says = browser_of(alice), browser_of(helen)
    ask_page, say_page = (
        reverse(f"changes:request-{verb}", args=[change.number]) for verb in ("ask-owners", "give-view")
    )
    assert f'href="{ask_page}"' in asks.get(change.get_absolute_url()).content.decode()
    assert "Helen Marsh, owner of Online Shop" in asks.get(ask_page).content.decode()
    assert asks.post(ask_page).status_code == 302

    assert "Say what you think" in says.get("/").content.decode()
    page = says.get(change.get_absolute_url()).content.decode()
    assert f'href="{say_page}"' in page
    assert "asked: Helen Marsh" in page
    wrong = says.post(say_page, {"view": "objection", "comment": ""})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["comment"])
    assert says.post(say_page, {"view": "objection", "comment": "The sale."}).status_code == 302
    assert "Helen Marsh objects" in asks.get(change.get_absolute_url()).content.decode()
    assert "Say what you think</a>" not in says.get("/").content.decode()


def test_the_api_asks_and_hears(api, alice, helen, change):
    path = f"/api/changes/requests/{change.number}"
    assert api(alice).post(f"{path}/ask-owners/").status_code == 200
    again = api(alice).post(f"{path}/ask-owners/")
    assert (again.status_code, again.json()["code"]) == (409, "nobody_to_ask")
    assert api(alice).post(f"{path}/give-view/", {"view": "no_objection"}).status_code == 403
    assert api(helen).post(f"{path}/give-view/", {"view": "no_objection"}).status_code == 200
    assert Consultation.objects.get().view == "no_objection"


def test_the_owner_hears_that_they_are_asked_and_the_requester_of_an_objection(change, alice, helen):
    ask(change, alice)
    deliver_all()
    assert Notification.objects.get(user=helen).text.endswith("may hit a service of yours. Say whether you object.")
    say(change, helen, "objection", "The sale.")
    deliver_all()
    assert Notification.objects.filter(user=alice, text__contains="Helen Marsh objects to").exists()


def test_the_card_of_an_owner_asks_for_their_view_and_the_page_keeps_what_was_said(browser_of, helen, change):
    client = browser_of(helen)
    card = client.get(change.get_absolute_url()).context["card"]
    assert (card["title"], "say your view" in card["text"]) == ("Your view", True)
    say(change, helen, "objection", "The sale.")
    page = client.get(change.get_absolute_url())
    assert page.context["card"]["text"].startswith("You object to this plan.")
    assert "“The sale.”" in page.content.decode()
    say(change, helen)
    assert client.get(change.get_absolute_url()).context["card"]["title"] == "Decision"


def test_a_view_of_a_plan_that_changed_since_it_was_read_is_refused(browser_of, api, change, helen):
    client = browser_of(helen)
    address = client.get(change.get_absolute_url()).context["card"]["view_url"]
    seen = client.get(address).context["form"].initial["fingerprint"]
    requests.plan(change_id=change.pk, check_minutes=33, actor=SYSTEM)

    said = client.post(address, {"view": "no_objection", "fingerprint": seen})
    assert "is another than the one you read" in said.content.decode()
    path = f"/api/changes/requests/{change.number}/give-view/"
    assert api(helen).post(path, {"view": "no_objection", "fingerprint": seen}).json()["code"] == "plan_changed"
    assert not Consultation.objects.exists()


def test_who_is_asked_about_a_confidential_change_may_read_it_and_nobody_else(browser_of, change, alice, helen):
    requests.plan(change_id=change.pk, confidential=True, actor=SYSTEM)
    client = browser_of(helen)
    assert client.get(change.get_absolute_url()).status_code == 404
    ask(change, alice)
    assert client.get(change.get_absolute_url()).status_code == 200
