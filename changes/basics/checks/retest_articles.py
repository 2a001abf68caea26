"""Articles that describe what is touched are tested again: the plan says so."""

from changes.basics.facts import Snapshot
from changes.basics.registry import check
from changes.basics.verdicts import Fix, Said, counted, some


@check("retest_articles", "no_surprise", "Articles about what is touched are tested again", order=40)
def retest_articles(facts: Snapshot) -> Said:
    if not facts.articles:
        return Said("ok", "No published article describes what is touched.", examined="published articles")
    plan = " ".join(f"{task.title} {task.instructions}" for task in facts.tasks).split()
    named = {word.strip(".,;:()[]“”\"'") for word in plan}
    if forgotten := [article for article in facts.articles if article.partition(" ")[0] not in named]:
        verb = "describes" if len(forgotten) == 1 else "describe"
        text = f"{some(forgotten)} {verb} what is touched, and no task says to test it again."
        return Said("warn", text, fix=Fix("Add a task that does", "add-task"))
    count = counted(len(facts.articles), "article")
    return Said("ok", f"{count} about what is touched, each tested again by a task.", examined=count)
