"""A draft policy tested on the bank's past: changes a second, and what it would have asked otherwise."""

import time
from datetime import UTC, datetime

from django.utils import timezone

from changes.models import ChangeModel, Policy
from changes.queries.backtest import backtest
from itsm.kernel.actor import Actor

# What somebody marked for the CAB is asked of it too; everything else as the version in force says.
FOR_THE_CAB = {
    "name": "Marked for the CAB",
    "when": {"cab_required": True},
    "require": [{"role": "change_manager"}, {"role": "cab_member"}],
}


def report() -> list[str]:
    in_force = Policy.objects.get(name="normal-changes", state=Policy.State.IN_FORCE)
    came = ChangeModel.objects.filter(pre_authorised=False, changes__source="bpic2014").distinct()
    ChangeModel.objects.filter(pk__in=came.values("pk")).update(policy_name=in_force.name)
    policy = Policy.objects.create(
        name=in_force.name,
        title="The CAB where it is marked",
        version=in_force.version + 1,
        rules=[FOR_THE_CAB, *in_force.rules],
    )
    began = time.perf_counter()
    found = backtest(
        policy, since=datetime(2000, 1, 1, tzinfo=UTC), until=None, actor=Actor.system("benchmark"), now=timezone.now()
    )
    seconds = time.perf_counter() - began
    kinds = ", ".join(f"{number:,} {kind}" for kind, number in sorted(found.kinds.items()))
    figures = [
        ("changes examined", f"{found.examined:,}"), ("imported among them", f"{found.imported:,}"),
        ("s", f"{seconds:.1f}"), ("changes/s", f"{found.examined / seconds:,.0f}"),
        ("asked otherwise", f"{found.different:,} ({kinds})"), ("failures let through", f"{found.let_through:,}"),
        ("failures looked at more", f"{found.stopped:,}"),
    ]  # fmt: skip
    return ["| what | figure |", "| --- | ---: |", *(f"| {what} | {figure} |" for what, figure in figures)]
