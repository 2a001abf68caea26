"""Webhooks of GitHub and GitLab come in signed, each once; administrators say what a tool's names mean."""

import hashlib
import hmac
import json

import pytest

from itsm.kernel.actor import Actor
from tests.builders import SYSTEM, make_service
from transition.models import PipelineEvent, PipelineSource, SourceName
from transition.operations import pipeline_sources

pytestmark = pytest.mark.django_db
GITHUB, GITLAB = "/api/transition/events/github/", "/api/transition/events/gitlab/"
URL = "/api/transition/pipeline-sources/"
PUSH = {"ref": "refs/heads/main", "repository": {"full_name": "acme/shop"}, "commits": [],
        "head_commit": {"id": "9f2c41d", "timestamp": "2026-11-23T12:00:00+01:00"}}  # fmt: skip
PIPELINE = {"object_kind": "pipeline", "project": {"path_with_namespace": "acme/shop"},
            "object_attributes": {"status": "success", "finished_at": "2026-11-23 12:00:00 UTC"}}  # fmt: skip


@pytest.fixture
def admin(person):
    return person("root", is_superuser=True)


def make_source(kind="github", **details):
    return pipeline_sources.create(name=f"The {kind}", kind=kind, actor=SYSTEM, **details)


def github(client, secret, body=PUSH, kind="application/json", **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    said = {"X-GitHub-Event": "push", "X-GitHub-Delivery": "d-1", "X-Hub-Signature-256": f"sha256={digest}"}
    return client.generic("POST", GITHUB, raw, content_type=kind, headers=said | headers)


def gitlab(client, secret, body=PIPELINE, **headers):
    said = {"X-Gitlab-Event": "Pipeline Hook", "X-Gitlab-Event-UUID": "u-1", "X-Gitlab-Token": secret}
    return client.post(GITLAB, json.dumps(body), content_type="application/json", headers=said | headers)


def test_a_signed_webhook_of_github_is_kept_once(client):
    source, secret = make_source()

    first, again = github(client, secret), github(client, secret)

    assert (first.status_code, again.status_code) == (202, 202)
    assert (first.json()["known"], again.json()["known"]) == (False, True)
    kept = PipelineEvent.objects.get()
    assert (kept.origin, kept.type, kept.event_id) == (source, "com.github.push", "d-1")
    assert kept.source == "https://github.com/acme/shop"
    assert kept.occurred_at.isoformat() == "2026-11-23T11:00:00+00:00"
    assert kept.data == PUSH


def test_a_webhook_of_gitlab_with_the_secret_is_kept_once(client):
    source, secret = make_source("gitlab")

    assert [gitlab(client, secret).status_code for _ in range(2)] == [202, 202]
    kept = PipelineEvent.objects.get()
    assert (kept.origin, kept.type, kept.event_id) == (source, "com.gitlab.pipeline", "u-1")
    assert kept.occurred_at.isoformat() == "2026-11-23T12:00:00+00:00"


@pytest.mark.parametrize("wrong", ["", "sha256=", "sha256=00", "sha1=abc", "é"])
def test_an_unsigned_or_wrongly_signed_webhook_is_refused(client, wrong):
    _, secret = make_source()

    answer = github(client, secret, **{"X-Hub-Signature-256": wrong})

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert not PipelineEvent.objects.exists()


def test_the_signature_is_over_the_bytes_as_they_came(client):
    _, secret = make_source()
    spaced = json.dumps(PUSH, indent=3).encode()
    good = hmac.new(secret.encode(), spaced, hashlib.sha256).hexdigest()

    assert github(client, secret, spaced).status_code == 202
    other = github(client, secret, PUSH, **{"X-Hub-Signature-256": f"sha256={good}", "X-GitHub-Delivery": "d-2"})
    assert other.status_code == 401


def test_a_secret_of_another_kind_or_of_a_disabled_source_is_worth_nothing(client, admin):
    source, secret = make_source()
    make_source("gitlab")
    assert gitlab(client, secret).status_code == 401

    pipeline_sources.disable(source_id=source.pk, actor=Actor.person(admin))

    assert github(client, secret).status_code == 401


def test_a_token_does_not_stand_for_a_signature(api, admin):
    make_source()

    assert api(admin).post(GITHUB, PUSH, headers={"X-GitHub-Event": "push"}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [({"X-GitHub-Delivery": ""}, PUSH, 400), ({"X-GitHub-Event": ""}, PUSH, 400), ({}, b"[]", 400), ({}, b"{", 400),
     ({}, b"\xff", 400), ({}, b'{"a": "\\u0000"}', 400)],
)  # fmt: skip
def test_a_signed_webhook_that_is_none_is_refused(client, headers, body, status):
    _, secret = make_source()

    assert github(client, secret, body, **headers).status_code == status
    assert not PipelineEvent.objects.exists()


def test_the_secret_is_shown_once_and_kept_sealed(api, admin):
    make_service("Online Shop")
    body = {"name": "GitHub", "kind": "github", "names": [{"external": "Acme/Shop", "service": "online-shop"}],
            "environments": {"Prod": "production"}}  # fmt: skip
    answer = api(admin).post(URL, body)

    assert answer.status_code == 201
    made = answer.json()
    assert made["names"] == [{"external": "acme/shop", "service": "online-shop"}]
    assert made["environments"] == {"prod": "production"}
    assert "secret" not in api(admin).get(made["url"]).json()
    assert made["secret"] not in PipelineSource.objects.get().secret


def test_names_given_anew_take_the_place_of_those_there_were(api, admin):
    make_service("Online Shop"), make_service("Pay")
    source, _ = make_source()
    client = api(admin)
    for names in ([("a", "pay"), ("b", "pay")], [("b", "online-shop"), ("c", "pay")]):
        said = [{"external": external, "service": service} for external, service in names]
        answer = client.patch(f"{URL}{source.pk}/", {"names": said})
        assert answer.status_code == 200, answer.json()
        assert [(n.external, n.service.slug) for n in SourceName.objects.order_by("external")] == names


@pytest.mark.parametrize(
    "body",
    [{"name": ""}, {"environments": {"a": "x" * 41}}, {"environments": [1]}, {"names": [{"external": "a"}]},
     {"names": [{"external": "a", "service": "nobody"}]}, {"kind": "github"}],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_and_named(api, admin, body):
    source, _ = make_source()

    answer = api(admin).patch(f"{URL}{source.pk}/", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith(f"/{next(iter(body))}")


def test_after_a_new_secret_the_old_one_is_worth_nothing(api, admin, client):
    source, old = make_source()

    new = api(admin).post(f"{URL}{source.pk}/rotate/").json()["secret"]

    assert github(client, old).status_code == 401
    assert github(client, new).status_code == 202


def test_only_administrators_see_sources(api, browser_of, change_manager, admin):
    source, _ = make_source()
    for address in ("", f"{source.pk}/"):
        assert api(change_manager).get(f"{URL}{address}").status_code == 403
        assert browser_of(change_manager).get(f"/transition/pipeline-sources/{address}").status_code == 403
        assert browser_of(admin).get(f"/transition/pipeline-sources/{address}").status_code == 200


def test_a_source_is_made_and_changed_on_its_pages(browser_of, admin):
    make_service("Online Shop")
    page = browser_of(admin)

    made = page.post("/transition/pipeline-sources/new/", {"name": "GitHub", "kind": "github", "names": "a/b = nobody"})
    assert made.status_code == 422
    made = page.post(
        "/transition/pipeline-sources/new/",
        {"name": "GitHub", "kind": "github", "names": "a/b = online-shop", "environments": "prod = production"},
    )
    source = PipelineSource.objects.get()
    assert b"Copy it now" in made.content
    page.post(f"/transition/pipeline-sources/{source.pk}/edit/", {"name": "Hub", "names": "c/d = online-shop"})
    page.post(f"/transition/pipeline-sources/{source.pk}/disable/")

    source.refresh_from_db()
    assert (source.name, source.state, source.environments) == ("Hub", "disabled", {})
    assert [name.external for name in source.names.all()] == ["c/d"]


def test_the_page_of_an_event_shows_what_came_and_nothing_of_it_runs(browser_of, viewer, admin):
    event = PipelineEvent.objects.create(
        source="/x", event_id="1", type="org.example.x", lane="", state="parked", problem="No <b>service</b> fits.",
        payload={"data": "<script>alert(1)</script>"}, subject="<img src=x>",
    )  # fmt: skip
    page = browser_of(viewer).get(event.get_absolute_url()).content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "No &lt;b&gt;service" in page
    listed = browser_of(viewer).get("/transition/pipeline-events/?state=parked").content.decode()
    assert event.number in listed
    assert "parked" in listed
    assert browser_of(viewer).post(f"{event.get_absolute_url()}retry/").status_code == 403
    assert browser_of(admin).post(f"{event.get_absolute_url()}retry/").status_code == 302
    event.refresh_from_db()
    assert event.state == "waiting"


def test_the_list_of_events_says_what_became_of_them_and_of_which_record(browser_of, viewer):
    PipelineEvent.objects.create(
        source="/x", event_id="1", type="x", lane="", state="applied", payload={},
        effects=[{"text": "Kept as evidence."}, {"text": "Added to the evidence of", "number": "DEP-7"}],
    )  # fmt: skip

    page = browser_of(viewer).get("/transition/pipeline-events/").content.decode()

    assert "Kept as evidence; Added to the evidence of DEP-7" in page


def test_the_list_of_events_takes_the_same_queries_at_any_length(browser_of, viewer, django_assert_max_num_queries):
    PipelineEvent.objects.bulk_create(
        PipelineEvent(source="/x", event_id=str(n), type="x", lane="", payload={}) for n in range(60)
    )
    page = browser_of(viewer)
    page.get("/transition/pipeline-events/")
    with django_assert_max_num_queries(12):
        assert page.get("/transition/pipeline-events/").status_code == 200
