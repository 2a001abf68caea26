"""API tokens: what they may do, how long, and that nobody sees a key again."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from itsm.kernel import scopes, tokens
from itsm.kernel.actor import Actor
from itsm.kernel.api.authentication import TokenAuthentication
from itsm.kernel.api.tokens import may_revoke
from itsm.kernel.models import ApiToken
from itsm.kernel.permissions import allowed
from itsm.kernel.scopes import within
from tests.builders import make_ci

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_scopes():
    """`with_scopes(user, "read", …)`: a REST client with such a token."""

    def sign_in(user, *wanted, **details) -> APIClient:
        client = APIClient()
        key = tokens.make(user, name="test", scopes=wanted, **details)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client

    return sign_in


def test_it_is_stored_as_a_digest_and_dies_with_its_user(viewer):
    key = tokens.make(viewer, name="test")

    assert not ApiToken.objects.filter(digest=key).exists()
    assert tokens.find(key).user == viewer
    viewer.is_active = False
    viewer.save()
    assert tokens.find(key) is None


def test_an_expired_token_is_refused(with_scopes, viewer):
    client = with_scopes(viewer, "read", expires_at=timezone.now() - timedelta(seconds=1))

    assert client.get("/api/teams/").status_code == 401


def test_a_token_to_read_writes_nothing_and_is_told_which_scope_it_lacks(with_scopes, config_manager):
    ci = make_ci("db-1")
    client = with_scopes(config_manager, "read")
    refused = client.post(f"/api/cmdb/cis/{ci.pk}/verify/")

    assert client.get(f"/api/cmdb/cis/{ci.pk}/").status_code == 200
    assert refused.status_code == 403
    assert refused.json()["code"] == "missing_scope"
    assert "'write'" in refused.json()["detail"]
    assert refused["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="write"'
    ci.refresh_from_db()
    assert ci.revision == 1


def test_a_token_for_one_app_reaches_no_other(with_scopes, viewer):
    client = with_scopes(viewer, "write", "changes")
    answers = {path: client.get(path) for path in ("/api/changes/requests/", "/api/cmdb/cis/", "/api/users/")}

    assert {path: answer.status_code for path, answer in answers.items()} == {
        "/api/changes/requests/": 200,
        "/api/cmdb/cis/": 403,
        "/api/users/": 403,
    }
    assert "'cmdb'" in answers["/api/cmdb/cis/"].json()["detail"]
    assert "'kernel'" in answers["/api/users/"].json()["detail"]


def test_no_scope_at_all_reads_nothing(with_scopes, viewer):
    assert with_scopes(viewer, "cmdb").get("/api/cmdb/cis/").json()["code"] == "missing_scope"


def _api_views(node=None, path=""):
    for pattern in (node or get_resolver()).url_patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _api_views(pattern, here)
        elif isinstance(pattern, URLPattern) and here.startswith("api/"):
            yield here, pattern.callback.cls


def test_every_route_of_the_api_reads_tokens_where_scopes_are_checked():
    views = dict(_api_views())
    without = [path for path, view in views.items() if view.authentication_classes[0] is not TokenAuthentication]

    assert len(views) > 80
    assert without == [f"api/transition/events/{tool}/" for tool in ("github", "gitlab")]  # a signature stands for it


@pytest.mark.parametrize(
    ("wanted", "held", "verdict"),
    [
        (["read"], ["write"], True),
        (["write"], ["read"], False),
        (["decide", "read"], ["read", "write"], False),
        (["read", "cmdb"], ["read"], True),
        (["read"], ["read", "cmdb"], False),
        (["read", "changes"], ["read", "cmdb"], False),
    ],
)
def test_what_one_token_can_do_is_compared_with_another(wanted, held, verdict):
    assert within(wanted, held) is verdict


def test_a_path_belongs_to_an_app():
    assert scopes.app_of("/api/cmdb/cis/") == "cmdb"
    assert scopes.app_of("/api/ledger/") == "kernel"


def test_its_last_use_is_noted_once_a_minute(with_scopes, viewer, django_assert_num_queries):
    client = with_scopes(viewer, "read")
    client.get("/api/teams/")
    first = ApiToken.objects.get().last_used_at
    client.get("/api/teams/")

    assert first is not None
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(minutes=2))
    client.get("/api/teams/")
    assert ApiToken.objects.get().last_used_at > first
    assert ApiToken.pgh_event_model.objects.count() == 1


def test_one_makes_a_token_sees_its_key_once_and_revokes_it(browser_of, viewer):
    browser = browser_of(viewer)
    said = {"name": "nightly report", "scopes": ["read", "cmdb"], "days": 30}
    made = browser.post("/api/tokens/", said, content_type="application/json")
    reader = APIClient(HTTP_AUTHORIZATION=f"Token {made.json()['key']}")

    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert made.json()["scopes"] == ["cmdb", "read"]
    assert reader.get("/api/cmdb/cis/").status_code == 200
    assert "key" not in browser.get(f"/api/tokens/{made.json()['id']}/").json()

    revoked = browser.post(f"/api/tokens/{made.json()['id']}/revoke/", {}, content_type="application/json")
    assert revoked.json()["state"] == "revoked"
    assert reader.get("/api/cmdb/cis/").status_code == 401
    assert (
        browser.post(f"/api/tokens/{made.json()['id']}/revoke/", {}, content_type="application/json").json()["code"]
        == "revoked_already"
    )


def test_nobody_sees_or_revokes_the_token_of_another(api, viewer, alice):
    tokens.make(alice, name="hers")
    hers = ApiToken.objects.get(user=alice)
    client = api(viewer)

    assert [token["name"] for token in client.get("/api/tokens/").json()["results"]] == ["test"]
    assert client.post(f"/api/tokens/{hers.pk}/revoke/").status_code == 404
    hers.refresh_from_db()
    assert hers.revoked_at is None
    assert [allowed(may_revoke, Actor.person(someone), hers) for someone in (viewer, alice)] == [False, True]


@pytest.mark.parametrize(
    "said",
    [
        {"scopes": ["write", "kernel", "decide"], "days": 1},
        {"scopes": ["write"], "days": 1},
        {"scopes": ["read", "kernel"], "days": 30},
    ],
    ids=["may do more", "reaches more apps", "lasts longer"],
)
def test_a_token_makes_none_that_goes_beyond_itself(with_scopes, viewer, said):
    client = with_scopes(viewer, "write", "kernel", expires_at=timezone.now() + timedelta(days=2))

    assert client.post("/api/tokens/", {"name": "more", **said}).json()["code"] == "beyond_your_token"
    assert client.post("/api/tokens/", {"name": "less", "scopes": ["read", "kernel"], "days": 1}).status_code == 201
    assert ApiToken.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"name": " ", "scopes": ["read"]}, "/name"),
        ({"name": "x", "scopes": []}, "/scopes"),
        ({"name": "x", "scopes": ["cmdb"]}, "/scopes"),
        ({"name": "x", "scopes": ["everything"]}, "/scopes/0"),
        ({"name": "x", "scopes": ["read"], "days": 4000}, "/days"),
        ({"name": "x", "scopes": ["read"], "user": "admin"}, "/user"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(api, viewer, said, pointer):
    answer = api(viewer).post("/api/tokens/", said)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert ApiToken.objects.count() == 1


def test_an_answer_with_a_key_is_not_kept_for_a_second_asking(api, viewer):
    client = api(viewer)
    answer = client.post("/api/tokens/", {"name": "x", "scopes": ["read"]}, headers={"Idempotency-Key": "k1"})

    assert answer.status_code == 400
    assert ApiToken.objects.count() == 1


def test_the_command_prints_a_key_that_works(viewer, capsys):
    call_command("token", user="viewer")
    everything = tokens.find(capsys.readouterr().out.strip())
    call_command("token", "--user=viewer", "--scope=read", "--scope=cmdb", "--days=7")
    little = tokens.find(capsys.readouterr().out.strip())

    assert (everything.user, everything.scopes, everything.expires_at) == (viewer, ["decide", "read", "write"], None)
    assert little.scopes == ["cmdb", "read"]
    assert timedelta(days=6, hours=23) < little.expires_at - timezone.now() <= timedelta(days=7)
    with pytest.raises(CommandError):
        call_command("token", user="nobody")
    with pytest.raises(CommandError):
        call_command("token", user="viewer", days=-1)


def test_on_the_page_a_key_is_shown_once_and_the_token_is_revoked(browser_of, viewer, django_assert_max_num_queries):
    browser = browser_of(viewer)
    made = browser.post("/account/tokens/new/", {"name": "report", "verbs": ["read"], "apps": ["cmdb"], "days": 30})
    token = ApiToken.objects.get()
    key = made.context["key"]
    with django_assert_max_num_queries(12):
        listed = browser.get("/account/tokens/").content.decode()

    assert tokens.find(key) == token
    assert made["Cache-Control"].startswith("max-age=0")
    assert "report" in listed
    assert key not in listed
    browser.post(f"/account/tokens/{token.pk}/revoke/")
    assert tokens.find(key) is None


def test_the_page_refuses_a_token_that_is_good_for_nothing_and_keeps_what_was_said(browser_of, viewer):
    refused = browser_of(viewer).post("/account/tokens/new/", {"name": "report", "apps": ["cmdb"], "days": 30})

    assert refused.status_code == 422
    assert "report" in refused.content.decode()
    assert not ApiToken.objects.exists()


def test_the_page_of_anothers_token_is_not_there(browser_of, viewer, alice):
    tokens.make(alice, name="hers")

    assert browser_of(viewer).get(f"/account/tokens/{ApiToken.objects.get().pk}/revoke/").status_code == 404
