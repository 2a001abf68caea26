"""The operations offered on each record, for buttons and for the API's `actions`."""

from cmdb import models, rules
from itsm.kernel.actions import Action, declare


def _at_its_end(service: models.Service) -> str | None:
    return None if service.LIFECYCLE.steps[service.sub_state] else f"{service} is retired; no point is ahead of it."


CI_ACTIONS = (
    Action("verify", "Verify", rules.may_verify, primary=True),
    Action("move", "Change status", rules.may_edit_ci),
    Action("edit", "Edit", rules.may_edit_ci),
    Action("relate", "Relate", rules.may_edit_ci),
    Action("group", "Record redundancy", rules.may_edit_ci),
)
EDIT_ACTIONS = (
    Action("accept", "Accept", rules.may_decide_edit, to="accepted", primary=True),
    Action("send-back", "Send back", rules.may_decide_edit, to="sent_back", danger=True),
    Action("withdraw", "Withdraw", rules.may_withdraw_edit, to="withdrawn"),
)
CLASS_ACTIONS = (Action("edit", "Edit", rules.may_edit_class),)
SERVICE_ACTIONS = (
    Action("transition", "Move in the portfolio", rules.may_pass_some_point, unless=_at_its_end, primary=True),
    Action("waive-criterion", "Waive a criterion", rules.may_waive_criterion, unless=_at_its_end),
    Action("edit", "Edit", rules.may_edit_service),
    Action("hours", "Agree hours", rules.may_edit_service),
    Action("targets", "Agree targets", rules.may_edit_service),
    Action("access", "Write down access", rules.may_edit_service),
)


def _answered(sampled: models.SampledCI) -> str | None:
    if sampled.sample.state != models.Sample.State.OPEN:
        return f"{sampled.sample} is closed."
    return f"{sampled.ci} was answered already." if sampled.verdict else None


def _waits(run: models.ImportRun) -> str | None:
    """A worker that is at it needs nobody; without the file nobody can go on."""
    if run.state not in models.ImportRun.WAITING:
        return f"{run} is {run.get_state_display().lower()}; wait until that is through."
    if not run.file_size:
        return f"{run} was never fetched whole. Run its schedule again."
    return "The file is no longer kept. Hand it in again." if run.file_forgotten_at else None


IMPORT_ACTIONS = (
    Action("merge", "Import it", rules.may_import, to="merging", unless=_waits, primary=True),
    Action("map", "Say how it is read", rules.may_import, to="queued", unless=_waits),
    Action("cancel", "Cancel", rules.may_import, to="cancelled"),
    Action("roll-back", "Roll back", rules.may_import, to="rolling_back", danger=True),
)
IMPORT_PROFILE_ACTIONS = (
    Action("edit", "Edit", rules.may_import, primary=True),
    Action("remove", "Remove", rules.may_import, danger=True),
)
IMPORT_SCHEDULE_ACTIONS = (
    Action("run", "Run it now", rules.may_import, primary=True),
    Action("edit", "Edit", rules.may_import),
    Action("remove", "Remove", rules.may_import, danger=True),
)

RELATION_PROPOSAL_ACTIONS = (
    Action("accept", "Add the relation", rules.may_decide_relation, to="accepted", primary=True),
    Action("dismiss", "There is none", rules.may_decide_relation, to="dismissed"),
)


def still_open(audit: models.Audit) -> str | None:
    """Of one that was asked for with what is left of it."""
    left = getattr(audit, "left", 0)
    return f"Open: {left:,}. Resolve each discrepancy, or ignore it for a time." if left else None


AUDIT_ACTIONS = (
    Action("close", "Close", rules.may_audit, to="closed", unless=still_open, primary=True),
    Action("cancel", "Cancel", rules.may_audit, to="cancelled", danger=True),
)
SAMPLE_ACTIONS = (Action("close", "Close", rules.may_audit, to="closed", primary=True),)
SAMPLED_CI_ACTIONS = (
    Action("answer", "Say whether it is true", rules.may_answer_sample, unless=_answered, primary=True),
)


def _resolved(found: models.Discrepancy) -> str | None:
    if found.state == models.Discrepancy.State.RESOLVED:
        return f"{found} is resolved already."
    if found.audit.state != models.Audit.State.OPEN:
        return f"{found.audit.number} is not open; nothing of it is resolved now."
    return None


# Each takes many at once and is asked of the collection.
DISCREPANCY_ACTIONS = (
    Action("update-record", "Update the record", rules.may_audit, unless=_resolved, primary=True),
    Action("raise-rfc", "Raise an RFC", rules.may_audit, unless=_resolved),
    Action("unauthorised", "Write down an unauthorised change", rules.may_audit, unless=_resolved),
    Action("ignore", "Live with it", rules.may_audit, unless=_resolved),
)
CONFLICT_ACTIONS = (Action("decide", "Decide", rules.may_reconcile, to="decided", primary=True),)
PRECEDENCE_ACTIONS = (Action("edit", "Edit", rules.may_reconcile),)

declare(models.Audit, AUDIT_ACTIONS)
declare(models.Sample, SAMPLE_ACTIONS)
declare(models.SampledCI, SAMPLED_CI_ACTIONS)
declare(models.Conflict, CONFLICT_ACTIONS)
declare(models.SourcePrecedence, PRECEDENCE_ACTIONS)
declare(models.RelationProposal, RELATION_PROPOSAL_ACTIONS)
declare(models.ConfigurationItem, CI_ACTIONS)
declare(models.CIEdit, EDIT_ACTIONS)
declare(models.CIClass, CLASS_ACTIONS)
declare(models.Service, SERVICE_ACTIONS)
declare(models.ImportRun, IMPORT_ACTIONS)
declare(models.ImportProfile, IMPORT_PROFILE_ACTIONS)
declare(models.ImportSchedule, IMPORT_SCHEDULE_ACTIONS)
