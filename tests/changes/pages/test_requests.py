"""The pages of changes: what they show, what their buttons do, and how many queries they take."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from changes import actions
from changes.models import ChangeRequest
from changes.operations import freezes, planning, requests, tasks, waivers
from itsm.kernel.actor import Actor
from itsm.kernel.models import LedgerEntry, Notification
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import make_change, waiting
from tests.changes.pages.conftest import SOON

pytestmark = pytest.mark.django_db

MOST = 15
LISTS = ["request-list", "request-waiting", "proposal-list", "job-list", "freeze-list", "model-list", "policy-list"]
HTMX = {"HTTP_HX_REQUEST": "true"}


def seen(change):
    """What the card's form carries."""
    asked = waiting(change)
    return {"revision": asked.revision, "fingerprint": asked.fingerprint}


def decide_url(change):
    return reverse("changes:authorisation-decide", args=[waiting(change).number])


def page(client, record):
    answer = client.get(record.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


# --- Lists ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_at_most_eight_queries(name, browser_of, change_manager, change, django_assert_max_num_queries):
    client = browser_of(change_manager)
    with django_assert_max_num_queries(8):
        assert client.get(reverse(f"changes:{name}")).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_what_would_be_there(name, browser_of, viewer):
    assert "empty-state" in browser_of(viewer).get(reverse(f"changes:{name}")).content.decode()


def test_the_list_filters_by_state(browser_of, viewer, change, alice):
    draft = make_change(requested_by=alice, title="Still a draft")
    found = browser_of(viewer).get(reverse("changes:request-list"), {"status": "draft"}).content.decode()

    assert draft.title in found
    assert change.title not in found


def test_a_confidential_change_is_hidden_from_others(browser_of, viewer, alice, bob):
    change = make_change(requested_by=alice, assignee=bob, confidential=True, title="Close the plant")
    task = change.tasks.get()
    client = browser_of(viewer)

    assert "Close the plant" not in client.get(reverse("changes:request-list")).content.decode()
    assert client.get(change.get_absolute_url()).status_code == 404
    assert client.get(reverse("changes:task-acknowledge", args=[task.number])).status_code == 404
    assert browser_of(bob).get(change.get_absolute_url()).status_code == 200


# --- Every action has its page ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noun", "offered"),
    [
        ("request", actions.REQUEST_ACTIONS),
        ("proposal", actions.PROPOSAL_ACTIONS),
        ("task", actions.TASK_ACTIONS),
        ("policy", actions.POLICY_ACTIONS),
        ("job", actions.JOB_ACTIONS),
        ("freeze", actions.FREEZE_ACTIONS),
        ("model", actions.MODEL_ACTIONS),
        ("authorisation", actions.AUTHORISATION_ACTIONS),
    ],
)
def test_every_action_has_a_page(noun, offered):
    assert [a.name for a in offered if not reverse(f"changes:{noun}-{a.name}", args=["1"])] == []


def test_the_page_of_every_action_opens(browser_of, change_manager, change, proposal, backup):
    change_manager.is_superuser = True
    change_manager.save()
    change.tasks.update(assignee=change_manager)
    make_service("Payroll", owner=change_manager)
    client = browser_of(change_manager)
    freeze = freezes.create(name="Peak", start=SOON, end=SOON + timedelta(days=2), everywhere=True, actor=SYSTEM)
    records = {"request": change, "proposal": proposal, "task": change.tasks.get(), "job": backup, "freeze": freeze}
    offered = {
        "request": actions.REQUEST_ACTIONS,
        "proposal": actions.PROPOSAL_ACTIONS,
        "task": actions.TASK_ACTIONS,
        "job": actions.JOB_ACTIONS,
        "freeze": actions.FREEZE_ACTIONS,
    }
    urls = [
        reverse(f"changes:{noun}-{a.name}", args=[record.number])
        for noun, record in records.items()
        for a in offered[noun]
    ]
    urls += [reverse(f"changes:{noun}-create") for noun in ("request", "proposal", "job", "freeze", "model", "policy")]
    urls += [change.model.get_absolute_url(), reverse("changes:model-edit", args=[change.model.code])]
    urls += [waiting(change).policy.get_absolute_url(), backup.get_absolute_url(), freeze.get_absolute_url()]

    assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


# --- The decision page ----------------------------------------------------------------------------


