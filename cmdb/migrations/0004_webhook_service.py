from django.db import migrations


class Migration(migrations.Migration):
    """The kernel's webhook endpoints may be for one service, which only this app knows."""

    dependencies = [("cmdb", "0003_reach"), ("kernel", "0005_webhooks")]
    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE kernel_webhookendpoint ADD CONSTRAINT webhook_is_of_a_service
                FOREIGN KEY (service_id) REFERENCES cmdb_service (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
            """,
            reverse_sql="ALTER TABLE kernel_webhookendpoint DROP CONSTRAINT webhook_is_of_a_service",
        )
    ]
