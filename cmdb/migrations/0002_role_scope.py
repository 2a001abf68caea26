from django.db import migrations


class Migration(migrations.Migration):
    """The kernel's role assignments are scoped to services, which only this app knows."""

    dependencies = [("cmdb", "0001_initial"), ("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE kernel_roleassignment ADD CONSTRAINT role_scope_is_a_service
                FOREIGN KEY (service_id) REFERENCES cmdb_service (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql="ALTER TABLE kernel_roleassignment DROP CONSTRAINT role_scope_is_a_service",
        )
    ]
