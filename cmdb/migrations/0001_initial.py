import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import itsm.kernel.searching
from itsm.kernel.all_at_once import AllAtOnce


class Migration(AllAtOnce):
    dependencies = [
        ("kernel", "0001_initial"),
        ("kernel", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(help_text="The tool that looked, as external keys name it.", max_length=60),
                ),
                (
                    "query",
                    models.TextField(
                        blank=True,
                        help_text="A filter of the list of CIs; empty: those that the source knows.",
                        verbose_name="expected are",
                    ),
                ),
                ("observed_at", models.DateTimeField(help_text="When reality was looked at.", verbose_name="seen")),
                (
                    "verify_matches",
                    models.BooleanField(
                        default=True,
                        help_text="A CI without any discrepancy counts as verified then.",
                        verbose_name="what agrees is verified",
                    ),
                ),
                ("format", models.CharField(max_length=40)),
                ("options", models.JSONField(blank=True, default=dict)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("file_size", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, help_text="SHA-256 of the file.", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("comparing", "Comparing"),
                            ("open", "To be resolved"),
                            ("closed", "Closed"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=20,
                    ),
                ),
                ("counts", models.JSONField(blank=True, default=dict)),
                (
                    "problems",
                    models.JSONField(
                        blank=True, default=list, help_text="What could not be read: [{row, column, message}]."
                    ),
                ),
                ("problem_count", models.PositiveIntegerField(default=0)),
                ("failure", models.TextField(blank=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "comparing"])),
                        fields=["id"],
                        name="audit_for_workers",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("failure", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="audit_failure_is_told",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="3fde6c7b2d6ea3bca55fb83909fc584a920ca255",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_f05cf",
                            table="cmdb_audit",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_auditevent" ("counts", "created_at", "digest", "failure", "file_name", "file_size", "finished_at", "format", "id", "name", "observed_at", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem_count", "problems", "query", "requested_by_id", "revision", "source", "started_at", "state", "updated_at", "verify_matches") SELECT new_values."counts", new_values."created_at", new_values."digest", new_values."failure", new_values."file_name", new_values."file_size", new_values."finished_at", new_values."format", new_values."id", new_values."name", new_values."observed_at", new_values."options", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."problem_count", new_values."problems", new_values."query", new_values."requested_by_id", new_values."revision", new_values."source", new_values."started_at", new_values."state", new_values."updated_at", new_values."verify_matches" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="33935ce0ac1f4d2670fa94139af3bfc093322005",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_3d43f",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_audit",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_auditevent" ("counts", "created_at", "digest", "failure", "file_name", "file_size", "finished_at", "format", "id", "name", "observed_at", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem_count", "problems", "query", "requested_by_id", "revision", "source", "started_at", "state", "updated_at", "verify_matches") SELECT new_values."counts", new_values."created_at", new_values."digest", new_values."failure", new_values."file_name", new_values."file_size", new_values."finished_at", new_values."format", new_values."id", new_values."name", new_values."observed_at", new_values."options", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."problem_count", new_values."problems", new_values."query", new_values."requested_by_id", new_values."revision", new_values."source", new_values."started_at", new_values."state", new_values."updated_at", new_values."verify_matches" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e67479f22fa83221966d18a451f20597de1647f9",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_01941",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_audit",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConfigurationItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cis",
                        to="cmdb.ciclass",
                        verbose_name="class",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("environment", models.CharField(blank=True, max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("building", "Building"),
                            ("testing", "Testing"),
                            ("live", "Live"),
                            ("retired", "Retired"),
                            ("lost", "Lost"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("version", models.CharField(blank=True, max_length=80)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_cis",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "support_team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supported_cis",
                        to="kernel.team",
                    ),
                ),
                (
                    "criticality",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Medium"), (3, "High"), (4, "Critical")], default=2
                    ),
                ),
                ("attributes", models.JSONField(blank=True, default=dict)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "CI",
                "verbose_name_plural": "CIs",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("name"), name="gin_trgm_ops"
                        ),
                        name="ci_name_words",
                    ),
                    django.contrib.postgres.indexes.GinIndex(itsm.kernel.searching.WordsOf("name"), name="ci_by_words"),
                    models.Index(fields=["status", "criticality"], name="ci_by_status"),
                    models.Index(fields=["name"], name="ci_by_name"),
                    models.Index(fields=["verified_at", "-id"], name="ci_by_verification"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["attributes"], name="ci_by_attribute", opclasses=["jsonb_path_ops"]
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ci_class", "name", "environment"), name="ci_named_once_in_its_class"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("criticality__range", (1, 4))), name="ci_criticality_known"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="f0140269a51df9881defe41dd1766cb1a060f98e",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_c1f47",
                            table="cmdb_configurationitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="keep_values",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        IF TG_OP = 'UPDATE' THEN\n            IF NEW.attributes IS NOT DISTINCT FROM OLD.attributes THEN RETURN NULL; END IF;\n            DELETE FROM cmdb_attributevalue WHERE ci_id = NEW.id;\n        END IF;\n        IF NEW.attributes <> '{}' AND jsonb_typeof(NEW.attributes) = 'object' THEN\n            INSERT INTO cmdb_attributevalue (ci_id, name, value)\n            SELECT NEW.id, key, value FROM jsonb_each(NEW.attributes)\n            WHERE jsonb_typeof(value) IN ('number', 'string', 'boolean')\n              AND length(key) <= 100 AND length(value::text) <= 200;\n        END IF;\n        RETURN NULL;\n    ",
                            hash="33fba09db880409bb9f617758a755273914881f7",
                            operation='INSERT OR UPDATE OF "attributes"',
                            pgid="pgtrigger_keep_values_8e10d",
                            table="cmdb_configurationitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="forget_values",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        DELETE FROM cmdb_attributevalue WHERE ci_id = OLD.id;\n        DELETE FROM cmdb_misfit WHERE ci_id = OLD.id;\n        RETURN NULL;\n    ",
                            hash="c407931965002215d128c79d52f1bb4be3b05402",
                            operation="DELETE",
                            pgid="pgtrigger_forget_values_aa37c",
                            table="cmdb_configurationitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_configurationitemevent" ("attributes", "ci_class_id", "created_at", "criticality", "environment", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "status", "support_team_id", "updated_at", "verified_at", "verified_by_id", "version") SELECT new_values."attributes", new_values."ci_class_id", new_values."created_at", new_values."criticality", new_values."environment", new_values."id", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."status", new_values."support_team_id", new_values."updated_at", new_values."verified_at", new_values."verified_by_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e96981812f20472fa77860c9dbd59150eaac8b82",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ccc8d",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_configurationitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_configurationitemevent" ("attributes", "ci_class_id", "created_at", "criticality", "environment", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "status", "support_team_id", "updated_at", "verified_at", "verified_by_id", "version") SELECT new_values."attributes", new_values."ci_class_id", new_values."created_at", new_values."criticality", new_values."environment", new_values."id", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."status", new_values."support_team_id", new_values."updated_at", new_values."verified_at", new_values."verified_by_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="327d5ef668a37bd4377f8cd59fe11ef0ee58d0a9",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_1e06d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_configurationitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_configurationitemevent" ("attributes", "ci_class_id", "created_at", "criticality", "environment", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "status", "support_team_id", "updated_at", "verified_at", "verified_by_id", "version") SELECT old_values."attributes", old_values."ci_class_id", old_values."created_at", old_values."criticality", old_values."environment", old_values."id", old_values."name", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."status", old_values."support_team_id", old_values."updated_at", old_values."verified_at", old_values."verified_by_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="ace81a6b0130156a491d557ec6c09869da834383",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f6853",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="cmdb_configurationitem",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoursException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hours_exceptions",
                        to="cmdb.service",
                    ),
                ),
                ("day", models.DateField()),
                ("name", models.CharField(blank=True, max_length=100)),
                ("span", django.contrib.postgres.fields.ranges.IntegerRangeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "exception from service hours",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("service", "day"), name="hours_exception_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("span__isnull", True),
                            models.Q(
                                ("span__endswith__lte", 1440), ("span__isempty", False), ("span__startswith__gte", 0)
                            ),
                            _connector="OR",
                        ),
                        name="hours_exception_within_a_day",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="fda8a008673b73af67bd0197480dea5518b54819",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_faeda",
                            table="cmdb_hoursexception",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_hoursexceptionevent" ("created_at", "day", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "span", "updated_at") SELECT new_values."created_at", new_values."day", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."service_id", new_values."span", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="55af211a86775abe42638ef5a75b1b66b2ef2ab3",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_79a74",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_hoursexception",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_hoursexceptionevent" ("created_at", "day", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "span", "updated_at") SELECT new_values."created_at", new_values."day", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."service_id", new_values."span", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="b68f59e8ef87da0c50c3631766fb0f1bf3e17c0a",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_2775b",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_hoursexception",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_hoursexceptionevent" ("created_at", "day", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "span", "updated_at") SELECT old_values."created_at", old_values."day", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."service_id", old_values."span", old_values."updated_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="24f6afbd9434bb48cc3ebe102480f890783268d6",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_282f8",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="cmdb_hoursexception",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="cmdb.importrun",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "ordinal"), name="import_chunk_once")],
            },
        ),
        migrations.CreateModel(
            name="ImportDifference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="differences",
                        to="cmdb.importrun",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("changed", "Changed"),
                            ("retired", "Retired"),
                            ("related", "Related"),
                            ("unrelated", "No longer related"),
                            ("heard", "Said otherwise, without effect"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "word",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("added", "Added"),
                            ("removed", "Removed"),
                            ("upgraded", "Upgraded"),
                            ("downgraded", "Downgraded"),
                        ],
                        db_default="",
                        max_length=10,
                    ),
                ),
                ("row", models.CharField(blank=True, max_length=200)),
                ("ci_id", models.BigIntegerField()),
                ("label", models.CharField(max_length=200)),
                ("type", models.CharField(blank=True, max_length=20)),
                ("other_id", models.BigIntegerField(null=True)),
                ("other", models.CharField(blank=True, max_length=200)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("said_before", models.JSONField(null=True)),
                ("undone", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["run", "kind", "id"], name="import_difference_by_kind"),
                    models.Index(
                        condition=models.Q(("word", ""), _negated=True),
                        fields=["run", "word", "id"],
                        name="import_difference_by_word",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="cmdb.importrun",
                    ),
                ),
                ("row", models.CharField(max_length=200)),
                ("column", models.CharField(blank=True, max_length=200)),
                ("message", models.CharField(max_length=1000)),
            ],
            options={
                "indexes": [models.Index(fields=["run", "id"], name="import_problem_by_run")],
            },
        ),
        migrations.CreateModel(
            name="ImportProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "source",
                    models.CharField(help_text="What the source is called; its keys are unique within.", max_length=60),
                ),
                ("delimiter", models.CharField(blank=True, help_text="Left empty it is found out.", max_length=1)),
                (
                    "encoding",
                    models.CharField(
                        choices=[("utf-8", "UTF-8"), ("cp1252", "Windows (cp1252)")], default="utf-8", max_length=10
                    ),
                ),
                (
                    "columns",
                    models.JSONField(default=dict, help_text="Heading in the file → field, attribute or relation."),
                ),
                ("fixed", models.JSONField(blank=True, default=dict, help_text="Field → value that all rows have.")),
                ("values", models.JSONField(blank=True, default=dict, help_text="Field → word in the file → value.")),
                (
                    "separator",
                    models.CharField(default=";", help_text="Between several keys in one cell.", max_length=3),
                ),
                (
                    "retire_missing",
                    models.BooleanField(
                        default=False, help_text="CIs which the source knew and no longer names are retired."
                    ),
                ),
            ],
            options={
                "verbose_name": "import profile",
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="fa585b31070b6f72f5a476b9f5a22dd853a97e60",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_8043a",
                            table="cmdb_importprofile",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_importprofileevent" ("columns", "created_at", "delimiter", "encoding", "fixed", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retire_missing", "revision", "separator", "source", "updated_at", "values") SELECT new_values."columns", new_values."created_at", new_values."delimiter", new_values."encoding", new_values."fixed", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."retire_missing", new_values."revision", new_values."separator", new_values."source", new_values."updated_at", new_values."values" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="4d93ec29f24fcdc95877af6cdeb91e34745205a9",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e43d3",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_importprofile",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_importprofileevent" ("columns", "created_at", "delimiter", "encoding", "fixed", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retire_missing", "revision", "separator", "source", "updated_at", "values") SELECT new_values."columns", new_values."created_at", new_values."delimiter", new_values."encoding", new_values."fixed", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."retire_missing", new_values."revision", new_values."separator", new_values."source", new_values."updated_at", new_values."values" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="982832d249c66c74a0e3932e67b02386967cd3aa",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_3ee4b",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_importprofile",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportProfileEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.importprofile",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=100)),
                (
                    "source",
                    models.CharField(help_text="What the source is called; its keys are unique within.", max_length=60),
                ),
                ("delimiter", models.CharField(blank=True, help_text="Left empty it is found out.", max_length=1)),
                (
                    "encoding",
                    models.CharField(
                        choices=[("utf-8", "UTF-8"), ("cp1252", "Windows (cp1252)")], default="utf-8", max_length=10
                    ),
                ),
                (
                    "columns",
                    models.JSONField(default=dict, help_text="Heading in the file → field, attribute or relation."),
                ),
                ("fixed", models.JSONField(blank=True, default=dict, help_text="Field → value that all rows have.")),
                ("values", models.JSONField(blank=True, default=dict, help_text="Field → word in the file → value.")),
                (
                    "separator",
                    models.CharField(default=";", help_text="Between several keys in one cell.", max_length=3),
                ),
                (
                    "retire_missing",
                    models.BooleanField(
                        default=False, help_text="CIs which the source knew and no longer names are retired."
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("source", models.CharField(max_length=60)),
                ("format", models.CharField(max_length=40)),
                ("file_name", models.CharField(max_length=200)),
                ("file_size", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, help_text="SHA-256 of the file.", max_length=64)),
                ("file_forgotten_at", models.DateTimeField(blank=True, null=True)),
                (
                    "profile",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="cmdb.importprofile",
                        verbose_name="profile",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="cmdb.importschedule",
                        verbose_name="schedule",
                    ),
                ),
                (
                    "scheduled_for",
                    models.DateTimeField(blank=True, help_text="When it was due; empty: somebody asked.", null=True),
                ),
                ("options", models.JSONField(blank=True, default=dict)),
                ("retire_missing", models.BooleanField(default=False)),
                (
                    "leave_out_broken",
                    models.BooleanField(default=False, help_text="Rows that cannot be taken in hold back no other."),
                ),
                ("dry_run", models.BooleanField(default=True, help_text="Shows what would be done, and waits.")),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("fetching", "Being fetched"),
                            ("uploaded", "Waits for its columns"),
                            ("queued", "Queued"),
                            ("reading", "Reading"),
                            ("previewed", "Previewed"),
                            ("merging", "Merging"),
                            ("done", "Done"),
                            ("rolling_back", "Rolling back"),
                            ("rolled_back", "Rolled back"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=20,
                    ),
                ),
                (
                    "counts",
                    models.JSONField(
                        blank=True, default=dict, help_text="How many were created, changed, retired and so on."
                    ),
                ),
                ("problem_count", models.PositiveIntegerField(default=0)),
                ("failure", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "import",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "reading", "merging", "rolling_back"])),
                        fields=["id"],
                        name="import_for_workers",
                    ),
                    models.Index(condition=models.Q(("state", "fetching")), fields=["id"], name="import_to_fetch"),
                    models.Index(
                        condition=models.Q(("schedule__isnull", False)),
                        fields=["schedule", "-id"],
                        name="import_by_schedule",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("failure", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="import_failure_is_told",
                    ),
                    models.UniqueConstraint(fields=("schedule", "scheduled_for"), name="import_once_when_due"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="bfb69b6fc6e5fde9635708f873ab99d3334a6f97",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_00e7e",
                            table="cmdb_importrun",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_importrunevent" ("counts", "created_at", "digest", "dry_run", "failure", "file_forgotten_at", "file_name", "file_size", "finished_at", "format", "id", "leave_out_broken", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem_count", "profile_id", "requested_by_id", "retire_missing", "revision", "schedule_id", "scheduled_for", "source", "started_at", "state", "updated_at") SELECT new_values."counts", new_values."created_at", new_values."digest", new_values."dry_run", new_values."failure", new_values."file_forgotten_at", new_values."file_name", new_values."file_size", new_values."finished_at", new_values."format", new_values."id", new_values."leave_out_broken", new_values."options", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."problem_count", new_values."profile_id", new_values."requested_by_id", new_values."retire_missing", new_values."revision", new_values."schedule_id", new_values."scheduled_for", new_values."source", new_values."started_at", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="4da950fb0de1e96c2ea38938811ca9bbf0edd2cb",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ccefa",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_importrun",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_importrunevent" ("counts", "created_at", "digest", "dry_run", "failure", "file_forgotten_at", "file_name", "file_size", "finished_at", "format", "id", "leave_out_broken", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem_count", "profile_id", "requested_by_id", "retire_missing", "revision", "schedule_id", "scheduled_for", "source", "started_at", "state", "updated_at") SELECT new_values."counts", new_values."created_at", new_values."digest", new_values."dry_run", new_values."failure", new_values."file_forgotten_at", new_values."file_name", new_values."file_size", new_values."finished_at", new_values."format", new_values."id", new_values."leave_out_broken", new_values."options", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."problem_count", new_values."profile_id", new_values."requested_by_id", new_values."retire_missing", new_values."revision", new_values."schedule_id", new_values."scheduled_for", new_values."source", new_values."started_at", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="21a8b2ac7a9b63b6557995c5055ed5ee5414f79d",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_037bb",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_importrun",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRunEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.importrun",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("source", models.CharField(max_length=60)),
                ("format", models.CharField(max_length=40)),
                ("file_name", models.CharField(max_length=200)),
                ("file_size", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, help_text="SHA-256 of the file.", max_length=64)),
                ("file_forgotten_at", models.DateTimeField(blank=True, null=True)),
                (
                    "profile",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.importprofile",
                        verbose_name="profile",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.importschedule",
                        verbose_name="schedule",
                    ),
                ),
                (
                    "scheduled_for",
                    models.DateTimeField(blank=True, help_text="When it was due; empty: somebody asked.", null=True),
                ),
                ("options", models.JSONField(blank=True, default=dict)),
                ("retire_missing", models.BooleanField(default=False)),
                (
                    "leave_out_broken",
                    models.BooleanField(default=False, help_text="Rows that cannot be taken in hold back no other."),
                ),
                ("dry_run", models.BooleanField(default=True, help_text="Shows what would be done, and waits.")),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("fetching", "Being fetched"),
                            ("uploaded", "Waits for its columns"),
                            ("queued", "Queued"),
                            ("reading", "Reading"),
                            ("previewed", "Previewed"),
                            ("merging", "Merging"),
                            ("done", "Done"),
                            ("rolling_back", "Rolling back"),
                            ("rolled_back", "Rolled back"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=20,
                    ),
                ),
                (
                    "counts",
                    models.JSONField(
                        blank=True, default=dict, help_text="How many were created, changed, retired and so on."
                    ),
                ),
                ("problem_count", models.PositiveIntegerField(default=0)),
                ("failure", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "source",
                    models.CharField(help_text="What the source is called; its keys are unique within.", max_length=60),
                ),
                ("format", models.CharField(max_length=40)),
                ("address", models.CharField(help_text="NetBox's own address, or that of the file.", max_length=500)),
                ("token", models.TextField(blank=True, editable=False)),
                (
                    "profile",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schedules",
                        to="cmdb.importprofile",
                        verbose_name="profile",
                    ),
                ),
                ("options", models.JSONField(blank=True, default=dict)),
                (
                    "retire_missing",
                    models.BooleanField(
                        default=False, help_text="CIs which the source knew and no longer names are retired."
                    ),
                ),
                (
                    "leave_out_broken",
                    models.BooleanField(default=False, help_text="Rows that cannot be taken in hold back no other."),
                ),
                (
                    "dry_run",
                    models.BooleanField(default=False, help_text="Shows what would be done, and waits for somebody."),
                ),
                (
                    "recurrence",
                    models.CharField(
                        blank=True, help_text="RRULE, such as FREQ=DAILY; empty: when asked only.", max_length=300
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(default="UTC", help_text="The wall clock that it follows.", max_length=63),
                ),
                ("first_start", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        help_text="Answers for it: it runs with their rights, and they are told when it fails.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_schedules",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("enabled", models.BooleanField(default=True)),
                ("next_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("failing_since", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "scheduled import",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="import_schedule_due"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("enabled", True), ("next_at__isnull", True), _connector="OR"),
                        name="import_schedule_rests_when_disabled",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="f70c3e337a98f7a2c9f4027e86ddced512b0091d",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_aa201",
                            table="cmdb_importschedule",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_importscheduleevent" ("address", "created_at", "dry_run", "enabled", "failing_since", "first_start", "format", "id", "leave_out_broken", "name", "next_at", "options", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile_id", "recurrence", "retire_missing", "revision", "source", "time_zone", "updated_at") SELECT new_values."address", new_values."created_at", new_values."dry_run", new_values."enabled", new_values."failing_since", new_values."first_start", new_values."format", new_values."id", new_values."leave_out_broken", new_values."name", new_values."next_at", new_values."options", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."profile_id", new_values."recurrence", new_values."retire_missing", new_values."revision", new_values."source", new_values."time_zone", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="22eeb9d237a88ca2a97ff6898a00112d32d6ffe7",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a99df",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_importschedule",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_importscheduleevent" ("address", "created_at", "dry_run", "enabled", "failing_since", "first_start", "format", "id", "leave_out_broken", "name", "next_at", "options", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile_id", "recurrence", "retire_missing", "revision", "source", "time_zone", "updated_at") SELECT new_values."address", new_values."created_at", new_values."dry_run", new_values."enabled", new_values."failing_since", new_values."first_start", new_values."format", new_values."id", new_values."leave_out_broken", new_values."name", new_values."next_at", new_values."options", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."profile_id", new_values."recurrence", new_values."retire_missing", new_values."revision", new_values."source", new_values."time_zone", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."address" IS DISTINCT FROM (new_values."address") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."dry_run" IS DISTINCT FROM (new_values."dry_run") OR old_values."enabled" IS DISTINCT FROM (new_values."enabled") OR old_values."failing_since" IS DISTINCT FROM (new_values."failing_since") OR old_values."first_start" IS DISTINCT FROM (new_values."first_start") OR old_values."format" IS DISTINCT FROM (new_values."format") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."leave_out_broken" IS DISTINCT FROM (new_values."leave_out_broken") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."next_at" IS DISTINCT FROM (new_values."next_at") OR old_values."options" IS DISTINCT FROM (new_values."options") OR old_values."owner_id" IS DISTINCT FROM (new_values."owner_id") OR old_values."profile_id" IS DISTINCT FROM (new_values."profile_id") OR old_values."recurrence" IS DISTINCT FROM (new_values."recurrence") OR old_values."retire_missing" IS DISTINCT FROM (new_values."retire_missing") OR old_values."revision" IS DISTINCT FROM (new_values."revision") OR old_values."source" IS DISTINCT FROM (new_values."source") OR old_values."time_zone" IS DISTINCT FROM (new_values."time_zone") OR old_values."updated_at" IS DISTINCT FROM (new_values."updated_at")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="8cd96edbbf5dfddfe4974cbe6775ad182c7f6673",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_afd90",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_importschedule",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportScheduleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.importschedule",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=100)),
                (
                    "source",
                    models.CharField(help_text="What the source is called; its keys are unique within.", max_length=60),
                ),
                ("format", models.CharField(max_length=40)),
                ("address", models.CharField(help_text="NetBox's own address, or that of the file.", max_length=500)),
                (
                    "profile",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.importprofile",
                        verbose_name="profile",
                    ),
                ),
                ("options", models.JSONField(blank=True, default=dict)),
                (
                    "retire_missing",
                    models.BooleanField(
                        default=False, help_text="CIs which the source knew and no longer names are retired."
                    ),
                ),
                (
                    "leave_out_broken",
                    models.BooleanField(default=False, help_text="Rows that cannot be taken in hold back no other."),
                ),
                (
                    "dry_run",
                    models.BooleanField(default=False, help_text="Shows what would be done, and waits for somebody."),
                ),
                (
                    "recurrence",
                    models.CharField(
                        blank=True, help_text="RRULE, such as FREQ=DAILY; empty: when asked only.", max_length=300
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(default="UTC", help_text="The wall clock that it follows.", max_length=63),
                ),
                ("first_start", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="Answers for it: it runs with their rights, and they are told when it fails.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("enabled", models.BooleanField(default=True)),
                ("next_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("failing_since", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PointPassed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points_passed",
                        to="cmdb.service",
                    ),
                ),
                ("point", models.CharField(max_length=20)),
                (
                    "from_step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("defined", "Defined"),
                            ("chartered", "Chartered"),
                            ("designed", "Designed"),
                            ("built", "Built"),
                            ("accepted", "Accepted"),
                            ("operational", "Operational"),
                            ("frozen", "Frozen"),
                            ("retiring", "Retiring"),
                            ("retired", "Retired"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "to_step",
                    models.CharField(
                        choices=[
                            ("defined", "Defined"),
                            ("chartered", "Chartered"),
                            ("designed", "Designed"),
                            ("built", "Built"),
                            ("accepted", "Accepted"),
                            ("operational", "Operational"),
                            ("frozen", "Frozen"),
                            ("retiring", "Retiring"),
                            ("retired", "Retired"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("actor", models.CharField(max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("findings", models.JSONField(default=list)),
                ("ledger_sequence", models.BigIntegerField(help_text="Where a person passed it.", null=True)),
            ],
            options={
                "verbose_name": "point passed",
                "indexes": [models.Index(fields=["service", "-id"], name="points_of_a_service")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="9310d00eef489f951f0a1918c89392c1a5307855",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_14a5a",
                            table="cmdb_pointpassed",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_out",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("depends_on", "depends on"),
                            ("runs_on", "runs on"),
                            ("part_of", "is part of"),
                            ("connects_to", "connects to"),
                            ("documents", "documents"),
                            ("describes", "describes"),
                            ("implements", "implements"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_in",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "told_by",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        db_default=[],
                        default=list,
                        editable=False,
                        help_text="The sources that say so; none where a person did.",
                        size=None,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="relations",
                        to="cmdb.relationgroup",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["target", "type"], name="relation_by_target"),
                    models.Index(
                        condition=models.Q(("group__isnull", False)),
                        fields=["target"],
                        name="relation_grouped_by_target",
                    ),
                    models.Index(
                        condition=models.Q(("group__isnull", False)),
                        fields=["source"],
                        name="relation_grouped_by_source",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "type", "target"), name="relation_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("group__isnull", False)),
                        fields=("group", "source", "target"),
                        name="relation_group_member_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True), name="relation_to_another"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="a6b4a6031d4e1745a0532f6fd3db3669b0ea9003",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_2c27f",
                            table="cmdb_relation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="group_is_of_the_ci_hit",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."group_id" IS NOT NULL)',
                            func="\n    IF NOT EXISTS (\n        SELECT FROM cmdb_relationgroup g WHERE g.id = NEW.group_id AND (\n            (NEW.type IN ('depends_on', 'runs_on', 'connects_to') AND g.ci_id = NEW.source_id)\n            OR (NEW.type IN ('part_of', 'implements', 'connects_to') AND g.ci_id = NEW.target_id)\n        )\n    ) THEN\n        RAISE EXCEPTION 'a relation group takes relations by which its own CI is hit' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                            hash="ba69c41105cf8c94e3a7862ae86fc559eeadf16f",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_group_is_of_the_ci_hit_5d8be",
                            table="cmdb_relation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_relationevent" ("created_at", "group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "source_id", "target_id", "told_by", "type", "updated_at") SELECT new_values."created_at", new_values."group_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."source_id", new_values."target_id", new_values."told_by", new_values."type", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="a0e213324d618ce220cee3ed85752c814268d8a6",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_66661",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_relation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_relationevent" ("created_at", "group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "source_id", "target_id", "told_by", "type", "updated_at") SELECT new_values."created_at", new_values."group_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."source_id", new_values."target_id", new_values."told_by", new_values."type", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="971472b956e90d5e521d07ea23be523d0d0288e4",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_656d4",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_relation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_relationevent" ("created_at", "group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "source_id", "target_id", "told_by", "type", "updated_at") SELECT old_values."created_at", old_values."group_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."source_id", old_values."target_id", old_values."told_by", old_values."type", old_values."updated_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="860dec9027d7b0b7236277216ab36045f06ca2a2",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f7c7f",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="cmdb_relation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.relation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("depends_on", "depends on"),
                            ("runs_on", "runs on"),
                            ("part_of", "is part of"),
                            ("connects_to", "connects to"),
                            ("documents", "documents"),
                            ("describes", "describes"),
                            ("implements", "implements"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "told_by",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        db_default=[],
                        default=list,
                        editable=False,
                        help_text="The sources that say so; none where a person did.",
                        size=None,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.relationgroup",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RelationGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relation_groups",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("needs", models.PositiveSmallIntegerField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("ci", "name"), name="relation_group_named_once"),
                    models.CheckConstraint(condition=models.Q(("needs__gte", 1)), name="relation_group_needs_one"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="d811e436f8521cf62a920fb0ae8b894911c09a70",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_3d432",
                            table="cmdb_relationgroup",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="group_keeps_its_ci",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."ci_id" IS DISTINCT FROM (NEW."ci_id"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="a1c56ede9b0aa2afa05481a6c803c926317f9d91",
                            operation="UPDATE",
                            pgid="pgtrigger_group_keeps_its_ci_c1f25",
                            table="cmdb_relationgroup",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_relationgroupevent" ("ci_id", "created_at", "id", "name", "needs", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at") SELECT new_values."ci_id", new_values."created_at", new_values."id", new_values."name", new_values."needs", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f1045fa01be95461a2cd71a8c6047aff66884fbe",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_94ed3",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_relationgroup",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_relationgroupevent" ("ci_id", "created_at", "id", "name", "needs", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at") SELECT new_values."ci_id", new_values."created_at", new_values."id", new_values."name", new_values."needs", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="bab55f7050085c11ac17445ec873a9c3f5ce0423",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_11f53",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_relationgroup",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelationGroupEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.relationgroup",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("needs", models.PositiveSmallIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RelationProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cmdb.configurationitem"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("depends_on", "depends on"),
                            ("runs_on", "runs on"),
                            ("part_of", "is part of"),
                            ("connects_to", "connects to"),
                            ("documents", "documents"),
                            ("describes", "describes"),
                            ("implements", "implements"),
                        ],
                        default="depends_on",
                        max_length=20,
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cmdb.configurationitem"
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        help_text="The number of the record that shows it, such as INC-17.", max_length=40
                    ),
                ),
                ("why", models.TextField(help_text="What it shows, in words.")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("accepted", "Accepted"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "relation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proposals",
                        to="cmdb.relation",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "verbose_name": "relation proposal",
                "abstract": False,
                "indexes": [models.Index(fields=["state", "-id"], name="relation_proposal_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evidence", "source"), name="relation_proposed_once_by_its_evidence"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="relation_proposed_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("decided_at__isnull", False), _connector="XOR"),
                        name="relation_proposal_decided_whole",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="6608bd8c3ecaaaa27ade67a39c76fea0672e2824",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_0de9a",
                            table="cmdb_relationproposal",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_relationproposalevent" ("created_at", "decided_at", "decided_by_id", "evidence", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "relation_id", "revision", "source_id", "state", "target_id", "type", "updated_at", "why") SELECT new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."evidence", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."relation_id", new_values."revision", new_values."source_id", new_values."state", new_values."target_id", new_values."type", new_values."updated_at", new_values."why" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="6ff7d8cff3a35baf8c05e74f9b28961a23fccf31",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b08e4",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_relationproposal",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_relationproposalevent" ("created_at", "decided_at", "decided_by_id", "evidence", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "relation_id", "revision", "source_id", "state", "target_id", "type", "updated_at", "why") SELECT new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."evidence", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."relation_id", new_values."revision", new_values."source_id", new_values."state", new_values."target_id", new_values."type", new_values."updated_at", new_values."why" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="370ef74fecc2fb41342cadea9ea4a8fb2f7dcb06",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_28ad9",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_relationproposal",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RelationProposalEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.relationproposal",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("depends_on", "depends on"),
                            ("runs_on", "runs on"),
                            ("part_of", "is part of"),
                            ("connects_to", "connects to"),
                            ("documents", "documents"),
                            ("describes", "describes"),
                            ("implements", "implements"),
                        ],
                        default="depends_on",
                        max_length=20,
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        help_text="The number of the record that shows it, such as INC-17.", max_length=40
                    ),
                ),
                ("why", models.TextField(help_text="What it shows, in words.")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("accepted", "Accepted"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "relation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.relation",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "query",
                    models.TextField(
                        blank=True,
                        help_text="A filter of the list of CIs; empty: all live ones.",
                        verbose_name="drawn from",
                    ),
                ),
                ("population", models.PositiveIntegerField(help_text="How many CIs there were to draw from.")),
                ("due_on", models.DateField(verbose_name="answers by")),
                ("drawn_at", models.DateTimeField()),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(choices=[("open", "Asked"), ("closed", "Closed")], default="open", max_length=20),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state", "open"), ("closed_at__isnull", False), _connector="OR"),
                        name="sample_closed_at_some_time",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="af6067807cce8aa96bf7a91d013742cbd2e50a15",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_b6f93",
                            table="cmdb_sample",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_sampleevent" ("closed_at", "created_at", "drawn_at", "due_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "query", "requested_by_id", "revision", "state", "updated_at") SELECT new_values."closed_at", new_values."created_at", new_values."drawn_at", new_values."due_on", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."population", new_values."query", new_values."requested_by_id", new_values."revision", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2de454b155551ef0f6e041e76826ba7792caedb8",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_124e9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_sample",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_sampleevent" ("closed_at", "created_at", "drawn_at", "due_on", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "query", "requested_by_id", "revision", "state", "updated_at") SELECT new_values."closed_at", new_values."created_at", new_values."drawn_at", new_values."due_on", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."population", new_values."query", new_values."requested_by_id", new_values."revision", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="fa5eb254789f53504a479fe0b3e9036341f142be",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_1178f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_sample",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampledCI",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "sample",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cis",
                        to="cmdb.sample",
                    ),
                ),
                (
                    "ci",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sampled",
                        to="cmdb.configurationitem",
                        verbose_name="CI",
                    ),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        help_text="Who is to say.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not answered"), ("true", "True"), ("wrong", "Wrong")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="what is wrong")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "sampled CI",
                "verbose_name_plural": "sampled CIs",
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("verdict", "")), fields=["asked"], name="sampled_ci_open")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "ci"), name="ci_once_in_a_sample"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict", ""), ("answered_at__isnull", False), _connector="OR"),
                        name="sampled_ci_answered_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "wrong"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sampled_ci_wrong_in_words",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="9739adb0d05180f14000eec934b5701d5bf604e3",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_af1b9",
                            table="cmdb_sampledci",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_sampledcievent" ("answered_at", "answered_by_id", "asked_id", "ci_id", "created_at", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "sample_id", "updated_at", "verdict") SELECT new_values."answered_at", new_values."answered_by_id", new_values."asked_id", new_values."ci_id", new_values."created_at", new_values."id", new_values."note", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."sample_id", new_values."updated_at", new_values."verdict" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="4b009d685b28d8d0deef8e2205763ce45311a96f",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b5b0b",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_sampledci",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_sampledcievent" ("answered_at", "answered_by_id", "asked_id", "ci_id", "created_at", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "sample_id", "updated_at", "verdict") SELECT new_values."answered_at", new_values."answered_by_id", new_values."asked_id", new_values."ci_id", new_values."created_at", new_values."id", new_values."note", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."sample_id", new_values."updated_at", new_values."verdict" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="5ec7e065444294ea7fc2bb7c80d59bbc3f8d72d5",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6d4b5",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_sampledci",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampledCIEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.sampledci",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "sample",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.sample",
                    ),
                ),
                (
                    "ci",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                        verbose_name="CI",
                    ),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="Who is to say.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not answered"), ("true", "True"), ("wrong", "Wrong")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="what is wrong")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SampleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.sample",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "query",
                    models.TextField(
                        blank=True,
                        help_text="A filter of the list of CIs; empty: all live ones.",
                        verbose_name="drawn from",
                    ),
                ),
                ("population", models.PositiveIntegerField(help_text="How many CIs there were to draw from.")),
                ("due_on", models.DateField(verbose_name="answers by")),
                ("drawn_at", models.DateTimeField()),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(choices=[("open", "Asked"), ("closed", "Closed")], default="open", max_length=20),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="service", to="cmdb.configurationitem"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("summary", models.TextField(blank=True, help_text="What the service does, in its customers' words.")),
                (
                    "status",
                    models.CharField(
                        choices=[("pipeline", "Pipeline"), ("live", "Live"), ("retired", "Retired")],
                        default="pipeline",
                        max_length=20,
                    ),
                ),
                (
                    "sub_state",
                    models.CharField(
                        choices=[
                            ("defined", "Defined"),
                            ("chartered", "Chartered"),
                            ("designed", "Designed"),
                            ("built", "Built"),
                            ("accepted", "Accepted"),
                            ("operational", "Operational"),
                            ("frozen", "Frozen"),
                            ("retiring", "Retiring"),
                            ("retired", "Retired"),
                        ],
                        default="defined",
                        max_length=20,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_services",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsored_services",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "support_team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="kernel.team",
                    ),
                ),
                (
                    "hours",
                    models.CharField(
                        blank=True, help_text="Service hours, such as Mon–Sun 06:00–24:00.", max_length=400
                    ),
                ),
                (
                    "hours_zone",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Of its hours; empty: the organisation's.",
                        max_length=63,
                        verbose_name="time zone",
                    ),
                ),
                (
                    "delivery_model",
                    models.CharField(
                        choices=[("on_premises", "On premises"), ("iaas", "IaaS"), ("paas", "PaaS"), ("saas", "SaaS")],
                        default="on_premises",
                        max_length=20,
                    ),
                ),
                (
                    "support_access",
                    models.TextField(
                        blank=True,
                        help_text="What the rows of the support team's access do not say.",
                        verbose_name="about access",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("name", "slug", "summary"), name="service_by_words"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "pipeline"),
                                ("sub_state__in", ["defined", "chartered", "designed", "built", "accepted"]),
                            ),
                            models.Q(("status", "live"), ("sub_state__in", ["operational", "frozen", "retiring"])),
                            models.Q(("status", "retired"), ("sub_state", "retired")),
                            _connector="OR",
                        ),
                        name="service_status_fits_its_step",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="f158f86b391b141ddc6630fbeea8472aa3f9baf3",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_02d28",
                            table="cmdb_service",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_serviceevent" ("ci_id", "created_at", "delivery_model", "hours", "hours_zone", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "sponsor_id", "status", "sub_state", "summary", "support_access", "support_team_id", "updated_at") SELECT new_values."ci_id", new_values."created_at", new_values."delivery_model", new_values."hours", new_values."hours_zone", new_values."id", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."slug", new_values."sponsor_id", new_values."status", new_values."sub_state", new_values."summary", new_values."support_access", new_values."support_team_id", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="12e028952f516aacf6702308b228b17f27823f7e",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f9e86",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_service",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_serviceevent" ("ci_id", "created_at", "delivery_model", "hours", "hours_zone", "id", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "slug", "sponsor_id", "status", "sub_state", "summary", "support_access", "support_team_id", "updated_at") SELECT new_values."ci_id", new_values."created_at", new_values."delivery_model", new_values."hours", new_values."hours_zone", new_values."id", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."slug", new_values."sponsor_id", new_values."status", new_values."sub_state", new_values."summary", new_values."support_access", new_values."support_team_id", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e9ade5407cc2973950f0b2a13e6bd14cc986c0ec",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4c874",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_service",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.service",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("summary", models.TextField(blank=True, help_text="What the service does, in its customers' words.")),
                (
                    "status",
                    models.CharField(
                        choices=[("pipeline", "Pipeline"), ("live", "Live"), ("retired", "Retired")],
                        default="pipeline",
                        max_length=20,
                    ),
                ),
                (
                    "sub_state",
                    models.CharField(
                        choices=[
                            ("defined", "Defined"),
                            ("chartered", "Chartered"),
                            ("designed", "Designed"),
                            ("built", "Built"),
                            ("accepted", "Accepted"),
                            ("operational", "Operational"),
                            ("frozen", "Frozen"),
                            ("retiring", "Retiring"),
                            ("retired", "Retired"),
                        ],
                        default="defined",
                        max_length=20,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "support_team",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="kernel.team",
                    ),
                ),
                (
                    "hours",
                    models.CharField(
                        blank=True, help_text="Service hours, such as Mon–Sun 06:00–24:00.", max_length=400
                    ),
                ),
                (
                    "hours_zone",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Of its hours; empty: the organisation's.",
                        max_length=63,
                        verbose_name="time zone",
                    ),
                ),
                (
                    "delivery_model",
                    models.CharField(
                        choices=[("on_premises", "On premises"), ("iaas", "IaaS"), ("paas", "PaaS"), ("saas", "SaaS")],
                        default="on_premises",
                        max_length=20,
                    ),
                ),
                (
                    "support_access",
                    models.TextField(
                        blank=True,
                        help_text="What the rows of the support team's access do not say.",
                        verbose_name="about access",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ServiceHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weekly_hours",
                        to="cmdb.service",
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField()),
                ("span", django.contrib.postgres.fields.ranges.IntegerRangeField()),
            ],
            options={
                "verbose_name": "service hours",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__range", (1, 7))), name="service_hours_on_a_weekday"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("span__endswith__lte", 1440), ("span__isempty", False), ("span__startswith__gte", 0)
                        ),
                        name="service_hours_within_a_day",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("service", "="), ("weekday", "="), ("span", "&&")],
                        name="service_hours_never_overlap",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="24220000db81a2cae244da448c275c71aed1efcc",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_5859b",
                            table="cmdb_servicehours",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_servicehoursevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "span", "updated_at", "weekday") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."service_id", new_values."span", new_values."updated_at", new_values."weekday" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="a95f5865558fc11af910229a7e41a77f032ae975",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_aaadc",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_servicehours",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_servicehoursevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "span", "updated_at", "weekday") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."service_id", new_values."span", new_values."updated_at", new_values."weekday" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="0f7d9c3071145aa8e0479ba170202b108055dd7a",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9ba76",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_servicehours",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_servicehoursevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "span", "updated_at", "weekday") SELECT old_values."created_at", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."service_id", old_values."span", old_values."updated_at", old_values."weekday" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="3971d14ca48dc510845829c7733e1b9fa38c86fd",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_1aeaa",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="cmdb_servicehours",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceHoursEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.servicehours",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.service",
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField()),
                ("span", django.contrib.postgres.fields.ranges.IntegerRangeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ServiceTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="cmdb.service",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("availability", "Availability"),
                            ("time_to_restore", "Time to restore"),
                            ("support_response", "First answer of support"),
                            ("response_time", "Response time"),
                            ("change_fail_rate", "Change fail rate"),
                            ("other", "Another measure"),
                        ],
                        max_length=30,
                    ),
                ),
                ("name", models.CharField(blank=True, help_text="What another measure is called.", max_length=100)),
                (
                    "better",
                    models.CharField(
                        choices=[("at_least", "at least"), ("at_most", "at most")], max_length=10, verbose_name="is"
                    ),
                ),
                (
                    "target",
                    models.DecimalField(
                        decimal_places=3, max_digits=12, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("percent", "%"),
                            ("ms", "ms"),
                            ("s", "s"),
                            ("min", "min"),
                            ("h", "h"),
                            ("d", "days"),
                            ("count", "times"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "window",
                    models.CharField(
                        choices=[
                            ("day", "a day"),
                            ("week", "a week"),
                            ("month", "30 days"),
                            ("quarter", "90 days"),
                            ("year", "365 days"),
                        ],
                        default="month",
                        max_length=10,
                        verbose_name="over",
                    ),
                ),
            ],
            options={
                "verbose_name": "service level target",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service", "measure", "name", "window"), name="service_target_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("measure", "other"), models.Q(("name", ""), _negated=True)),
                            models.Q(models.Q(("measure", "other"), _negated=True), ("name", "")),
                            _connector="OR",
                        ),
                        name="service_target_named",
                    ),
                    models.CheckConstraint(condition=models.Q(("target__gte", 0)), name="service_target_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("unit", "percent"), _negated=True), ("target__lte", 100), _connector="OR"
                        ),
                        name="service_target_within_percent",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="1c976adf78d8e2a35473b5b9e4990f67b909090b",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_4d5f6",
                            table="cmdb_servicetarget",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_servicetargetevent" ("better", "created_at", "id", "measure", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "target", "unit", "updated_at", "window") SELECT new_values."better", new_values."created_at", new_values."id", new_values."measure", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."service_id", new_values."target", new_values."unit", new_values."updated_at", new_values."window" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="dd700f44e747ce0df328b9fb20aef44bb5cf3ad9",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_df657",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_servicetarget",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_servicetargetevent" ("better", "created_at", "id", "measure", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "target", "unit", "updated_at", "window") SELECT new_values."better", new_values."created_at", new_values."id", new_values."measure", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."service_id", new_values."target", new_values."unit", new_values."updated_at", new_values."window" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="a7201fa39d004c607bce2937fa49db19783b78fb",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ca12c",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_servicetarget",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_servicetargetevent" ("better", "created_at", "id", "measure", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "target", "unit", "updated_at", "window") SELECT old_values."better", old_values."created_at", old_values."id", old_values."measure", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."service_id", old_values."target", old_values."unit", old_values."updated_at", old_values."window" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="c273b4d220502e33eb8bb7a2e079ebb98f675e32",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_3bdee",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="cmdb_servicetarget",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceTargetEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.servicetarget",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.service",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("availability", "Availability"),
                            ("time_to_restore", "Time to restore"),
                            ("support_response", "First answer of support"),
                            ("response_time", "Response time"),
                            ("change_fail_rate", "Change fail rate"),
                            ("other", "Another measure"),
                        ],
                        max_length=30,
                    ),
                ),
                ("name", models.CharField(blank=True, help_text="What another measure is called.", max_length=100)),
                (
                    "better",
                    models.CharField(
                        choices=[("at_least", "at least"), ("at_most", "at most")], max_length=10, verbose_name="is"
                    ),
                ),
                (
                    "target",
                    models.DecimalField(
                        decimal_places=3, max_digits=12, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("percent", "%"),
                            ("ms", "ms"),
                            ("s", "s"),
                            ("min", "min"),
                            ("h", "h"),
                            ("d", "days"),
                            ("count", "times"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "window",
                    models.CharField(
                        choices=[
                            ("day", "a day"),
                            ("week", "a week"),
                            ("month", "30 days"),
                            ("quarter", "90 days"),
                            ("year", "365 days"),
                        ],
                        default="month",
                        max_length=10,
                        verbose_name="over",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SourcePrecedence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="precedences",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "ci_class",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="precedences",
                        to="cmdb.ciclass",
                        verbose_name="class",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        blank=True,
                        help_text="Such as version, or attributes.ram_gb; left empty: all fields.",
                        max_length=200,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        help_text="The first that says something counts. `people`: typed by hand.",
                        size=None,
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of precedence",
                "verbose_name_plural": "rules of precedence",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ci", "ci_class", "field"), name="precedence_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ci__isnull", True), ("ci_class__isnull", True), _connector="OR"),
                        name="precedence_of_one_or_a_class",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sources", []), _negated=True), name="precedence_names_sources"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="4013a4ed87d61930fbffabd741622acb79e80535",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_6bf08",
                            table="cmdb_sourceprecedence",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_sourceprecedenceevent" ("ci_class_id", "ci_id", "created_at", "field", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "sources", "updated_at") SELECT new_values."ci_class_id", new_values."ci_id", new_values."created_at", new_values."field", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."sources", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e3561426aae5f8fa4a485ca74ef6d137413cf969",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_edcb9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_sourceprecedence",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_sourceprecedenceevent" ("ci_class_id", "ci_id", "created_at", "field", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "sources", "updated_at") SELECT new_values."ci_class_id", new_values."ci_id", new_values."created_at", new_values."field", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."sources", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f7ba6597520767352c446b6bf65ca2d763c1b004",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_66c1e",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_sourceprecedence",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_sourceprecedenceevent" ("ci_class_id", "ci_id", "created_at", "field", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "sources", "updated_at") SELECT old_values."ci_class_id", old_values."ci_id", old_values."created_at", old_values."field", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."sources", old_values."updated_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="14245bbd175bb1f79f030c07f56d7fc70cacfe1b",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_05e01",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="cmdb_sourceprecedence",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourcePrecedenceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.sourceprecedence",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "ci_class",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.ciclass",
                        verbose_name="class",
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        blank=True,
                        help_text="Such as version, or attributes.ram_gb; left empty: all fields.",
                        max_length=200,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        help_text="The first that says something counts. `people`: typed by hand.",
                        size=None,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SupportAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access",
                        to="cmdb.service",
                    ),
                ),
                ("system", models.CharField(max_length=120, verbose_name="system or tool")),
                (
                    "access",
                    models.CharField(
                        choices=[
                            ("full", "Everything"),
                            ("write", "Change"),
                            ("read", "Read only"),
                            ("on_request", "On request"),
                            ("none", "No access"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why not more, or how it is asked for.", max_length=500),
                ),
            ],
            options={
                "verbose_name": "access of support",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("service", "system"), name="support_access_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("access__in", ["on_request", "none"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="support_access_says_why",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="f50de841fb27ecdfb6ccb282d652be031905d3dc",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_db47e",
                            table="cmdb_supportaccess",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_supportaccessevent" ("access", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "service_id", "system", "updated_at") SELECT new_values."access", new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."service_id", new_values."system", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="ebfabe3d9cae3388dd19837dcc4695af55c01774",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_785bd",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_supportaccess",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_supportaccessevent" ("access", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "service_id", "system", "updated_at") SELECT new_values."access", new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."service_id", new_values."system", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="0e73e576543b8f3b48147ea572770e8781cb8aad",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_11a23",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_supportaccess",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_supportaccessevent" ("access", "created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "service_id", "system", "updated_at") SELECT old_values."access", old_values."created_at", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."revision", old_values."service_id", old_values."system", old_values."updated_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="0dff26e4b7bf5deb24bf11da6a12f0d5aa93d12d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_57dd6",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="cmdb_supportaccess",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportAccessEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.supportaccess",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.service",
                    ),
                ),
                ("system", models.CharField(max_length=120, verbose_name="system or tool")),
                (
                    "access",
                    models.CharField(
                        choices=[
                            ("full", "Everything"),
                            ("write", "Change"),
                            ("read", "Read only"),
                            ("on_request", "On request"),
                            ("none", "No access"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, help_text="Why not more, or how it is asked for.", max_length=500),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TypedValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ci",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="typed_values",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("field", models.CharField(max_length=200)),
                ("value", models.JSONField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("ci", "field"), name="typed_value_once")],
            },
        ),
        migrations.CreateModel(
            name="AuditProgress",
            fields=[
                ("phase", models.CharField(blank=True, max_length=60)),
                ("rows", models.PositiveBigIntegerField(default=0)),
                ("bytes", models.PositiveBigIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("beat_at", models.DateTimeField(null=True)),
                ("cancel_asked", models.BooleanField(default=False)),
                (
                    "audit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="cmdb.audit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AuditChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "audit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="cmdb.audit",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("audit", "ordinal"), name="audit_chunk_once")],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.audit",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "source",
                    models.CharField(help_text="The tool that looked, as external keys name it.", max_length=60),
                ),
                (
                    "query",
                    models.TextField(
                        blank=True,
                        help_text="A filter of the list of CIs; empty: those that the source knows.",
                        verbose_name="expected are",
                    ),
                ),
                ("observed_at", models.DateTimeField(help_text="When reality was looked at.", verbose_name="seen")),
                (
                    "verify_matches",
                    models.BooleanField(
                        default=True,
                        help_text="A CI without any discrepancy counts as verified then.",
                        verbose_name="what agrees is verified",
                    ),
                ),
                ("format", models.CharField(max_length=40)),
                ("options", models.JSONField(blank=True, default=dict)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("file_size", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, help_text="SHA-256 of the file.", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Queued"),
                            ("comparing", "Comparing"),
                            ("open", "To be resolved"),
                            ("closed", "Closed"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=20,
                    ),
                ),
                ("counts", models.JSONField(blank=True, default=dict)),
                (
                    "problems",
                    models.JSONField(
                        blank=True, default=list, help_text="What could not be read: [{row, column, message}]."
                    ),
                ),
                ("problem_count", models.PositiveIntegerField(default=0)),
                ("failure", models.TextField(blank=True)),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Baseline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("service", "A service"),
                            ("query", "What a filter found"),
                            ("record", "What a change or release touches"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="baselines",
                        to="cmdb.service",
                    ),
                ),
                (
                    "query",
                    models.TextField(blank=True, help_text="The filter of the list of CIs, as its address has it."),
                ),
                ("of_kind", models.CharField(blank=True, max_length=60, verbose_name="kind of the record")),
                ("of_id", models.BigIntegerField(blank=True, null=True, verbose_name="id of the record")),
                ("of_number", models.CharField(blank=True, max_length=40, verbose_name="number of the record")),
                ("note", models.TextField(blank=True)),
                ("automatic", models.BooleanField(default=False)),
                ("taken_at", models.DateTimeField()),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ci_count", models.PositiveIntegerField(verbose_name="CIs")),
                ("relation_count", models.PositiveIntegerField(verbose_name="relations")),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("scope", "service"), ("service__isnull", False)),
                            models.Q(("scope", "query"), ("service__isnull", True)),
                            models.Q(("of_id__isnull", False), ("scope", "record")),
                            _connector="OR",
                        ),
                        name="baseline_scope_is_named",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("scope", "record")),
                        fields=("of_kind", "of_id"),
                        name="baseline_once_before_a_record",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="77b92209b9be9242306feecb6a32b01b8cbca582",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_9f31b",
                            table="cmdb_baseline",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="unchanged",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="99f57d08cf30dfd683519b22280aa2cb6e002346",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_unchanged_aa2ee",
                            table="cmdb_baseline",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_baselineevent" ("automatic", "ci_count", "created_at", "id", "name", "note", "of_id", "of_kind", "of_number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "query", "relation_count", "revision", "scope", "service_id", "taken_at", "taken_by_id", "updated_at") SELECT new_values."automatic", new_values."ci_count", new_values."created_at", new_values."id", new_values."name", new_values."note", new_values."of_id", new_values."of_kind", new_values."of_number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."query", new_values."relation_count", new_values."revision", new_values."scope", new_values."service_id", new_values."taken_at", new_values."taken_by_id", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="c01192299b06d994bcaea293c92b5d75a8e086af",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e16b4",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_baseline",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BaselineEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.baseline",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("name", models.CharField(max_length=200)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("service", "A service"),
                            ("query", "What a filter found"),
                            ("record", "What a change or release touches"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.service",
                    ),
                ),
                (
                    "query",
                    models.TextField(blank=True, help_text="The filter of the list of CIs, as its address has it."),
                ),
                ("of_kind", models.CharField(blank=True, max_length=60, verbose_name="kind of the record")),
                ("of_id", models.BigIntegerField(blank=True, null=True, verbose_name="id of the record")),
                ("of_number", models.CharField(blank=True, max_length=40, verbose_name="number of the record")),
                ("note", models.TextField(blank=True)),
                ("automatic", models.BooleanField(default=False)),
                ("taken_at", models.DateTimeField()),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ci_count", models.PositiveIntegerField(verbose_name="CIs")),
                ("relation_count", models.PositiveIntegerField(verbose_name="relations")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CIClass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("code", models.SlugField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "Service"),
                            ("application", "Application"),
                            ("code", "Code"),
                            ("hardware", "Hardware"),
                            ("network", "Network"),
                            ("data", "Data"),
                            ("document", "Document"),
                            ("requirement", "Requirement"),
                            ("knowledge", "Knowledge"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=20,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="cmdb.ciclass",
                    ),
                ),
                ("schema", models.JSONField(blank=True, default=dict)),
                (
                    "reason_required",
                    models.BooleanField(
                        default=False,
                        help_text="Nobody changes a CI of this class without saying why.",
                        verbose_name="changes need a reason",
                    ),
                ),
                (
                    "reviewed_from",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Low"), (2, "Medium"), (3, "High"), (4, "Critical")],
                        help_text="From this criticality on, a second person accepts each change. Empty: nobody has to.",
                        null=True,
                        verbose_name="reviewed from criticality",
                    ),
                ),
                (
                    "verify_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Then a CI is due to be compared with reality again. Empty: as the class above says, or 90.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="a verification holds (days)",
                    ),
                ),
            ],
            options={
                "verbose_name": "CI class",
                "verbose_name_plural": "CI classes",
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="ac4a43593838e36658cda132c041c354f6a127a7",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_db4c7",
                            table="cmdb_ciclass",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_ciclassevent" ("code", "created_at", "id", "kind", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_required", "reviewed_from", "revision", "schema", "updated_at", "verify_days") SELECT new_values."code", new_values."created_at", new_values."id", new_values."kind", new_values."name", new_values."parent_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason_required", new_values."reviewed_from", new_values."revision", new_values."schema", new_values."updated_at", new_values."verify_days" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="3d7766ad04ff58523c9bf4f34d4a00b6c9999074",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_82a90",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_ciclass",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_ciclassevent" ("code", "created_at", "id", "kind", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_required", "reviewed_from", "revision", "schema", "updated_at", "verify_days") SELECT new_values."code", new_values."created_at", new_values."id", new_values."kind", new_values."name", new_values."parent_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason_required", new_values."reviewed_from", new_values."revision", new_values."schema", new_values."updated_at", new_values."verify_days" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2235a4885c750ace02f1f29826209ace94a245d6",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e184f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_ciclass",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CIClassEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.ciclass",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                ("code", models.SlugField(db_index=False, max_length=60)),
                ("name", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "Service"),
                            ("application", "Application"),
                            ("code", "Code"),
                            ("hardware", "Hardware"),
                            ("network", "Network"),
                            ("data", "Data"),
                            ("document", "Document"),
                            ("requirement", "Requirement"),
                            ("knowledge", "Knowledge"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=20,
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.ciclass",
                    ),
                ),
                ("schema", models.JSONField(blank=True, default=dict)),
                (
                    "reason_required",
                    models.BooleanField(
                        default=False,
                        help_text="Nobody changes a CI of this class without saying why.",
                        verbose_name="changes need a reason",
                    ),
                ),
                (
                    "reviewed_from",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "Low"), (2, "Medium"), (3, "High"), (4, "Critical")],
                        help_text="From this criticality on, a second person accepts each change. Empty: nobody has to.",
                        null=True,
                        verbose_name="reviewed from criticality",
                    ),
                ),
                (
                    "verify_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Then a CI is due to be compared with reality again. Empty: as the class above says, or 90.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="a verification holds (days)",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CIEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="edits", to="cmdb.configurationitem"
                    ),
                ),
                ("changes", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("sent_back", "Sent back"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=20,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("comment", models.CharField(blank=True, max_length=500)),
                (
                    "taken",
                    models.JSONField(default=list, help_text="The fields that were changed when it was accepted."),
                ),
            ],
            options={
                "verbose_name": "CI edit",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "proposed")), fields=["created_at"], name="ci_edit_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "sent_back"]), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ci_edit_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("changes", {}), _negated=True), name="ci_edit_changes_something"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="45d5bdad41b5095fc149e8df18b252b704149abb",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_33c75",
                            table="cmdb_ciedit",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_cieditevent" ("changes", "ci_id", "comment", "created_at", "decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "reason", "revision", "state", "taken", "updated_at") SELECT new_values."changes", new_values."ci_id", new_values."comment", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."proposed_by_id", new_values."reason", new_values."revision", new_values."state", new_values."taken", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="90420b191c434ff09661dfb3439dc98757649b95",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_36928",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_ciedit",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_cieditevent" ("changes", "ci_id", "comment", "created_at", "decided_at", "decided_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_by_id", "reason", "revision", "state", "taken", "updated_at") SELECT new_values."changes", new_values."ci_id", new_values."comment", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."proposed_by_id", new_values."reason", new_values."revision", new_values."state", new_values."taken", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="32b48e093aba19c6eb14c86d1f9da38933d5bd92",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_08147",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_ciedit",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Misfit",
            fields=[
                (
                    "ci",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="misfit",
                        serialize=False,
                        to="cmdb.configurationitem",
                    ),
                ),
                ("problems", models.JSONField(help_text="Where and what: [[place, sentence], …].")),
            ],
        ),
        migrations.CreateModel(
            name="CIEditEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.ciedit",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("changes", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("sent_back", "Sent back"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=20,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("comment", models.CharField(blank=True, max_length=500)),
                (
                    "taken",
                    models.JSONField(default=list, help_text="The fields that were changed when it was accepted."),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BaselineRelation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "baseline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="relations", to="cmdb.baseline"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("depends_on", "depends on"),
                            ("runs_on", "runs on"),
                            ("part_of", "is part of"),
                            ("connects_to", "connects to"),
                            ("documents", "documents"),
                            ("describes", "describes"),
                            ("implements", "implements"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("source_name", models.CharField(max_length=200)),
                ("target_name", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("baseline", "source", "type", "target"), name="baseline_has_a_relation_once"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="unchanged",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4d458a6499302be7541f726701397e2ca6cc6d10",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_unchanged_d7ba7",
                            table="cmdb_baselinerelation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="sealed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT 1 FROM cmdb_baseline WHERE id IN (SELECT baseline_id FROM added)) THEN\n                RAISE EXCEPTION 'pgtrigger: A baseline cannot be added to once it is taken';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="fb418a62a351bbff38340fa48f5bd84a4580adc3",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_sealed_a2ad9",
                            referencing="REFERENCING NEW TABLE AS added ",
                            table="cmdb_baselinerelation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BaselineItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "baseline",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="cmdb.baseline"
                    ),
                ),
                (
                    "ci",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("state", models.JSONField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("baseline", "ci"), name="baseline_has_a_ci_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="unchanged",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6a52b6c2fe38c8aa9af4b5483f2335b232afa7b0",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_unchanged_985b0",
                            table="cmdb_baselineitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="sealed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            IF EXISTS (SELECT 1 FROM cmdb_baseline WHERE id IN (SELECT baseline_id FROM added)) THEN\n                RAISE EXCEPTION 'pgtrigger: A baseline cannot be added to once it is taken';\n            END IF;\n            RETURN NULL;\n        ",
                            hash="1e3f24758fe84c816dba05288f302373d44b7bcf",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_sealed_f13c7",
                            referencing="REFERENCING NEW TABLE AS added ",
                            table="cmdb_baselineitem",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AttributeValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ci",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="values",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("value", models.JSONField()),
            ],
            options={
                "indexes": [models.Index(fields=["name", "value", "ci"], name="attribute_by_value")],
                "constraints": [models.UniqueConstraint(fields=("ci", "name"), name="attribute_value_once")],
            },
        ),
        migrations.CreateModel(
            name="ConfigurationItemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci_class",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.ciclass",
                        verbose_name="class",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("environment", models.CharField(blank=True, max_length=40)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("building", "Building"),
                            ("testing", "Testing"),
                            ("live", "Live"),
                            ("retired", "Retired"),
                            ("lost", "Lost"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("version", models.CharField(blank=True, max_length=80)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "support_team",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="kernel.team",
                    ),
                ),
                (
                    "criticality",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Low"), (2, "Medium"), (3, "High"), (4, "Critical")], default=2
                    ),
                ),
                ("attributes", models.JSONField(blank=True, default=dict)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("field", models.CharField(max_length=200)),
                ("words", models.JSONField(help_text="Source → what it says.")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("decided", "Decided"), ("agreed", "They agree by now")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("chosen", models.JSONField(blank=True, help_text="The value that was decided on.", null=True)),
                (
                    "source",
                    models.CharField(blank=True, help_text="The source whose word was decided on.", max_length=60),
                ),
                (
                    "precedence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="conflicts",
                        to="cmdb.sourceprecedence",
                        verbose_name="rule",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "verbose_name": "conflict",
                "abstract": False,
                "indexes": [models.Index(fields=["state", "-id"], name="conflict_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("ci", "field"), name="conflict_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "decided"), _negated=True),
                            ("decided_at__isnull", False),
                            _connector="OR",
                        ),
                        name="conflict_decided_whole",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="ebda771ef07d712cc7edd9bb9c101ae9e2d44cfb",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_464f0",
                            table="cmdb_conflict",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_conflictevent" ("chosen", "ci_id", "created_at", "decided_at", "decided_by_id", "field", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "precedence_id", "reason", "revision", "source", "state", "updated_at", "words") SELECT new_values."chosen", new_values."ci_id", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."field", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."precedence_id", new_values."reason", new_values."revision", new_values."source", new_values."state", new_values."updated_at", new_values."words" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="92f1fb402f0c3d9aaa959cfd6a771c8857c62a63",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_da7fd",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="cmdb_conflict",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_conflictevent" ("chosen", "ci_id", "created_at", "decided_at", "decided_by_id", "field", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "precedence_id", "reason", "revision", "source", "state", "updated_at", "words") SELECT new_values."chosen", new_values."ci_id", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."field", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."precedence_id", new_values."reason", new_values."revision", new_values."source", new_values."state", new_values."updated_at", new_values."words" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="9dc566e15b17762194a0a0c3bcc2899c9a76c161",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_33b6a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_conflict",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConflictEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.conflict",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "ci",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("field", models.CharField(max_length=200)),
                ("words", models.JSONField(help_text="Source → what it says.")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("decided", "Decided"), ("agreed", "They agree by now")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("chosen", models.JSONField(blank=True, help_text="The value that was decided on.", null=True)),
                (
                    "source",
                    models.CharField(blank=True, help_text="The source whose word was decided on.", max_length=60),
                ),
                (
                    "precedence",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.sourceprecedence",
                        verbose_name="rule",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CriterionWaiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "service",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criterion_waivers",
                        to="cmdb.service",
                    ),
                ),
                ("point", models.CharField(max_length=20)),
                ("criterion", models.CharField(max_length=60)),
                ("fingerprint", models.CharField(max_length=64)),
                ("found", models.TextField()),
                ("reason", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField()),
                ("ledger_sequence", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "waived criterion",
                "indexes": [models.Index(fields=["service", "point", "-id"], name="criterion_waivers_of_a_service")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="criterion_waiver_says_why"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="50f6aeb36493c77a8cb8ca668df57dab6d219a85",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_36fa9",
                            table="cmdb_criterionwaiver",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Discrepancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "audit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="discrepancies",
                        to="cmdb.audit",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "Missing"),
                            ("unexpected", "Unexpected"),
                            ("different", "Different"),
                            ("relation_missing", "Relation missing"),
                            ("relation_unexpected", "Relation unexpected"),
                        ],
                        max_length=20,
                    ),
                ),
                ("row", models.CharField(blank=True, help_text="Where in what was found.", max_length=200)),
                ("key", models.CharField(blank=True, max_length=200)),
                (
                    "ci",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="discrepancies",
                        to="cmdb.configurationitem",
                        verbose_name="CI",
                    ),
                ),
                ("ci_name", models.CharField(max_length=200, verbose_name="CI is called")),
                (
                    "field",
                    models.CharField(
                        blank=True, help_text="Field, attributes.<name>, or type of relation.", max_length=250
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("other_name", models.CharField(blank=True, max_length=200)),
                ("expected", models.JSONField(blank=True, null=True)),
                ("found", models.JSONField(blank=True, null=True)),
                ("explained_kind", models.CharField(blank=True, max_length=60)),
                ("explained_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "explained_by",
                    models.CharField(
                        blank=True, help_text="The change that explains it, by its number.", max_length=40
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("authorised", "Explained by a change"), ("resolved", "Resolved")],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "resolution",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("updated", "Record updated"),
                            ("proposed", "Update proposed"),
                            ("rfc", "RFC raised"),
                            ("unauthorised", "Unauthorised change"),
                            ("ignored", "Ignored"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("ignored_until", models.DateField(blank=True, null=True)),
                (
                    "raised",
                    models.CharField(blank=True, help_text="What was made of it, by its number.", max_length=40),
                ),
                ("raised_kind", models.CharField(blank=True, max_length=60)),
                ("raised_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "discrepancies",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["audit", "state", "id"], name="discrepancy_of_an_audit"),
                    models.Index(
                        condition=models.Q(("resolution", "ignored")),
                        fields=["ci", "field"],
                        name="discrepancy_ignored",
                    ),
                    models.Index(
                        condition=models.Q(("ci__isnull", True), ("resolution", "ignored")),
                        fields=["key"],
                        name="discrepancy_ignored_key",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("ci_name"), name="gin_trgm_ops"
                        ),
                        name="discrepancy_ci_words",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "resolved"), models.Q(("resolution", ""), _negated=True)),
                            models.Q(models.Q(("state", "resolved"), _negated=True), ("resolution", "")),
                            _connector="OR",
                        ),
                        name="discrepancy_resolved_in_some_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolution", "ignored"), _negated=True),
                            models.Q(models.Q(("reason", ""), _negated=True), ("ignored_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="discrepancy_ignored_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "authorised"), _negated=True),
                            models.Q(("explained_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="discrepancy_names_its_change",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolution__in", ["proposed", "rfc", "unauthorised"]), _negated=True),
                            models.Q(("raised", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="discrepancy_names_what_was_raised",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="6b0f33ebf544063ffce82ffd594f515edf176ecc",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_f5506",
                            table="cmdb_discrepancy",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cmdb_discrepancyevent" ("audit_id", "ci_id", "ci_name", "created_at", "expected", "explained_by", "explained_id", "explained_kind", "field", "found", "id", "ignored_until", "key", "kind", "other_id", "other_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised", "raised_id", "raised_kind", "reason", "resolution", "resolved_at", "resolved_by_id", "revision", "row", "state", "updated_at") SELECT new_values."audit_id", new_values."ci_id", new_values."ci_name", new_values."created_at", new_values."expected", new_values."explained_by", new_values."explained_id", new_values."explained_kind", new_values."field", new_values."found", new_values."id", new_values."ignored_until", new_values."key", new_values."kind", new_values."other_id", new_values."other_name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."raised", new_values."raised_id", new_values."raised_kind", new_values."reason", new_values."resolution", new_values."resolved_at", new_values."resolved_by_id", new_values."revision", new_values."row", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="56b59b421372616da4e8ee3d8aa94f327e75dbed",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d5b9b",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="cmdb_discrepancy",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DiscrepancyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.discrepancy",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "audit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.audit",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("missing", "Missing"),
                            ("unexpected", "Unexpected"),
                            ("different", "Different"),
                            ("relation_missing", "Relation missing"),
                            ("relation_unexpected", "Relation unexpected"),
                        ],
                        max_length=20,
                    ),
                ),
                ("row", models.CharField(blank=True, help_text="Where in what was found.", max_length=200)),
                ("key", models.CharField(blank=True, max_length=200)),
                (
                    "ci",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                        verbose_name="CI",
                    ),
                ),
                ("ci_name", models.CharField(max_length=200, verbose_name="CI is called")),
                (
                    "field",
                    models.CharField(
                        blank=True, help_text="Field, attributes.<name>, or type of relation.", max_length=250
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("other_name", models.CharField(blank=True, max_length=200)),
                ("expected", models.JSONField(blank=True, null=True)),
                ("found", models.JSONField(blank=True, null=True)),
                ("explained_kind", models.CharField(blank=True, max_length=60)),
                ("explained_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "explained_by",
                    models.CharField(
                        blank=True, help_text="The change that explains it, by its number.", max_length=40
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("authorised", "Explained by a change"), ("resolved", "Resolved")],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "resolution",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("updated", "Record updated"),
                            ("proposed", "Update proposed"),
                            ("rfc", "RFC raised"),
                            ("unauthorised", "Unauthorised change"),
                            ("ignored", "Ignored"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("ignored_until", models.DateField(blank=True, null=True)),
                (
                    "raised",
                    models.CharField(blank=True, help_text="What was made of it, by its number.", max_length=40),
                ),
                ("raised_kind", models.CharField(blank=True, max_length=60)),
                ("raised_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ExternalKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ci",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="external_keys",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("source", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=200)),
                ("said", models.JSONField(blank=True, null=True)),
                ("said_at", models.DateTimeField(blank=True, null=True)),
                ("made_in", models.BigIntegerField(blank=True, null=True)),
                ("seen_in", models.BigIntegerField(blank=True, null=True)),
                ("gone_in", models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "key"), name="external_key_is_one_ci")],
            },
        ),
        migrations.CreateModel(
            name="FitCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ci_class",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fit_check", to="cmdb.ciclass"
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                ("examined", models.PositiveIntegerField(default=0)),
                ("misfits", models.PositiveIntegerField(default=0)),
                ("upto", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("finished_at__isnull", True)), fields=["started_at"], name="fit_check_open"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HoursExceptionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cmdb.hoursexception",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("revision", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "service",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.service",
                    ),
                ),
                ("day", models.DateField()),
                ("name", models.CharField(blank=True, max_length=100)),
                ("span", django.contrib.postgres.fields.ranges.IntegerRangeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportProgress",
            fields=[
                ("phase", models.CharField(blank=True, max_length=60)),
                ("rows", models.PositiveBigIntegerField(default=0)),
                ("bytes", models.PositiveBigIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("beat_at", models.DateTimeField(null=True)),
                ("cancel_asked", models.BooleanField(default=False)),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="progress",
                        serialize=False,
                        to="cmdb.importrun",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
