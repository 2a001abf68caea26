from knowledge.api.articles import ArticleViewSet
from knowledge.api.coverage import coverage

__all__ = ["ArticleViewSet", "coverage"]
