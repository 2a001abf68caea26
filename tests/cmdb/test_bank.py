"""A bank's CIs come in as docs/imports.md says; the bank's own only where they are at hand."""

import csv
import io
import json
import lzma
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cmdb.importing import running
from cmdb.models import ConfigurationItem
from itsm.local.home import CHECKOUT

pytestmark = pytest.mark.django_db
BANK = CHECKOUT.parent / "shared/data/bpic2014/Detail_Change.csv.xz"
MADE_UP = """CI Name (aff);CI Type (aff);CI Subtype (aff);Service Component WBS (aff);Change ID
LAP000001;computer;Laptop;WBS000195;C00000003
SUB000494;subapplication;Web Based Application;WBS000162;C00000005
LAP000001;computer;Laptop;WBS000195;C00000006
ODD000001;no type;;WBS000162;C00000007
"""


def first_of_each(text: io.TextIOBase) -> bytes:
    """As the awk and the cut of the document do."""
    seen: dict[str, list[str]] = {}
    for row in csv.reader(text, delimiter=";"):
        seen.setdefault(row[0], row[:4])
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(seen.values())
    return written.getvalue().encode()


@pytest.fixture
def take_in(api, config_manager):
    client = api(config_manager)
    said = (CHECKOUT / "docs/imports.md").read_text()
    mapping = re.search(r"`mapping\.json`.*?```json\n(.*?)```", said, re.DOTALL)[1]
    made = json.loads(re.search(r"-d '(\{\"code\".*?\})'", said)[1])
    assert client.post("/api/cmdb/classes/", made, format="json").status_code == 201

    def hand_in_and_merge(data: bytes) -> dict:
        file = SimpleUploadedFile("bank.csv", data)
        asked = {"file": file, "format": "csv", "source": "bank", "mapping": mapping, "dry_run": "true"}
        run = client.post("/api/cmdb/imports/", asked, format="multipart").data
        running.work_through()
        seen = client.get(f"/api/cmdb/imports/{run['id']}/").data
        assert (seen["state"], seen["problem_count"]) == ("previewed", 0), seen
        assert client.post(f"/api/cmdb/imports/{run['id']}/merge/", {}, format="json").status_code == 200
        running.work_through()
        return client.get(f"/api/cmdb/imports/{run['id']}/").data

    return hand_in_and_merge


def test_each_ci_of_its_table_is_there_once(take_in):
    run = take_in(first_of_each(io.StringIO(MADE_UP)))

    assert (run["state"], run["counts"]["created"]) == ("done", 3)
    laptop = ConfigurationItem.objects.get(name="LAP000001")
    assert (laptop.ci_class.code, laptop.attributes) == (
        "device", {"subtype": "Laptop", "service_component": "WBS000195"}
    )  # fmt: skip
    assert ConfigurationItem.objects.get(name="ODD000001").ci_class.code == "untyped"


@pytest.mark.skipif(not BANK.exists(), reason=f"The bank's history is not at {BANK}.")
def test_all_10151_of_the_bank_come_in_and_a_second_time_nothing_does(take_in):
    with lzma.open(BANK, "rt", encoding="utf-8", newline="") as text:
        data = first_of_each(text)

    assert take_in(data)["counts"]["created"] == 10_151
    assert take_in(data)["counts"] | {"cis": 0} == dict.fromkeys(
        ("cis", "created", "changed", "retired", "related", "unrelated", "relations"), 0
    ) | {"unchanged": 10_151}
