"""What a scan of the shop's servers found yesterday, beside what is recorded."""

from pathlib import Path

from cmdb.auditing import running
from cmdb.operations import audits, samples
from itsm.portal.demo.stage import Stage

SCAN = Path(__file__).with_name("shop_scan.csv")
RACKS = "name__in=fw-edge-01,fw-edge-02,lb-int-01,sw-dist-01,sw-dist-02,app-hr-01,app-hr-02,db-hr-01,web-intra-01"
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
    _sample(stage)


def _sample(stage: Stage) -> None:
    """Some have answered since. All that there are were drawn, so that it is the same each time."""
    sample = samples.draw(
        name="Racks, this quarter", size=9, query=RACKS, due_on=stage.at(7, "12:00").date(),
        actor=stage.act("config.manager"), now=stage.at(-2, "09:00"),
    )  # fmt: skip
    # The lot falls anew each time: an answer verifies none of those that the demo shows as long unverified.
    fresh = sample.cis.filter(ci__verified_at__gte=stage.at(-90, "00:00")).order_by("ci__name")
    for place, sampled in enumerate(fresh[:7]):
        wrong = place == 3
        samples.answer(
            sampled_id=sampled.pk, verdict="wrong" if wrong else "true",
            note="Another team looks after it by now." if wrong else "",
            actor=stage.act("config.manager"), now=stage.at(-1, "10:00"),
        )  # fmt: skip
