"""What knowledge shows on the pages of lower apps; read once when the program starts."""

from typing import Any

from django.http import HttpRequest

from cmdb.models import ConfigurationItem
from itsm.kernel import panels
from knowledge.queries.articles import describing


@panels.add("cmdb.ci", "knowledge/article/panel.html", order=30)
def articles_about(request: HttpRequest, ci: ConfigurationItem) -> dict[str, Any]:
    return {"articles": describing([ci.pk])[:20]}
