"""The way to a standard change by page and by REST, and the questions of a model on the request's form."""

import pytest
from django.urls import reverse

from changes.models import ChangeModel, ChangeRequest, PreAuthorisation
from changes.operations import models
from itsm.kernel.errors import InvalidInput
from itsm.kernel.roles import Role
from tests.builders import SYSTEM
from tests.changes.builders import NOW, make_change, make_model, make_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def model():
    make_policy()
    model = make_model("renewal")
    for title in ("Renew WWW-1", "Renew WWW-2"):
        ChangeRequest.objects.create(
            title=title, model=model, type=model.type, status="closed", outcome="successful", finished_at=NOW
        )
    ChangeRequest.objects.filter(title="Renew WWW-2").update(confidential=True)
    return model


@pytest.fixture
def kim(person):
    return person("kim", Role.CHANGE_MANAGER)


def test_by_rest_it_is_proposed_shown_approved_reviewed_and_revoked(api, model, alice, kim):
    asks, decides = api(alice), api(kim)
    terms = {"reason": "Always the same.", "safe_runs_needed": 2}
    made = asks.post("/api/changes/models/renewal/propose-standard/", terms, format="json")
    assert (made.status_code, made.json()["state"], made.json()["proposed_by"]) == (201, "proposed", "alice")
    path = f"/api/changes/pre-authorisations/{made.json()['number']}/"
    runs = asks.get(f"{path}runs/").json()
    assert (runs["safe"], runs["shown"]) == (2, True)
    assert [run["outcome"] for run in runs["latest"]] == ["successful"]  # the confidential one counts, and is not named
    assert asks.post(f"{path}approve/").status_code == 403
    assert decides.post(f"{path}approve/", {"comment": "Good."}, format="json").json()["state"] == "approved"
    assert decides.get("/api/changes/models/renewal/").json()["pre_authorised"] is True
    assert decides.post(f"{path}review/", {}, format="json").status_code == 400
    assert decides.post(f"{path}review/", {"comment": "Looked."}, format="json").json()["reviewed_by"] == "kim"
    gone = decides.post(f"{path}revoke/", {"reason": "A new maker."}, format="json").json()
    assert (gone["state"], gone["revoked_because"]) == ("revoked", "A new maker.")
    assert decides.post(f"{path}revoke/", {"reason": "x"}, format="json").json()["code"] == "illegal_state"
    assert decides.get("/api/changes/pre-authorisations/?state=revoked&model=renewal").json()["count"] == 1
    set_ = decides.patch("/api/changes/models/renewal/", {"pre_authorised": True}, format="json")
    assert (set_.status_code, set_.json()["errors"][0]["pointer"]) == (400, "/pre_authorised")


def test_its_page_tells_the_whole_way(browser_of, model, alice, kim, django_assert_max_num_queries):
    asks, decides = browser_of(alice), browser_of(kim)
    asks.post(reverse("changes:model-propose-standard", args=["renewal"]),
              {"reason": "Always the same.", "safe_runs_needed": 2, "failures_revoke": 3})  # fmt: skip
    asked = PreAuthorisation.objects.get()
    with django_assert_max_num_queries(16):
        page = asks.get(model.get_absolute_url()).content.decode()
    for said in ("Proposed", "Always the same.", "2 of the 2 latest ran safely", "Renew WWW-1", "a confidential change",
                 "Another change manager than who proposed it decides."):  # fmt: skip
        assert said in page
    assert "Renew WWW-2" not in page
    for verb in ("approve", "decline", "withdraw", "review", "revoke"):
        address = reverse(f"changes:pre-authorisation-{verb}", args=[asked.number])
        assert decides.get(address).status_code == 200
    approve = reverse("changes:pre-authorisation-approve", args=[asked.number])
    assert asks.post(approve).status_code == 403
    assert decides.post(approve, {"comment": ""}).status_code == 302
    assert "Approved" in decides.get(model.get_absolute_url()).content.decode()
    assert ChangeModel.objects.get(pk=model.pk).pre_authorised


