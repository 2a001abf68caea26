"""The way of some services through the portfolio: one that is built, one that is wound down."""

from cmdb.operations import points
from itsm.portal.demo.stage import Stage


def load(stage: Stage) -> None:
    for said in stage.script["portfolio"]["passed"]:
        stage.services[said["service"]] = points.pass_point(
            service_id=stage.services[said["service"]].pk,
            to=said["to"],
            reason=said["reason"],
            actor=stage.act(said["by"]),
            now=stage.at(-said["days_ago"], "11:00"),
        )
    for said in stage.script["portfolio"]["waived"]:
        points.waive(
            service_id=stage.services[said["service"]].pk,
            point=said["point"],
            criterion=said["criterion"],
            reason=said["reason"],
            actor=stage.act(said["by"]),
            now=stage.at(-said["days_ago"], "15:20"),
        )
