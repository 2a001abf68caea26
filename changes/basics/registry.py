"""The register of checks: a file in `checks/` with one function adds one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pkgutil import iter_modules

from changes.basics import checks
from changes.basics.facts import Snapshot
from changes.basics.verdicts import SERIOUS, Said, Verdict, together

Check = Callable[[Snapshot], Said]
GROUPS = {
    "nothing_else": "Nothing else is going on",
    "nobody_assumes": "Nobody assumes somebody else does it",
    "no_surprise": "No surprise breakage",
    "everyone_knows": "Everyone knows what to do",
    "time_to_go_back": "Time to go back",
}


@dataclass(frozen=True)
class Registered:
    code: str
    group: str
    title: str
    order: int
    check: Check

    def says(self, facts: Snapshot) -> Said:
        return replace(self.check(facts), code=self.code, title=self.title)


_known: dict[str, Registered] = {}


def check(code: str, group: str, title: str, *, order: int = 50) -> Callable[[Check], Check]:
    """Register the function; within its group the checks speak by `order`, the lowest for all of them."""

    def add(function: Check) -> Check:
        if group not in GROUPS or code in GROUPS or code in _known:
            raise ValueError(f"The check {code!r} needs a name of its own and one of the groups {', '.join(GROUPS)}.")
        _known[code] = Registered(code, group, title, order, function)
        return function

    return add


def read_all() -> None:
    """Read every file in `checks/`."""
    for module in iter_modules(checks.__path__):
        import_module(f"{checks.__name__}.{module.name}")


def known() -> list[Registered]:
    return sorted(_known.values(), key=lambda one: (list(GROUPS).index(one.group), one.order, one.code))


def title_of(code: str) -> str:
    """Of a check or of a group; a check that is gone is called by its code."""
    return GROUPS.get(code) or (_known[code].title if code in _known else code)


def judge(facts: Snapshot) -> list[Verdict]:
    """All groups, the most serious first; what was waived says by whom."""
    found = [
        together(group, title, [one.says(facts) for one in _of(group)]).waived(facts.waived.get(group))
        for group, title in GROUPS.items()
    ]
    return sorted(found, key=lambda verdict: (SERIOUS[verdict.verdict], bool(verdict.waived_by)))


def _of(group: str) -> Iterable[Registered]:
    return [one for one in known() if one.group == group]
