"""What a scan of the shop's servers found yesterday, beside what is recorded."""

from pathlib import Path

from cmdb.auditing import running
from cmdb.operations import audits
from itsm.portal.demo.stage import Stage

SCAN = Path(__file__).with_name("shop_scan.csv")
COLUMNS = {
    "Host": "key", "Hostname": "name", "Kind": "ci_class", "OS": "attributes.os", "RAM (GB)": "attributes.ram_gb",
}  # fmt: skip


def load(stage: Stage) -> None:
    """Compared at once: no worker needs to be there yet."""
    audit = audits.hand_in(
        name="Servers of the shop",
        source="scan",
        query="name__icontains=WEB-SHOP",
        file_name=SCAN.name,
        data=[SCAN.read_bytes()],
        options={"columns": COLUMNS, "fixed": {"environment": "production", "status": "live"}},
        observed_at=stage.at(-1, "06:00"),
        verify_matches=False,
        actor=stage.act("config.manager"),
        now=stage.now,
    )
    running.carry_out(audit)
