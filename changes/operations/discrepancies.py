"""Changes made of what an audit found: a request to put it right, or a record of what nobody had asked for."""

from collections.abc import Sequence
from datetime import datetime

from changes.models import ChangeModel, ChangeRequest
from changes.operations import planning, unauthorised
from cmdb.models import ConfigurationItem, Discrepancy
from itsm.kernel.actor import Actor
from itsm.kernel.errors import InvalidInput
from itsm.kernel.operation import operation

SHOWN = 20


@operation
def raise_rfc(
    *, discrepancies: Sequence[Discrepancy], actor: Actor, now: datetime, model: str = "", title: str = ""
) -> ChangeRequest:
    """A draft that touches the CIs concerned and says what is not as recorded."""
    return planning.draft(
        title=(title or _title(discrepancies, "Put right"))[:200], model=_model(model), cis=_cis(discrepancies),
        reason=_told(discrepancies), actor=actor,
    )  # fmt: skip


@operation
def record_unauthorised(
    *, discrepancies: Sequence[Discrepancy], actor: Actor, now: datetime, title: str = ""
) -> ChangeRequest:
    """It was done at some time before it was seen; what the audit found is its evidence."""
    cis, audit = _cis(discrepancies), discrepancies[0].audit
    if not cis:
        raise InvalidInput.at("ids", "None of them has a CI in the record any more.")
    return unauthorised.record(
        title=title or _title(discrepancies, "Found"), cis=cis, began_at=audit.observed_at,
        ended_at=audit.observed_at, origin=f"audit:{audit.pk}/{discrepancies[0].pk}", reason=_told(discrepancies),
        evidence={"audit": audit.number, "discrepancies": [_evidence(each) for each in discrepancies]},
        actor=actor, now=now,
    )  # fmt: skip


def _model(code: str) -> ChangeModel:
    found = ChangeModel.objects.filter(code=code) if code else ChangeModel.objects.filter(type=ChangeModel.Type.NORMAL)
    model = found.order_by("pk").first()
    if model is None:
        known = ", ".join(ChangeModel.objects.order_by("code").values_list("code", flat=True)[:10])
        raise InvalidInput.at("model", f"There is no change model {code or 'of a normal change'!r}. Known: {known}.")
    return model


def _cis(discrepancies: Sequence[Discrepancy]) -> list[ConfigurationItem]:
    wanted = {each.ci_id for each in discrepancies if each.ci_id is not None}
    return list(ConfigurationItem.objects.filter(pk__in=wanted).order_by("pk"))


def _title(discrepancies: Sequence[Discrepancy], verb: str) -> str:
    names = list(dict.fromkeys(each.ci_name for each in discrepancies))
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{verb} by {discrepancies[0].audit.number}: {names[0]}{more}"


def _told(discrepancies: Sequence[Discrepancy]) -> str:
    lines = [f"{discrepancies[0].audit.number} {discrepancies[0].audit.name} found:"]
    lines += [f"- {_sentence(each)}" for each in discrepancies[:SHOWN]]
    if len(discrepancies) > SHOWN:
        lines.append(f"and {len(discrepancies) - SHOWN} more.")
    return "\n".join(lines)


def _sentence(each: Discrepancy) -> str:
    what = f" {each.field.removeprefix('attributes.')}" if each.field else ""
    if each.kind == Discrepancy.Kind.DIFFERENT:
        return f"{each.ci_name}:{what} is {each.found}, recorded is {each.expected}"
    return f"{each.ci_name}: {each.get_kind_display().lower()}{what} {each.other_name}".rstrip()


def _evidence(each: Discrepancy) -> dict[str, object]:
    said = {name: getattr(each, name) for name in ("number", "kind", "field", "expected", "found")}
    return {**said, "ci": each.ci_name}
