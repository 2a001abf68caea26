"""Conflicts and rules of precedence by page and by REST."""

import pytest

from cmdb.models import ConfigurationItem, Conflict, SourcePrecedence
from tests.builders import make_class
from tests.cmdb.test_reconciliation import say, web

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def conflict():
    make_class()
    say("netbox", "1.0")
    say("scanner", "2.0")
    return Conflict.objects.get()


def test_each_page_opens_in_few_queries(conflict, browser_of, config_manager, django_assert_max_num_queries):
    browser = browser_of(config_manager)
    SourcePrecedence.objects.create(field="name", sources=["netbox"])
    for path in (
        "/cmdb/conflicts/", conflict.get_absolute_url(), f"{conflict.get_absolute_url()}decide/", "/cmdb/precedences/",
        "/cmdb/precedences/new/", SourcePrecedence.objects.get().get_absolute_url(), web().get_absolute_url(),
    ):  # fmt: skip
        with django_assert_max_num_queries(26):
            assert browser.get(path).status_code == 200, path


def test_a_ci_shows_who_says_what(conflict, browser_of, viewer, api):
    page = browser_of(viewer).get(web().get_absolute_url()).content.decode()
    assert "Who says what" in page
    assert "in conflict" in page

    said = api(viewer).get(f"/api/cmdb/cis/{web().number}/words/").json()
    assert [each["source"] for each in said["sources"]] == ["netbox", "scanner"]
    version = next(each for each in said["fields"] if each["field"] == "version")
    assert (version["recorded"], version["disagree"], version["conflict"]) == ("2.0", True, conflict.number)
    assert {"source": "scanner", "value": "2.0", "counts": True} in version["words"]


def test_choices_are_called_by_their_labels(conflict, browser_of, config_manager):
    Conflict.objects.update(field="criticality", words={"netbox": 4, "scanner": [1]})
    browser = browser_of(config_manager)
    assert "Critical, says netbox" in browser.get(f"{conflict.get_absolute_url()}decide/").content.decode()
    assert "<b>Critical</b>" in browser.get(conflict.get_absolute_url()).content.decode()
    assert "netbox: Critical · scanner: [1]" in browser.get("/cmdb/conflicts/").content.decode()


def test_a_ci_that_one_person_made_shows_no_table(browser_of, config_manager):
    browser_of(config_manager).post("/cmdb/cis/new/", {"ci_class": make_class().pk, "name": "solo", "criticality": 2})
    assert (
        "Who says what"
        not in browser_of(config_manager)
        .get(ConfigurationItem.objects.get(name="solo").get_absolute_url())
        .content.decode()
    )


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ({"choice": "source:netbox", "scope": "ci"}, "1.0"),
        ({"choice": "source:netbox", "scope": "class"}, "1.0"),
        ({"choice": "other", "value": "1.9", "scope": "ci"}, "1.9"),
    ],
)
def test_it_is_decided_on_its_page(conflict, said, version, browser_of, config_manager):
    answer = browser_of(config_manager).post(f"{conflict.get_absolute_url()}decide/", said | {"reason": "I looked."})

    assert answer.status_code == 302
    assert web().version == version
    assert "I looked." in browser_of(config_manager).get(conflict.get_absolute_url()).content.decode()


def test_a_half_decision_is_shown_on_the_form(conflict, browser_of, config_manager):
    browser = browser_of(config_manager)
    for said in ({}, {"choice": "other", "scope": "ci", "reason": "x"}, {"choice": "source:x", "scope": "ci"}):
        assert browser.post(f"{conflict.get_absolute_url()}decide/", said).status_code == 422, said


def test_it_is_decided_by_rest(conflict, api, config_manager):
    client, at = api(config_manager), f"/api/cmdb/conflicts/{conflict.number}/"
    shown = client.get(at).json()
    assert (shown["field"], shown["state"], shown["words"]) == ("version", "open", {"netbox": "1.0", "scanner": "2.0"})
    assert [each["name"] for each in shown["actions"]] == ["decide"]

    answer = client.post(f"{at}decide/", {"source": "netbox", "reason": "They measure."}, format="json")

    assert (answer.status_code, answer.json()["state"], answer.json()["chosen"]) == (200, "decided", "1.0")
    again = client.post(f"{at}decide/", {"source": "scanner", "reason": "No."}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_state")


@pytest.mark.parametrize(
    "said",
    [
        {}, {"source": "x", "reason": "y"}, {"value": {"deep": [1]}, "reason": "y"}, {"value": "\x00", "reason": "y"},
        {"value": "9" * 5000, "reason": "y"}, {"source": ["a"], "reason": "y"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_rest(conflict, said, api, config_manager):
    answer = api(config_manager).post(f"/api/cmdb/conflicts/{conflict.pk}/decide/", said, format="json")
    assert answer.status_code == 400, answer.json()


def test_conflicts_are_found_by_state_ci_class_and_source(conflict, api, viewer):
    client = api(viewer)
    for query, count in (
        ("state=open", 1), ("state=decided", 0), (f"ci={web().number}", 1), ("ci_class=server", 1),
        ("source=netbox", 1), ("source=nobody", 0), ("field=version", 1), ("search=web-1", 1),
    ):  # fmt: skip
        assert client.get(f"/api/cmdb/conflicts/?{query}").json()["count"] == count, query


def test_rules_are_kept_by_rest(api, config_manager):
    client = api(config_manager)
    made = client.post(
        "/api/cmdb/precedences/",
        {"ci_class": "server", "field": "version", "sources": ["netbox", "people"]},
        format="json",
    )
    assert made.status_code == 201, made.json()
    at = f"/api/cmdb/precedences/{made.json()['id']}/"

    assert client.patch(at, {"sources": ["scanner"]}, format="json").json()["sources"] == ["scanner"]
    assert client.get("/api/cmdb/precedences/?source=scanner&ci_class=server").json()["count"] == 1
    assert client.delete(at).status_code == 204
    assert client.post("/api/cmdb/precedences/", {"sources": [], "field": "x"}, format="json").status_code == 400


def test_rules_are_kept_on_pages(browser_of, config_manager):
    browser = browser_of(config_manager)
    said = {"field": "version", "ci_class": make_class().pk, "sources": "netbox\npeople"}
    assert browser.post("/cmdb/precedences/new/", said).status_code == 302
    rule = SourcePrecedence.objects.get()
    assert (rule.sources, rule.ci_class) == (["netbox", "people"], make_class())

    assert browser.post(rule.get_absolute_url(), {"attribute": "ram_gb", "sources": "people"}).status_code == 302
    rule.refresh_from_db()
    assert (rule.field, rule.sources, rule.ci_class) == ("attributes.ram_gb", ["people"], make_class())

    assert browser.post(f"/cmdb/precedences/{rule.pk}/remove/", {}).status_code == 302
    assert not SourcePrecedence.objects.exists()
