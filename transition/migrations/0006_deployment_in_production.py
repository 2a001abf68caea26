from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Deployments go on while the index is built."""

    atomic = False
    dependencies = [("transition", "0005_pipeline_events")]

    operations = [
        AddIndexConcurrently(
            model_name="deployment",
            index=models.Index(
                fields=["finished_at"],
                name="deployment_in_production",
                condition=models.Q(("environment", "production"), ("finished_at__isnull", False)),
            ),
        ),
    ]
