"""What recurs keeps its template and is made once each time; a copy keeps what is still true and says the rest."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from changes.models import ChangeRequest, Occurrence, RecurringChange
from changes.operations import copying, recurring, tasks, unauthorised
from changes.queries import recurring as ask
from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden, InvalidInput
from itsm.kernel.models import OutboxEvent, User
from tests.builders import SYSTEM, make_ci, make_service
from tests.changes.builders import END, NOW, START, make_change, make_model, make_policy

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)  # six days after NOW


@pytest.fixture
def plan(alice, bob):
    """A request with two tasks in order, one of them acknowledged, on two CIs and a service."""
    make_policy()
    change = make_change(
        requested_by=alice, assignee=bob, cis=[make_ci("web-1"), make_ci("web-2")], services=[make_service("Shop")],
        status="scheduled", reason="Every month.", margin_minutes=15,
    )  # fmt: skip
    first = change.tasks.get()
    tasks.add(change_id=change.pk, title="Look", assignee=bob, predecessor=first, ci=change.cis.first(), actor=SYSTEM)
    return change


def copy(change, who=None, **said):
    return copying.copy(change_id=change.pk, actor=Actor.person(who) if who else SYSTEM, now=NOW, **said)


def recur(who, **said):
    about = {"first_start": SUNDAY, "recurrence": "FREQ=WEEKLY;BYDAY=SU", "time_zone": "Europe/Amsterdam",
             "duration_minutes": 90, "ahead_days": 14}  # fmt: skip
    return recurring.create(actor=Actor.person(who), now=NOW, **about | said)


def test_a_copy_keeps_what_is_still_true(plan, alice, bob):
    made = copy(plan, alice, title="Open it again")
    kept = list(made.tasks.order_by("order").values_list("title", "assignee", "state"))
    assert (made.title, made.status, made.reason, made.margin_minutes) == ("Open it again", "draft", "Every month.", 15)
    assert kept == [("Add the rule", bob.pk, "planned"), ("Look", bob.pk, "planned")]
    assert made.tasks.get(order=2).predecessor == made.tasks.get(order=1)
    assert set(made.cis.all()) == set(plan.cis.all())
    assert [str(service) for service in made.services.all()] == ["Shop"]
    assert (made.window, made.authorisations.count(), made.requested_by, made.copied_from) == (None, 0, alice, plan)
    assert [said.partition(":")[0] for said in made.cleared] == ["Window", "Authorisations", "Acknowledgements"]
    assert OutboxEvent.objects.filter(name="changes.change_request.copied", subject_id=made.pk).exists()


def test_a_copy_keeps_the_way_back_apart(plan, alice, bob):
    """A task of the back-out that became one of the work would be done with it."""
    tasks.add(change_id=plan.pk, title="Go back", assignee=bob, phase="back_out", actor=SYSTEM)

    assert copy(plan, alice).tasks.get(title="Go back").phase == "back_out"


def test_a_copy_leaves_behind_who_left_and_what_is_retired_and_says_so(plan, bob):
    gone = plan.cis.get(name="web-1")
    type(gone).objects.filter(pk=gone.pk).update(status="retired")
    plan.tasks.filter(order=2).update(ci=gone)
    User.objects.filter(pk=bob.pk).update(is_active=False)
    made = copy(plan)
    assert [ci.name for ci in made.cis.all()] == ["web-2"]
    assert set(made.tasks.values_list("assignee", "ci")) == {(None, None)}
    said = " ".join(made.cleared)
    for each in ("CIs that are gone: web-1 (retired).", "Tasks of people who left: Add the rule (Bob), Look (Bob).",
                 "CIs of tasks that are gone: Look (web-1)."):  # fmt: skip
        assert each in said


def test_what_was_found_done_is_not_copied_and_viewers_copy_nothing(plan, viewer):
    found = unauthorised.record(title="x", began_at=NOW, cis=[make_ci()], actor=SYSTEM, now=NOW)
    with pytest.raises(copying.NothingToCopy):
        copy(found)
    with pytest.raises(Forbidden):
        copy(plan, viewer)


def test_each_is_made_in_time_with_its_template_and_only_once(plan, alice, django_assert_max_num_queries):
    series = recur(alice, template=plan)
    made = recurring.make_due(actor=SYSTEM, now=NOW)
    again = recurring.make_due(actor=SYSTEM, now=NOW + timedelta(minutes=5))
    assert [change.starts_at for change in made] == [SUNDAY, SUNDAY + timedelta(days=7)]
    assert again == []
    assert {(c.title, c.status, c.requested_by, c.tasks.count(), c.copied_from) for c in made} == {
        (plan.title, "draft", alice, 2, plan)
    }  # fmt: skip
    assert made[0].ends_at - made[0].starts_at == timedelta(minutes=90)
    # what was made stays made, whatever becomes of the bookkeeping
    RecurringChange.objects.update(made_until=NOW)
    assert recurring.make_due(actor=SYSTEM, now=NOW) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.create(recurring=series, starts_at=SUNDAY, change=plan)
    # a week later one more; with nothing to do, one question
    assert len(recurring.make_due(actor=SYSTEM, now=NOW + timedelta(days=7))) == 1
    with django_assert_max_num_queries(4):
        assert recurring.make_due(actor=SYSTEM, now=NOW + timedelta(days=7)) == []


def test_the_job_writes_nothing_while_nothing_is_due(plan, alice):
    """It looks every few minutes; its history would say nothing else."""
    series = recur(alice, template=plan)
    recurring.make_due(actor=SYSTEM, now=NOW)
    seen = RecurringChange.objects.get(pk=series.pk)
    for minutes in (5, 10, 60 * 24 * 5):
        assert recurring.make_due(actor=SYSTEM, now=NOW + timedelta(minutes=minutes)) == []
    assert RecurringChange.objects.get(pk=series.pk).revision == seen.revision
    assert len(recurring.make_due(actor=SYSTEM, now=SUNDAY + timedelta(minutes=5))) == 1


def test_it_follows_the_wall_clock_and_leaves_out_what_is_over(plan, alice):
    summer = datetime(2026, 3, 22, 22, 0, tzinfo=UTC)  # a Sunday at 23:00 in Amsterdam, a week before the clocks change
    recur(alice, template=plan, first_start=summer)
    made = recurring.make_due(actor=SYSTEM, now=datetime(2026, 3, 21, tzinfo=UTC))
    assert made == []  # set up later than that: nothing is made for the past
    RecurringChange.objects.update(made_until=datetime(2026, 3, 21, tzinfo=UTC))
    made = recurring.make_due(actor=SYSTEM, now=datetime(2026, 3, 21, tzinfo=UTC))
    assert [change.starts_at.hour for change in made] == [22, 21]


def test_from_a_model_it_begins_with_the_models_tasks(alice, bob):
    model = make_model("renewal", tasks=[{"title": "Renew"}], window_minutes=45)
    gone, here = make_ci("old"), make_ci("web")
    series = recur(alice, model=model, title="Renew the certificate", cis=[gone, here], reason="It runs out.")
    type(gone).objects.filter(pk=gone.pk).update(status="retired")
    change = recurring.make_due(actor=SYSTEM, now=NOW)[0]
    assert (change.title, change.reason, change.requested_by) == ("Renew the certificate", "It runs out.", alice)
    assert [task.title for task in change.tasks.all()] == ["Renew"]
    assert [ci.name for ci in change.cis.all()] == ["web"]
    with pytest.raises(Forbidden):
        recurring.update(recurring_id=series.pk, active=False, actor=Actor.person(bob), now=NOW)
    recurring.update(recurring_id=series.pk, active=False, actor=Actor.person(alice), now=NOW)
    assert recurring.make_due(actor=SYSTEM, now=NOW + timedelta(days=30)) == []
    User.objects.filter(pk=alice.pk).update(is_active=False)
    recurring.update(recurring_id=series.pk, active=True, actor=SYSTEM, now=NOW)
    assert {c.requested_by for c in recurring.make_due(actor=SYSTEM, now=NOW + timedelta(days=30))} == {None}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"recurrence": "every sunday"}, "recurrence"),
        ({"recurrence": "FREQ=HOURLY", "ahead_days": 300}, "recurrence"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"ahead_days": 0}, "ahead_days"),
        ({"first_start": datetime(2026, 11, 29)}, "first_start"),
        ({"model": None}, "model"),
        ({"model": None, "template": True, "reason": "x"}, "reason"),
    ],
)
def test_what_cannot_recur_is_refused_at_its_field(alice, said, field):
    if "template" in said:
        said = said | {"template": make_change(requested_by=alice)}
    with pytest.raises(InvalidInput) as refusal:
        recur(alice, **{"model": make_model()} | said)
    assert list(refusal.value.errors) == [field]
    assert not RecurringChange.objects.exists()


def test_by_rest_it_is_copied_made_to_recur_and_listed(api, plan, alice, bob, viewer):
    client = api(alice)
    window = {"start": START.isoformat(), "end": END.isoformat()}
    made = client.post(f"/api/changes/requests/{plan.number}/copy/", {"window": window}, format="json")
    assert (made.status_code, made.json()["copied_from"]) == (201, plan.number)
    assert made.json()["cleared"][0].startswith("Authorisations")
    assert made.json()["window"] is not None
    begins = datetime.now(UTC) + timedelta(hours=36)
    said = {"first_start": begins.isoformat(), "recurrence": "FREQ=DAILY", "ahead_days": 3}
    series = client.post(f"/api/changes/requests/{plan.number}/recur/", said, format="json")
    assert (series.status_code, series.json()["template"]) == (201, plan.number)
    path = f"/api/changes/recurring/{series.json()['number']}/"
    assert api(viewer).post(f"{path}make/").status_code == 403
    assert client.post(f"{path}make/").status_code == 200
    assert client.post(f"{path}make/").status_code == 200
    rows = client.get(f"{path}occurrences/").json()["results"]
    assert len([row for row in rows if row["change"]]) == 2
    assert ChangeRequest.objects.filter(occurrence__isnull=False, copied_from=plan).count() == 2
    wrong = client.patch(path, {"recurrence": "odd"}, format="json")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/recurrence")
    made = client.post("/api/changes/recurring/", said | {"model": plan.model.code, "title": "Daily"}, format="json")
    assert (made.status_code, made.json()["template"]) == (201, None)
    ChangeRequest.objects.filter(pk=plan.pk).update(confidential=True, requested_by=None)
    assert api(viewer).get(path).status_code == 404


def test_its_pages_say_what_comes_and_what_was_made(browser_of, plan, alice, django_assert_max_num_queries):
    client = browser_of(alice)
    form = {"title": "Every Sunday", "owner": "alice", "first_start": "2030-01-06T22:00", "recurrence": "FREQ=WEEKLY",
            "time_zone": "UTC", "duration_minutes": 60, "ahead_days": 14, "active": "on"}  # fmt: skip
    made = client.post(reverse("changes:request-recur", args=[plan.number]), form)
    series = RecurringChange.objects.get()
    assert made["Location"] == series.get_absolute_url()
    recurring.make_due(actor=SYSTEM, now=datetime(2029, 12, 31, tzinfo=UTC))
    with django_assert_max_num_queries(15):
        page = client.get(series.get_absolute_url()).content.decode()
    assert plan.display in page
    assert "Every Sunday" in page
    change = ChangeRequest.objects.get(title="Every Sunday", occurrence__starts_at__day=6)
    shown = client.get(change.get_absolute_url()).content.decode()
    assert "Acknowledgements: everybody is asked again." in shown
    assert series.number in shown
    assert "Every Sunday" in client.get(reverse("changes:recurring-list")).content.decode()
    for name in ("edit", "make"):
        assert client.get(reverse(f"changes:recurring-{name}", args=[series.number])).status_code == 200
    bad = client.post(reverse("changes:recurring-create"), form | {"model": plan.model_id, "recurrence": "x"})
    assert (bad.status_code, list(bad.context["form"].errors)) == (422, ["recurrence"])
    assert client.get(reverse("changes:request-copy", args=[plan.number])).status_code == 200


NEXT = SUNDAY + timedelta(days=7)


def test_one_is_skipped_and_the_others_come(plan, alice):
    series = recur(alice, template=plan)
    about = {"recurring_id": series.pk, "actor": Actor.person(alice), "now": NOW}

    recurring.skip(starts_at=SUNDAY, reason="The shop has its sale.", **about)

    assert [at.day for at in ask.coming(series, NOW)[:2]] == [6, 13]
    assert [change.starts_at for change in recurring.make_due(actor=SYSTEM, now=NOW)] == [NEXT]
    (left_out,) = ask.skipped(series, NOW)
    assert (left_out.skipped_because, left_out.skipped_by) == ("The shop has its sale.", alice)
    assert OutboxEvent.objects.get(name="changes.recurring.skipped").payload["reason"] == "The shop has its sale."


def test_a_skipped_one_that_is_taken_back_is_made_once(plan, alice):
    series = recur(alice, template=plan)
    about = {"recurring_id": series.pk, "actor": Actor.person(alice), "now": NOW}
    recurring.skip(starts_at=SUNDAY, reason="Sale.", **about)
    recurring.make_due(actor=SYSTEM, now=NOW)

    recurring.take_back(starts_at=SUNDAY, **about)

    assert [change.starts_at for change in recurring.make_due(actor=SYSTEM, now=NOW)] == [SUNDAY]
    with pytest.raises(InvalidInput, match="starts_at"):
        recurring.take_back(starts_at=SUNDAY, **about)


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"starts_at": SUNDAY + timedelta(days=1)}, "REC-\\d+ does not come then. Its next is 2026-11-29T22:00Z"),
        ({"starts_at": SUNDAY - timedelta(days=70)}, "does not come then"),
        ({"starts_at": SUNDAY, "reason": " "}, "Say why"),
        ({"starts_at": SUNDAY, "reason": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_cannot_be_skipped_says_why(plan, alice, said, answer):
    series = recur(alice, template=plan)
    with pytest.raises(InvalidInput, match=answer):
        recurring.skip(recurring_id=series.pk, actor=Actor.person(alice), now=NOW, **{"reason": "Sale."} | said)


def test_what_is_made_already_is_cancelled_and_not_skipped_and_only_by_its_people(plan, alice, bob):
    series = recur(alice, template=plan)
    made = recurring.make_due(actor=SYSTEM, now=NOW)
    about = {"recurring_id": series.pk, "starts_at": SUNDAY, "reason": "Sale.", "now": NOW}
    with pytest.raises(recurring.MadeAlready, match=made[0].number):
        recurring.skip(actor=Actor.person(alice), **about)
    with pytest.raises(Forbidden):
        recurring.skip(actor=Actor.person(bob), **about)


def test_one_is_skipped_and_taken_back_on_its_page_and_by_the_api(client, api, plan, alice):
    series = recur(alice, template=plan, first_start=NOW.replace(year=2030))
    client.force_login(alice)
    page = client.get(series.get_absolute_url())
    first = page.context["coming"][0][1]
    assert page.context["coming"][0][2].endswith(" there)")  # Amsterdam's clock, read by one who lives by UTC
    address = reverse("changes:recurring-skip", args=[series.number])
    assert f"{address}?starts_at=".encode() in page.content

    answer = client.post(address, {"starts_at": first, "reason": "Sale."}, follow=True)
    assert "Sale." in answer.content.decode()
    assert [code for _, code in answer.context["skipped"]] == [first]
    assert client.post(address, {"starts_at": "never", "reason": "Sale."}).status_code == 422

    rest = api(alice)
    rows = rest.get(f"/api/changes/recurring/{series.number}/occurrences/").json()["results"]
    assert [row["starts_at"][:10] for row in rows if row["skipped_because"]] == [first[:10]]
    back = rest.post(
        f"/api/changes/recurring/{series.number}/take-back/", {"starts_at": first}, format="json",
        headers={"If-Match": "*"},
    )  # fmt: skip
    assert (back.status_code, series.occurrences.count()) == (200, 0)


def test_all_that_is_wrong_with_a_rhythm_is_said_at_once(plan, alice):
    wrong = {"time_zone": "Mars/Base", "recurrence": "FREQ=SOMETIMES", "ahead_days": 0, "duration_minutes": 0,
             "first_start": SUNDAY.replace(year=9999)}  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        recur(alice, template=plan, **wrong)
    assert set(refused.value.errors) == set(wrong)


def test_the_hour_on_its_own_clock_stays_when_the_clocks_change(client, plan, alice):
    series = recur(alice, template=plan, first_start=datetime(2027, 3, 14, 22, 0, tzinfo=UTC))
    client.force_login(alice)
    coming = client.get(series.get_absolute_url()).context["coming"]
    assert [(at.astimezone(UTC).hour, there) for at, _, there in coming[:3]] == [
        (22, " (Sun 23:00 there)"), (22, " (Sun 23:00 there)"), (21, " (Sun 23:00 there)"),
    ]  # fmt: skip
