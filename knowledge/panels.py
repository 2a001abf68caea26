"""What knowledge shows on the pages of lower apps; read once when the program starts."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from cmdb.models import CIClass, ConfigurationItem
from itsm.kernel import panels
from itsm.kernel.permissions import allowed
from knowledge import rules
from knowledge.queries.articles import describing


@panels.add("cmdb.ci", "knowledge/article/panel.html", order=30)
def articles_about(request: HttpRequest, ci: ConfigurationItem) -> dict[str, Any] | None:
    """No panel on a document or an article: those are not described themselves."""
    if ci.ci_class.kind in (CIClass.Kind.KNOWLEDGE, CIClass.Kind.DOCUMENT):
        return None
    may_draft = allowed(rules.may_draft, request.actor)  # type: ignore[attr-defined]
    write = f"{reverse('knowledge:article-create')}?{urlencode({'describes': ci.number})}"
    return {"articles": describing([ci.pk])[:20], "write_url": write if may_draft else ""}
