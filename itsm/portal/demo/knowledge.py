"""Articles: published and tested, in test, and still a draft. What requirement e does, nobody has written down."""

from datetime import datetime, timedelta
from typing import Any

from itsm.portal.demo.stage import SYSTEM, Stage
from knowledge.operations import articles
from transition.operations import delivered


def load(stage: Stage) -> None:
    for said in stage.script["articles"]:
        _write(stage, said, _written_at(stage, said))


def _written_at(stage: Stage, said: dict[str, Any]) -> datetime:
    if "with_delivery" not in said:
        return stage.at(-said["written_days_ago"], "14:00")
    package = stage.plan.packages.get(ordinal=said["with_delivery"])
    return stage.at((package.target_date - stage.at(0).date()).days - 10, "14:00")


def _write(stage: Stage, said: dict[str, Any], at: datetime) -> None:
    author, manager = stage.act(said["author"]), stage.act("knowledge.manager")
    article = articles.draft(
        title=said["title"],
        body=said["body"],
        audience="support",
        describes=[stage.cis[name] for name in said["describes"]],
        review_due=(at + timedelta(days=365)).date(),
        actor=author,
        now=at,
    )
    if said["state"] == "draft":
        return
    articles.submit_for_test(article_id=article.pk, actor=author)
    if said["state"] == "in_test":
        return
    articles.record_test(
        article_id=article.pk,
        result="passed",
        environment="acceptance",
        notes="Did what it says, as a newcomer would.",
        actor=stage.act(said["tester"]),
        now=at + timedelta(days=2),
    )
    articles.publish(article_id=article.pk, actor=manager, now=at + timedelta(days=3))
    delivered.article_published(article_id=article.pk, actor=SYSTEM, now=at + timedelta(days=3))
