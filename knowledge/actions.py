"""The operations offered on an article, for buttons and for the API's `actions`."""

from itsm.kernel.actions import Action, declare
from knowledge import models, rules
from knowledge.models import Article

State = Article.State


def _not_in_test(article: Article) -> str | None:
    return None if article.state == State.IN_TEST else f"{article} is not in test."


def _retired(article: Article) -> str | None:
    return f"{article} is retired." if article.state == State.RETIRED else None


ARTICLE_ACTIONS = (
    Action("submit-for-test", "Submit for test", rules.may_edit, to=State.IN_TEST, primary=True),
    Action("record-test", "Record a test", rules.may_test, unless=_not_in_test, primary=True),
    Action("publish", "Publish", rules.may_publish, to=State.PUBLISHED, primary=True),
    Action("revise", "Write a new version", rules.may_edit, unless=_retired),
    Action("edit", "Edit", rules.may_edit, unless=_retired),
    Action("describe", "Link a CI", rules.may_edit, unless=_retired),
    Action("feedback", "Give feedback", rules.may_comment, unless=_retired),
    Action("retire", "Retire", rules.may_publish, to=State.RETIRED, danger=True),
)

declare(models.Article, ARTICLE_ACTIONS)
