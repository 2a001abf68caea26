"""Articles, their versions, and what they describe."""

from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet

from cmdb.models import ConfigurationItem, Relation
from itsm.kernel.actor import Actor
from knowledge import rules
from knowledge.models import Article, ArticleTest, ArticleVersion, Feedback


def listed() -> QuerySet[Article]:
    return Article.objects.select_related("owner", "ci", "current__author", "published").order_by("-pk")


def described_by(article: Article) -> QuerySet[ConfigurationItem]:
    """The CIs that the article describes."""
    return (
        ConfigurationItem.objects.filter(relations_in__source=article.ci_id, relations_in__type=Relation.Type.DESCRIBES)
        .select_related("ci_class")
        .order_by("name", "pk")
    )


def describing(cis: Iterable[int]) -> QuerySet[Article]:
    """The articles that describe one of these CIs (by id), retired ones left out."""
    about = {"ci__relations_out__type": Relation.Type.DESCRIBES, "ci__relations_out__target__in": list(cis)}
    return listed().filter(**about).exclude(state=Article.State.RETIRED).distinct()


def versions_of(article: Article) -> QuerySet[ArticleVersion]:
    tests = ArticleTest.objects.select_related("tester").order_by("-at", "-pk")
    return article.versions.select_related("author").prefetch_related(Prefetch("tests", tests)).order_by("-version")


def feedback_on(article: Article, most: int = 10) -> tuple[list[Feedback], int, int]:
    """The latest that readers said, how many said anything, and how many of them it helped."""
    said = Feedback.objects.filter(article=article)
    counted = said.aggregate(all=Count("pk"), helped=Count("pk", filter=Q(helpful=True)))
    return list(said.select_related("by").order_by("-pk")[:most]), counted["all"], counted["helped"]


def to_test(actor: Actor) -> QuerySet[Article]:
    """Articles that wait for a test and that the actor did not write."""
    if not rules.may_draft(actor, None):
        return Article.objects.none()
    return listed().filter(state=Article.State.IN_TEST).exclude(current__author=actor.user_id).order_by("pk")
