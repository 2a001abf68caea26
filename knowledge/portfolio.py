"""What knowledge asks at the transition points of a service; read once when the program starts."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from cmdb.models import Service
from cmdb.portfolio.criteria import Finding, criterion
from knowledge.models import Article
from knowledge.queries.articles import describing


@criterion("article_published", "Support can read how it works", at=("accept",))
def article_published(service: Service, now: datetime) -> Finding:
    found = list(describing([service.ci_id]).order_by("pk").values_list("pk", "published"))
    published = [pk for pk, version in found if version is not None]
    if published:
        count = len(published)
        return Finding(True, f"{count} published article{'s describe' if count > 1 else ' describes'} it.")
    write = f"{reverse('knowledge:article-create')}?{urlencode({'describes': service.ci.number})}"
    if not found:
        return Finding(False, "No article describes it.", fix="Write one", url=write)
    first = Article(pk=found[0][0])
    numbers = tuple(Article(pk=pk).number for pk, _ in found)
    return Finding(
        False, f"{len(found)} described, none published.", fix="See it", url=first.get_absolute_url(), evidence=numbers
    )
