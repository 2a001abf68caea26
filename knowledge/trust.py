"""May a reader trust this article? Its last test, its review and what readers say, as verdict rows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from itsm.kernel.actor import Actor
from itsm.kernel.permissions import allowed
from knowledge import rules
from knowledge.models import Article, ArticleTest, ArticleVersion

Row = dict[str, Any]
State = Article.State


def rows_of(article: Article, versions: Iterable[ArticleVersion], *, actor: Actor, today: date) -> list[Row]:
    """The most serious first; `versions` with their tests, newest first."""
    known = list(versions)
    found = [_published(article, known), _review(article, today)]
    if article.state != State.RETIRED and article.current_id != article.published_id:
        found.insert(0, _in_work(article, known, actor))
    return [row for row in found if row]


def _published(article: Article, versions: list[ArticleVersion]) -> Row:
    if article.state == State.RETIRED:
        return _row("none", "retired", "It is out of use.", "It stays here for the record.")
    version = next((v for v in versions if v.pk == article.published_id), None)
    if version is None:
        return _row("warn", "not published", "Readers have no tested version of it yet.")
    passed = next(t for t in version.tests.all() if t.result == ArticleTest.Result.PASSED)
    where = f" on {passed.environment}" if passed.environment else ""
    done = f"{passed.tester} did what version {version.version} says{where}, and it worked."
    return _row("ok", "tested", done, passed.notes)


def _review(article: Article, today: date) -> Row | None:
    if article.published_id is None or article.state == State.RETIRED:
        return None
    if article.review_due is None:
        return _row("unknown", "no review", "Nobody has said when it must be looked at again.")
    days = (article.review_due - today).days
    if days < 0:
        return _row("warn", "stale", f"Its review has been due for {-days} day{'s' if days != -1 else ''}.")
    return _row("ok", "current", f"Its next review is due in {days} day{'s' if days != 1 else ''}.")


def _in_work(article: Article, versions: list[ArticleVersion], actor: Actor) -> Row:
    """Where the version stands that readers do not have yet."""
    current = next(v for v in versions if v.pk == article.current_id)
    name = f"Version {current.version} by {current.author}"
    tests = list(current.tests.all())
    if article.state == State.DRAFT:
        if tests and tests[0].result == ArticleTest.Result.FAILED:
            text = f"{tests[0].tester}: {tests[0].notes}"
            return _row("block", "failed", f"{name} failed its test.", text, _fix(article, actor, "revise"))
        return _row("open", "draft", f"{name} is being written.", "", _fix(article, actor, "submit-for-test"))
    if any(test.result == ArticleTest.Result.PASSED for test in tests):
        return _row("open", "passed", f"{name} passed and waits to be published.", "", _fix(article, actor, "publish"))
    waits = f"{name} waits for somebody else to do what it says."
    return _row("open", "in test", waits, "", _fix(article, actor, "record-test"))


FIXES = {
    "revise": ("Mend it", rules.may_edit),
    "submit-for-test": ("Submit for test", rules.may_edit),
    "record-test": ("Test it", rules.may_test),
    "publish": ("Publish", rules.may_publish),
}


def _fix(article: Article, actor: Actor, verb: str) -> list[dict[str, str]]:
    label, rule = FIXES[verb]
    url = reverse(f"knowledge:article-{verb}", args=[article.number])
    return [{"label": label, "url": url}] if allowed(rule, actor, article) else []


def _row(kind: str, word: str, title: str, text: str = "", fixes: list[dict[str, str]] | None = None) -> Row:
    return {"kind": kind, "word": word, "title": title, "text": text, "fixes": fixes or []}
