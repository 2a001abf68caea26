"""python -m benchmarks.flow: needs, role cover, dashboard and portfolio of 20,000 streams, beside bare SQL.

`make bench-flow` runs it on servers of its own and writes RESULTS-flow.md.
"""

import os
import platform
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.management import call_command

from benchmarks.periods import SERVICES, begin, fill, statement, timed

begin()

from benchmarks import dashboard  # noqa: E402

RESULTS = Path(__file__).with_name("RESULTS-flow.md")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
WIRED = """
    UPDATE transition_deliverystream AS stream SET active_from = '2026-09-01', lag_target_days = 2,
        roles = '{release_manager,configuration_manager,test_manager}',
        feeds_id = (SELECT id FROM transition_deliverystream AS fed
            WHERE fed.plan_id = stream.plan_id AND fed.ordinal = stream.ordinal + 1 AND stream.ordinal < 3)
"""
# A role is held everywhere, another for every other service.
HELD = """
    INSERT INTO kernel_roleassignment (role, user_id, service_id, since)
    SELECT 'release_manager', min(id), NULL::bigint, '2026-01-01'::timestamptz FROM kernel_user
    UNION ALL SELECT 'test_manager', max(id), NULL, '2026-01-01' FROM kernel_user
    UNION ALL SELECT 'configuration_manager', (SELECT min(id) FROM kernel_user), id, '2026-01-01' FROM cmdb_service
        WHERE id %% 2 = 0
"""
JUDGED = """
    INSERT INTO transition_streamperiod (stream_id, span, expected_min, state)
    SELECT id, tstzrange(day, day + interval '1 day'), 1, CASE WHEN (id + extract(doy FROM day)) %% 7 = 0
        THEN 'missed' ELSE 'met' END
    FROM transition_deliverystream, generate_series('2026-10-26'::timestamptz, '2026-11-25', '1 day') AS day
    WHERE kind = 'code'
"""
NEEDS = """
    INSERT INTO transition_need (stream_id, fed_by_id, ci_id, arisen_at, state)
    SELECT stream.id, stream.id, requirement.ci_id, deployed_at, 'open' FROM transition_requirement AS requirement
    JOIN transition_deliverystream AS stream ON stream.plan_id = requirement.plan_id AND stream.kind = 'knowledge'
    WHERE requirement.kind = 'functional' AND deployed_at IS NOT NULL
"""
DAYS = """
    INSERT INTO transition_uncoveredday (stream_id, role, day, found_at)
    SELECT stream.id, 'configuration_manager', day, now() FROM transition_deliverystream AS stream
    JOIN transition_transitionplan AS plan ON plan.id = stream.plan_id AND plan.service_id %% 2 = 1
    CROSS JOIN generate_series('2026-11-26'::date, '2026-12-09', '1 day') AS day WHERE extract(isodow FROM day) < 6
"""
ROW = "| {} | {:,} | {:.2f} | {} | {} |"


def main() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    lines = report(fill(), wire())
    print("\n".join(lines))
    RESULTS.write_text("\n".join(lines) + "\n")


def wire() -> int:
    """Who does what, what is wanted, and what became of it; the plan with much in it."""
    run(WIRED)
    require()
    for sql in (HELD, JUDGED):
        run(sql)
    plan = dashboard.fill(NOW)
    run("ANALYZE")
    return plan


def report(streams: int, plan: int) -> list[str]:
    return [
        "# Dashboard, needs, role cover and the portfolio, measured",
        "",
        (
            f"`make bench-flow` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, load "
            f"{os.getloadavg()[0]:.1f}, Python {platform.python_version()}, PostgreSQL beside it with "
            "fsync and synchronous commit."
        ),
        "",
        (
            f"{streams:,} streams of {SERVICES:,} services, five live requirements a service, three roles a stream. "
            "The statement only writes the same rows, with their history; ours also finds them, dates them by working "
            "days, and records an event for each."
        ),
        "",
        "| work | rows | ours, s | one statement, s | ratio |",
        "| --- | ---: | ---: | ---: | ---: |",
        *written(),
        *read(),
        "",
        "## The dashboard of one service among them",
        "",
        (
            f"5 streams, 90 days of periods and runs, {dashboard.REQUIREMENTS} requirements, 250 articles; "
            f"{dashboard.DEPLOYMENTS:,} deployments of all services in two years. Through all the middleware. The "
            "statement reads the rows of requirements, board and needs as JSON, and nothing more."
        ),
        "",
        *dashboard.report(plan),
    ]


