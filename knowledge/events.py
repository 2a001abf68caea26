"""What happens to knowledge; docs/events.md is made from this."""

from itsm.kernel.events import declare

declare("knowledge.article.drafted", "An article was begun.")
declare("knowledge.article.updated", "An article was changed.", fields="Names of the fields that changed.")
declare("knowledge.article.revised", "A new version of a published article was begun.")
declare("knowledge.article.in_test", "An article was given to be tested.")
declare("knowledge.article.tested", "Somebody followed an article and said how it went.", result="The test's result.")
declare("knowledge.article.published", "An article was published.")
declare("knowledge.article.retired", "An article was retired.")
declare("knowledge.article.commented", "A reader said whether an article helped.", helpful="Whether it did.")
