"""Collections: pages by offset and by cursor, counts, look-ups, CSV."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from changes.models import ChangeRequest
from itsm.kernel import counting, ledger
from itsm.kernel.actor import Actor
from tests.builders import make_ci, make_class
from tests.changes.builders import make_change

pytestmark = pytest.mark.django_db
CIS = "/api/cmdb/cis/"


@pytest.fixture
def seven(now):
    server = make_class()
    verified = [None, now, now, None, now - timedelta(days=1), now, None]
    names = ["g", "b", "a", "d", "e", "c", "f"]
    return [make_ci(name, ci_class=server, verified_at=at) for name, at in zip(names, verified, strict=True)]


def walk(client, url, way="next"):
    """The names on each page, from this one on."""
    pages = []
    while url:
        body = client.get(url).json()
        pages.append([row["name"] for row in body["results"]])
        url, last = body[way], url
    return pages, last


@pytest.mark.parametrize("paging", ["offset=0", "cursor="])
@pytest.mark.parametrize("ordering", ["name", "-name", "id", "-verified_at", "verified_at", "criticality,-name"])
def test_pages_tile_the_collection_and_lead_back(api, viewer, seven, paging, ordering):
    client = api(viewer)
    whole = [row["name"] for row in client.get(f"{CIS}?ordering={ordering}").json()["results"]]

    pages, last = walk(client, f"{CIS}?limit=3&ordering={ordering}&{paging}")
    back, _ = walk(client, last, "previous")

    assert [name for page in pages for name in page] == whole
    assert [name for page in reversed(back) for name in page] == whole


def test_a_cursor_page_stays_where_it_is_when_rows_come_and_go(api, viewer, seven):
    client = api(viewer)
    first = client.get(f"{CIS}?limit=3&ordering=name&cursor=").json()
    make_ci("aa")

    second = client.get(first["next"]).json()

    assert [row["name"] for row in second["results"]] == ["d", "e", "f"]


def test_links_name_the_first_the_previous_and_the_next_page(api, viewer, seven):
    header = api(viewer).get(f"{CIS}?limit=2&offset=2")["Link"]

    assert 'rel="first"' in header
    assert 'offset=4>; rel="next"' in header
    assert 'rel="prev"' in header


@pytest.mark.parametrize("wrong", [
    "limit=0", "limit=-1", "limit=x", "limit=1.5", "offset=-1", "offset=9999999999999999999999", "cursor=x",
    "cursor=W10=", "cursor=W1siYSIsMSwyXSwwXQ==", "cursor=&offset=3", "id__gte=x", "criticality__in=x",
    "created_at__gte=yesterday", "ordering=colour", "fields=colour", "name=%00", "search=%00",
    "id=x", "criticality__gte=x", "verified_at__isnull=perhaps",
])  # fmt: skip
def test_what_cannot_be_asked_is_told_so_and_never_breaks(api, viewer, seven, wrong):
    response = api(viewer).get(f"{CIS}?{wrong}")

    name = wrong.split("=")[0] if "&" not in wrong else "offset"
    assert response.status_code in ((200, 400) if "%00" in wrong else (400,)), response.content
    if response.status_code == 400:
        assert any(error["pointer"].startswith(f"/{name}") for error in response.json()["errors"])


def test_more_than_a_thousand_is_cut(api, viewer, seven):
    assert api(viewer).get(f"{CIS}?limit=5000").json()["count"] == 7


def test_above_what_is_counted_the_count_is_an_estimate_and_says_so(api, viewer, seven, monkeypatch):
    monkeypatch.setattr(counting, "COUNTED", 3)

    body = api(viewer).get(f"{CIS}?limit=2").json()

    assert body["count_is_estimate"] is True
    assert body["count"] >= 4
    assert body["next"]
    assert "count_is_estimate" not in api(viewer).get(f"{CIS}?name=a").json()


@pytest.mark.parametrize(("asked", "names"), [
    ("name=a", "a"), ("name__in=a,b", "ab"), ("name__istartswith=A", "a"), ("verified_at__isnull=true", "dfg"),
    ("verified_at__lt=2026-11-23T00:00:00Z", "e"), ("criticality__gte=3", ""), ("status__in=live,testing", "abcdefg"),
    ("created_at__gt=2020-01-01T00:00:00Z", "abcdefg"), ("id__lt=1", ""),
])  # fmt: skip
def test_look_ups_follow_from_the_field_s_type(api, viewer, seven, asked, names):
    rows = api(viewer).get(f"{CIS}?{asked}&ordering=name").json()["results"]

    assert "".join(row["name"] for row in rows) == names


def test_the_page_s_filter_does_not_show_the_look_ups(browser_of, viewer, seven):
    page = browser_of(viewer).get("/cmdb/cis/").content.decode()

    assert 'name="criticality"' in page
    assert "name__istartswith" not in page


def test_a_list_is_csv_without_formulas(api, viewer, seven):
    make_ci("=HYPERLINK(1)", verified_at=datetime(2026, 1, 1, tzinfo=UTC))

    response = api(viewer).get(f"{CIS}?format=csv&ordering=name&fields=id,name,ci_class,verified_at")

    lines = b"".join(response.streaming_content).decode().splitlines()
    assert response["Content-Type"].startswith("text/csv")
    assert lines[0] == "id,ci_class,name,verified_at"
    assert len(lines) == 9
    assert "'=HYPERLINK(1)" in lines[1]
    assert not any(cell.startswith("=") for line in lines for cell in line.split(","))


def test_the_same_list_is_csv_by_page_with_its_filter(browser_of, viewer, seven):
    make_ci("+1")
    browser = browser_of(viewer)

    response = browser.get("/cmdb/cis/?format=csv&ordering=name")

    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[0].startswith("Number,Name,")
    assert len(lines) == 9
    assert "<" not in lines[2]
    assert len(b"".join(browser.get("/cmdb/cis/?format=csv&search=a").streaming_content).splitlines()) == 2


def test_csv_of_many_asks_as_often_as_of_few(api, viewer, seven, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        b"".join(api(viewer).get(f"{CIS}?format=csv").streaming_content)


def test_a_problem_is_json_also_where_csv_was_asked_for(api, viewer):
    answer = api(viewer).get("/api/cmdb/cis/?format=csv&nonsense=1")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "nonsense" in json.loads(answer.content)["detail"]


def test_numbers_that_are_none_are_refused_in_the_ledger_too(api, viewer):
    assert api(viewer).get("/api/ledger/?id=['null','null']").status_code == 400


@pytest.mark.parametrize("asked", [
    "updated_at__lte=", "revision__lte=0.5", "id__gt=", "limit=", "verified_at__isnull=2", "verified_at__isnull=1",
])  # fmt: skip
def test_a_value_that_is_none_or_half_a_thing_is_refused_by_its_name(api, viewer, asked):
    answer = api(viewer).get(f"{CIS}?{asked}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{asked.partition('=')[0]}"


@pytest.mark.parametrize(
    "kind", ["changes/requests", "changes/authorisations", "cmdb/services", "users", "teams", "tokens"]
)
@pytest.mark.parametrize("ordering", ["id", "-created_at", "updated_at"])
def test_every_collection_is_ordered_by_id_and_by_its_times(api, viewer, kind, ordering):
    assert api(viewer).get(f"/api/{kind}/?ordering={ordering}").status_code == 200


@pytest.mark.parametrize("kind", ["delegations", "notifications", "ledger", "ledger/checkpoints", "users", "webhooks"])
def test_an_unknown_column_is_named_also_where_there_is_no_row(api, person, kind):
    answer = api(person("admin", is_superuser=True)).get(f"/api/{kind}/?fields=colour")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/fields"


@pytest.mark.parametrize(
    "kind", ["cmdb/cis", "cmdb/services", "changes/models", "cmdb/classes", "users", "ledger", "tokens"]
)
def test_what_is_no_reference_at_all_is_not_found(api, viewer, kind):
    for ref in ("%00", "NOPE-1", "9" * 40, "-1", "1.5"):
        assert api(viewer).get(f"/api/{kind}/{ref}/").status_code == 404, ref


def test_one_record_refuses_a_parameter_that_it_does_not_know(api, viewer):
    ci = make_ci("a")
    answer = api(viewer).get(f"{CIS}{ci.pk}/?colour=red")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/colour")
    assert list(api(viewer).get(f"{CIS}{ci.pk}/?fields=id").json()) == ["id"]


def test_changes_are_paged_by_cursor_in_the_order_of_their_windows(api, viewer, now):
    server = make_ci("a")
    spans = [
        None,
        (now, now + timedelta(hours=2)),
        None,
        (now, now + timedelta(hours=1)),
        (now - timedelta(days=1), now),
    ]
    for span in spans:
        change = make_change(requested_by=viewer, cis=[server])
        ChangeRequest.objects.filter(pk=change.pk).update(window=span)
    for ordering in ("window", "-window"):
        whole = api(viewer).get(f"/api/changes/requests/?ordering={ordering}").json()["results"]
        url, found = f"/api/changes/requests/?ordering={ordering}&limit=2&cursor=", []
        while url:
            page = api(viewer).get(url).json()
            found, url = found + [row["id"] for row in page["results"]], page["next"]
        assert found == [row["id"] for row in whole]
        assert len(found) == len(spans)


def test_a_ledger_entry_is_a_record_as_any_other(api, viewer):
    entry = ledger.append(actor=Actor.system("test"), subject=make_ci("a"), decision="approved")
    answer = api(viewer).get(f"/api/ledger/{entry.number}/")

    assert answer["ETag"] == '"r1"'
    assert (answer.json()["id"], answer.json()["number"], answer.json()["actions"]) == (1, "LED-1", [])
    assert b"approved" in api(viewer).get("/api/ledger/?format=csv").getvalue()
    assert api(viewer).get("/api/ledger/?fields=sequence,decision").json()["results"] == [
        {"sequence": 1, "decision": "approved"}
    ]


@pytest.mark.parametrize(
    ("moment", "status"),
    [("0337-07-02T03:48:24-23:17", 200), ("0001-01-01T00:00:00%2B05:00", 400), ("9999-12-31T23:59:59-05:00", 400)],
)
def test_a_moment_in_a_zone_that_the_database_does_not_know_is_no_error_of_ours(api, viewer, moment, status):
    assert api(viewer).get(f"/api/cmdb/cis/?created_at__gt={moment}").status_code == status


@pytest.mark.parametrize("ref", ["{0.pk}", "{0.number}"])
def test_another_record_is_named_by_id_or_number(api, alice, ref):
    change = make_change(requested_by=alice, cis=[make_ci("db-1")])
    make_change(requested_by=alice)
    ci = change.affected.get().ci

    found = api(alice).get(f"/api/changes/requests/?ci={ref.format(ci)}").json()["results"]
    assert [one["id"] for one in found] == [change.pk]
    assert api(alice).get("/api/changes/requests/?ci=4.4e-263").json()["results"] == []


@pytest.mark.parametrize(("asked", "pointer", "known"), [
    ("status=weird", "/status", "planned"), ("status__in=live,weird", "/status__in", "planned"),
    ("format=xml", "/format", "json, csv"),
])  # fmt: skip
def test_a_value_that_is_none_of_the_choices_is_told_which_there_are(api, viewer, asked, pointer, known):
    answer = api(viewer).get(f"{CIS}?{asked}")

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (400, pointer)
    assert known in error["detail"]
