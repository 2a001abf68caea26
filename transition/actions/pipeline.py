"""Events of pipelines and their sources: what can be done with each."""

from itsm.kernel.actions import Action, declare
from transition.models import PipelineEvent, PipelineSource
from transition.rules import pipeline as rules


def _not_parked(event: PipelineEvent) -> str | None:
    if event.state == PipelineEvent.State.PARKED:
        return None
    return f"It is {event.get_state_display().lower()}; only what is parked is tried again."


EVENT_ACTIONS = declare(
    PipelineEvent, (Action("retry", "Try again", rules.may_retry, unless=_not_parked, primary=True),)
)


def _has_no_secret(source: PipelineSource) -> str | None:
    return "Its events come by token, so it has no secret." if source.kind == PipelineSource.Kind.CDEVENTS else None


SOURCE_ACTIONS = declare(
    PipelineSource,
    (
        Action("edit", "Edit", rules.may_manage_sources, primary=True),
        Action("rotate", "New secret", rules.may_manage_sources, unless=_has_no_secret),
        Action("disable", "Disable", rules.may_manage_sources, to=PipelineSource.State.DISABLED, danger=True),
        Action("enable", "Enable", rules.may_manage_sources, to=PipelineSource.State.ACTIVE),
    ),
)
