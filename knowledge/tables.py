import django_tables2 as tables

from itsm.kernel.tables import RecordTable, VerdictColumn
from knowledge.models import Article

ARTICLE_KINDS = {"draft": "warn", "in_test": "open", "published": "ok", "retired": "none"}


class ArticleTable(RecordTable):
    number = tables.Column(order_by="id", linkify=True)
    title = tables.Column(linkify=True)
    state = VerdictColumn(ARTICLE_KINDS)
    owner = tables.Column(orderable=False)
    audience = tables.Column(orderable=False)

    class Meta(RecordTable.Meta):
        model = Article
        fields = ("number", "title", "state", "audience", "owner", "review_due", "updated_at")
