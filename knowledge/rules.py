"""Who may write, test and publish knowledge."""

from itsm.kernel.actor import Actor
from itsm.kernel.permissions import rule
from itsm.kernel.roles import Role
from knowledge.models import Article


@rule("Viewers and machines only read; ask for a role that writes.")
def may_draft(actor: Actor, article: Article | None) -> bool:
    held = {role for role, _ in actor.assignments} - {Role.VIEWER, Role.PIPELINE}
    return actor.is_admin or bool(held)


@rule("Only the article's owner or a knowledge manager may do this.")
def may_edit(actor: Actor, article: Article) -> bool:
    own = actor.user_id is not None and actor.user_id == article.owner_id
    return own or actor.holds(Role.KNOWLEDGE_MANAGER)


@rule("The author cannot test the article: somebody else must do what it says. Viewers only read.")
def may_test(actor: Actor, article: Article) -> bool:
    wrote = article.current is not None and article.current.author_id == actor.user_id
    return actor.user_id is not None and not wrote and may_draft(actor, article)


@rule("Only a knowledge manager may publish or retire an article.")
def may_publish(actor: Actor, article: Article) -> bool:
    return actor.holds(Role.KNOWLEDGE_MANAGER)


@rule("Sign in as a person to say what you think of an article.")
def may_comment(actor: Actor, article: Article) -> bool:
    return actor.kind == "person"
