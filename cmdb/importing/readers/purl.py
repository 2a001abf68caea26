"""Package URLs (`pkg:maven/org.acme/core@1.2?type=jar`): what a package is called without its version."""

import re
from urllib.parse import unquote

# Qualifiers that tell packages apart; others (checksums, where it was fetched) change from build to build.
IDENTITY = frozenset({"arch", "classifier", "platform", "type"})
BEFORE_A_RELEASE = re.compile(r"[-.]?(alpha|beta|rc|cr|pre|dev|snapshot|m(?=\d))", re.IGNORECASE)


def without_version(purl: str) -> str:
    rest, _, _ = purl.partition("#")
    rest, _, qualifiers = rest.partition("?")
    head, slash, last = rest.rpartition("/")
    kept = sorted(each for each in qualifiers.split("&") if each.partition("=")[0] in IDENTITY)
    return head + slash + last.partition("@")[0] + ("?" + "&".join(kept) if kept else "")


def version_of(purl: str) -> str | None:
    rest = re.split("[?#]", purl, maxsplit=1)[0]
    return unquote(rest.rpartition("/")[2].partition("@")[2]) or None


def newness(version: str) -> tuple[object, ...]:
    """For telling the newer of two: as `natural`, but 1.0-rc1 before 1.0."""
    core, *before_it = BEFORE_A_RELEASE.split(version, maxsplit=1)
    return natural(core), not before_it, [natural(each) for each in before_it]


def natural(version: str) -> list[tuple[int, int, str]]:
    """For sorting: 1.10 after 1.9, and numbers before words."""
    return [
        (0, int(each), "") if each.isdecimal() else (1, 0, each) for each in re.findall(r"\d{1,18}|[^\d.]+", version)
    ]
