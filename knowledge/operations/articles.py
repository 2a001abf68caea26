"""An article's way: drafted, tested by another than its author, published, revised, retired."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import count
from typing import Any

from cmdb.models import CIClass, ConfigurationItem, Relation
from cmdb.operations import cis, relations
from itsm.kernel import events
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import User
from itsm.kernel.operation import operation
from itsm.kernel.permissions import require
from knowledge import rules
from knowledge.models import Article, ArticleTest, ArticleVersion, Feedback

State = Article.State
PROGRAM = Actor.system("knowledge")
EDITABLE = frozenset({"title", "audience", "owner", "review_due"})


class NotTested(DomainError):
    code = "not_tested"


class NotInTest(DomainError):
    code = "not_in_test"


class IsRetired(DomainError):
    code = "article_is_retired"


class OwnArticle(DomainError):
    code = "own_article"
    status = 403


@operation
def draft(
    *,
    title: str,
    body: str,
    actor: Actor,
    now: datetime,
    owner: User | None = None,
    audience: str = "",
    describes: Iterable[ConfigurationItem] = (),
    review_due: date | None = None,
) -> Article:
    """Write a new article, a CI of its own, about the CIs that it describes."""
    require(rules.may_draft, actor, None)
    writer = owner or actor.user
    if writer is None:
        raise InvalidInput.at("owner", "Say who answers for the article.")
    if not title.strip() or not body.strip():
        raise InvalidInput.at("body" if title.strip() else "title", "This must not be empty.")
    article = Article.objects.create(
        ci=_ci_of(title), title=title, owner=writer, audience=audience, review_due=review_due
    )
    _write(article, body, writer if actor.user is None else actor.user, now)
    for ci in describes:
        relations.relate(source=article.ci, type=Relation.Type.DESCRIBES, target=ci, actor=PROGRAM)
    events.record("knowledge.article.drafted", article, actor=actor)
    return article


def _ci_of(title: str) -> ConfigurationItem:
    article_class, _ = CIClass.objects.get_or_create(
        code="knowledge-article", defaults={"name": "Knowledge article", "kind": CIClass.Kind.KNOWLEDGE}
    )
    return cis.create(ci_class=article_class, name=_free_name(article_class.pk, title), actor=PROGRAM)


def _free_name(class_id: int, title: str) -> str:
    """Articles may share a title; a CI's name is its own within its class."""
    wanted, named = title[:190], ConfigurationItem.objects.filter(ci_class=class_id)
    if not named.filter(name=wanted).exists():
        return wanted
    taken = set(named.filter(name__startswith=f"{wanted} (").values_list("name", flat=True))
    return next(name for number in count(2) if (name := f"{wanted} ({number})") not in taken)


def _write(article: Article, body: str, author: User, now: datetime) -> None:
    number = article.versions.count() + 1
    article.current = ArticleVersion.objects.create(
        article=article, version=number, body=body, author=author, written_at=now
    )
    article.save(update_fields=["current"])


@operation
def update(*, article_id: int, actor: Actor, **changes: Any) -> Article:
    """Change what is said about the article; its text gets a new version instead (`revise`)."""
    article = _in_use(article_id, rules.may_edit, actor)
    title_was = article.title
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(article, field, value)
    if not article.title.strip():
        raise InvalidInput.at("title", "This must not be empty.")
    if article.owner is None:
        raise InvalidInput.at("owner", "Say who answers for the article.")
    article.save(update_fields=sorted(changes))
    if article.title != title_was:
        cis.update(ci_id=article.ci_id, name=_free_name(article.ci.ci_class_id, article.title), actor=PROGRAM)
    events.record("knowledge.article.updated", article, actor=actor, fields=sorted(changes))
    return article


@operation
def revise(*, article_id: int, body: str, actor: Actor, now: datetime) -> Article:
    """Write the next version; what was published stays readable until the new one is."""
    article = Article.objects.lock(article_id)
    require(rules.may_edit, actor, article)
    if not body.strip():
        raise InvalidInput.at("body", "This must not be empty.")
    if article.state != State.DRAFT:
        Article.LIFECYCLE.move(article, to=State.DRAFT)
        article.save(update_fields=["state"])
    _write(article, body, actor.user or article.owner, now)
    events.record("knowledge.article.revised", article, actor=actor)
    return article


@operation
def submit_for_test(*, article_id: int, actor: Actor) -> Article:
    return _move(article_id, State.IN_TEST, rules.may_edit, actor)


