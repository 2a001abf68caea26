from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index that is built while changes go on being written
    dependencies = [("changes", "0004_unauthorised")]
    operations = [
        AddIndexConcurrently(
            model_name="changerequest",
            index=models.Index(
                condition=models.Q(("finished_at__isnull", False)), fields=["finished_at"], name="change_by_end"
            ),
        ),
    ]
