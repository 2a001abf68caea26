"""Articles: tested by another than the author before readers get them."""

import pytest
from django.db import IntegrityError, transaction

from itsm.kernel.actor import Actor
from itsm.kernel.errors import Forbidden
from knowledge.markdown import rendered
from knowledge.models import Article, ArticleTest
from knowledge.operations import articles
from knowledge.queries.coverage import coverage_of
from tests.builders import make_ci

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(alice, now):
    return articles.draft(title="Restart the proxy", body="1. Log in.", actor=Actor.person(alice), now=now)


@pytest.fixture
def tested(article, alice, bob, now):
    articles.submit_for_test(article_id=article.pk, actor=Actor.person(alice))
    return articles.record_test(article_id=article.pk, result="passed", actor=Actor.person(bob), now=now)


def test_it_is_published_after_a_test_by_somebody_else(tested, knowledge_manager, now):
    published = articles.publish(article_id=tested.pk, actor=Actor.person(knowledge_manager), now=now)

    assert published.state == "published"
    assert published.published == published.current
    assert published.ci.article == published


def test_it_refuses_a_test_by_the_author(article, alice, now):
    articles.submit_for_test(article_id=article.pk, actor=Actor.person(alice))

    with pytest.raises(articles.OwnArticle):
        articles.record_test(article_id=article.pk, result="passed", actor=Actor.person(alice), now=now)

    assert not ArticleTest.objects.exists()


def test_the_database_refuses_a_test_by_the_author_too(article, alice, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleTest.objects.create(version=article.current, tester=alice, result="passed", at=now)


def test_it_refuses_to_publish_what_nobody_tested(article, alice, knowledge_manager, now):
    articles.submit_for_test(article_id=article.pk, actor=Actor.person(alice))

    with pytest.raises(articles.NotTested):
        articles.publish(article_id=article.pk, actor=Actor.person(knowledge_manager), now=now)

    article.refresh_from_db()
    assert article.state == "in_test"


def test_the_database_refuses_to_publish_what_nobody_tested(article):
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(state="published", published=article.current)


def test_a_failed_test_sends_it_back(article, alice, bob, now):
    articles.submit_for_test(article_id=article.pk, actor=Actor.person(alice))
    back = articles.record_test(
        article_id=article.pk, result="failed", notes="Step 1 is missing.", actor=Actor.person(bob), now=now
    )

    assert back.state == "draft"


def test_the_published_version_stays_readable_while_a_new_one_is_written(tested, alice, knowledge_manager, now):
    articles.publish(article_id=tested.pk, actor=Actor.person(knowledge_manager), now=now)
    revised = articles.revise(article_id=tested.pk, body="1. Don't.", actor=Actor.person(alice), now=now)

    assert revised.state == "draft"
    assert (revised.published.version, revised.current.version) == (1, 2)


def test_coverage_says_the_best_that_there_is(alice, now):
    described, bare = make_ci("shop"), make_ci("other")
    article = articles.draft(title="Shop", body="x", describes=[described], actor=Actor.person(alice), now=now)

    found = coverage_of([described.pk, bare.pk], today=now.date())

    assert (found[described.pk].state, found[described.pk].number) == ("draft", article.number)
    assert found[bare.pk].state == "none"


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", '<img src=x onerror="alert(1)">', "<b onclick=a>x"],
)
def test_markdown_never_becomes_a_script(text):
    html = rendered(text)

    assert "<script" not in html
    assert "href" not in html
    assert "<img" not in html
    assert "<b" not in html


def test_the_article_is_reachable_by_page_and_by_rest(tested, api, browser_of, viewer, django_assert_max_num_queries):
    browser = browser_of(viewer)
    with django_assert_max_num_queries(16):
        page = browser.get(tested.get_absolute_url())
    body = api(viewer).get(f"/api/knowledge/articles/{tested.number}/").json()

    assert "1. Log in" not in page.content.decode()  # rendered as a list, not as text
    assert "Log in" in page.content.decode()
    assert body["state"] == "in_test"
    assert {a["name"]: a["allowed"] for a in body["actions"]}["publish"] is False


def test_it_refuses_what_a_machine_thinks_of_an_article(article, person, now):
    robot = Actor.person(person("robot", is_machine=True))

    with pytest.raises(Forbidden):
        articles.give_feedback(article_id=article.pk, helpful=True, actor=robot, now=now)
