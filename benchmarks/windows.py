"""A million windows in the calendar: what a month of it weighs in Chromium, and when the next free slot is known."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from benchmarks.load import web
from benchmarks.pages import client_of, measure
from changes.models import AffectedCI, ChangeRequest
from changes.queries.calendar import SHOWN, entries
from changes.queries.slots import HORIZON, next_free_slots
from itsm.kernel.actor import Actor
from itsm.kernel.models import User
from itsm.local.browser import ARGUMENTS, chromium_path

WINDOWS = 1_000_000
# Found by their words nobody is here: to keep these two up to date is most of what a million rows take.
WORDS = "DROP INDEX change_title_words, change_by_words"
CHANGES = """
    INSERT INTO changes_changerequest (id, title, model_id, type, status, outcome, requested_by_id, likelihood, impact,
        "window", reason, check_minutes, back_out_minutes, margin_minutes, back_out_trigger, back_out_steps,
        cab_required, confidential, source, external_key)
    SELECT id + n * %(step)s, 'One of many', model_id, type, status, outcome, requested_by_id, likelihood, impact,
        tstzrange(lower("window") + n * interval '7 minutes', upper("window") + n * interval '7 minutes'),
        '', 0, 0, 10, '', '', false, false, 'windows', ''
    FROM changes_changerequest, generate_series(1, %(times)s) AS n WHERE source = '' AND "window" IS NOT NULL
"""
TOUCHED = """
    INSERT INTO changes_affectedci (change_id, ci_id)
    SELECT change_id + n * %(step)s, min(ci_id)
    FROM changes_affectedci JOIN changes_changerequest AS old ON old.id = change_id,
        generate_series(1, %(times)s) AS n
    WHERE source = '' AND "window" IS NOT NULL GROUP BY change_id, n
"""
INTERACTIVE = """async () => {
    await new Promise(done => requestIdleCallback(done));
    const [page] = performance.getEntriesByType('navigation');
    return {ready: performance.now(), answered: page.responseEnd, bytes: page.transferSize};
}"""


def make() -> str:
    """Fill up to a million with copies of what the world has, minutes later; no history is kept of them."""
    began, there = time.monotonic(), ChangeRequest.objects.filter(window__isnull=False)
    of = there.filter(source="").count()
    times = max(0, -(-(WINDOWS - there.count()) // of))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        copies = {"step": there.order_by("-pk")[0].pk, "times": times}
        cursor.execute(WORDS)
        cursor.execute(CHANGES, copies)
        cursor.execute(TOUCHED, copies)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE changes_changerequest, changes_affectedci")
    ahead = there.filter(window__startswith__gte=timezone.now()).count()
    return f"{there.count():,} windows, {ahead:,} of them still to come; made in {time.monotonic() - began:.0f} s."


def report() -> list[str]:
    lines = ["| what | ms (median) | ms (slowest) | bare statement, ms |", "| --- | ---: | ---: | ---: |"]
    now = timezone.now()
    for change in _planned(now):
        length = change.window.upper - change.window.lower
        usual, worst = _timed(lambda c=change, long=length: next_free_slots(c, long, now))  # type: ignore[misc]
        lines.append(f"| next free slot for {_named(change)} | {usual:.0f} | {worst:.0f} | {_bare(change, now):.1f} |")
    return [*lines, "", *_month(now)]


def _planned(now: datetime) -> list[ChangeRequest]:
    """Of those still to come the one that touches most CIs, one with a single CI, and one in the middle."""
    ahead = ChangeRequest.objects.filter(window__startswith__gt=now, source="").select_related("model")
    by_size: Any = ahead.annotate(touches=Count("affected")).order_by("-touches", "pk")
    count = by_size.count()
    return [by_size[0], by_size[count // 2], by_size[count - 1]]


def _named(change: Any) -> str:
    return f"a change on {change.touches} CI{'' if change.touches == 1 else 's'}"


def _bare(change: ChangeRequest, now: datetime) -> float:
    """The windows on the very CIs that it touches, within the same thirty days."""
    near = AffectedCI.objects.filter(ci__in=list(change.affected.values_list("ci_id", flat=True))).values("change")
    span = DateTimeTZRange(now, now + HORIZON, "[)")
    asked = ChangeRequest.objects.filter(pk__in=near, window__overlap=span, status__in=ChangeRequest.IN_CALENDAR)
    return _timed(lambda: list(asked.values_list("window", flat=True)))[0]


def _timed(ask: Callable[[], Any], times: int = 9) -> tuple[float, float]:
    """(median, slowest) in ms."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken), max(taken)


def _month(now: datetime) -> list[str]:
    """The busiest month that is over, as a change manager opens it."""
    day = (now.replace(day=1) - timedelta(days=15)).date()
    first, last = now.replace(day=1, hour=0) - timedelta(days=31), now.replace(day=1, hour=0)
    actor = Actor.person(User.objects.get(username="change.manager"))
    count = len(entries(first, last, actor=actor))
    client = client_of("change.manager")
    queries, usual, _ = measure(lambda: client.get(f"/changes/calendar/?date={day}"))
    seen = ChangeRequest.objects.filter(window__overlap=DateTimeTZRange(first, last, "[)"), status__in=SHOWN)
    rows = seen.order_by("window", "pk").values_list("pk", "title", "status", "outcome", "window")[:5000]
    bare = _timed(lambda: list(rows.all()))[0]
    server = f"{queries} queries, {usual:.0f} ms on the server; bare statement {bare:.0f} ms"
    lines = [
        f"A month with {count:,} entries: {server}.",
        "",
        "| view, in Chromium | kB of the page | answered, ms | interactive, ms |",
        "| --- | ---: | ---: | ---: |",
    ]
    with _browser() as page:
        return lines + [_opened(page, view, day) for view in ("month", "timeline", "week", "day")]


@contextmanager
def _browser() -> Iterator[Page]:
    """Signed in as the change manager, with nothing kept from page to page but style and scripts."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop makes Django think that it is in async code
    session = client_of("change.manager").cookies["sessionid"].value
    with web() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}", viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": session, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.goto("/")  # style and scripts are there from now on
        yield page
        browser.close()


def _opened(page: Page, view: str, day: date) -> str:
    """Interactive: everything is loaded, and the browser has nothing left to do."""
    found = []
    for _ in range(5):
        page.goto(f"/changes/calendar/?view={view}&date={day}")
        found.append(page.evaluate(INTERACTIVE))
    size, answered, ready = (median(one[name] for one in found) for name in ("bytes", "answered", "ready"))
    return f"| {view} | {size / 1024:.0f} | {answered:.0f} | {ready:.0f} |"