def test_the_change_manager_authorises_what_was_seen(browser_of, change_manager, change):
    answer = browser_of(change_manager).post(
        decide_url(change), {"decision": "authorised", "comment": "Fine.", **seen(change)}, follow=True
    )

    change.refresh_from_db()
    assert change.status == ChangeRequest.Status.SCHEDULED
    entry = LedgerEntry.objects.get(subject_id=change.pk, decision="authorised")
    assert f"ledger {entry.sequence}" in answer.content.decode()


def test_a_plan_changed_meanwhile_is_not_decided(browser_of, change_manager, change):
    before = seen(change)
    planning.plan(change_id=change.pk, back_out_minutes=25, actor=SYSTEM)

    answer = browser_of(change_manager).post(decide_url(change), {"decision": "authorised", **before}, follow=True)

    assert "changed while you read it" in answer.content.decode()
    assert not LedgerEntry.objects.filter(decision="authorised").exists()
    assert waiting(change).state == "pending"


@pytest.mark.parametrize("decision", ["rejected", "more_information"])
def test_a_rejection_or_a_question_needs_a_comment(decision, browser_of, change_manager, change):
    client = browser_of(change_manager)
    answer = client.post(decide_url(change), {"decision": decision, **seen(change)}, **HTMX)

    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert '<section class="panel decide" id="decision"' in answer.content.decode()
    assert waiting(change).state == "pending"
    assert not LedgerEntry.objects.filter(subject_type="changes.changerequest", subject_id=change.pk).exists()


def test_blocking_basics_disable_the_button_and_refuse_the_decision(browser_of, change_manager, change, backup):
    client = browser_of(change_manager)
    html = page(client, change)

    assert re.search(r'value="authorised"[^>]* disabled', html)
    assert "One of the basics blocks." in html
    assert reverse("changes:request-waive", args=[change.number]) in html
    answer = client.post(decide_url(change), {"decision": "authorised", **seen(change)})
    assert answer.status_code == 422
    assert "The basics block" in answer.content.decode()
    assert waiting(change).state == "pending"


def test_a_waiver_by_name_and_reason_frees_the_button(browser_of, change_manager, change, backup):
    client = browser_of(change_manager)
    waive = reverse("changes:request-waive", args=[change.number])
    client.post(waive, {"check_code": "nothing_else", "reason": "The backup is moved by hand."})
    html = page(client, change)

    assert not re.search(r'value="authorised"[^>]* disabled', html)
    assert "The backup is moved by hand." in html
    assert LedgerEntry.objects.filter(decision="waived").count() == 1


def test_the_requester_sees_why_somebody_else_decides(browser_of, person, firewall):
    requester = person("manager.two", "change_manager")
    change = make_change(requested_by=requester, cis=[firewall], status="assessment")
    html = page(browser_of(requester), change)

    assert "so somebody else decides" in html
    assert 'name="decision"' not in html


def test_who_has_no_say_sees_no_buttons(browser_of, viewer, change):
    html = page(browser_of(viewer), change)

    assert 'name="decision"' not in html
    assert "nothing for you to decide" in html


def test_the_free_slot_moves_the_window_in_one_click(browser_of, alice, change, backup):
    client = browser_of(alice)
    fragment = client.get(reverse("changes:request-slot", args=[change.number])).content.decode()
    fields = dict(re.findall(r'name="(start|end)" value="([^"]+)"', fragment))
    assert "Next free slot" in fragment

    client.post(reverse("changes:request-schedule", args=[change.number]), fields)

    change.refresh_from_db()
    assert change.window.lower == SOON + timedelta(hours=1)
    assert change.window.upper - change.window.lower == timedelta(hours=2)
    assert "Nothing else is going on" in page(client, change)


def test_an_assignee_acknowledges_on_the_page(browser_of, alice, bob, firewall):
    change = make_change(requested_by=alice, assignee=bob, acknowledged=False, cis=[firewall], status="assessment")
    task = change.tasks.get()
    client = browser_of(bob)
    url = reverse("changes:task-acknowledge", args=[task.number])
    assert url in page(client, change)

    client.post(url)

    task.refresh_from_db()
    assert task.is_acknowledged
    assert url not in page(client, change)


def test_others_ask_the_assignee_who_is_told(browser_of, alice, bob, change_manager, firewall):
    change = make_change(requested_by=alice, assignee=bob, acknowledged=False, cis=[firewall], status="assessment")
    url = reverse("changes:task-ask", args=[change.tasks.get().number])
    assert url in page(browser_of(change_manager), change)

    browser_of(change_manager).post(url)

    assert "acknowledge" in Notification.objects.get(user=bob).text