@operation
def record_test(
    *, article_id: int, result: str, actor: Actor, now: datetime, environment: str = "", notes: str = ""
) -> Article:
    """Say what came of doing what the article says; a failed test sends it back to its author."""
    article = Article.objects.lock(article_id)
    if article.current is not None and article.current.author_id == actor.user_id:
        raise OwnArticle("You wrote this version; somebody else must test it.")
    require(rules.may_test, actor, article)
    if article.state != State.IN_TEST:
        raise NotInTest(f"{article} is {article.get_state_display().lower()}; submit it for test first.")
    if actor.user is None:
        raise InvalidInput.at("tester", "A test is done by a person.")
    if result not in ArticleTest.Result.values:
        raise InvalidInput.at("result", f"Unknown result. Known: {', '.join(ArticleTest.Result.values)}.")
    if result == ArticleTest.Result.FAILED and not notes.strip():
        raise InvalidInput.at("notes", "Say what did not work, so that the author can mend it.")
    ArticleTest.objects.create(
        version=article.current, tester=actor.user, environment=environment, result=result, notes=notes, at=now
    )
    if result == ArticleTest.Result.FAILED:
        Article.LIFECYCLE.move(article, to=State.DRAFT)
    article.save(update_fields=["state"])
    events.record("knowledge.article.tested", article, actor=actor, result=result)
    return article


@operation
def publish(*, article_id: int, actor: Actor, now: datetime) -> Article:
    """Let readers have the present version; it must have passed a test."""
    article = Article.objects.lock(article_id)
    require(rules.may_publish, actor, article)
    Article.LIFECYCLE.move(article, to=State.PUBLISHED)
    if not article.current.tests.filter(result=ArticleTest.Result.PASSED).exists():
        raise NotTested(f"{article} version {article.current.version} has no passed test. Have somebody test it.")
    article.published = article.current
    article.save(update_fields=["state", "published"])
    if article.ci.status != ConfigurationItem.Status.LIVE:
        cis.move(ci_id=article.ci_id, to=ConfigurationItem.Status.LIVE, actor=PROGRAM)
    events.record("knowledge.article.published", article, actor=actor)
    return article


@operation
def retire(*, article_id: int, actor: Actor, reason: str = "") -> Article:
    article = _move(article_id, State.RETIRED, rules.may_publish, actor)
    cis.move(ci_id=article.ci_id, to=ConfigurationItem.Status.RETIRED, actor=PROGRAM)
    return article


@operation
def describe(*, article_id: int, ci: ConfigurationItem, actor: Actor) -> Article:
    """Say that the article describes this CI too."""
    article = _in_use(article_id, rules.may_edit, actor)
    relations.relate(source=article.ci, type=Relation.Type.DESCRIBES, target=ci, actor=PROGRAM)
    return article


@operation
def stop_describing(*, article_id: int, ci: ConfigurationItem, actor: Actor) -> Article:
    """Take the link away; where there is none, nothing changes."""
    article = _in_use(article_id, rules.may_edit, actor)
    link = Relation.objects.filter(source=article.ci_id, type=Relation.Type.DESCRIBES, target=ci).first()
    if link is not None:
        relations.remove(relation_id=link.pk, actor=PROGRAM)
    return article


@operation
def give_feedback(*, article_id: int, helpful: bool, actor: Actor, now: datetime, comment: str = "") -> Article:
    article = _in_use(article_id, rules.may_comment, actor)
    if actor.user is None:
        raise InvalidInput.at("by", "Feedback is given by a person.")
    Feedback.objects.create(article=article, by=actor.user, helpful=helpful, comment=comment, at=now)
    events.record("knowledge.article.commented", article, actor=actor, helpful=helpful)
    return article


def _in_use(article_id: int, rule: Any, actor: Actor) -> Article:
    """The article, locked, for whom the rule lets; not when it is retired."""
    article: Article = Article.objects.lock(article_id)
    require(rule, actor, article)
    if article.state == State.RETIRED:
        raise IsRetired(f"{article} is retired. Write a new article instead.")
    return article


def _move(article_id: int, to: str, rule: Any, actor: Actor) -> Article:
    article: Article = Article.objects.lock(article_id)
    require(rule, actor, article)
    Article.LIFECYCLE.move(article, to=to)
    article.save(update_fields=["state"])
    events.record(f"knowledge.article.{to}", article, actor=actor)
    return article
