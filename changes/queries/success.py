"""The record of success that policies may ask about: how the like of a change went within the year before.

One statement, for one change or for thousands of the past, each as of its own moment. A change that names services is
compared with changes about one of these; a clean back-out counts as the model of the change that went back says.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from math import floor
from typing import Any

from django.db import connection

from changes.policy import Fact

# Whose record it is, in words, for both facts: how many ended, and how many of a hundred went well.
RECORDS = {"model": "of this model", "team": "of the teams that work on it"}
ENDED, PERCENT = "ended", "success_percent"
FACTS = tuple(f"{whose}.{what}" for whose in RECORDS for what in (ENDED, PERCENT))
LATEST = 1000  # older ones say little about the next
RECORD = """
    SELECT count(*) AS ended, count(*) FILTER (WHERE well) AS well FROM (
        SELECT ended.outcome IN ('successful', 'with_issues') OR back_out = 'successful' AS well
        FROM changes_changerequest AS ended JOIN changes_changemodel AS its ON its.id = ended.model_id
        CROSS JOIN LATERAL (SELECT CASE WHEN ended.outcome = 'backed_out' AND ended.backed_out_cleanly
            THEN its.clean_back_out ELSE '' END AS back_out) AS back
        WHERE ended.finished_at >= asked.until - interval '365 days' AND ended.finished_at < asked.until
            AND ended.outcome <> '' AND ended.id <> asked.id AND back_out <> 'left_out' AND {whose}
            AND (cardinality(about.services) = 0 OR EXISTS (SELECT FROM changes_changerequest_services
                WHERE changerequest_id = ended.id AND service_id = ANY (about.services)))
        ORDER BY ended.finished_at DESC LIMIT {latest}) AS latest
"""
OF_MODEL = "ended.model_id = change.model_id"
OF_TEAM = """ended.id IN (SELECT change_id FROM changes_changetask WHERE assignee_id IN (
    SELECT colleague.user_id FROM changes_changetask AS task
    JOIN kernel_team_members AS mine ON mine.user_id = task.assignee_id
    JOIN kernel_team_members AS colleague ON colleague.team_id = mine.team_id WHERE task.change_id = asked.id))"""
RECORDS_OF = f"""
    SELECT asked.id, cardinality(about.services) > 0, model.ended, model.well, team.ended, team.well
    FROM unnest(%s::bigint[], %s::timestamptz[]) AS asked(id, until)
    JOIN changes_changerequest AS change ON change.id = asked.id
    CROSS JOIN LATERAL (SELECT ARRAY(SELECT service_id FROM changes_changerequest_services
        WHERE changerequest_id = asked.id) AS services) AS about
    CROSS JOIN LATERAL ({RECORD.format(whose=OF_MODEL, latest=LATEST)}) AS model
    CROSS JOIN LATERAL ({RECORD.format(whose=OF_TEAM, latest=LATEST)}) AS team
"""  # noqa: S608 - parts of our own


def asks_for_it(facts: Collection[str]) -> bool:
    return not set(FACTS).isdisjoint(facts)


def records_of(asked: Mapping[int, datetime]) -> dict[int, dict[str, Fact]]:
    """The facts of each change (by id), as of its moment."""
    with connection.cursor() as cursor:
        cursor.execute(RECORDS_OF, [list(asked), list(asked.values())])
        rows = cursor.fetchall()
    return {
        pk: _facts("model", about, *model) | _facts("team", about, *team) for pk, about, model, team in _paired(rows)
    }


def _paired(rows: list[Any]) -> list[Any]:
    return [(pk, about, (ended, well), (of_team, team_well)) for pk, about, ended, well, of_team, team_well in rows]


def _facts(whose: str, about: bool, ended: int, well: int) -> dict[str, Fact]:
    words = f"{RECORDS[whose]}{' on its services' if about else ''}"
    if not ended:
        nothing = f"no change {words} ended within a year"
        return {f"{whose}.{ENDED}": Fact(0, nothing), f"{whose}.{PERCENT}": Fact(None, nothing)}
    percent = floor(1000 * well / ended) / 10  # never better than it is
    of = f"the latest {ended:,}" if ended == LATEST else f"{ended:,}"
    said = f"{well:,} of {of} changes {words} went well within a year ({percent:g} %)"
    return {f"{whose}.{ENDED}": Fact(ended, said), f"{whose}.{PERCENT}": Fact(percent, said)}
