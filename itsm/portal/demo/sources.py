"""What other tools say of the CIs: an inventory and a scan, which do not agree on everything."""

from cmdb.importing import comparing, merging, staging
from cmdb.importing.records import FoundCI
from cmdb.importing.staging import Intake
from cmdb.operations import precedences
from itsm.portal.demo.stage import Stage


def load(stage: Stage) -> None:
    for rule in stage.script["precedences"]:
        precedences.create(actor=stage.act("config.manager"), **rule)
    for source, said in stage.script["sources"].items():
        _say(stage, source, said)


def _say(stage: Stage, source: str, said: dict[str, dict[str, object]]) -> None:
    """As an import of that source would, but at once."""
    intake = Intake(source=source, tells_relations=False)
    staging.prepare()
    staging.stage(
        intake,
        [
            FoundCI(
                row=f"row {at}", key=name.lower(), ci_class=stage.cis[name].ci_class.code, name=name,
                environment="production", attributes=attributes,
            )
            for at, (name, attributes) in enumerate(said.items(), 1)
        ],
    )  # fmt: skip
    comparing.compare(intake, for_good=True)
    merging.merge(intake)
    staging.discard()
