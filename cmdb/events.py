"""What happens in the CMDB; docs/events.md is made from this."""

from itsm.kernel.events import declare
from itsm.kernel.subjects import in_services

FIELDS = "Names of the fields that changed."

declare("cmdb.ci_class.created", "A class of CIs was added.")
declare("cmdb.ci_class.updated", "A class of CIs was changed.", fields=FIELDS)

declare("cmdb.ci.created", "A CI was added.")
declare("cmdb.ci.updated", "A CI was changed.", fields=FIELDS)
declare("cmdb.ci.moved", "A CI moved on in its life.", to="Its state now.")
declare("cmdb.ci.verified", "Somebody confirmed that a CI is as it is recorded.")

declare("cmdb.ci_edit.proposed", "A change to a critical CI waits for a second person.", fields=FIELDS)
declare(
    "cmdb.ci_edit.decided", "Such a change was accepted, sent back or withdrawn.", state="Its state now.",
    fields="Names of the fields that were changed.",
)  # fmt: skip
declare("cmdb.conflict.decided", "Somebody decided whose word counts where sources disagreed.", field="The field.",
        source="The source whose word counts; empty where a value was typed.",
        decided="How many conflicts were decided by it.")  # fmt: skip
declare("cmdb.precedence.saved", "A rule that says whose word counts was made or changed.")
declare("cmdb.precedence.removed", "A rule that says whose word counts was taken away.")

declare("cmdb.relation.created", "Two CIs were related.")
declare("cmdb.relation.removed", "A relation of two CIs was removed.")

declare("cmdb.baseline.taken", "A baseline of CIs was taken.", cis="How many CIs it holds.")
declare("cmdb.relation_group.formed", "Redundancy was recorded: of some relations a CI needs only so many.")
declare("cmdb.relation_group.updated", "A group of relations was changed.")
declare("cmdb.relation_group.dissolved", "A group of relations was dissolved; each carries impact by itself again.")

declare("cmdb.relation_proposal.proposed", "A relation seems to be missing: something happened that shows it.")
declare("cmdb.relation_proposal.accepted", "A proposed relation was added.", relation="The id of the relation.")
declare("cmdb.relation_proposal.dismissed", "A proposed relation was found not to exist.")

declare("cmdb.service.defined", "A service was defined.")
declare("cmdb.service.updated", "A service was changed.", fields=FIELDS)
declare("cmdb.service.moved", "A service passed a transition point of the portfolio.", to="The step that it is at now.",
        point="The point that it passed.", waived="The criteria that somebody took upon themselves.")  # fmt: skip
declare("cmdb.service.criterion_waived", "Somebody took an unmet criterion of a transition point upon themselves.",
        point="The point.", criterion="The criterion.")  # fmt: skip

COUNTS = "How many CIs were created, changed, left as they were and retired; how many relations came and went."

declare("cmdb.import.requested", "Somebody handed in a file to be imported.", source="What the source is called.")
declare("cmdb.import.previewed", "An import was read; what it would do can be looked at.", counts=COUNTS)
declare("cmdb.import.merged", "What an import found is in the CMDB. The CIs have no events of their own.",
        source="What the source is called.", counts=COUNTS)  # fmt: skip
declare("cmdb.import.failed", "An import could not be carried out; nothing was written.", reason="Why.")
declare("cmdb.import.cancelled", "Somebody stopped an import; nothing was written.")
declare("cmdb.import.rolled_back", "What an import did was taken back.", undone="How many differences.",
        kept="How many had to stay as they were.")  # fmt: skip
declare("cmdb.import_schedule.saved", "From where and when something is imported was written down.", fields=FIELDS)
declare("cmdb.import_schedule.removed", "Something is no longer imported by itself.")
declare("cmdb.import_profile.saved", "How the tables of a source are read was written down.")
declare("cmdb.import_profile.removed", "How the tables of a source were read was thrown away.")

declare("cmdb.audit.requested", "Somebody handed in what a tool found, to be compared with the record.",
        source="What the tool is called.")  # fmt: skip
declare("cmdb.audit.finished", "An audit was compared with the record.", discrepancies="How many there are.")
declare("cmdb.audit.failed", "An audit could not be carried out; nothing of it is kept.", reason="Why.")
declare("cmdb.audit.cancelled", "Somebody stopped an audit, or put it away.")
declare("cmdb.audit.closed", "Nothing of an audit is open any more.")
declare("cmdb.sample.drawn", "CIs were drawn by lot, for their owners to say whether the records are true.",
        size="How many were drawn.", population="From how many.")  # fmt: skip
declare("cmdb.sampled_ci.answered", "Somebody said whether the record of a drawn CI is true.", verdict="true or wrong.")
declare("cmdb.sample.closed", "A sample takes no more answers.")
declare("cmdb.discrepancy.resolved", "It was decided what becomes of a discrepancy.", resolution="What became of it.")

# How what happened here leads to services: an endpoint may ask for those of one service.
in_services("cmdb.service", "pk")
in_services("cmdb.configurationitem", "service")
in_services("cmdb.baseline", "service")


in_services("cmdb.ciedit", "ci__service")
in_services("cmdb.discrepancy", "ci__service")
