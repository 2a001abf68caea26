"""Coverage: for each CI, whether a tested article describes it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cmdb.models import CIClass, ConfigurationItem, Relation, Service
from knowledge.models import Article

# The best state that an article about the CI has, the worst first.
ORDER = ("none", "draft", "in_test", "stale", "published")


@dataclass(frozen=True)
class Coverage:
    """`state` is none, draft, in_test, stale (published, but its review is overdue) or published."""

    ci_id: int
    state: str = "none"
    article_id: int | None = None
    written_at: datetime | None = None

    @property
    def number(self) -> str:
        return f"{Article.PREFIX}-{self.article_id}" if self.article_id else ""


def coverage_of(cis: Iterable[int], *, today: date) -> dict[int, Coverage]:
    """One query; every CI asked for is answered."""
    found = {ci: Coverage(ci) for ci in cis}
    links = (
        Relation.objects.filter(type=Relation.Type.DESCRIBES, target__in=list(found), source__article__isnull=False)
        .exclude(source__article__state=Article.State.RETIRED)
        .values_list(
            "target_id", "source__article", "source__article__state", "source__article__published",
            "source__article__review_due", "source__article__current__written_at",
        )
    )  # fmt: skip
    for ci, article, state, published, review_due, written_at in links:
        if published is not None:
            state = "stale" if review_due is not None and review_due < today else "published"
        if ORDER.index(state) > ORDER.index(found[ci].state):
            found[ci] = Coverage(ci, state, article, written_at)
    return found


def counts_of(found: Iterable[Coverage]) -> dict[str, int]:
    """How many are in each state, the worst first, the empty states too."""
    counted = Counter(coverage.state for coverage in found)
    return {state: counted[state] for state in ORDER}


def requirements_of(service: Service) -> list[ConfigurationItem]:
    """The requirement CIs that describe the service."""
    parts = {"relations_out__target": service.ci_id, "relations_out__type": Relation.Type.DESCRIBES}
    return list(
        ConfigurationItem.objects.filter(ci_class__kind=CIClass.Kind.REQUIREMENT, **parts).distinct().order_by("pk")
    )
