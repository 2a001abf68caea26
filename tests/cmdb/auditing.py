"""Make audits in tests: what was found as a list, handed in and compared."""

from cmdb.auditing import formats, running
from cmdb.keys import Key
from cmdb.models import Audit, ConfigurationItem
from cmdb.operations import audits, cis
from tests.builders import SYSTEM, make_ci


def seen(key: str, **said) -> dict:
    return {"key": key, "ci_class": "server", "name": key, **said}


def handed_in(*found, now, relations=(), **said) -> Audit:
    said = {"name": "East hall", "source": "netbox", "actor": SYSTEM} | said
    data = [formats.listed(list(found), list(relations))]
    return audits.hand_in(file_name="", data=data, format="listed", now=now, **said)


def run(*found, now, **said) -> Audit:
    """Handed in, and compared by a worker."""
    audit = handed_in(*found, now=now, **said)
    running.carry_out(audit)
    audit.refresh_from_db()
    return audit


def make_web() -> ConfigurationItem:
    """A server that netbox knows as 17."""
    ci = make_ci("web-1", version="1", environment="production", attributes={"os": "debian", "ram_gb": 32})
    cis.update(ci_id=ci.pk, external_keys=[Key("netbox", "17")], actor=SYSTEM)
    return ci
