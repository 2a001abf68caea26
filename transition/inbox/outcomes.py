"""What became of events, written down for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg2.extras import Json, execute_values

from transition.models import PipelineEvent

State = PipelineEvent.State
WRITE = """
UPDATE transition_pipelineevent AS e
SET state = v.state, effects = v.effects::jsonb, service_id = v.service::bigint, processed_at = now(), problem = ''
FROM (VALUES %s) AS v (id, state, effects, service) WHERE e.id = v.id
"""


@dataclass
class Outcome:
    """`effects` empty: nothing followed from it."""

    service: int | None = None
    effects: list[dict[str, Any]] = field(default_factory=list)
    applied: bool = False

    def add(self, text: str, record: Model | None = None) -> "Outcome":
        self.effects.append({"text": text} | ({"number": str(getattr(record, "number", record))} if record else {}))
        self.applied = True
        return self

    def note(self, text: str) -> "Outcome":
        """Why nothing followed."""
        self.effects.append({"text": text})
        return self


def write(outcomes: Iterable[tuple[PipelineEvent, Outcome]]) -> None:
    """The receipts, in the transaction of the effects."""
    rows = [
        (event.pk, State.APPLIED if outcome.applied else State.KEPT, Json(outcome.effects), outcome.service)
        for event, outcome in outcomes
    ]
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, WRITE, [(pk, str(s), e, o) for pk, s, e, o in rows], page_size=len(rows))
