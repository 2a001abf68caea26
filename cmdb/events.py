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

declare("cmdb.relation.created", "Two CIs were related.")
declare("cmdb.relation.removed", "A relation of two CIs was removed.")

declare("cmdb.service.defined", "A service was defined.")
declare("cmdb.service.updated", "A service was changed.", fields=FIELDS)
declare("cmdb.service.moved", "A service moved on in its life.", to="Its state now.")

# How what happened here leads to services: an endpoint may ask for those of one service.
in_services("cmdb.service", "pk")
in_services("cmdb.configurationitem", "service")
