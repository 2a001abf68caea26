"""Pages and endpoints, by Django's test client through all the middleware: queries, and the median time of 20."""

import time
from collections.abc import Callable
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from changes.models import ChangeRequest
from itsm.kernel.models import User

TIMES = 20
WARM_UP = 3


def client_of(username: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username=username), backend="itsm.kernel.sign_in.Backend")
    return client


def measure(ask: Callable[[], object]) -> tuple[int, float, float]:
    """(queries, median ms, slowest ms)"""
    for _ in range(WARM_UP):
        ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = len(captured)
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return queries, median(taken), max(taken)


def addresses() -> list[tuple[str, str, str]]:
    """(what, address, as whom)"""
    decision = ChangeRequest.objects.get(title="Open firewall CORP_PIX_001 to PayPal")
    busy = ChangeRequest.objects.filter(source="bpic2014").order_by("pk")[5000:5001].first()
    requests = reverse("changes:request-list")
    pages = [
        ("decision page", decision.get_absolute_url(), "change.manager"),
        ("service dashboard", reverse("transition:dashboard", args=["online-shop"]), "service.owner"),
        ("change list", requests, "change.manager"),
        ("change list, by state and type", f"{requests}?status=closed&type=emergency", "change.manager"),
        ("change list, by words", f"{requests}?search=Standard+Change+Type+81", "change.manager"),
        ("change list, last page", f"{requests}?page=300", "change.manager"),
        ("calendar of a month", f"{reverse('changes:calendar')}?month=2013-11", "change.manager"),
        ("API: 50 changes", "/api/changes/requests/?limit=50", "change.manager"),
        ("API: a month of the calendar", "/api/changes/calendar/?from=2013-11-01&to=2013-12-01", "change.manager"),
    ]
    if busy:
        path = f"/api/changes/requests/{busy.number}/collisions/"
        pages.append(("API: collisions of an imported change", path, "change.manager"))
    return pages


def report() -> list[str]:
    lines = ["| page or endpoint | queries | ms (median) | ms (slowest) | kB |", "| --- | ---: | ---: | ---: | ---: |"]
    for what, path, username in addresses():
        client = client_of(username)
        answer = client.get(path)
        if answer.status_code != 200:
            lines.append(f"| {what} | answers {answer.status_code} | | | |")
            continue
        queries, usual, worst = measure(lambda client=client, path=path: client.get(path))  # type: ignore[misc]
        lines.append(f"| {what} | {queries} | {usual:.1f} | {worst:.1f} | {len(answer.content) / 1024:.0f} |")
    return lines