def test_the_form_asks_what_the_model_asks_and_keeps_the_answers(browser_of, alice, viewer):
    asks = [{"code": "down", "text": "How long is it down?", "kind": "number", "required": True},
            {"code": "night", "text": "At night?", "kind": "yes_no"}]  # fmt: skip
    model, client = make_model("strict", questions=asks), browser_of(alice)
    asked = client.get(reverse("changes:request-questions"), {"model": model.pk}).content.decode()
    assert "How long is it down?" in asked
    assert client.get(reverse("changes:request-questions"), {"model": "x"}).content.decode().strip() == ""
    plain = {"title": "Renew", "model": model.pk, "likelihood": 1, "impact": 1, "check_minutes": 0,
             "back_out_minutes": 0, "margin_minutes": 10}  # fmt: skip
    wrong = client.post(reverse("changes:request-create"), plain | {"answer-down": "long"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["answer-down"])
    client.post(reverse("changes:request-create"), plain | {"answer-down": "5", "answer-night": "no"})
    change = ChangeRequest.objects.get()
    assert change.answers == {"down": 5, "night": False}
    assert "How long is it down?" in browser_of(viewer).get(change.get_absolute_url()).content.decode()
    edit = client.get(reverse("changes:request-edit", args=[change.number])).context["form"]
    assert (edit["answer-down"].value(), edit["answer-night"].value()) == (5, "no")


def test_a_models_questions_are_written_a_line_each(browser_of, change_manager):
    client, said = (
        browser_of(change_manager),
        "down: How long (about) is it? (number) *\nwhen: When? (choice: night / day)",
    )
    make_policy("p")
    form = {"code": "m", "name": "M", "type": "normal", "window_minutes": 30, "policy_name": "p",
            "clean_back_out": "failed",
            "questions": said, "required_fields": ["cis", "tasks"]}  # fmt: skip
    assert client.post(reverse("changes:model-create"), form).status_code == 302
    model = ChangeModel.objects.get()
    assert model.required_fields == ["cis", "tasks"]
    assert model.questions == [
        {"code": "down", "text": "How long (about) is it?", "kind": "number", "required": True},
        {"code": "when", "text": "When?", "kind": "choice", "choices": ["night", "day"]},
    ]
    edit = client.get(reverse("changes:model-edit", args=["m"])).context["form"]
    assert edit["questions"].value() == said


def test_a_models_tasks_are_rows_and_the_next_request_begins_with_them(browser_of, change_manager):
    client, model = browser_of(change_manager), make_model("m", policy_name=make_policy().name)
    form = {"name": "M", "type": "normal", "window_minutes": 30, "policy_name": model.policy_name,
            "clean_back_out": "failed", "seen_revision": model.revision,
            "tasks-title": ["Stop it", "", "Start it"], "tasks-instructions": ["Wait for the queue.", "", ""],
            "tasks-offset_minutes": ["", "", "10"], "tasks-duration_minutes": ["10", "", "soon"]}  # fmt: skip
    address = reverse("changes:model-edit", args=["m"])

    wrong = client.post(address, form)
    said = wrong.content.decode()
    assert (wrong.status_code, "Task 2: its duration is a whole number of minutes" in said) == (422, True)
    assert all(kept in said for kept in ("Stop it", "Wait for the queue.", "Start it", 'value="soon"'))

    assert client.post(address, form | {"tasks-duration_minutes": ["10", "", "5"]}).status_code == 302
    made = make_change(requested_by=change_manager, model=ChangeModel.objects.get())
    shown = list(made.tasks.values_list("title", "instructions", "offset_minutes", "duration_minutes"))
    assert [row for row in shown if row[0] in ("Stop it", "Start it")] == [
        ("Stop it", "Wait for the queue.", 0, 10), ("Start it", "", 10, 5),
    ]  # fmt: skip


@pytest.mark.parametrize("task", [{"title": "x", "duration_minutes": "soon"}, {"title": "x" * 201}, {"title": 1},
                                  {"title": "x", "offset_minutes": -1}, {"title": "x", "instructions": 7}])  # fmt: skip
def test_a_template_that_no_request_could_begin_with_is_refused(task):
    with pytest.raises(InvalidInput, match="The tasks"):
        models.update(model_id=make_model("m").pk, tasks=[task], actor=SYSTEM)


def test_numbers_of_a_model_that_cannot_be_are_named_together(browser_of, change_manager):
    form = {"code": "m", "name": "M", "type": "normal", "policy_name": make_policy().name, "clean_back_out": "failed"}
    odd = {"window_minutes": 0, "review_percent": 300, "review_hours": 99999999, "later_hours": 99999999}

    answer = browser_of(change_manager).post(reverse("changes:model-create"), form | odd)

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, set(odd))
    assert answer.context["form"].errors["review_percent"] == ["Say a whole number from 0 to 100."]


def test_by_rest_each_missing_field_is_named(api, alice):
    make_policy()
    strict = make_model("strict", required_fields=["reason"], questions=[{"code": "a", "text": "A?", "required": True}])
    change = make_change(requested_by=alice, model=strict)
    refused = api(alice).post(f"/api/changes/requests/{change.number}/submit/")
    assert (refused.status_code, refused.json()["code"]) == (409, "incomplete")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/reason", "/answers/a"]
    said = {"reason": "So.", "answers": {"a": "Yes."}}
    assert api(alice).patch(f"/api/changes/requests/{change.number}/", said, format="json").json()["answers"] == {
        "a": "Yes."
    }
    assert api(alice).post(f"/api/changes/requests/{change.number}/submit/").status_code == 200
