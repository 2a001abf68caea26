"""The first migration of an app: dozens of tables, made as one."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class AllAtOnce(migrations.Migration):
    """Makes tables of the state that they have together, so that the models are built once and not after each step.

    Django builds every related model anew after each operation, which made a new database take over a minute. It
    holds for CreateModel (keys between the tables are added last, whichever comes first) and for SQL, not for
    operations that change what an earlier one made.
    """

    initial = True

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        project_state.__dict__.pop("apps", None)  # built for what was there before; built again when first asked for
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, project_state, project_state)
        return project_state