def require() -> None:
    """Five live requirements a service, none of them documented."""
    from cmdb.models import CIClass, ConfigurationItem
    from itsm.kernel.inserting import insert_select
    from transition.models import Requirement

    kind = CIClass.objects.create(code="req", name="Requirement", kind="requirement")
    insert_select(
        ConfigurationItem,
        {"ci_class_id": "%(kind)s", "name": "'r' || plan.id || '-' || n", "status": "'live'"},
        "FROM transition_transitionplan AS plan, generate_series(1, 5) AS n",
        kind=kind.pk,
    )
    insert_select(
        Requirement,
        {
            "plan_id": "split_part(substr(name, 2), '-', 1)::bigint", "ci_id": "id", "code": "name",
            "text": "'Something'", "status": "'deployed'", "built_at": "'2026-11-02'::timestamptz",
            "deployed_at": "'2026-11-02'::timestamptz + id %% 20 * interval '1 day'",
        },
        "FROM cmdb_configurationitem WHERE ci_class_id = %(kind)s",
        kind=kind.pk,
    )  # fmt: skip


def run(sql: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, [])
    print(f"{datetime.now(UTC):%H:%M:%S} {sql.split()[:3]}", flush=True)


def written() -> list[str]:
    from itsm.kernel.actor import Actor
    from transition.models import Need, Requirement, UncoveredDay
    from transition.operations import cover, handoffs

    actor = Actor.system("benchmark")
    bare_needs, bare_days = timed(lambda: statement(NEEDS, [])), timed(lambda: statement(DAYS, []))
    swept = timed(lambda: handoffs.sweep(actor=actor, now=NOW))
    needs = Need.objects.count()
    again = timed(lambda: handoffs.sweep(actor=actor, now=NOW))
    late = timed(lambda: handoffs.escalate(actor=actor, now=NOW))
    found = timed(lambda: cover.find_gaps(actor=actor, now=NOW))
    days = UncoveredDay.objects.count()
    same = timed(lambda: cover.find_gaps(actor=actor, now=NOW))
    wanted = Requirement.objects.filter(kind="functional", deployed_at__isnull=False).count()
    assert needs == Need.objects.count() == wanted
    return [
        ROW.format("all needs arise at once", needs, swept, f"{bare_needs:.2f}", f"{swept / bare_needs:.1f}"),
        ROW.format("sweep when nothing has changed", 0, again, "", ""),
        ROW.format("tell of the needs that are overdue", min(needs, handoffs.AT_ONCE), late, "", ""),
        ROW.format("find the uncovered role-days of two weeks", days, found, f"{bare_days:.2f}",
                   f"{found / bare_days:.1f}"),
        ROW.format("the same when nothing has changed", 0, same, "", ""),
    ]  # fmt: skip


def read() -> list[str]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from cmdb.models import Service
    from transition.models import DeliveryStream
    from transition.queries import cover, needs
    from transition.queries.dashboard import planned_services
    from transition.queries.portfolio import with_lines

    def page() -> None:
        with_lines(list(planned_services(NOW)[:50]), NOW)

    def dashboard() -> None:
        lanes = list(DeliveryStream.objects.filter(plan__service=Service.objects.order_by("pk")[0]))
        cover.gaps(lanes, NOW.date(), (NOW + timedelta(days=14)).date())

    run("ANALYZE")
    page()
    with CaptureQueriesContext(connection) as asked:
        taken = timed(page)
    stream = DeliveryStream.objects.filter(kind="knowledge").order_by("pk")[0].pk
    return [
        ROW.format(f"a page of the portfolio, {len(asked)} queries", 50, taken, "", ""),
        ROW.format("role cover of one service's streams", 5, timed(dashboard), "", ""),
        ROW.format("debt of a stream over 12 weeks", 12,
                   timed(lambda: needs.stood("stream", [stream], needs.week_ends(NOW))), "", ""),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
