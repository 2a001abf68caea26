"""What is agreed for a service in rows: hours, targets, what support can access."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.test.utils import CaptureQueriesContext

from cmdb.models import HoursException, ServiceHours, ServiceTarget, SupportAccess
from cmdb.operations import relations, services
from itsm.kernel import history
from itsm.kernel.errors import InvalidInput
from tests.builders import SYSTEM, make_ci, make_service

ADDRESS = "/api/cmdb/services/"
HOURS = {
    "zone": "Europe/Berlin",
    "weekly": [
        {"day": "mon", "opens": "08:00", "closes": "12:00"},
        {"day": "mon", "opens": "13:00", "closes": "24:00"},
    ],
    "exceptions": [{"day": "2026-12-24", "name": "Christmas Eve", "opens": None, "closes": None}],
}
TARGETS = [
    {"measure": "availability", "target": 99.8, "unit": "percent"},
    {"measure": "other", "name": "Pages printed", "better": "at_least", "target": 3, "unit": "count", "window": "week"},
]
ACCESS = [
    {"system": "Back office", "access": "full"},
    {"system": "Logs", "access": "none", "reason": "The provider keeps them."},
]


@pytest.fixture
def shop(service_owner):
    return make_service(owner=service_owner)


def patch(api, who, shop, **said):
    return api(who).patch(f"{ADDRESS}{shop.slug}/", said, format="json")


def test_rest_writes_all_parts_and_reads_them_again(api, shop, service_owner):
    answer = patch(api, service_owner, shop, service_hours=HOURS, sla_targets=TARGETS, access=ACCESS)

    assert answer.status_code == 200, answer.json()
    said = answer.json()
    assert said["service_hours"] == HOURS
    assert said["hours"] == "Mon 08:00–12:00, 13:00–24:00"
    assert [(t["measure"], t["better"], t["target"], t["window"]) for t in said["sla_targets"]] == [
        ("availability", "at_least", 99.8, "month"),
        ("other", "at_least", 3.0, "week"),
    ]
    assert [(a["system"], a["access"]) for a in said["access"]] == [("Back office", "full"), ("Logs", "none")]
    assert said["revision"] > 1


def test_hours_are_also_read_from_words(api, shop, service_owner):
    said = patch(api, service_owner, shop, hours="Mon-Fri 8:00-18:00; Sat 10:00-14:00").json()

    assert said["hours"] == "Mon–Fri 08:00–18:00; Sat 10:00–14:00"
    assert len(said["service_hours"]["weekly"]) == 6
    assert patch(api, service_owner, shop, hours="").json()["service_hours"]["weekly"] == []


def test_a_service_is_defined_with_its_parts_and_a_thousand_may_be(api, config_manager):
    said = [{"name": f"Service {n}", "hours": "24/7", "sla_targets": TARGETS, "access": ACCESS} for n in range(3)]
    answer = api(config_manager).post(ADDRESS, said, format="json")

    assert answer.status_code == 201, answer.json()
    assert (ServiceHours.objects.count(), ServiceTarget.objects.count(), SupportAccess.objects.count()) == (21, 6, 6)


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"hours": "whenever"}, "/hours"),
        ({"hours": "24/7", "service_hours": HOURS}, "/hours"),
        ({"service_hours": {"zone": "Europe/Nowhere"}}, "/service_hours"),
        (
            {"service_hours": {"weekly": [{"day": "mon", "opens": "18:00", "closes": "08:00"}]}},
            "/service_hours/weekly/0/closes",
        ),
        (
            {"service_hours": {"weekly": [{"day": "mon", "opens": 8, "closes": "9:00"}]}},
            "/service_hours/weekly/0/opens",
        ),
        (
            {"service_hours": {"weekly": [{"day": "nil", "opens": "8:00", "closes": "9:00"}]}},
            "/service_hours/weekly/0/day",
        ),
        ({"service_hours": {"weekly": [HOURS["weekly"][0], HOURS["weekly"][0]]}}, "/service_hours"),
        (
            {"service_hours": {"exceptions": [{"day": "2026-12-24", "opens": "08:00"}]}},
            "/service_hours/exceptions/0/closes",
        ),
        ({"service_hours": {"exceptions": [HOURS["exceptions"][0]] * 2}}, "/service_hours/exceptions/1/day"),
        (
            {
                "service_hours": {
                    "weekly": [
                        {"day": day, "opens": f"{n}:00", "closes": f"{n}:30"}
                        for day in ("mon", "tue")
                        for n in range(13)
                    ]
                }
            },
            "/service_hours",
        ),
        ({"service_hours": {"colour": "red"}}, "/service_hours/colour"),
        ({"service_hours": "24/7"}, "/service_hours"),
        ({"sla_targets": {"availability_percent": 99}}, "/sla_targets"),
        ({"sla_targets": [TARGETS[0] | {"target": 101}]}, "/sla_targets/0/target"),
        ({"sla_targets": [TARGETS[0] | {"target": -1}]}, "/sla_targets/0/target"),
        ({"sla_targets": [TARGETS[0] | {"target": "NaN"}]}, "/sla_targets/0/target"),
        ({"sla_targets": [TARGETS[0] | {"target": 1e300}]}, "/sla_targets/0/target"),
        ({"sla_targets": [TARGETS[0] | {"unit": "h"}]}, "/sla_targets/0/unit"),
        ({"sla_targets": [TARGETS[0] | {"measure": "other"}]}, "/sla_targets/0/name"),
        ({"sla_targets": [TARGETS[0] | {"name": "Mine"}]}, "/sla_targets/0/name"),
        ({"sla_targets": [TARGETS[0], TARGETS[0]]}, "/sla_targets/1/measure"),
        ({"sla_targets": [TARGETS[1] | {"name": f"n{n}"} for n in range(21)]}, "/sla_targets"),
        ({"access": [{"system": "Logs", "access": "none"}]}, "/access/0/reason"),
        ({"access": [{"system": "Logs", "access": "root"}]}, "/access/0/access"),
        ({"access": [{"system": "Logs", "access": "full"}, {"system": "logs", "access": "read"}]}, "/access/1/system"),
        ({"access": [{"system": "a\x00b", "access": "full"}]}, "/access/0/system"),
    ],
)
def test_rest_refuses_what_cannot_be_and_points_to_it(api, shop, service_owner, said, pointer):
    answer = patch(api, service_owner, shop, **said)

    assert answer.status_code == 400, answer.content
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not ServiceHours.objects.exists()
    assert not ServiceTarget.objects.exists()
    assert not SupportAccess.objects.exists()


def test_rows_that_stay_are_not_touched_and_history_tells_the_others(shop):
    services.update(service_id=shop.pk, sla_targets=TARGETS, access=ACCESS, actor=SYSTEM)
    kept = ServiceTarget.objects.get(measure="other")
    changed = [TARGETS[0] | {"target": 99.9}, TARGETS[1]]

    services.update(service_id=shop.pk, sla_targets=changed, access=ACCESS[:1], actor=SYSTEM)

    assert ServiceTarget.objects.get(measure="other").revision == kept.revision
    assert str(ServiceTarget.objects.get(measure="availability").target) == "99.900"
    assert SupportAccess.objects.get().system == "Back office"
    told = " ".join(str(entry) for entry in history.story_of(shop, 50))
    assert "99.9" in told
    assert "Logs" in told


@pytest.mark.parametrize(
    "write",
    [
        lambda s: [ServiceHours.objects.create(service=s, weekday=1, span=NumericRange(480, 720)) for _ in range(2)],
        lambda s: ServiceHours.objects.create(service=s, weekday=8, span=NumericRange(480, 720)),
        lambda s: ServiceHours.objects.create(service=s, weekday=1, span=NumericRange(480, 1441)),
        lambda s: [HoursException.objects.create(service=s, day="2026-12-24") for _ in range(2)],
        lambda s: ServiceTarget.objects.create(
            service=s, measure="availability", better="at_least", target=101, unit="percent"
        ),
        lambda s: ServiceTarget.objects.create(service=s, measure="other", better="at_least", target=1, unit="count"),
        lambda s: SupportAccess.objects.create(service=s, system="x", access="none"),
    ],
)
def test_the_database_keeps_what_must_hold(shop, write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(shop)


def test_what_is_no_part_of_a_service_cannot_be_written(shop):
    with pytest.raises(InvalidInput):
        services.update(service_id=shop.pk, hours_zone="UTC", actor=SYSTEM)


def test_a_list_of_services_takes_as_many_queries_for_three_as_for_ten(api, viewer):
    def queries(number):
        for n in range(number):
            service = make_service(f"Service {number} {n}")
            services.update(service_id=service.pk, hours="24/7", sla_targets=TARGETS, access=ACCESS, actor=SYSTEM)
        with CaptureQueriesContext(connection) as found:
            assert client.get(ADDRESS).status_code == 200
        return len(found)

    client = api(viewer)
    client.get(ADDRESS)
    assert queries(3) == queries(10)


def test_levels_say_what_is_kept_and_what_nobody_measures(api, shop, viewer):
    services.update(service_id=shop.pk, hours="24/7", sla_targets=TARGETS, actor=SYSTEM)

    said = api(viewer).get(f"{ADDRESS}{shop.slug}/levels/").json()

    assert (said["open_now"], said["changes_at"]) == (True, None)
    assert [(t["measure"], t["state"], t["actual"]) for t in said["targets"]] == [
        ("availability", "met", 100.0),
        ("other", "not_measured", None),
    ]


def test_of_a_service_that_is_not_live_nothing_is_kept_or_missed(api, viewer):
    service = make_service(live=False)
    services.update(service_id=service.pk, sla_targets=TARGETS, actor=SYSTEM)

    said = api(viewer).get(f"{ADDRESS}{service.slug}/levels/").json()

    assert [t["state"] for t in said["targets"]] == ["no_data", "not_measured"]


# Pages


def test_hours_are_agreed_on_a_page_and_a_wrong_day_is_told_at_its_field(browser_of, service_owner, shop):
    browser, address = browser_of(service_owner), f"{shop.get_absolute_url()}hours/"
    said = {"mon": "08:00–12:00, 13:00–18:00", "zone": "Europe/Berlin", "exceptions": "2026-12-24 closed Christmas Eve"}

    wrong = browser.post(address, said | {"tue": "22:00–06:00", "exceptions": "soon closed"})
    assert wrong.status_code == 422
    assert b"past midnight" in wrong.content
    assert b"write it as 2026-12-24" in wrong.content
    assert not ServiceHours.objects.exists()

    assert browser.post(address, said).status_code == 302
    assert [str(each) for each in browser.get(address).context["form"]["mon"].value().split(", ")] == [
        "08:00–12:00",
        "13:00–18:00",
    ]
    page = browser.get(shop.get_absolute_url()).content
    assert b"13:00" in page
    assert b"Europe/Berlin" in page


def test_targets_are_agreed_on_a_page_row_by_row(browser_of, service_owner, shop):
    browser, address = browser_of(service_owner), f"{shop.get_absolute_url()}targets/"
    row = {
        "measure_0": "availability",
        "better_0": "at_least",
        "target_0": "99.8",
        "unit_0": "percent",
        "window_0": "month",
    }

    assert browser.get(address).status_code == 200
    wrong = browser.post(address, row | {"unit_0": "h"})
    assert wrong.status_code == 422
    assert b"It is not measured in this" in wrong.content
    assert b"This is needed too." in browser.post(address, row | {"target_0": ""}).content
    assert browser.post(address, row | {"measure_1": "", "target_1": "4"}).status_code == 302
    assert ServiceTarget.objects.get().figure == "99.8 %"
    assert b"99.8 %" in browser.get(shop.get_absolute_url()).content
    assert browser.post(address, row | {"measure_0": ""}).status_code == 302
    assert not ServiceTarget.objects.exists()


def test_access_is_written_down_on_a_page_and_asks_why_not(browser_of, service_owner, shop):
    browser, address = browser_of(service_owner), f"{shop.get_absolute_url()}access/"
    said = {"delivery_model": "saas", "support_access": "", "system_0": "", "system_1": "Logs", "access_1": "none"}

    wrong = browser.post(address, said)
    assert wrong.status_code == 422
    assert b"Say why not" in wrong.content
    assert browser.post(address, said | {"reason_1": "Not ours."}).status_code == 302
    page = browser.get(shop.get_absolute_url()).content
    assert b"Not ours." in page
    assert b"SaaS" in page


@pytest.mark.parametrize("page", ["hours", "targets", "access"])
def test_who_may_not_change_the_service_gets_no_form(browser_of, viewer, shop, page):
    assert browser_of(viewer).get(f"{shop.get_absolute_url()}{page}/").status_code == 403


@pytest.mark.parametrize("nonsense", ["\x00", "x" * 50_000, "9" * 400])
@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("hours", ["mon", "zone", "exceptions"]),
        ("targets", ["measure_0", "target_0", "unit_0"]),
        ("access", ["system_0", "access_0", "reason_0", "delivery_model"]),
    ],
)
def test_nonsense_in_a_form_is_refused_at_its_field(browser_of, service_owner, shop, page, fields, nonsense):
    for field in fields:
        answer = browser_of(service_owner).post(f"{shop.get_absolute_url()}{page}/", {field: nonsense})
        assert answer.status_code in (302, 422), field


def test_the_page_takes_as_many_queries_whatever_is_agreed_and_related(browser_of, viewer, shop):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert browser.get(shop.get_absolute_url()).status_code == 200
        return len(found)

    browser = browser_of(viewer)
    systems = [{"system": f"System {n}", "access": "full"} for n in range(20)]
    days = [{"day": date(2030, 1, n), "name": f"Day {n}"} for n in range(1, 20)]
    said = {"hours": "24/7", "sla_targets": TARGETS, "service_hours": {"exceptions": days[:1]}, "access": systems[:1]}
    services.update(service_id=shop.pk, actor=SYSTEM, **said)
    relations.relate(source=shop.ci, type="depends_on", target=make_ci("web"), actor=SYSTEM)
    queries()
    few = queries()

    others = [TARGETS[1] | {"name": f"Other {n}"} for n in range(10)]
    services.update(
        service_id=shop.pk,
        sla_targets=TARGETS + others,
        service_hours={"exceptions": days},
        access=systems,
        actor=SYSTEM,
    )
    for n in range(10):
        relations.relate(source=shop.ci, type="depends_on", target=make_ci(f"web-{n}"), actor=SYSTEM)
    assert queries() <= few <= 30
