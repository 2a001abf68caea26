"""The service dashboard at 5 streams, 90 days and 500 requirements, among many others; part of `make bench-flow`.

The service's own records are made by statements: its other readers do not matter here, only what is there to read.
"""

from datetime import datetime
from random import Random
from statistics import median
from typing import Any

from django.db import connection

from benchmarks.pages import client_of, measure
from benchmarks.periods import timed
from cmdb.models import CIClass, ConfigurationItem, Relation, Service
from itsm.kernel.inserting import insert_select
from itsm.kernel.models import User
from itsm.portal.generate.transition import deployments
from knowledge.models import Article
from transition.models import Requirement, StreamPeriod, StreamRun, TransitionPlan

REQUIREMENTS = 500
DEPLOYMENTS = 200_000
BARE = """
    SELECT (SELECT json_agg(requirement) FROM transition_requirement AS requirement WHERE plan_id = %(plan)s),
        (SELECT json_agg(period) FROM transition_streamperiod AS period
            JOIN transition_deliverystream AS stream ON stream.id = stream_id
            WHERE plan_id = %(plan)s AND span && tstzrange('2026-11-12', '2026-12-03')),
        (SELECT json_agg(run) FROM transition_streamrun AS run
            JOIN transition_deliverystream AS stream ON stream.id = stream_id
            WHERE plan_id = %(plan)s AND at >= '2026-11-12' AND at < '2026-12-03'),
        (SELECT json_agg(need) FROM transition_need AS need JOIN transition_deliverystream AS stream
            ON stream.id = stream_id WHERE plan_id = %(plan)s)
"""


def fill(now: datetime) -> int:
    """The plan with much in it; and what the other services deployed."""

    plan = TransitionPlan.objects.order_by("pk")[0]
    _want(plan.pk)
    _describe(plan.pk)
    _deliver(plan.pk)
    services = Service.objects.order_by("pk").values_list("pk", flat=True)
    everybody = range(services[0], services.last() + 1)  # type: ignore[operator]
    people = [User.objects.order_by("pk")[0].pk]
    deployments(DEPLOYMENTS, everybody, people, now, Random(8), lambda text: print(text, flush=True))
    return int(plan.pk)


def _want(plan_id: int) -> None:
    """Two of five are live for long, one of five in the last weeks, the others are open; every tenth is a quality."""
    insert_select(
        ConfigurationItem,
        {"ci_class_id": "(SELECT id FROM cmdb_ciclass WHERE code = 'req')", "name": "'wanted-' || n",
         "status": "'live'"},
        "FROM generate_series(6, %(count)s) AS n", count=REQUIREMENTS,
    )  # fmt: skip
    insert_select(
        Requirement,
        {
            "plan_id": "%(plan)s", "ci_id": "id", "code": "'R' || n",
            "text": "'A customer can see and change what was ordered, number ' || n",
            "kind": "CASE WHEN n %% 10 = 0 THEN 'non_functional' ELSE 'functional' END",
            "status": "CASE WHEN n %% 5 < 3 THEN 'deployed' ELSE 'open' END",
            "built_at": "CASE WHEN n %% 5 < 3 THEN '2026-09-01'::timestamptz END",
            "deployed_at": "CASE WHEN n %% 5 < 2 THEN '2026-09-07'::timestamptz + n %% 60 * interval '1 day'"
            " WHEN n %% 5 = 2 THEN '2026-11-10'::timestamptz + n %% 14 * interval '1 day' END",
        },
        "FROM (SELECT id, split_part(name, '-', 2)::int AS n FROM cmdb_configurationitem WHERE name LIKE 'wanted-%%')"
        " AS made", plan=plan_id,
    )  # fmt: skip


