"""The reference transition plan: requirements, both deliveries, the five streams."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from itsm.portal.demo.stage import SYSTEM, Stage
from transition.models import AcceptanceReview, ReleasePackage
from transition.operations import acceptance, cover, items, packages, plans, requirements, streams, targets
from transition.queries.acceptance import asked_of

TARGET_DAY = {6: 15, 11: 30}


def load(stage: Stage) -> None:
    said, planner = stage.script["plan"], stage.act("f.oladele")
    stage.plan = plans.create(
        service=stage.services[said["service"]],
        style=said["style"],
        strategy=said["strategy"],
        policy_name=said["policy"],
        actor=planner,
    )
    for code, about in said["requirements"].items():
        stage.requirements[code] = requirements.add(plan=stage.plan, code=code, actor=planner, **about)
        stage.cis[code] = stage.requirements[code].ci
    define_criteria(stage)
    first, second = said["packages"]
    deliver_first(stage, _plan_package(stage, first, last_target(stage, first["target_month"])))
    build_second(stage, _plan_package(stage, second, next_target(stage, second["target_month"])))
    _start_streams(stage)


def last_target(stage: Stage, month: int) -> date:
    """The latest such target that lies long enough back for early life to be over."""
    today = stage.at(0).date()
    this_year = date(today.year, month, TARGET_DAY[month])
    return this_year if this_year + timedelta(days=10) < today else this_year.replace(year=today.year - 1)


def next_target(stage: Stage, month: int) -> date:
    today = stage.at(0).date()
    this_year = date(today.year, month, TARGET_DAY[month])
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)


def _plan_package(stage: Stage, said: dict[str, Any], target: date) -> ReleasePackage:
    planner = stage.act("f.oladele")
    package = packages.plan(
        plan=stage.plan,
        ordinal=said["ordinal"],
        name=said["name"],
        target_date=target,
        els_days=said["els_days"],
        actor=planner,
    )
    for code in said["functional"]:
        wanted = stage.requirements[code]
        items.add(kind="code", title=f"{code} {wanted.text}", package=package, requirement=wanted, actor=planner)
    for name in said["infrastructure"]:
        items.add(kind="hardware", title=name, package=package, ci=stage.cis[name], offset_days=-14, actor=planner)
    for title in said["documents"]:
        items.add(kind="document", title=title, package=package, offset_days=-7, actor=planner)
    for transfer in said["knowledge_transfer"]:
        weeks = transfer["offset_weeks"]
        items.add(kind=transfer["kind"], title=transfer["title"], package=package, offset_days=7 * weeks, actor=planner)
    _agree_targets(stage, package, said["nfr"])
    return package


def _agree_targets(stage: Stage, package: ReleasePackage, said: dict[str, Any]) -> None:
    manager = stage.act("test.manager")
    for code in ("x", "y", "z"):
        wanted = stage.requirements[code]
        target = targets.set_target(
            package=package, requirement=wanted, target_percent=Decimal(said["target_percent"]), actor=manager
        )
        items.add(
            kind="nfr", title=f"{code} {wanted.text}", package=package, requirement=wanted, actor=stage.act("f.oladele")
        )
        if code in said["attained"]:
            targets.measure(target_id=target.pk, attained_percent=Decimal(said["attained"][code]), actor=manager)


def deliver_first(stage: Stage, package: ReleasePackage) -> None:
    """Delivered on its day, watched for five days, closed."""
    planner, day = stage.act("f.oladele"), _morning(package.target_date)
    packages.build(package_id=package.pk, actor=planner)
    for item in package.items.order_by("pk"):
        items.complete(item_id=item.pk, actor=planner, now=day + timedelta(days=item.offset_days))
    accepted = acceptance.open_review(
        service=stage.shop,
        package=package,
        requirements=[stage.requirements[code] for code in ("a", "b", "c")],
        actor=stage.act("test.manager"),
    )
    answer_criteria(stage, accepted)
    acceptance.accept(
        review_id=accepted.pk, comment="We can run it.", actor=stage.act("support.lead"), now=day - timedelta(days=3)
    )
    packages.accept(package_id=package.pk, actor=planner)
    packages.deploy(package_id=package.pk, actor=planner, now=day)
    packages.begin_early_life(package_id=package.pk, actor=planner)
    packages.close(package_id=package.pk, actor=planner, now=day + timedelta(days=package.els_days + 1))


def define_criteria(stage: Stage) -> None:
    for said in stage.script["criteria"]:
        acceptance.define_criterion(code=said["code"], text=said["text"], actor=stage.act("test.manager"))


def answer_criteria(stage: Stage, review: AcceptanceReview) -> None:
    found = {said["code"]: said["found"] for said in stage.script["criteria"]}
    for asked in asked_of(review):
        acceptance.answer(
            review_id=review.pk,
            criterion=asked.criterion,
            result=found[asked.criterion.code],
            actor=stage.act("support.lead"),
        )


def build_second(stage: Stage, package: ReleasePackage) -> None:
    """In the building: what was due is done but the recovery plan."""
    planner = stage.act("f.oladele")
    packages.build(package_id=package.pk, actor=planner)
    done = {"Document 4 Capacity plan", "WEB-SHOP-2", "LB-SHOP-1", "Full training plan"}
    for item in package.items.order_by("pk"):
        due = _morning(package.target_date + timedelta(days=item.offset_days))
        if item.title in done:
            items.complete(item_id=item.pk, actor=planner, now=min(due, stage.at(-2)))
        elif item.requirement is not None and item.requirement.code == "e":
            items.complete(item_id=item.pk, actor=planner, now=stage.at(-9))
        elif item.requirement is not None and item.requirement.code == "d":
            items.start(item_id=item.pk, actor=planner)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=timezone.get_default_timezone())


def _start_streams(stage: Stage) -> None:
    """Since the Monday three weeks before this week's."""
    monday = stage.at(-stage.at(0).weekday() - 21).date()
    planner = stage.act("f.oladele")
    for said in stage.script["plan"]["streams"]:
        about = {name: value for name, value in said.items() if name not in ("owner", "model", "feeds")}
        stage.streams[said["ordinal"]] = streams.create(
            plan=stage.plan,
            active_from=monday,
            owner=stage.people[said["owner"]],
            change_model=stage.models.get(said.get("model", "")),
            time_zone=stage.zone,
            actor=planner,
            **about,
        )
    for said in stage.script["plan"]["streams"]:
        if "feeds" in said:
            stream = stage.streams[said["ordinal"]]
            streams.update(stream_id=stream.pk, feeds=stage.streams[said["feeds"]], actor=SYSTEM)
    _plan_absences(stage)


def _plan_absences(stage: Stage) -> None:
    """Somebody is away in the week to come, and nobody covers for them yet."""
    for said in stage.script["plan"]["absences"]:
        first = stage.at(7 + said["weekday"] - stage.at(0).weekday()).date()
        last = first + timedelta(days=said["days"] - 1)
        cover.absent(user=stage.people[said["who"]], first=first, last=last, actor=stage.act(said["who"]))
    monday = stage.at(-stage.at(0).weekday()).date()
    for said in stage.script["plan"]["shifts"]:
        cover.assign_shift(
            stream=stage.streams[said["stream"]], role=said["role"], user=stage.people[said["who"]], first=monday,
            last=monday + timedelta(days=7 * said["weeks"] - 1), actor=stage.act("f.oladele"),
        )  # fmt: skip
