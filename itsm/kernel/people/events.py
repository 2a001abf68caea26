from itsm.kernel.events import declare

FIELDS = "Names of the fields that changed."
WHY = "Why."

declare("kernel.user.created", "An account was made for a person or a machine.")
declare("kernel.user.invited", "A person is sent a link by which to choose a password.")
declare("kernel.user.updated", "An account was changed.", fields=FIELDS)
declare("kernel.user.deactivated", "An account was closed: its sessions and tokens ended.", reason=WHY)
declare("kernel.user.reactivated", "An account was opened again.")
declare("kernel.user.second_factor_reset", "A person's second factor was taken away, to be set up anew.", reason=WHY)
declare("kernel.user.appointed", "A person became an administrator.", reason=WHY)
declare("kernel.user.dismissed", "A person is no administrator any more.", reason=WHY)

declare("kernel.team.created", "A team was made.")
declare("kernel.team.updated", "A team was changed.", fields=FIELDS)
declare("kernel.team.joined", "People joined a team.", people="Their user names.")
declare("kernel.team.left", "People left a team.", people="Their user names.")
declare("kernel.team.retired", "A team was retired: its roles ended.", reason=WHY)

declare(
    "kernel.role.granted", "A person or a team was given a role.",
    role="The role.", to="User name, or name of the team.", service="Id of the only service for which it counts.",
    since="From when on.", until="Until when.", reason=WHY,
)  # fmt: skip
declare(
    "kernel.role.ended", "A role that a person or a team held was ended.",
    role="The role.", to="User name, or name of the team.", service="Id of the only service for which it counted.",
    reason=WHY,
)  # fmt: skip

declare("kernel.token.made", "A key for the REST API was made.", owner="User name of its owner.")
declare("kernel.token.revoked", "A key for the REST API was revoked.", owner="User name of its owner.", reason=WHY)

declare("kernel.organisation.updated", "The settings of the organisation were changed.", fields=FIELDS)