def _describe(plan_id: int) -> None:
    """The first 250 have an article that is being written."""
    kind, _ = CIClass.objects.get_or_create(code="article", defaults={"name": "Article", "kind": "document"})
    insert_select(
        ConfigurationItem,
        {"ci_class_id": "%(kind)s", "name": "'article-' || ci_id", "status": "'live'"},
        "FROM (SELECT ci_id FROM transition_requirement WHERE plan_id = %(plan)s ORDER BY id LIMIT 250) AS described",
        kind=kind.pk, plan=plan_id,
    )  # fmt: skip
    about = "FROM cmdb_configurationitem WHERE ci_class_id = %(kind)s"
    owner = "(SELECT min(id) FROM kernel_user)"
    insert_select(Article, {"ci_id": "id", "title": "name", "owner_id": owner}, about, kind=kind.pk)
    insert_select(
        Relation,
        {"source_id": "id", "target_id": "split_part(name, '-', 2)::bigint", "type": "'describes'"},
        about, kind=kind.pk,
    )  # fmt: skip


def _deliver(plan_id: int) -> None:
    """90 days of periods of each stream that has a rhythm; every ninth was missed, the others had their run."""
    whole = "tstzrange(day, day + period_days * interval '1 day')"
    insert_select(
        StreamPeriod,
        {"stream_id": "stream.id", "span": whole, "expected_min": "1",
         "state": "CASE WHEN (stream.id + extract(doy FROM day)) %% 9 = 0 THEN 'missed' ELSE 'met' END"},
        "FROM transition_deliverystream AS stream,"
        " generate_series('2026-08-28'::timestamptz, '2026-11-25', '1 day') AS day"
        " WHERE plan_id = %(plan)s AND (day::date - date '2026-08-28') %% period_days = 0",  # but those that are there
        plan=plan_id,
    )  # fmt: skip
    insert_select(
        StreamRun,
        {"stream_id": "stream_id", "period_id": "period.id", "at": "lower(span) + interval '9 hours'",
         "summary": "'Delivered'", "evidence": "'{}'::jsonb"},
        "FROM transition_streamperiod AS period JOIN transition_deliverystream AS stream ON stream.id = stream_id"
        " WHERE plan_id = %(plan)s AND period.state = 'met'",
        plan=plan_id,
    )  # fmt: skip


def report(plan_id: int) -> list[str]:

    User.objects.filter(pk=User.objects.order_by("pk")[0].pk).update(is_superuser=True)
    great, small = Service.objects.get(plan=plan_id), Service.objects.order_by("-pk")[0]
    client = client_of(User.objects.order_by("pk")[0].username)
    client.defaults["HTTP_HOST"] = "127.0.0.1"
    asked = {"plan": plan_id}
    lines = [
        "| what | queries | ms (median of 20) | ms (slowest) | kB | bare statement, ms |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    bare, nothing = _bare(BARE, asked), _bare(BARE, {"plan": small.plan.pk})
    page, api = f"/transition/services/{great.slug}/", f"/api/cmdb/services/{great.slug}/dashboard/"
    of_few = f"/transition/services/{small.slug}/"
    pages: list[tuple[str, str, dict[str, Any], float]] = [
        (f"dashboard with {REQUIREMENTS} requirements", page, {}, bare),
        ("its living part, as it follows by itself", page, {"HX-Request": "true"}, bare),
        ("only what is late", f"{page}?late=yes", {}, bare),
        ("on a wall", f"{page}wall/", {}, bare),
        ("the same by REST", api, {}, bare),
        ("deliveries and the five figures", f"{page}deliveries/", {"HX-Request": "true"}, bare),
        ("dashboard with 5 requirements", of_few, {}, nothing),
        ("portfolio, a page of services", "/transition/services/", {}, nothing),
    ]
    for what, path, headers, statement in pages:
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200, (path, answer.status_code)
        queries, usual, worst = measure(lambda path=path, headers=headers: client.get(path, headers=headers))  # type: ignore[misc]
        size = len(answer.content) / 1024
        lines.append(f"| {what} | {queries} | {usual:.1f} | {worst:.1f} | {size:.0f} | {statement:.1f} |")
        print(lines[-1], flush=True)
    return lines


def _bare(sql: str, asked: dict[str, Any]) -> float:
    """One statement that reads the same rows of plan, board and needs, and nothing more."""

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, asked)
            cursor.fetchall()

    ask()
    return median(timed(ask) for _ in range(20)) * 1000
