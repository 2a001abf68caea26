"""Fifty people of a board decide at once, over HTTP: decisions a second; none lost, none doubled.

Each change wants the word of all fifty. Everybody says yes to every change, and says each yes twice with the same
Idempotency-Key, as a browser does whose line was cut; who read an older state (412) reads again and decides anew.
"""

import http.client
import json
import os
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import psycopg2
from django.utils import timezone

from benchmarks.load import web
from changes.models import ChangeRequest, Decision
from itsm.kernel import ledger, tokens
from itsm.kernel.models import LedgerEntry, RoleAssignment, User
from itsm.kernel.roles import Role
from tests.builders import make_ci
from tests.changes.builders import make_change, make_model, make_policy

PEOPLE, CHANGES = 50, 6
EVERYBODY = [{"name": "all of the board", "require": [{"role": "cab_member", "quorum": PEOPLE}]}]
ROW = "INSERT INTO crowd_bare (said) VALUES ('yes')"


def report() -> list[str]:
    keys, changes = _people(), _changes(timezone.now())
    asked = [change.authorisations.get().pk for change in changes]
    before = LedgerEntry.objects.count()
    answers: Counter[int] = Counter()
    with web() as port:
        began = time.perf_counter()
        threads = [threading.Thread(target=_decide, args=(port, key, asked, n, answers)) for n, key in enumerate(keys)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
    return _told(asked, seconds, answers, LedgerEntry.objects.count() - before)


def _people() -> list[str]:
    people = User.objects.bulk_create([User(username=f"board-{n:02}") for n in range(PEOPLE)])
    RoleAssignment.objects.bulk_create([RoleAssignment(user=one, role=Role.CAB_MEMBER) for one in people])
    return [tokens.make(one, name="crowd") for one in people]


def _changes(now: datetime) -> list[ChangeRequest]:
    make_policy("crowd", EVERYBODY)
    model = make_model("crowd", policy_name="crowd")
    alice, bob = (User.objects.create(username=name) for name in ("crowd.asks", "crowd.works"))
    starts = [now + timedelta(days=2 + n) for n in range(CHANGES)]
    return [
        make_change(
            requested_by=alice, assignee=bob, cis=[make_ci(f"crowd-{n}")], model=model, status="assessment",
            start=start, end=start + timedelta(hours=2),
        )
        for n, start in enumerate(starts)
    ]  # fmt: skip


def _decide(port: int, key: str, asked: list[int], number: int, answers: Counter[int]) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Authorization": f"Token {key}", "Content-Type": "application/json"}
    begin = number % len(asked)  # not all at the same one
    for pk in asked[begin:] + asked[:begin]:
        path = f"/api/changes/authorisations/{pk}/"
        for attempt in range(200):
            etag = _ask(line, "GET", path, headers)[1]
            said = headers | {"If-Match": etag, "Idempotency-Key": f'"{number}-{pk}-{attempt}"'}
            status = _ask(line, "POST", f"{path}decide/", said)[0]
            answers[status] += 1
            if status != 412:
                again = _ask(line, "POST", f"{path}decide/", said)[0]
                assert again == status, (again, status)
                break


def _ask(line: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    line.request(method, path, json.dumps({"decision": "authorised"}) if method == "POST" else None, headers)
    got = line.getresponse()
    got.read()
    return got.status, got.headers["ETag"] or ""


def _told(asked: list[int], seconds: float, answers: Counter[int], entries: int) -> list[str]:
    wanted, made = PEOPLE * len(asked), Decision.objects.filter(authorisation__in=asked)
    different = made.values("authorisation", "by").distinct().count()
    settled = ChangeRequest.objects.filter(authorisations__in=asked, status="scheduled").count()
    refused = {status: times for status, times in answers.items() if status not in (200, 412)}
    figures = [
        ("decisions wanted", f"{wanted:,}"), ("answered 200", f"{answers[200]:,}"), ("kept", f"{made.count():,}"),
        ("lost", wanted - different), ("doubled", made.count() - different), ("entries in the ledger", f"{entries:,}"),
        ("its chain", "whole" if ledger.verify().broken_at is None else "broken"),
        ("changes scheduled by the last of them", f"{settled} of {len(asked)}"),
        ("read again as somebody else was first (412)", f"{answers[412]:,}"), ("other answers", refused or "none"),
        ("decisions/s", f"{made.count() / seconds:.0f}"), ("bare INSERT and COMMIT/s, one line", f"{_bare():.0f}"),
    ]  # fmt: skip
    return ["| what | figure |", "| --- | ---: |", *(f"| {what} | {figure} |" for what, figure in figures)]


def _bare(times: int = 200) -> float:
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE crowd_bare (id bigserial PRIMARY KEY, said text)")
        connection.commit()
        began: Any = time.perf_counter()
        for _ in range(times):
            cursor.execute(ROW)
            connection.commit()
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE crowd_bare")
    return times / float(seconds)