def test_the_queue_leads_from_one_decision_to_the_next(browser_of, change_manager, alice, bob, change):
    later = {"start": SOON + timedelta(days=3), "end": SOON + timedelta(days=3, hours=2)}
    other = make_change(requested_by=alice, assignee=bob, status="assessment", **later)
    client = browser_of(change_manager)
    html = client.get(change.get_absolute_url() + "?queue=1").content.decode()
    assert "1 of 2" in html
    assert f'{other.get_absolute_url()}?queue=1" data-key="j"' in html

    answer = client.post(decide_url(change) + "?queue=1", {"decision": "authorised", **seen(change)})

    assert answer.url == other.get_absolute_url() + "?queue=1"


def test_the_decision_page_takes_a_fixed_number_of_queries(
    browser_of, change_manager, alice, bob, change, backup, django_assert_max_num_queries
):
    shop = make_ci("shop", depends_on=[change.cis.get()])
    make_change(requested_by=alice, cis=[shop], status="assessment", start=SOON, end=SOON + timedelta(hours=1))
    client = browser_of(change_manager)
    with django_assert_max_num_queries(MOST) as first:
        page(client, change)
    for number in range(29):
        tasks.add(change_id=change.pk, title=f"Step {number}", assignee=bob, duration_minutes=1, actor=SYSTEM)
    with django_assert_max_num_queries(MOST) as second:
        page(client, change)

    assert len(first) == len(second)


def test_a_change_is_carried_out_on_its_page(browser_of, change_manager, bob, change):
    waivers_needed = [v for v in requests.basics.verdicts_of(change, timezone.now()) if v.blocks]
    assert waivers_needed == []
    manager, worker, task = browser_of(change_manager), browser_of(bob), change.tasks.get()
    manager.post(decide_url(change), {"decision": "authorised", **seen(change)})
    opened = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=5)
    ChangeRequest.objects.filter(pk=change.pk).update(window=planning.window_of(opened, opened + timedelta(hours=2)))

    manager.post(reverse("changes:request-start", args=[change.number]))
    for verb in ("start", "finish"):
        worker.post(reverse(f"changes:task-{verb}", args=[task.number]), {"note": ""})
    manager.post(reverse("changes:request-finish", args=[change.number]), {"outcome": "successful"})
    manager.post(reverse("changes:request-review", args=[change.number]), {"objectives_met": "yes", "lessons": "None."})
    manager.post(reverse("changes:request-close", args=[change.number]))

    change.refresh_from_db()
    assert (change.status, change.outcome) == ("closed", "successful")
    assert "It reached what it was made for." in page(manager, change)


def test_a_waiver_for_an_earlier_plan_is_told_apart(browser_of, change_manager, change, backup):
    waivers.waive(
        change_id=change.pk,
        check_code="nothing_else",
        reason="Moved.",
        actor=Actor.person(change_manager),
        now=timezone.now(),
    )
    planning.plan(change_id=change.pk, back_out_minutes=25, actor=SYSTEM)

    assert "for an earlier plan" in page(browser_of(change_manager), change)


def test_the_impact_is_told_by_service(browser_of, change_manager, service_owner, change, firewall):
    shop = make_service("Online Shop", owner=service_owner)
    web = make_ci("web", depends_on=[firewall])
    from cmdb.operations import relations

    relations.relate(source=shop.ci, type="depends_on", target=web, actor=SYSTEM)
    html = page(browser_of(change_manager), change)

    assert shop.get_absolute_url() in html
    assert "not yet: Service Owner" in html
    assert re.search(r'Online Shop</a></th><td class="right num" data-label="Impacted CIs">3</td>', html)


def test_what_a_decider_asked_stands_on_the_card_with_the_way_to_answer_and_then_the_answer(
    browser_of, alice, change, change_manager
):
    def card(reader):
        answer = browser_of(reader).get(change.get_absolute_url())
        return answer.context["card"]["asked"], " ".join(answer.content.decode().split())

    asks = {"decision": "more_information", "comment": "Which gateway?", **seen(change)}
    browser_of(change_manager).post(decide_url(change), asks)
    asked, html = card(alice)
    assert "Which gateway?" in html
    assert "It waits for an answer" in html
    assert browser_of(alice).post(asked[0]["url"], {"answer": "The second one."}).status_code == 302

    asked, html = card(change_manager)
    assert asked[0]["url"] == ""
    assert "The second one." in html[html.index('id="decision"') :]
