"""What other tools say: a list of the racks and a bill of materials that are in, and the next of each, waiting."""

from pathlib import Path
from typing import Any

from cmdb.importing import running
from cmdb.models import ImportProfile
from cmdb.operations import import_profiles, import_schedules, imports
from itsm.portal.demo.stage import Stage

HERE = Path(__file__).parent
COLUMNS = {
    "Asset": "key", "Hostname": "name", "Kind": "ci_class", "State": "status", "Firmware": "version",
    "Engine": "attributes.engine", "Owner": "owner", "Team": "support_team", "Rack": "attributes.rack",
    "Height (U)": "attributes.height_u", "Plugged into": "relations.connects_to",
}  # fmt: skip


def load(stage: Stage) -> None:
    _load_bills(stage)
    profile = import_profiles.create(
        name="Rack inventory",
        source="rack-inventory",
        columns=COLUMNS,
        fixed={"environment": "production"},
        actor=stage.act("config.manager"),
    )
    _hand_in(stage, "rack_inventory.csv", profile=profile, dry_run=False)
    _hand_in(stage, "rack_inventory_today.csv", profile=profile, dry_run=True)
    _schedule(stage, profile)


def _load_bills(stage: Stage) -> None:
    """Of the storefront, which is there already."""
    bill: dict[str, Any] = {
        "format": "cyclonedx", "source": "sbom-storefront", "retire_missing": True,
        "options": {"environment": "production"},
    }  # fmt: skip
    _hand_in(stage, "storefront_bill.json", **bill, dry_run=False)
    _hand_in(stage, "storefront_bill_next.json", **bill, dry_run=True)


def _schedule(stage: Stage, profile: ImportProfile) -> None:
    """As they would be kept; neither runs by itself, because there is nothing at these addresses."""
    said: dict[str, Any] = {"actor": stage.act("config.manager"), "now": stage.now, "time_zone": stage.zone}
    import_schedules.create(
        name="NetBox, nightly",
        format="netbox",
        source="netbox",
        address="https://netbox.example.org",
        token="demo",  # noqa: S106 - of nobody
        options={"environment": "production"},
        recurrence="FREQ=DAILY",
        first_start=stage.at(-7, "02:30"),
        enabled=False,
        **said,
    )
    import_schedules.create(
        name="Rack inventory of the week",
        format="csv",
        profile=profile,
        source="",
        address="https://inventory.example.org/racks.csv",
        dry_run=True,
        **said,
    )


def _hand_in(stage: Stage, name: str, **details: Any) -> None:
    """Read at once: no worker needs to be there yet."""
    run = imports.hand_in(
        file_name=name,
        data=[(HERE / name).read_bytes()],
        actor=stage.act("config.manager"),
        **details,
    )
    running.carry_out(run)
