"""How soon the record says what was deployed."""

from django.db import connection

from transition.queries.dora import Span, statement

# The record says so when the CI of the service has the version that was deployed; the deployment itself writes it in
# its own transaction, so a moment before its end counts as at once.
LAG = """
SELECT count(*), count(said.at),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(extract(epoch FROM said.at - d.finished_at), 0))
           FILTER (WHERE said.at IS NOT NULL)
FROM transition_deployment d
JOIN cmdb_service s ON s.id = d.service_id
LEFT JOIN LATERAL (
    SELECT min(e.pgh_created_at) AS at FROM cmdb_configurationitemevent e
    WHERE e.pgh_obj_id = s.ci_id AND e.version = d.version AND e.pgh_created_at >= d.finished_at - interval '1 minute'
) said ON true
WHERE {ended} AND d.state = 'succeeded'
"""


def record_lag(span: Span) -> tuple[int, int, float | None]:
    """Deployments that came to production, those whose version the record has said since, and the median in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(*statement(LAG, span))
        deployments, recorded, median = cursor.fetchone()
    return deployments, recorded, None if median is None else float(median)
