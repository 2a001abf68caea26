from django.db import migrations


def is_a_service(table: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (service_id) REFERENCES cmdb_service (id) "
        "ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    """The kernel's role assignments and webhook endpoints may be for one service, which only this app knows."""

    dependencies = [("cmdb", "0001_initial")]
    operations = [
        is_a_service("kernel_roleassignment", "role_scope_is_a_service"),
        is_a_service("kernel_webhookendpoint", "webhook_is_of_a_service"),
    ]
