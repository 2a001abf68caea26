from knowledge.models.article import Article, ArticleTest, ArticleVersion, Feedback

__all__ = ["Article", "ArticleTest", "ArticleVersion", "Feedback"]
