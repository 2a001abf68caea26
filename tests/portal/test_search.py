"""Search over everything: by number, by the beginnings of words, through typing errors; never past the rights."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.models import ChangeRequest
from itsm.kernel.actor import Actor
from itsm.kernel.searching import words_in
from itsm.portal import words
from itsm.portal.jobs import learn_words
from itsm.portal.queries.fitting import question
from itsm.portal.queries.search import KINDS, find, places_of
from knowledge.models import Article, ArticleVersion
from tests.builders import make_ci, make_class, make_service
from tests.changes.builders import make_change

pytestmark = pytest.mark.django_db


def names(groups) -> dict[str, list[str]]:
    return {group.kind.name: [str(getattr(r, "name", "") or r.title) for r in group.records] for group in groups}


@pytest.fixture
def asking(viewer):
    return lambda said, **more: names(find(said, Actor.person(viewer), **more))


def test_each_word_fits_by_its_beginning_whatever_separates_them(asking):
    make_ci("leaf-switch-07.berlin.example.org")
    make_ci("spine-switch-07")

    assert asking("switch berl") == {"ci": ["leaf-switch-07.berlin.example.org"]}
    assert asking("SWITCH leaf 07") == {"ci": ["leaf-switch-07.berlin.example.org"]}
    assert asking("witch") == {}


@pytest.mark.parametrize(("said", "expected"), [
    ("Müller's web-01", ["01", "muller", "s", "web"]), ("1.8.3 v2.", ["1.8.3", "v2"]),
    ("10.0.0.1/24", ["10.0.0.1", "24"]),
    ("…", []), ("' & ! | ( ) : *", []), ("\\'); drop", ["drop"]),
])  # fmt: skip
def test_what_a_word_is(db, said, expected):
    assert sorted(words_in(said)) == expected


@pytest.mark.parametrize("said", ["", "  ", "'", "&", ":*", "%", "\\", "((", "a" * 5000, "'a':* & "])
def test_nothing_that_is_typed_breaks_it(asking, said):
    make_ci("db-1")

    assert "ci" not in asking(said)


def test_those_called_so_come_before_those_that_begin_so_and_the_newest_next(asking):
    for name in ("db-old main", "main", "db-new main", "main-2"):
        make_ci(name)

    assert asking("main") == {"ci": ["main", "main-2", "db-new main", "db-old main"]}


def test_a_bare_number_finds_the_records_of_that_number(asking):
    ci = make_ci("db-1")

    assert asking(str(ci.pk))["ci"] == ["db-1"]
    assert asking(ci.number)["ci"] == ["db-1"]


def test_an_article_is_found_by_what_it_says(asking, viewer, now):
    article = Article.objects.create(
        ci=make_ci("ka", ci_class=make_class("document", "document")), title="Restart", owner=viewer
    )
    article.current = ArticleVersion.objects.create(
        article=article, version=1, body="Drain the *payment* queue first.", author=viewer, written_at=now
    )
    article.save()

    assert asking("paym queue")["article"] == ["Restart"]


def test_a_typing_error_finds_what_was_meant_once_its_words_are_known(asking):
    make_ci("hypervisor-0417")
    make_service("Online Shop")
    assert asking("hypervizor") == {}

    learn_words()

    assert asking("hypervizor 0417") == {"ci": ["hypervisor-0417"]}
    assert asking("onlin shpo")["service"] == ["Online Shop"]
    assert asking("qqqqqq") == {}


def test_words_are_learnt_once_and_those_of_new_titles_as_they_come(db):
    make_ci("hypervisor-0417")
    learn_words()
    make_ci("mainframe")

    assert learn_words() == 1
    assert learn_words() == 0
    assert words.learn() == 0


def test_what_may_not_be_seen_is_not_found_by_right_or_wrong_spelling(asking, change_manager, person):
    change = make_change(requested_by=person("kim"), title="Close the vulnerability in payments")
    ChangeRequest.objects.filter(pk=change.pk).update(confidential=True)
    learn_words()

    assert asking("vulnerability") == asking("vulnerabilty") == asking(change.number) == {}
    assert names(find("vulnerabilty", Actor.person(change_manager)))["change-request"] == [change.title]


def test_it_asks_all_kinds_at_once_and_each_that_has_something_for_its_records(asking):
    for number in range(30):
        make_ci(f"web-{number}")
    make_service("Web shop")

    with CaptureQueriesContext(connection) as asked:
        found = asking("web")

    assert len(found["ci"]) == 6
    assert set(found) == {"ci", "service"}
    assert len(asked) <= 2 + len(found) + 1  # the words, the question, the records; and who asks


def test_each_kind_is_answered_from_its_index(viewer):
    """Forbidden to walk a table or its key, the planner takes each words_index: it names the same fields."""
    sources = [source for _, source in places_of("shop", Actor.person(viewer))]
    asking = question(sources, "shop", "'shop':*", 6)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute(f"EXPLAIN {asking.sql}", asking.values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    for name in (*(kind.name.split("-")[0] for kind in KINDS), "article_body"):
        assert f"{name}_by_words" in plan, plan


def test_the_one_called_exactly_so_is_found_among_any_number_that_begin_so(asking, monkeypatch):
    monkeypatch.setattr("itsm.portal.queries.fitting.LOOKED_AT", 3)
    for number in range(8):
        make_ci(f"hypervisor {number}")
    make_ci("hypervisor")

    assert asking("hypervisor")["ci"][0] == "hypervisor"


def test_the_api_answers_what_fits_with_addresses(api, viewer):
    ci = make_ci("db-1")
    article = Article.objects.create(ci=make_ci("text"), title="DB hosting", owner=viewer)

    answer = api(viewer).get("/api/search/?q=db")

    assert answer.status_code == 200
    body = answer.json()
    assert (body["count"], body["next"], body["previous"]) == (2, None, None)
    assert {(r["kind"], r["number"]) for r in body["results"]} == {("ci", ci.number), ("article", article.number)}
    assert api(viewer).get(body["results"][0]["url"]).json()["number"] == body["results"][0]["number"]
    only = api(viewer).get("/api/search/?q=db&kind=ci&limit=1").json()["results"]
    assert [r["number"] for r in only] == [ci.number]


@pytest.mark.parametrize(("query", "name"), [
    ("", "q"), ("q=", "q"), ("q=a&kind=x", "kind"), ("q=a&limit=0", "limit"), ("q=a&w=1", "w"),
])  # fmt: skip
def test_the_api_refuses_what_it_does_not_know_by_name(api, viewer, query, name):
    answer = api(viewer).get(f"/api/search/?{query}")

    assert answer.status_code == 400
    assert all(error["pointer"].startswith(f"/{name}") for error in answer.json()["errors"])


def test_the_palette_offers_what_this_person_may_begin(browser_of, viewer, config_manager):
    assert b"New CI" in browser_of(config_manager).get("/search/palette/?q=new+ci").content
    answer = browser_of(viewer).get("/search/palette/?q=ci").content
    assert b"New CI" not in answer
    assert b"Go to CIs" in answer
    assert "Nothing fits “zzz”" in browser_of(viewer).get("/search/palette/?q=zzz").content.decode()
