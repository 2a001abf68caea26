import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
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
        ("changes", "0001_initial"),
        ("cmdb", "0001_initial"),
        ("kernel", "0001_initial"),
        ("knowledge", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="AcceptanceCriterion",
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
                ("text", models.CharField(max_length=300)),
                (
                    "delivery_model",
                    models.CharField(
                        blank=True,
                        choices=[("on_premises", "On premises"), ("iaas", "IaaS"), ("paas", "PaaS"), ("saas", "SaaS")],
                        help_text="Empty: any.",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="b14380697b1e310bce27b9cbd1bb463282b59477",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_127ad",
                            table="transition_acceptancecriterion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_acceptancecriterionevent" ("code", "created_at", "delivery_model", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "text", "updated_at") SELECT new_values."code", new_values."created_at", new_values."delivery_model", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."text", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="50731597010332ada15df352fe7e0980ce34f5b0",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_1ce59",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_acceptancecriterion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_acceptancecriterionevent" ("code", "created_at", "delivery_model", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "text", "updated_at") SELECT new_values."code", new_values."created_at", new_values."delivery_model", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."text", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e7fef1511521d67318c10014c94969d8413f17cc",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d7509",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_acceptancecriterion",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AcceptanceCriterionEvent",
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
                        to="transition.acceptancecriterion",
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
                ("text", models.CharField(max_length=300)),
                (
                    "delivery_model",
                    models.CharField(
                        blank=True,
                        choices=[("on_premises", "On premises"), ("iaas", "IaaS"), ("paas", "PaaS"), ("saas", "SaaS")],
                        help_text="Empty: any.",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AcceptanceReview",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptance_reviews",
                        to="cmdb.service",
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptance_reviews",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "stream",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptance_reviews",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("accepted", "Accepted"), ("pushed_back", "Pushed back")],
                        default="open",
                        max_length=20,
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
                ("comment", models.TextField(blank=True)),
                (
                    "requirements",
                    models.ManyToManyField(blank=True, related_name="acceptance_reviews", to="transition.requirement"),
                ),
            ],
            options={
                "verbose_name": "acceptance review",
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="28090444c330d682d631793263e1ca69d446d237",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_f4ba7",
                            table="transition_acceptancereview",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_acceptancereviewevent" ("comment", "created_at", "decided_at", "decided_by_id", "id", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "state", "stream_id", "updated_at") SELECT new_values."comment", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."id", new_values."package_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."service_id", new_values."state", new_values."stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="b7cfb62da860db69310b3b57e0b1f8ab197a60cf",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_1e8d4",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_acceptancereview",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_acceptancereviewevent" ("comment", "created_at", "decided_at", "decided_by_id", "id", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "state", "stream_id", "updated_at") SELECT new_values."comment", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."id", new_values."package_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."service_id", new_values."state", new_values."stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="01185f31aec3e2f23eba6bb593a54e313119699a",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_32584",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_acceptancereview",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AcceptanceReviewEvent",
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
                        to="transition.acceptancereview",
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
                    "package",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "stream",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("accepted", "Accepted"), ("pushed_back", "Pushed back")],
                        default="open",
                        max_length=20,
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
                ("comment", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CodeCommit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="code_commits", to="cmdb.service"
                    ),
                ),
                ("sha", models.CharField(max_length=64)),
                ("at", models.DateTimeField(null=True)),
                ("text", models.CharField(blank=True, max_length=300)),
                (
                    "requirements",
                    models.ManyToManyField(blank=True, related_name="code_commits", to="transition.requirement"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("service", "sha"), name="commit_of_a_service_once")],
            },
        ),
        migrations.CreateModel(
            name="CriterionResult",
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
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="transition.acceptancereview",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="transition.acceptancecriterion",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("met", "Met"), ("not_met", "Not met"), ("not_applicable", "Not applicable")],
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True)),
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
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("review", "criterion"), name="criterion_answered_once")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="40133d6999f0af344ab0e287ae3f94bdb1ad49f2",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_196f7",
                            table="transition_criterionresult",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_criterionresultevent" ("answered_by_id", "created_at", "criterion_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "review_id", "revision", "updated_at") SELECT new_values."answered_by_id", new_values."created_at", new_values."criterion_id", new_values."id", new_values."note", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."result", new_values."review_id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f8c17e1abeec49094963d4b7767334d37eec35e7",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_4c6d2",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_criterionresult",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_criterionresultevent" ("answered_by_id", "created_at", "criterion_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "review_id", "revision", "updated_at") SELECT new_values."answered_by_id", new_values."created_at", new_values."criterion_id", new_values."id", new_values."note", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."result", new_values."review_id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="d6d3b4c6c6aaa48062f2c50ecc33704d9dcd9c94",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_54d11",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_criterionresult",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CriterionResultEvent",
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
                        to="transition.criterionresult",
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
                    "review",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.acceptancereview",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.acceptancecriterion",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[("met", "Met"), ("not_met", "Not met"), ("not_applicable", "Not applicable")],
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True)),
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DeliveryItem",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("knowledge", "Knowledge"),
                            ("acceptance_test", "Acceptance test"),
                            ("hardware", "Hardware"),
                            ("document", "Document"),
                            ("briefing", "Briefing"),
                            ("training", "Training"),
                            ("nfr", "Non-functional target"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "package",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "stream",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="transition.requirement",
                    ),
                ),
                (
                    "ci",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledge.article",
                    ),
                ),
                (
                    "offset_days",
                    models.SmallIntegerField(
                        default=0,
                        help_text="-21 is three weeks before the target.",
                        verbose_name="offset from T (days)",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("in_work", "In work"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "done_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="items",
                        to="transition.streamrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery item",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("package__isnull", False), ("stream__isnull", True)),
                            models.Q(("package__isnull", True), ("stream__isnull", False)),
                            _connector="OR",
                        ),
                        name="item_in_a_package_or_a_stream",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="c6f11299a4e85bc340de98afa2cc4087190ec8e7",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_93873",
                            table="transition_deliveryitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_deliveryitemevent" ("article_id", "ci_id", "created_at", "done_at", "done_in_id", "id", "kind", "offset_days", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requirement_id", "revision", "state", "stream_id", "title", "updated_at") SELECT new_values."article_id", new_values."ci_id", new_values."created_at", new_values."done_at", new_values."done_in_id", new_values."id", new_values."kind", new_values."offset_days", new_values."package_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."requirement_id", new_values."revision", new_values."state", new_values."stream_id", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="8d90a32ec6ef1639b310c6234fe9f5c45c264446",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_03e19",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_deliveryitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_deliveryitemevent" ("article_id", "ci_id", "created_at", "done_at", "done_in_id", "id", "kind", "offset_days", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requirement_id", "revision", "state", "stream_id", "title", "updated_at") SELECT new_values."article_id", new_values."ci_id", new_values."created_at", new_values."done_at", new_values."done_in_id", new_values."id", new_values."kind", new_values."offset_days", new_values."package_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."requirement_id", new_values."revision", new_values."state", new_values."stream_id", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="d5a0bae22458585259f31f863312976fae45fd5d",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d1013",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_deliveryitem",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryItemEvent",
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
                        to="transition.deliveryitem",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("knowledge", "Knowledge"),
                            ("acceptance_test", "Acceptance test"),
                            ("hardware", "Hardware"),
                            ("document", "Document"),
                            ("briefing", "Briefing"),
                            ("training", "Training"),
                            ("nfr", "Non-functional target"),
                        ],
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "package",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "stream",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.requirement",
                    ),
                ),
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
                    "article",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="knowledge.article",
                    ),
                ),
                (
                    "offset_days",
                    models.SmallIntegerField(
                        default=0,
                        help_text="-21 is three weeks before the target.",
                        verbose_name="offset from T (days)",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("in_work", "In work"),
                            ("done", "Done"),
                            ("dropped", "Dropped"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "done_in",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.streamrun",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DeliveryStream",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="streams",
                        to="transition.transitionplan",
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField(verbose_name="stream number")),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("knowledge", "Knowledge"),
                            ("acceptance_test", "Acceptance"),
                            ("hardware", "Hardware"),
                            ("early_life", "ELS & CSI"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_streams",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("change_manager", "Change manager"),
                                ("cab_member", "CAB member"),
                                ("transition_planner", "Transition planner (TPS)"),
                                ("release_manager", "Release manager (R&DM)"),
                                ("configuration_manager", "Configuration manager (SACM)"),
                                ("test_manager", "Test manager (SV&T)"),
                                ("knowledge_manager", "Knowledge manager (KM)"),
                                ("service_level_manager", "Service level manager (SLM)"),
                                ("business_relationship_manager", "Business relationship manager (BRM)"),
                                ("csi_manager", "CSI manager"),
                                ("service_owner", "Service owner"),
                                ("business_sponsor", "Business sponsor"),
                                ("technical_manager", "Technical manager"),
                                ("application_manager", "Application manager"),
                                ("support_lead", "Support lead"),
                                ("implementer", "Implementer"),
                                ("requester", "Requester"),
                                ("viewer", "Viewer"),
                                ("pipeline", "Pipeline (machine account)"),
                            ],
                            max_length=40,
                        ),
                        default=list,
                        size=None,
                        verbose_name="responsible",
                    ),
                ),
                (
                    "accountable",
                    models.CharField(
                        choices=[
                            ("change_manager", "Change manager"),
                            ("cab_member", "CAB member"),
                            ("transition_planner", "Transition planner (TPS)"),
                            ("release_manager", "Release manager (R&DM)"),
                            ("configuration_manager", "Configuration manager (SACM)"),
                            ("test_manager", "Test manager (SV&T)"),
                            ("knowledge_manager", "Knowledge manager (KM)"),
                            ("service_level_manager", "Service level manager (SLM)"),
                            ("business_relationship_manager", "Business relationship manager (BRM)"),
                            ("csi_manager", "CSI manager"),
                            ("service_owner", "Service owner"),
                            ("business_sponsor", "Business sponsor"),
                            ("technical_manager", "Technical manager"),
                            ("application_manager", "Application manager"),
                            ("support_lead", "Support lead"),
                            ("implementer", "Implementer"),
                            ("requester", "Requester"),
                            ("viewer", "Viewer"),
                            ("pipeline", "Pipeline (machine account)"),
                        ],
                        db_default="service_owner",
                        default="service_owner",
                        help_text="Answers for it; exactly one role does.",
                        max_length=40,
                    ),
                ),
                (
                    "consulted",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("change_manager", "Change manager"),
                                ("cab_member", "CAB member"),
                                ("transition_planner", "Transition planner (TPS)"),
                                ("release_manager", "Release manager (R&DM)"),
                                ("configuration_manager", "Configuration manager (SACM)"),
                                ("test_manager", "Test manager (SV&T)"),
                                ("knowledge_manager", "Knowledge manager (KM)"),
                                ("service_level_manager", "Service level manager (SLM)"),
                                ("business_relationship_manager", "Business relationship manager (BRM)"),
                                ("csi_manager", "CSI manager"),
                                ("service_owner", "Service owner"),
                                ("business_sponsor", "Business sponsor"),
                                ("technical_manager", "Technical manager"),
                                ("application_manager", "Application manager"),
                                ("support_lead", "Support lead"),
                                ("implementer", "Implementer"),
                                ("requester", "Requester"),
                                ("viewer", "Viewer"),
                                ("pipeline", "Pipeline (machine account)"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "informed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("change_manager", "Change manager"),
                                ("cab_member", "CAB member"),
                                ("transition_planner", "Transition planner (TPS)"),
                                ("release_manager", "Release manager (R&DM)"),
                                ("configuration_manager", "Configuration manager (SACM)"),
                                ("test_manager", "Test manager (SV&T)"),
                                ("knowledge_manager", "Knowledge manager (KM)"),
                                ("service_level_manager", "Service level manager (SLM)"),
                                ("business_relationship_manager", "Business relationship manager (BRM)"),
                                ("csi_manager", "CSI manager"),
                                ("service_owner", "Service owner"),
                                ("business_sponsor", "Business sponsor"),
                                ("technical_manager", "Technical manager"),
                                ("application_manager", "Application manager"),
                                ("support_lead", "Support lead"),
                                ("implementer", "Implementer"),
                                ("requester", "Requester"),
                                ("viewer", "Viewer"),
                                ("pipeline", "Pipeline (machine account)"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "period_days",
                    models.PositiveSmallIntegerField(blank=True, help_text="Empty: as required.", null=True),
                ),
                ("period_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("min_runs", models.PositiveSmallIntegerField(default=1)),
                ("max_runs", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("working_days_only", models.BooleanField(default=True)),
                ("time_zone", models.CharField(default="UTC", max_length=63)),
                ("country", models.CharField(blank=True, help_text="For public holidays; empty: none.", max_length=2)),
                ("active_from", models.DateField()),
                (
                    "rhythm_from",
                    models.DateField(
                        blank=True,
                        help_text="Since when this rhythm is promised, where there was another before.",
                        null=True,
                    ),
                ),
                ("resumed_on", models.DateField(blank=True, help_text="No period begins before it.", null=True)),
                (
                    "change_model",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="streams",
                        to="changes.changemodel",
                    ),
                ),
                (
                    "feeds",
                    models.ForeignKey(
                        blank=True,
                        help_text="Hands over to.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="fed_by",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "lag_target_days",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="How soon the fed stream must follow (working days).", null=True
                    ),
                ),
                ("checklist", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("paused", "Paused"), ("ended", "Ended")],
                        default="active",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery stream",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("name"), name="stream_by_words"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "ordinal"), name="stream_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_runs__isnull", True), ("max_runs__gte", models.F("min_runs")), _connector="OR"
                        ),
                        name="stream_min_within_max",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "accountable__in",
                                [
                                    "change_manager",
                                    "cab_member",
                                    "transition_planner",
                                    "release_manager",
                                    "configuration_manager",
                                    "test_manager",
                                    "knowledge_manager",
                                    "service_level_manager",
                                    "business_relationship_manager",
                                    "csi_manager",
                                    "service_owner",
                                    "business_sponsor",
                                    "technical_manager",
                                    "application_manager",
                                    "support_lead",
                                    "implementer",
                                    "requester",
                                    "viewer",
                                    "pipeline",
                                ],
                            )
                        ),
                        name="stream_has_one_accountable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("roles__overlap", models.F("consulted")), _negated=True),
                            models.Q(("roles__overlap", models.F("informed")), _negated=True),
                            models.Q(("consulted__overlap", models.F("informed")), _negated=True),
                        ),
                        name="stream_role_in_one_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period_days__isnull", True), ("period_months__isnull", True), _connector="OR"
                        ),
                        name="stream_days_or_months",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="4114486d8b269a2c7f74edf2dc560478e933da0a",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_dd4b8",
                            table="transition_deliverystream",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="clock_begins",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NEW.state <> 'active' OR (NEW.period_days IS NULL AND NEW.period_months IS NULL) THEN\n        DELETE FROM transition_streamclock WHERE stream_id = NEW.id;\n        RETURN NULL;\n    END IF;\n    INSERT INTO transition_streamclock (stream_id, next_at)\n    SELECT NEW.id, greatest(\n        NEW.active_from::timestamp AT TIME ZONE NEW.time_zone,\n        NEW.resumed_on::timestamp AT TIME ZONE NEW.time_zone,\n        (SELECT max(upper(span)) FROM transition_streamperiod WHERE stream_id = NEW.id))\n    ON CONFLICT (stream_id) DO UPDATE SET next_at = EXCLUDED.next_at;\n    RETURN NULL;\n",
                            hash="6618c54e6773c12b540c109f9fe42875e289b6c9",
                            operation="INSERT",
                            pgid="pgtrigger_clock_begins_ab32a",
                            table="transition_deliverystream",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="clock_is_set",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NEW.state <> 'active' OR (NEW.period_days IS NULL AND NEW.period_months IS NULL) THEN\n        DELETE FROM transition_streamclock WHERE stream_id = NEW.id;\n        RETURN NULL;\n    END IF;\n    INSERT INTO transition_streamclock (stream_id, next_at)\n    SELECT NEW.id, greatest(\n        NEW.active_from::timestamp AT TIME ZONE NEW.time_zone,\n        NEW.resumed_on::timestamp AT TIME ZONE NEW.time_zone,\n        (SELECT max(upper(span)) FROM transition_streamperiod WHERE stream_id = NEW.id))\n    ON CONFLICT (stream_id) DO UPDATE SET next_at = EXCLUDED.next_at;\n    RETURN NULL;\n",
                            hash="7df90f9fe76489b0f7208cf3fdd8e588f5c06226",
                            operation='UPDATE OF "state", "period_days", "period_months", "active_from", "resumed_on", "time_zone"',
                            pgid="pgtrigger_clock_is_set_d2ae3",
                            table="transition_deliverystream",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_deliverystreamevent" ("accountable", "active_from", "change_model_id", "checklist", "consulted", "country", "created_at", "feeds_id", "id", "informed", "kind", "lag_target_days", "max_runs", "min_runs", "name", "ordinal", "owner_id", "period_days", "period_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "resumed_on", "revision", "rhythm_from", "roles", "state", "time_zone", "updated_at", "working_days_only") SELECT new_values."accountable", new_values."active_from", new_values."change_model_id", new_values."checklist", new_values."consulted", new_values."country", new_values."created_at", new_values."feeds_id", new_values."id", new_values."informed", new_values."kind", new_values."lag_target_days", new_values."max_runs", new_values."min_runs", new_values."name", new_values."ordinal", new_values."owner_id", new_values."period_days", new_values."period_months", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."plan_id", new_values."resumed_on", new_values."revision", new_values."rhythm_from", new_values."roles", new_values."state", new_values."time_zone", new_values."updated_at", new_values."working_days_only" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="1615f0a42bf449a7966f536dd41685a9188f54b4",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_6ca80",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_deliverystream",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_deliverystreamevent" ("accountable", "active_from", "change_model_id", "checklist", "consulted", "country", "created_at", "feeds_id", "id", "informed", "kind", "lag_target_days", "max_runs", "min_runs", "name", "ordinal", "owner_id", "period_days", "period_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "resumed_on", "revision", "rhythm_from", "roles", "state", "time_zone", "updated_at", "working_days_only") SELECT new_values."accountable", new_values."active_from", new_values."change_model_id", new_values."checklist", new_values."consulted", new_values."country", new_values."created_at", new_values."feeds_id", new_values."id", new_values."informed", new_values."kind", new_values."lag_target_days", new_values."max_runs", new_values."min_runs", new_values."name", new_values."ordinal", new_values."owner_id", new_values."period_days", new_values."period_months", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."plan_id", new_values."resumed_on", new_values."revision", new_values."rhythm_from", new_values."roles", new_values."state", new_values."time_zone", new_values."updated_at", new_values."working_days_only" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="5bf833ed49e5a8491be88d4b149212e9ae47115a",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_75649",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_deliverystream",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryStreamEvent",
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
                        to="transition.deliverystream",
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
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.transitionplan",
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField(verbose_name="stream number")),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("code", "Code"),
                            ("knowledge", "Knowledge"),
                            ("acceptance_test", "Acceptance"),
                            ("hardware", "Hardware"),
                            ("early_life", "ELS & CSI"),
                        ],
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
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("change_manager", "Change manager"),
                                ("cab_member", "CAB member"),
                                ("transition_planner", "Transition planner (TPS)"),
                                ("release_manager", "Release manager (R&DM)"),
                                ("configuration_manager", "Configuration manager (SACM)"),
                                ("test_manager", "Test manager (SV&T)"),
                                ("knowledge_manager", "Knowledge manager (KM)"),
                                ("service_level_manager", "Service level manager (SLM)"),
                                ("business_relationship_manager", "Business relationship manager (BRM)"),
                                ("csi_manager", "CSI manager"),
                                ("service_owner", "Service owner"),
                                ("business_sponsor", "Business sponsor"),
                                ("technical_manager", "Technical manager"),
                                ("application_manager", "Application manager"),
                                ("support_lead", "Support lead"),
                                ("implementer", "Implementer"),
                                ("requester", "Requester"),
                                ("viewer", "Viewer"),
                                ("pipeline", "Pipeline (machine account)"),
                            ],
                            max_length=40,
                        ),
                        default=list,
                        size=None,
                        verbose_name="responsible",
                    ),
                ),
                (
                    "accountable",
                    models.CharField(
                        choices=[
                            ("change_manager", "Change manager"),
                            ("cab_member", "CAB member"),
                            ("transition_planner", "Transition planner (TPS)"),
                            ("release_manager", "Release manager (R&DM)"),
                            ("configuration_manager", "Configuration manager (SACM)"),
                            ("test_manager", "Test manager (SV&T)"),
                            ("knowledge_manager", "Knowledge manager (KM)"),
                            ("service_level_manager", "Service level manager (SLM)"),
                            ("business_relationship_manager", "Business relationship manager (BRM)"),
                            ("csi_manager", "CSI manager"),
                            ("service_owner", "Service owner"),
                            ("business_sponsor", "Business sponsor"),
                            ("technical_manager", "Technical manager"),
                            ("application_manager", "Application manager"),
                            ("support_lead", "Support lead"),
                            ("implementer", "Implementer"),
                            ("requester", "Requester"),
                            ("viewer", "Viewer"),
                            ("pipeline", "Pipeline (machine account)"),
                        ],
                        db_default="service_owner",
                        default="service_owner",
                        help_text="Answers for it; exactly one role does.",
                        max_length=40,
                    ),
                ),
                (
                    "consulted",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("change_manager", "Change manager"),
                                ("cab_member", "CAB member"),
                                ("transition_planner", "Transition planner (TPS)"),
                                ("release_manager", "Release manager (R&DM)"),
                                ("configuration_manager", "Configuration manager (SACM)"),
                                ("test_manager", "Test manager (SV&T)"),
                                ("knowledge_manager", "Knowledge manager (KM)"),
                                ("service_level_manager", "Service level manager (SLM)"),
                                ("business_relationship_manager", "Business relationship manager (BRM)"),
                                ("csi_manager", "CSI manager"),
                                ("service_owner", "Service owner"),
                                ("business_sponsor", "Business sponsor"),
                                ("technical_manager", "Technical manager"),
                                ("application_manager", "Application manager"),
                                ("support_lead", "Support lead"),
                                ("implementer", "Implementer"),
                                ("requester", "Requester"),
                                ("viewer", "Viewer"),
                                ("pipeline", "Pipeline (machine account)"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "informed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("change_manager", "Change manager"),
                                ("cab_member", "CAB member"),
                                ("transition_planner", "Transition planner (TPS)"),
                                ("release_manager", "Release manager (R&DM)"),
                                ("configuration_manager", "Configuration manager (SACM)"),
                                ("test_manager", "Test manager (SV&T)"),
                                ("knowledge_manager", "Knowledge manager (KM)"),
                                ("service_level_manager", "Service level manager (SLM)"),
                                ("business_relationship_manager", "Business relationship manager (BRM)"),
                                ("csi_manager", "CSI manager"),
                                ("service_owner", "Service owner"),
                                ("business_sponsor", "Business sponsor"),
                                ("technical_manager", "Technical manager"),
                                ("application_manager", "Application manager"),
                                ("support_lead", "Support lead"),
                                ("implementer", "Implementer"),
                                ("requester", "Requester"),
                                ("viewer", "Viewer"),
                                ("pipeline", "Pipeline (machine account)"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "period_days",
                    models.PositiveSmallIntegerField(blank=True, help_text="Empty: as required.", null=True),
                ),
                ("period_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("min_runs", models.PositiveSmallIntegerField(default=1)),
                ("max_runs", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("working_days_only", models.BooleanField(default=True)),
                ("time_zone", models.CharField(default="UTC", max_length=63)),
                ("country", models.CharField(blank=True, help_text="For public holidays; empty: none.", max_length=2)),
                ("active_from", models.DateField()),
                (
                    "rhythm_from",
                    models.DateField(
                        blank=True,
                        help_text="Since when this rhythm is promised, where there was another before.",
                        null=True,
                    ),
                ),
                ("resumed_on", models.DateField(blank=True, help_text="No period begins before it.", null=True)),
                (
                    "change_model",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changemodel",
                    ),
                ),
                (
                    "feeds",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Hands over to.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "lag_target_days",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="How soon the fed stream must follow (working days).", null=True
                    ),
                ),
                ("checklist", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("paused", "Paused"), ("ended", "Ended")],
                        default="active",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Deployment",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="deployments", to="cmdb.service"
                    ),
                ),
                ("environment", models.CharField(max_length=40)),
                ("artifact", models.CharField(max_length=300)),
                ("version", models.CharField(max_length=80)),
                ("artifact_digest", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("commits", models.JSONField(blank=True, default=list)),
                ("pipeline_run", models.CharField(blank=True, max_length=500)),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                (
                    "change",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deployment",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deployment",
                        to="transition.streamrun",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("ask", "Waits for the answer"),
                            ("receipt", "Only tells, and goes on"),
                            ("seen", "Seen, never asked for"),
                        ],
                        db_default="ask",
                        default="ask",
                        max_length=20,
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("authorised", "Authorised"),
                            ("pending", "Pending"),
                            ("refused", "Refused"),
                            ("not_asked", "Never asked for"),
                        ],
                        default="pending",
                        max_length=20,
                    ),
                ),
                (
                    "reasons",
                    models.JSONField(default=list, help_text="Each rule looked at: {rule, asked, found, verdict}."),
                ),
                ("policy_version", models.CharField(blank=True, max_length=120)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("evidence_digest", models.CharField(blank=True, db_default="", default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("authorised", "Authorised"),
                            ("refused", "Refused"),
                            ("running", "Running"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("rolled_back", "Rolled back"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="requested",
                        max_length=20,
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("rolled_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "rolled_back_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("roll_back_reason", models.TextField(blank=True, db_default="", default="")),
                (
                    "requirements",
                    models.ManyToManyField(blank=True, related_name="deployments", to="transition.requirement"),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["service", "environment", "-finished_at"], name="deployment_of_a_service"),
                    models.Index(fields=["state", "-id"], name="deployment_by_state"),
                    models.Index(
                        condition=models.Q(("artifact_digest", ""), _negated=True),
                        fields=["artifact_digest", "environment"],
                        name="deployment_by_digest",
                    ),
                    models.Index(
                        condition=models.Q(("environment", "production"), ("finished_at__isnull", False)),
                        fields=["finished_at"],
                        name="deployment_in_production",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("artifact", "version"), name="deployment_by_words"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="cab49e815c6b7a6fdfa06397a1163a3f11aa3b37",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_8aa18",
                            table="transition_deployment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_deploymentevent" ("artifact", "artifact_digest", "change_id", "commits", "created_at", "decided_at", "decision", "environment", "evidence_digest", "finished_at", "id", "mode", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_run", "policy_version", "reasons", "requested_at", "requested_by_id", "revision", "roll_back_reason", "rolled_back_at", "rolled_back_by_id", "run_id", "service_id", "started_at", "state", "updated_at", "version") SELECT new_values."artifact", new_values."artifact_digest", new_values."change_id", new_values."commits", new_values."created_at", new_values."decided_at", new_values."decision", new_values."environment", new_values."evidence_digest", new_values."finished_at", new_values."id", new_values."mode", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pipeline_run", new_values."policy_version", new_values."reasons", new_values."requested_at", new_values."requested_by_id", new_values."revision", new_values."roll_back_reason", new_values."rolled_back_at", new_values."rolled_back_by_id", new_values."run_id", new_values."service_id", new_values."started_at", new_values."state", new_values."updated_at", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="0252cf2001604af2a4981adc4bf8ff9ed59366ff",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_68e45",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_deployment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_deploymentevent" ("artifact", "artifact_digest", "change_id", "commits", "created_at", "decided_at", "decision", "environment", "evidence_digest", "finished_at", "id", "mode", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_run", "policy_version", "reasons", "requested_at", "requested_by_id", "revision", "roll_back_reason", "rolled_back_at", "rolled_back_by_id", "run_id", "service_id", "started_at", "state", "updated_at", "version") SELECT new_values."artifact", new_values."artifact_digest", new_values."change_id", new_values."commits", new_values."created_at", new_values."decided_at", new_values."decision", new_values."environment", new_values."evidence_digest", new_values."finished_at", new_values."id", new_values."mode", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pipeline_run", new_values."policy_version", new_values."reasons", new_values."requested_at", new_values."requested_by_id", new_values."revision", new_values."roll_back_reason", new_values."rolled_back_at", new_values."rolled_back_by_id", new_values."run_id", new_values."service_id", new_values."started_at", new_values."state", new_values."updated_at", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="1172f2562728f0cdd154a9290a5e63d70c122b18",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b7779",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_deployment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeploymentEvent",
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
                        to="transition.deployment",
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
                ("environment", models.CharField(max_length=40)),
                ("artifact", models.CharField(max_length=300)),
                ("version", models.CharField(max_length=80)),
                ("artifact_digest", models.CharField(blank=True, db_default="", default="", max_length=200)),
                ("commits", models.JSONField(blank=True, default=list)),
                ("pipeline_run", models.CharField(blank=True, max_length=500)),
                (
                    "requested_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                (
                    "change",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.streamrun",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("ask", "Waits for the answer"),
                            ("receipt", "Only tells, and goes on"),
                            ("seen", "Seen, never asked for"),
                        ],
                        db_default="ask",
                        default="ask",
                        max_length=20,
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("authorised", "Authorised"),
                            ("pending", "Pending"),
                            ("refused", "Refused"),
                            ("not_asked", "Never asked for"),
                        ],
                        default="pending",
                        max_length=20,
                    ),
                ),
                (
                    "reasons",
                    models.JSONField(default=list, help_text="Each rule looked at: {rule, asked, found, verdict}."),
                ),
                ("policy_version", models.CharField(blank=True, max_length=120)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("evidence_digest", models.CharField(blank=True, db_default="", default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("authorised", "Authorised"),
                            ("refused", "Refused"),
                            ("running", "Running"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("rolled_back", "Rolled back"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="requested",
                        max_length=20,
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("rolled_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "rolled_back_by",
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
                ("roll_back_reason", models.TextField(blank=True, db_default="", default="")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Devolution",
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
                    "stream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devolutions",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "change_model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devolutions",
                        to="changes.changemodel",
                    ),
                ),
                ("criticality", models.PositiveSmallIntegerField()),
                ("days", models.PositiveSmallIntegerField(default=30, verbose_name="record over (days)")),
                (
                    "min_deployments",
                    models.PositiveSmallIntegerField(default=5, verbose_name="at least so many deployments"),
                ),
                (
                    "max_failed_percent",
                    models.DecimalField(decimal_places=1, default=15, max_digits=4, verbose_name="at most failed (%)"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("granted", "Granted"), ("revoked", "Revoked")], default="granted", max_length=20
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("granted_at", models.DateTimeField()),
                ("granted_on", models.JSONField(default=dict, help_text="The record's figures when it was granted.")),
                ("grant_entry", models.BigIntegerField(verbose_name="ledger entry of the grant")),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("revoked_because", models.CharField(blank=True, max_length=300)),
                (
                    "revoke_entry",
                    models.BigIntegerField(blank=True, null=True, verbose_name="ledger entry of the revocation"),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "granted")),
                        fields=("stream", "change_model", "criticality"),
                        name="one_standing_devolution",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("state", "granted")),
                            models.Q(("revoked_at__isnull", False), ("state", "revoked")),
                            _connector="OR",
                        ),
                        name="revoked_devolution_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days__gte", 1), ("max_failed_percent__lte", 100), ("min_deployments__gte", 1)
                        ),
                        name="devolution_terms",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="6446b795755a047b181f5e2934738ff09b281fa3",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_fb4db",
                            table="transition_devolution",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_devolutionevent" ("change_model_id", "created_at", "criticality", "days", "grant_entry", "granted_at", "granted_by_id", "granted_on", "id", "max_failed_percent", "min_deployments", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "revoke_entry", "revoked_at", "revoked_because", "revoked_by_id", "state", "stream_id", "updated_at") SELECT new_values."change_model_id", new_values."created_at", new_values."criticality", new_values."days", new_values."grant_entry", new_values."granted_at", new_values."granted_by_id", new_values."granted_on", new_values."id", new_values."max_failed_percent", new_values."min_deployments", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."revoke_entry", new_values."revoked_at", new_values."revoked_because", new_values."revoked_by_id", new_values."state", new_values."stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="25c246839773aea7eaf1949e1e041b28404e9aed",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f9c07",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_devolution",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_devolutionevent" ("change_model_id", "created_at", "criticality", "days", "grant_entry", "granted_at", "granted_by_id", "granted_on", "id", "max_failed_percent", "min_deployments", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "revoke_entry", "revoked_at", "revoked_because", "revoked_by_id", "state", "stream_id", "updated_at") SELECT new_values."change_model_id", new_values."created_at", new_values."criticality", new_values."days", new_values."grant_entry", new_values."granted_at", new_values."granted_by_id", new_values."granted_on", new_values."id", new_values."max_failed_percent", new_values."min_deployments", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."revoke_entry", new_values."revoked_at", new_values."revoked_because", new_values."revoked_by_id", new_values."state", new_values."stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="961f04cd8b89fff01a14b00678974697568be1aa",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e36e1",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_devolution",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DevolutionEvent",
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
                        to="transition.devolution",
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
                    "stream",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "change_model",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changemodel",
                    ),
                ),
                ("criticality", models.PositiveSmallIntegerField()),
                ("days", models.PositiveSmallIntegerField(default=30, verbose_name="record over (days)")),
                (
                    "min_deployments",
                    models.PositiveSmallIntegerField(default=5, verbose_name="at least so many deployments"),
                ),
                (
                    "max_failed_percent",
                    models.DecimalField(decimal_places=1, default=15, max_digits=4, verbose_name="at most failed (%)"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("granted", "Granted"), ("revoked", "Revoked")], default="granted", max_length=20
                    ),
                ),
                (
                    "granted_by",
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
                ("granted_at", models.DateTimeField()),
                ("granted_on", models.JSONField(default=dict, help_text="The record's figures when it was granted.")),
                ("grant_entry", models.BigIntegerField(verbose_name="ledger entry of the grant")),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revoked_by",
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
                ("revoked_because", models.CharField(blank=True, max_length=300)),
                (
                    "revoke_entry",
                    models.BigIntegerField(blank=True, null=True, verbose_name="ledger entry of the revocation"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deployment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="transition.deployment"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("figures", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("inconclusive", models.CharField(blank=True, db_default="", default="", max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="Gap",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="gaps", to="cmdb.service"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gaps",
                        to="transition.acceptancereview",
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")], max_length=20
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gaps",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed"), ("risk_accepted", "Risk accepted")],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "pushed_back_by",
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
                "abstract": False,
                "indexes": [
                    models.Index(fields=["service", "state", "severity"], name="gap_of_a_service"),
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("title"), name="gap_by_words"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="6514ad8b3077b1bd2c241b3beeca1368174043ac",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_0de59",
                            table="transition_gap",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_gapevent" ("created_at", "due", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pushed_back_by_id", "review_id", "revision", "service_id", "severity", "state", "title", "updated_at") SELECT new_values."created_at", new_values."due", new_values."id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pushed_back_by_id", new_values."review_id", new_values."revision", new_values."service_id", new_values."severity", new_values."state", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="de90e9610cd5f8b4818430891e108445fee7239b",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5c76d",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_gap",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_gapevent" ("created_at", "due", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pushed_back_by_id", "review_id", "revision", "service_id", "severity", "state", "title", "updated_at") SELECT new_values."created_at", new_values."due", new_values."id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pushed_back_by_id", new_values."review_id", new_values."revision", new_values."service_id", new_values."severity", new_values."state", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="9cc5f15f73d92c3f2d8f1caf98fe8fbab1be5e13",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_44bdf",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_gap",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GapEvent",
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
                        to="transition.gap",
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
                    "review",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.acceptancereview",
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "severity",
                    models.CharField(
                        choices=[("minor", "Minor"), ("major", "Major"), ("critical", "Critical")], max_length=20
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
                ("due", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed"), ("risk_accepted", "Risk accepted")],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "pushed_back_by",
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
            name="Improvement",
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
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="improvements",
                        to="cmdb.service",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("operational", "Operational"), ("tactical", "Tactical"), ("strategic", "Strategic")],
                        default="operational",
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("logged", "Logged"),
                            ("approved", "Approved"),
                            ("doing", "Doing"),
                            ("checking", "Checking"),
                            ("worked", "Worked"),
                            ("did_not_work", "Did not work"),
                            ("dropped", "Dropped"),
                        ],
                        default="logged",
                        max_length=20,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="improvements",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="improvements",
                        to="transition.incident",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="improvements",
                        to="transition.meeting",
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="improvements",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        blank=True, help_text="What is counted, such as missed periods in 30 days.", max_length=200
                    ),
                ),
                ("baseline", models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ("target", models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ("actual", models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ("check_on", models.DateField(blank=True, null=True)),
                (
                    "origin",
                    models.CharField(
                        blank=True, help_text="What proposed it, such as period:17; once.", max_length=100
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("title", "text"), name="improvement_by_words"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("origin", ""), _negated=True),
                        fields=("origin",),
                        name="improvement_proposed_once",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="ac3bff628092d57600055aa79f2914403a74ee39",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_1a995",
                            table="transition_improvement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_improvementevent" ("actual", "baseline", "check_on", "created_at", "follow_up_id", "id", "incident_id", "level", "measure", "meeting_id", "origin", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "state", "target", "text", "title", "updated_at") SELECT new_values."actual", new_values."baseline", new_values."check_on", new_values."created_at", new_values."follow_up_id", new_values."id", new_values."incident_id", new_values."level", new_values."measure", new_values."meeting_id", new_values."origin", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."service_id", new_values."state", new_values."target", new_values."text", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e09bffe98296d6b20802bcdecc065291551be875",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e38f3",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_improvement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_improvementevent" ("actual", "baseline", "check_on", "created_at", "follow_up_id", "id", "incident_id", "level", "measure", "meeting_id", "origin", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "state", "target", "text", "title", "updated_at") SELECT new_values."actual", new_values."baseline", new_values."check_on", new_values."created_at", new_values."follow_up_id", new_values."id", new_values."incident_id", new_values."level", new_values."measure", new_values."meeting_id", new_values."origin", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."service_id", new_values."state", new_values."target", new_values."text", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2560566dfe67e8ab7250fee2b6e6c083c31a7d03",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bb76c",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_improvement",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImprovementEvent",
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
                        to="transition.improvement",
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
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
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
                    "level",
                    models.CharField(
                        choices=[("operational", "Operational"), ("tactical", "Tactical"), ("strategic", "Strategic")],
                        default="operational",
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("logged", "Logged"),
                            ("approved", "Approved"),
                            ("doing", "Doing"),
                            ("checking", "Checking"),
                            ("worked", "Worked"),
                            ("did_not_work", "Did not work"),
                            ("dropped", "Dropped"),
                        ],
                        default="logged",
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
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.incident",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.meeting",
                    ),
                ),
                (
                    "follow_up",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        blank=True, help_text="What is counted, such as missed periods in 30 days.", max_length=200
                    ),
                ),
                ("baseline", models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ("target", models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ("actual", models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ("check_on", models.DateField(blank=True, null=True)),
                (
                    "origin",
                    models.CharField(
                        blank=True, help_text="What proposed it, such as period:17; once.", max_length=100
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Incident",
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
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="cmdb.service",
                    ),
                ),
                (
                    "ci",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=3)),
                ("heightened", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("resolved", "Resolved")], default="open", max_length=20
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("undecided", "Undecided"),
                            ("change", "Caused by a change"),
                            ("not_a_change", "Not a change"),
                        ],
                        default="undecided",
                        max_length=20,
                    ),
                ),
                (
                    "caused_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="caused_incidents",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "cause_decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=60)),
                ("external_key", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["service", "-opened_at"], name="incident_of_a_service"),
                    models.Index(fields=["state", "-id"], name="incident_by_state"),
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("title", "text", "external_key"), name="incident_by_words"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cause", "change"), ("caused_by__isnull", False)),
                            models.Q(("cause", "change"), _negated=True),
                            _connector="OR",
                        ),
                        name="incident_cause_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__range", (1, 5))), name="incident_priority_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_key", ""), _negated=True),
                        fields=("source", "external_key"),
                        name="incident_imported_once",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="2556236916c68adc4c2fdafeba88bddca3c16539",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_38ec7",
                            table="transition_incident",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_incidentevent" ("cause", "cause_decided_by_id", "caused_by_id", "ci_id", "confidential", "created_at", "external_key", "heightened", "id", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reported_by_id", "resolved_at", "revision", "service_id", "source", "state", "text", "title", "updated_at") SELECT new_values."cause", new_values."cause_decided_by_id", new_values."caused_by_id", new_values."ci_id", new_values."confidential", new_values."created_at", new_values."external_key", new_values."heightened", new_values."id", new_values."opened_at", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."priority", new_values."reported_by_id", new_values."resolved_at", new_values."revision", new_values."service_id", new_values."source", new_values."state", new_values."text", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="9ff7da225f32dcf8718614b752b1d531956b3c80",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2f7ed",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_incident",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_incidentevent" ("cause", "cause_decided_by_id", "caused_by_id", "ci_id", "confidential", "created_at", "external_key", "heightened", "id", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "reported_by_id", "resolved_at", "revision", "service_id", "source", "state", "text", "title", "updated_at") SELECT new_values."cause", new_values."cause_decided_by_id", new_values."caused_by_id", new_values."ci_id", new_values."confidential", new_values."created_at", new_values."external_key", new_values."heightened", new_values."id", new_values."opened_at", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."priority", new_values."reported_by_id", new_values."resolved_at", new_values."revision", new_values."service_id", new_values."source", new_values."state", new_values."text", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="4c321bd8284eda8e789f6bb1af9a8a4b8887277e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_1e359",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_incident",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentEvent",
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
                        to="transition.incident",
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
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(blank=True)),
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
                ("priority", models.PositiveSmallIntegerField(default=3)),
                ("heightened", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("resolved", "Resolved")], default="open", max_length=20
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reported_by",
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
                    "cause",
                    models.CharField(
                        choices=[
                            ("undecided", "Undecided"),
                            ("change", "Caused by a change"),
                            ("not_a_change", "Not a change"),
                        ],
                        default="undecided",
                        max_length=20,
                    ),
                ),
                (
                    "caused_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "cause_decided_by",
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
                ("source", models.CharField(blank=True, max_length=60)),
                ("external_key", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ItemMove",
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
                    "replanning",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="transition.replanning"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="transition.deliveryitem"
                    ),
                ),
                (
                    "to_package",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves_in",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "to_stream",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves_in",
                        to="transition.deliverystream",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("replanning", "item"), name="item_moves_once_a_replanning"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("to_package__isnull", False), ("to_stream__isnull", True)),
                            models.Q(("to_package__isnull", True), ("to_stream__isnull", False)),
                            _connector="OR",
                        ),
                        name="item_moves_to_a_package_or_a_stream",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="15b2d84690d32cb0587042f4b0d04c7fc3d8ce72",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_04a0e",
                            table="transition_itemmove",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_itemmoveevent" ("created_at", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replanning_id", "revision", "to_package_id", "to_stream_id", "updated_at") SELECT new_values."created_at", new_values."id", new_values."item_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."replanning_id", new_values."revision", new_values."to_package_id", new_values."to_stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="0e396bd86c5708b76b4d1f198a31d2d4b61336b6",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_663f9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_itemmove",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_itemmoveevent" ("created_at", "id", "item_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replanning_id", "revision", "to_package_id", "to_stream_id", "updated_at") SELECT new_values."created_at", new_values."id", new_values."item_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."replanning_id", new_values."revision", new_values."to_package_id", new_values."to_stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="831cb929bddf948e1b6f6c1a5a340f53beaccbee",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_465e8",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_itemmove",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemMoveEvent",
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
                        to="transition.itemmove",
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
                    "replanning",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.replanning",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliveryitem",
                    ),
                ),
                (
                    "to_package",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "to_stream",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Meeting",
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
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="transition.meetingseries",
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                (
                    "pack",
                    models.JSONField(default=dict, help_text="Sections of lines, each {text, link}, as of `pack_at`."),
                ),
                ("pack_at", models.DateTimeField(blank=True, null=True)),
                ("minutes", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["starts_at"], name="meeting_in_calendar")],
                "constraints": [models.UniqueConstraint(fields=("series", "starts_at"), name="meeting_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="86cf0f9a2e87164ed614bd82539cabfc1a63e87c",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_9ac2c",
                            table="transition_meeting",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_meetingevent" ("created_at", "id", "minutes", "pack", "pack_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "series_id", "starts_at", "updated_at") SELECT new_values."created_at", new_values."id", new_values."minutes", new_values."pack", new_values."pack_at", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."series_id", new_values."starts_at", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="afe7d1fb362f17e53c708b80d9fbafdffd92f70a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_81076",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_meeting",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_meetingevent" ("created_at", "id", "minutes", "pack", "pack_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "series_id", "starts_at", "updated_at") SELECT new_values."created_at", new_values."id", new_values."minutes", new_values."pack", new_values."pack_at", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."series_id", new_values."starts_at", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="840bb71a7e5d894198eb37bf48237fac63cc06d7",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e7b9d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_meeting",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingEvent",
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
                        to="transition.meeting",
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
                    "series",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.meetingseries",
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                (
                    "pack",
                    models.JSONField(default=dict, help_text="Sections of lines, each {text, link}, as of `pack_at`."),
                ),
                ("pack_at", models.DateTimeField(blank=True, null=True)),
                ("minutes", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MeetingSeries",
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="meeting_series", to="cmdb.service"
                    ),
                ),
                ("kind", models.CharField(choices=[("sunrise", "Sunrise"), ("sunset", "Sunset")], max_length=10)),
                ("at", models.TimeField()),
                ("pack_minutes_before", models.PositiveSmallIntegerField(default=30)),
                ("time_zone", models.CharField(default="UTC", max_length=63)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("service", "kind"), name="one_series_of_a_kind")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="b407c3159367d77afcbc9313b9492be68895631f",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_47c8b",
                            table="transition_meetingseries",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_meetingseriesevent" ("active", "at", "created_at", "id", "kind", "pack_minutes_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "time_zone", "updated_at") SELECT new_values."active", new_values."at", new_values."created_at", new_values."id", new_values."kind", new_values."pack_minutes_before", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."service_id", new_values."time_zone", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="051a77a703c44889dda1d2bdbd23ad401e43b2fb",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_929f0",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_meetingseries",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_meetingseriesevent" ("active", "at", "created_at", "id", "kind", "pack_minutes_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "time_zone", "updated_at") SELECT new_values."active", new_values."at", new_values."created_at", new_values."id", new_values."kind", new_values."pack_minutes_before", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."service_id", new_values."time_zone", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e76468aef3e4ff41000df3e3209891f32654f194",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_2f583",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_meetingseries",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingSeriesEvent",
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
                        to="transition.meetingseries",
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
                ("kind", models.CharField(choices=[("sunrise", "Sunrise"), ("sunset", "Sunset")], max_length=10)),
                ("at", models.TimeField()),
                ("pack_minutes_before", models.PositiveSmallIntegerField(default=30)),
                ("time_zone", models.CharField(default="UTC", max_length=63)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Need",
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
                    "stream",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="needs",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "fed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="handed_over",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "ci",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="needs", to="cmdb.configurationitem"
                    ),
                ),
                ("arisen_at", models.DateTimeField()),
                ("due", models.DateField(blank=True, help_text="Empty: nothing was agreed.", null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("met", "Met"), ("void", "No longer needed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(fields=["stream", "arisen_at"], name="need_of_a_stream"),
                    models.Index(
                        condition=models.Q(("escalated_at__isnull", True), ("state", "open")),
                        fields=["due"],
                        name="need_to_escalate",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("stream", "ci"), name="need_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("ended_at__gte", models.F("arisen_at"))
                            ),
                            _connector="OR",
                        ),
                        name="need_ends_when_closed",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="7c1708b7e67f96d324a2f1d1ac0fae4eef31ed58",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_06f44",
                            table="transition_need",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_needevent" ("arisen_at", "ci_id", "created_at", "due", "ended_at", "escalated_at", "fed_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "state", "stream_id", "updated_at") SELECT new_values."arisen_at", new_values."ci_id", new_values."created_at", new_values."due", new_values."ended_at", new_values."escalated_at", new_values."fed_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."state", new_values."stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="4e193b3455335007124afa7655d5e27911938907",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7d1f9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_need",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_needevent" ("arisen_at", "ci_id", "created_at", "due", "ended_at", "escalated_at", "fed_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "state", "stream_id", "updated_at") SELECT new_values."arisen_at", new_values."ci_id", new_values."created_at", new_values."due", new_values."ended_at", new_values."escalated_at", new_values."fed_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."state", new_values."stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="1ff62544a3d5f2747fed092930bafaf3c93f3a1d",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d3957",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_need",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NeedEvent",
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
                        to="transition.need",
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
                    "stream",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "fed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
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
                    ),
                ),
                ("arisen_at", models.DateTimeField()),
                ("due", models.DateField(blank=True, help_text="Empty: nothing was agreed.", null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("met", "Met"), ("void", "No longer needed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NonFunctionalTarget",
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
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nfr_targets",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="targets", to="transition.requirement"
                    ),
                ),
                ("target_percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("attained_percent", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("package", "requirement"), name="one_target_a_package"),
                    models.CheckConstraint(
                        condition=models.Q(("target_percent__range", (0, 100))), name="target_is_a_percentage"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="fc766394cd5df4b441424da5f7325d693e328f5d",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_baa4c",
                            table="transition_nonfunctionaltarget",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_nonfunctionaltargetevent" ("attained_percent", "created_at", "id", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requirement_id", "revision", "target_percent", "updated_at") SELECT new_values."attained_percent", new_values."created_at", new_values."id", new_values."package_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."requirement_id", new_values."revision", new_values."target_percent", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="cf1240d33f469ed0fc95092ed8ccc95882613821",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_70071",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_nonfunctionaltarget",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_nonfunctionaltargetevent" ("attained_percent", "created_at", "id", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requirement_id", "revision", "target_percent", "updated_at") SELECT new_values."attained_percent", new_values."created_at", new_values."id", new_values."package_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."requirement_id", new_values."revision", new_values."target_percent", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="5535ae1b99e89124e855182cbf486cf8db94d890",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_37f44",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_nonfunctionaltarget",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NonFunctionalTargetEvent",
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
                        to="transition.nonfunctionaltarget",
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
                    "package",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.requirement",
                    ),
                ),
                ("target_percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("attained_percent", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PipelineEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=400)),
                ("event_id", models.CharField(max_length=200, verbose_name="event's id")),
                ("type", models.CharField(max_length=250)),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("occurred_at", models.DateTimeField(null=True)),
                ("payload", models.JSONField()),
                (
                    "origin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="received",
                        to="transition.pipelinesource",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("received_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("lane", models.CharField(max_length=32)),
                ("known_as", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("applied", "Applied"),
                            ("kept", "Kept only"),
                            ("parked", "Parked"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("processed_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=1000)),
                ("effects", models.JSONField(default=list, help_text="What became of it: {text, kind, id, number}.")),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pipeline_events",
                        to="cmdb.service",
                    ),
                ),
            ],
            options={
                "verbose_name": "pipeline event",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["id"], name="pipeline_event_waiting"
                    ),
                    models.Index(condition=models.Q(("state", "parked")), fields=["-id"], name="pipeline_event_parked"),
                    models.Index(
                        condition=models.Q(("service", None), _negated=True),
                        fields=["service", "-id"],
                        name="pipeline_event_of_a_service",
                    ),
                    models.Index(fields=["type", "-id"], name="pipeline_event_by_type"),
                    models.Index(fields=["received_at"], name="pipeline_event_age"),
                ],
                "constraints": [models.UniqueConstraint(fields=("source", "event_id"), name="pipeline_event_once")],
            },
        ),
        migrations.CreateModel(
            name="PipelineProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "event",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="proof",
                        to="transition.pipelineevent",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proofs", to="cmdb.service"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("outcome", models.CharField(max_length=20)),
                ("environment", models.CharField(blank=True, max_length=300)),
                (
                    "runs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500), default=list, size=None
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["runs"], name="proof_by_run")],
            },
        ),
        migrations.CreateModel(
            name="PipelineSource",
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
                    "kind",
                    models.CharField(
                        choices=[("github", "GitHub"), ("gitlab", "GitLab"), ("cdevents", "CDEvents")], max_length=20
                    ),
                ),
                (
                    "environments",
                    models.JSONField(blank=True, default=dict, help_text="What it calls an environment: our name."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("disabled", "Disabled")], default="active", max_length=20
                    ),
                ),
                ("secret", models.TextField(blank=True)),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "source of pipeline events",
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="e4c088fd9b87dc40717ba402290555e739c9f037",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_2ea6e",
                            table="transition_pipelinesource",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_pipelinesourceevent" ("created_at", "environments", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rotated_at", "state", "updated_at") SELECT new_values."created_at", new_values."environments", new_values."id", new_values."kind", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."rotated_at", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="7ee2bde2e2093f4a1257b19e7b8d24c74e4f6a85",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_14250",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_pipelinesource",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_pipelinesourceevent" ("created_at", "environments", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rotated_at", "state", "updated_at") SELECT new_values."created_at", new_values."environments", new_values."id", new_values."kind", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."rotated_at", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."environments" IS DISTINCT FROM (new_values."environments") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."revision" IS DISTINCT FROM (new_values."revision") OR old_values."rotated_at" IS DISTINCT FROM (new_values."rotated_at") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."updated_at" IS DISTINCT FROM (new_values."updated_at")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2592b00a7ba96e59e0df77f7a83ab17ddbf95c22",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_661d6",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_pipelinesource",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PipelineSourceEvent",
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
                        to="transition.pipelinesource",
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
                    "kind",
                    models.CharField(
                        choices=[("github", "GitHub"), ("gitlab", "GitLab"), ("cdevents", "CDEvents")], max_length=20
                    ),
                ),
                (
                    "environments",
                    models.JSONField(blank=True, default=dict, help_text="What it calls an environment: our name."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("disabled", "Disabled")], default="active", max_length=20
                    ),
                ),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReleasePackage",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packages",
                        to="transition.transitionplan",
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("target_date", models.DateField()),
                ("els_days", models.PositiveSmallIntegerField(default=5, verbose_name="early life support (days)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("building", "Building"),
                            ("accepted", "Accepted"),
                            ("deployed", "Deployed"),
                            ("early_life", "Early life"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("deployed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "sliced_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slices",
                        to="transition.releasepackage",
                    ),
                ),
            ],
            options={
                "verbose_name": "release package",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("name"), name="package_by_words"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("plan", "ordinal"), name="package_ordinal_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="885271c2bba8085d344d3e81e65ff214c2ca5591",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_3052a",
                            table="transition_releasepackage",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_releasepackageevent" ("created_at", "deployed_at", "els_days", "id", "name", "ordinal", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "revision", "sliced_from_id", "state", "target_date", "updated_at") SELECT new_values."created_at", new_values."deployed_at", new_values."els_days", new_values."id", new_values."name", new_values."ordinal", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."plan_id", new_values."revision", new_values."sliced_from_id", new_values."state", new_values."target_date", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="c45707da324d9dbd25d8dd8c02c77da54008f409",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_fb19a",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_releasepackage",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_releasepackageevent" ("created_at", "deployed_at", "els_days", "id", "name", "ordinal", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "revision", "sliced_from_id", "state", "target_date", "updated_at") SELECT new_values."created_at", new_values."deployed_at", new_values."els_days", new_values."id", new_values."name", new_values."ordinal", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."plan_id", new_values."revision", new_values."sliced_from_id", new_values."state", new_values."target_date", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="6fbcf8d25de054508e0ed7e2a04f770b1dc5ec57",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e8982",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_releasepackage",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReleasePackageEvent",
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
                        to="transition.releasepackage",
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
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.transitionplan",
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("target_date", models.DateField()),
                ("els_days", models.PositiveSmallIntegerField(default=5, verbose_name="early life support (days)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("building", "Building"),
                            ("accepted", "Accepted"),
                            ("deployed", "Deployed"),
                            ("early_life", "Early life"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("deployed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "sliced_from",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.releasepackage",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Replanning",
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
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replannings",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("slices", "Cut into smaller packages"), ("streams", "Went over into streams")],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
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
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "undone_by",
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
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="0c5ef8f3aea12f93752c7241726dd67ccc0c3260",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_7dc01",
                            table="transition_replanning",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_replanningevent" ("by_id", "created_at", "id", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "undone_at", "undone_by_id", "updated_at", "way") SELECT new_values."by_id", new_values."created_at", new_values."id", new_values."package_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."undone_at", new_values."undone_by_id", new_values."updated_at", new_values."way" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2d72213c5c083ea1110cb993014beff6b9f36ba2",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_88c2f",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_replanning",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_replanningevent" ("by_id", "created_at", "id", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "undone_at", "undone_by_id", "updated_at", "way") SELECT new_values."by_id", new_values."created_at", new_values."id", new_values."package_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."undone_at", new_values."undone_by_id", new_values."updated_at", new_values."way" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="83bad3fa637e68b4c10bb1b1f03a749161336c9e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d8601",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_replanning",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplanningEvent",
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
                        to="transition.replanning",
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
                    "package",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.releasepackage",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("slices", "Cut into smaller packages"), ("streams", "Went over into streams")],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "by",
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
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "undone_by",
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
            name="Requirement",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="transition.transitionplan",
                    ),
                ),
                (
                    "ci",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirement",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("text", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("functional", "Functional"), ("non_functional", "Non-functional")],
                        default="functional",
                        max_length=20,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=3)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("built", "Built"),
                            ("deployed", "Deployed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="changes.changeproposal",
                    ),
                ),
                (
                    "source_document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
                ("built_at", models.DateTimeField(blank=True, null=True)),
                ("deployed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("code", "text"), name="requirement_by_words"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("plan", "code"), name="requirement_code_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="89158e04157054ecabc0a29612bf2c78bd9bcb78",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_090da",
                            table="transition_requirement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_requirementevent" ("built_at", "ci_id", "code", "created_at", "deployed_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "priority", "proposal_id", "revision", "source_document_id", "status", "text", "updated_at") SELECT new_values."built_at", new_values."ci_id", new_values."code", new_values."created_at", new_values."deployed_at", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."plan_id", new_values."priority", new_values."proposal_id", new_values."revision", new_values."source_document_id", new_values."status", new_values."text", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="0e41f370aa51f03cd9b2fdc54c2fc6ba227224ae",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7d14c",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_requirement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_requirementevent" ("built_at", "ci_id", "code", "created_at", "deployed_at", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_id", "priority", "proposal_id", "revision", "source_document_id", "status", "text", "updated_at") SELECT new_values."built_at", new_values."ci_id", new_values."code", new_values."created_at", new_values."deployed_at", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."plan_id", new_values."priority", new_values."proposal_id", new_values."revision", new_values."source_document_id", new_values."status", new_values."text", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="a15f91f8a0bb59688b423ac5c3dd7fcc7a503e98",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9339d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_requirement",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequirementEvent",
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
                        to="transition.requirement",
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
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.transitionplan",
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
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("text", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("functional", "Functional"), ("non_functional", "Non-functional")],
                        default="functional",
                        max_length=20,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=3)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("built", "Built"),
                            ("deployed", "Deployed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changeproposal",
                    ),
                ),
                (
                    "source_document",
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
                ("built_at", models.DateTimeField(blank=True, null=True)),
                ("deployed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RiskAcceptance",
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
                    "gap",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="risk_acceptances",
                        to="transition.gap",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("until", models.DateTimeField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("ledger_sequence", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="risk_acceptance_says_why"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="ad9e36ac3258583d0677c035d538092c02332c54",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_a84e4",
                            table="transition_riskacceptance",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_riskacceptanceevent" ("at", "by_id", "created_at", "gap_id", "id", "ledger_sequence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "until", "updated_at") SELECT new_values."at", new_values."by_id", new_values."created_at", new_values."gap_id", new_values."id", new_values."ledger_sequence", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."until", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f9e0b46370d717580f7e9421e3d43cc1e642cc0b",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7eebc",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_riskacceptance",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_riskacceptanceevent" ("at", "by_id", "created_at", "gap_id", "id", "ledger_sequence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "until", "updated_at") SELECT new_values."at", new_values."by_id", new_values."created_at", new_values."gap_id", new_values."id", new_values."ledger_sequence", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."until", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="8a11625d0998f2fa2cc65fa077914dbf116f9dc9",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b1246",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_riskacceptance",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskAcceptanceEvent",
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
                        to="transition.riskacceptance",
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
                    "gap",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.gap",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("until", models.DateTimeField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("ledger_sequence", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Shift",
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
                ("days", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "stream",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shifts",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("change_manager", "Change manager"),
                            ("cab_member", "CAB member"),
                            ("transition_planner", "Transition planner (TPS)"),
                            ("release_manager", "Release manager (R&DM)"),
                            ("configuration_manager", "Configuration manager (SACM)"),
                            ("test_manager", "Test manager (SV&T)"),
                            ("knowledge_manager", "Knowledge manager (KM)"),
                            ("service_level_manager", "Service level manager (SLM)"),
                            ("business_relationship_manager", "Business relationship manager (BRM)"),
                            ("csi_manager", "CSI manager"),
                            ("service_owner", "Service owner"),
                            ("business_sponsor", "Business sponsor"),
                            ("technical_manager", "Technical manager"),
                            ("application_manager", "Application manager"),
                            ("support_lead", "Support lead"),
                            ("implementer", "Implementer"),
                            ("requester", "Requester"),
                            ("viewer", "Viewer"),
                            ("pipeline", "Pipeline (machine account)"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shifts", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days__isempty", False), ("days__lower_inf", False), ("days__upper_inf", False)
                        ),
                        name="shift_is_bounded",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("stream", "="), ("role", "="), ("user", "="), ("days", "&&")],
                        name="in_a_shift_once_at_a_time",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="f83d020a362cf8acabc910a1ffed96b9855ad8f9",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_c49f2",
                            table="transition_shift",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_shiftevent" ("created_at", "days", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "role", "stream_id", "updated_at", "user_id") SELECT new_values."created_at", new_values."days", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."role", new_values."stream_id", new_values."updated_at", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="765b279e54b0f6b9011e42430064e3b59faf9703",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_68390",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_shift",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_shiftevent" ("created_at", "days", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "role", "stream_id", "updated_at", "user_id") SELECT new_values."created_at", new_values."days", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."role", new_values."stream_id", new_values."updated_at", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."days" IS DISTINCT FROM (new_values."days") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."revision" IS DISTINCT FROM (new_values."revision") OR old_values."updated_at" IS DISTINCT FROM (new_values."updated_at") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="df3423c1436b5da494343549822f9e16a2b195bd",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_6ff0d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_shift",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_shiftevent" ("created_at", "days", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "role", "stream_id", "updated_at", "user_id") SELECT old_values."created_at", old_values."days", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."role", old_values."stream_id", old_values."updated_at", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="e32e220ce04a204c6979f4c40f52769d4bf633aa",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_657c9",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="transition_shift",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftEvent",
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
                        to="transition.shift",
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
                ("days", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "stream",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("change_manager", "Change manager"),
                            ("cab_member", "CAB member"),
                            ("transition_planner", "Transition planner (TPS)"),
                            ("release_manager", "Release manager (R&DM)"),
                            ("configuration_manager", "Configuration manager (SACM)"),
                            ("test_manager", "Test manager (SV&T)"),
                            ("knowledge_manager", "Knowledge manager (KM)"),
                            ("service_level_manager", "Service level manager (SLM)"),
                            ("business_relationship_manager", "Business relationship manager (BRM)"),
                            ("csi_manager", "CSI manager"),
                            ("service_owner", "Service owner"),
                            ("business_sponsor", "Business sponsor"),
                            ("technical_manager", "Technical manager"),
                            ("application_manager", "Application manager"),
                            ("support_lead", "Support lead"),
                            ("implementer", "Implementer"),
                            ("requester", "Requester"),
                            ("viewer", "Viewer"),
                            ("pipeline", "Pipeline (machine account)"),
                        ],
                        max_length=40,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
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
            name="SourceName",
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
                        related_name="names",
                        to="transition.pipelinesource",
                    ),
                ),
                ("external", models.CharField(max_length=300)),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pipeline_names", to="cmdb.service"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [models.UniqueConstraint(fields=("source", "external"), name="name_of_a_source_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="e0ffc0ae9d83129fd6dfc06c285129911da15f66",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_f940f",
                            table="transition_sourcename",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_sourcenameevent" ("created_at", "external", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "source_id", "updated_at") SELECT new_values."created_at", new_values."external", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."service_id", new_values."source_id", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="d2bf01a414fff694b47e7a36b4a4d1f2e6f45669",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_967ac",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_sourcename",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_sourcenameevent" ("created_at", "external", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "service_id", "source_id", "updated_at") SELECT new_values."created_at", new_values."external", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."service_id", new_values."source_id", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="81ea330a6af92c6490f8bc365b0ef5715eeef0f3",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_7609a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_sourcename",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceNameEvent",
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
                        to="transition.sourcename",
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
                        to="transition.pipelinesource",
                    ),
                ),
                ("external", models.CharField(max_length=300)),
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StreamPeriod",
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
                    "stream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="periods",
                        to="transition.deliverystream",
                    ),
                ),
                ("span", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("expected_min", models.PositiveSmallIntegerField()),
                ("expected_max", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("met", "Met"),
                            ("missed", "Missed"),
                            ("excess", "Excess"),
                            ("not_expected", "Not expected"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "stream period",
                "abstract": False,
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["stream"], name="period_open"),
                    models.Index(
                        django.db.models.functions.text.Upper("span"),
                        condition=models.Q(("state", "open")),
                        name="period_ends",
                    ),
                    models.Index(fields=["state", "-id"], name="period_by_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("span__isempty", False), ("span__lower_inf", False), ("span__upper_inf", False)
                        ),
                        name="period_span_is_bounded",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("stream", "="), ("span", "&&")], name="periods_of_a_stream_do_not_overlap"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="461588f2f74b784a7ff157b26bdae070132bc5d7",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_e707a",
                            table="transition_streamperiod",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_streamperiodevent" ("closed_at", "created_at", "expected_max", "expected_min", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "span", "state", "stream_id", "updated_at") SELECT new_values."closed_at", new_values."created_at", new_values."expected_max", new_values."expected_min", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."span", new_values."state", new_values."stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="dad5a2cb578f1ddcf076f8eafba72d0354a7de1f",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_23b55",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_streamperiod",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_streamperiodevent" ("closed_at", "created_at", "expected_max", "expected_min", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "span", "state", "stream_id", "updated_at") SELECT new_values."closed_at", new_values."created_at", new_values."expected_max", new_values."expected_min", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."span", new_values."state", new_values."stream_id", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="564c38b117e072154d59b02a74b71c6e1ef2a806",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_e1464",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_streamperiod",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StreamPeriodEvent",
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
                        to="transition.streamperiod",
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
                    "stream",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
                    ),
                ),
                ("span", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("expected_min", models.PositiveSmallIntegerField()),
                ("expected_max", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("met", "Met"),
                            ("missed", "Missed"),
                            ("excess", "Excess"),
                            ("not_expected", "Not expected"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StreamRun",
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
                    "stream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="runs", to="transition.deliverystream"
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="runs",
                        to="transition.streamperiod",
                    ),
                ),
                ("at", models.DateTimeField()),
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
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "Done"), ("with_issues", "Done with issues"), ("failed", "Failed")],
                        default="done",
                        max_length=20,
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("evidence", models.JSONField(blank=True, default=dict)),
                (
                    "origin",
                    models.CharField(
                        blank=True, help_text="What recorded it, such as deployment:17; once.", max_length=100
                    ),
                ),
            ],
            options={
                "verbose_name": "run",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["stream", "at"], name="run_by_time"),
                    models.Index(fields=["at"], name="run_in_calendar"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("origin", ""), _negated=True),
                        fields=("stream", "origin"),
                        name="run_of_an_origin_once",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="0e121b0999b957bf80cb78a6a858fee73748ddc7",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_df53d",
                            table="transition_streamrun",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_streamrunevent" ("at", "by_id", "created_at", "evidence", "id", "origin", "outcome", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "stream_id", "summary", "updated_at") SELECT new_values."at", new_values."by_id", new_values."created_at", new_values."evidence", new_values."id", new_values."origin", new_values."outcome", new_values."period_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."stream_id", new_values."summary", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="3f32efd486c5f90fadea4687f5eec6b5d2064164",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_65cb1",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_streamrun",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_streamrunevent" ("at", "by_id", "created_at", "evidence", "id", "origin", "outcome", "period_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "stream_id", "summary", "updated_at") SELECT new_values."at", new_values."by_id", new_values."created_at", new_values."evidence", new_values."id", new_values."origin", new_values."outcome", new_values."period_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."stream_id", new_values."summary", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="edcbf804008da8365dee146c6640175e0b2b09f8",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_405a9",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_streamrun",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StreamRunEvent",
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
                        to="transition.streamrun",
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
                    "stream",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.streamperiod",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
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
                    "outcome",
                    models.CharField(
                        choices=[("done", "Done"), ("with_issues", "Done with issues"), ("failed", "Failed")],
                        default="done",
                        max_length=20,
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("evidence", models.JSONField(blank=True, default=dict)),
                (
                    "origin",
                    models.CharField(
                        blank=True, help_text="What recorded it, such as deployment:17; once.", max_length=100
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Suspect",
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
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="suspects", to="transition.incident"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suspected_in",
                        to="changes.changerequest",
                    ),
                ),
                ("score", models.DecimalField(decimal_places=3, max_digits=4)),
                ("reasons", models.JSONField(default=list)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("open", "Open"), ("confirmed", "Confirmed"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "change"), name="suspected_once"),
                    models.CheckConstraint(condition=models.Q(("score__range", (0, 1))), name="suspect_score_range"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="08a6342367ea52397eaf31e68ae7215350746262",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_e82d7",
                            table="transition_suspect",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_suspectevent" ("change_id", "created_at", "id", "incident_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "revision", "score", "updated_at", "verdict") SELECT new_values."change_id", new_values."created_at", new_values."id", new_values."incident_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reasons", new_values."revision", new_values."score", new_values."updated_at", new_values."verdict" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="a9bfbb176dadb43ba29cfdd40e2fcd9ab8968ed6",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f6ed1",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_suspect",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_suspectevent" ("change_id", "created_at", "id", "incident_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "revision", "score", "updated_at", "verdict") SELECT new_values."change_id", new_values."created_at", new_values."id", new_values."incident_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reasons", new_values."revision", new_values."score", new_values."updated_at", new_values."verdict" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="ac316e29bb1d116437dd51a2de44d0b5bb0fe2ae",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_957fe",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_suspect",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuspectEvent",
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
                        to="transition.suspect",
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
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="transition.incident",
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
                ("score", models.DecimalField(decimal_places=3, max_digits=4)),
                ("reasons", models.JSONField(default=list)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("open", "Open"), ("confirmed", "Confirmed"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TransitionPlan",
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
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plan", to="cmdb.service"
                    ),
                ),
                (
                    "style",
                    models.CharField(
                        choices=[("packages", "Packages"), ("streams", "Streams"), ("hybrid", "Hybrid")],
                        default="hybrid",
                        max_length=20,
                    ),
                ),
                ("strategy", models.TextField(blank=True)),
                (
                    "policy_name",
                    models.CharField(
                        blank=True, help_text="The policy for this service's deployments.", max_length=120
                    ),
                ),
            ],
            options={
                "verbose_name": "transition plan",
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="562b6fd0500ed94a3e8228bcb5ff35a0f6e735ba",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_5c5bf",
                            table="transition_transitionplan",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_transitionplanevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_name", "revision", "service_id", "strategy", "style", "updated_at") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."policy_name", new_values."revision", new_values."service_id", new_values."strategy", new_values."style", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="5b72c893f15f6a69c6719aaeb1feff6881ae55a4",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a788e",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_transitionplan",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_transitionplanevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_name", "revision", "service_id", "strategy", "style", "updated_at") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."policy_name", new_values."revision", new_values."service_id", new_values."strategy", new_values."style", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="8f06fae772d97a22d2716df16116480b403841e8",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_1fc58",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_transitionplan",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransitionPlanEvent",
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
                        to="transition.transitionplan",
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
                    "style",
                    models.CharField(
                        choices=[("packages", "Packages"), ("streams", "Streams"), ("hybrid", "Hybrid")],
                        default="hybrid",
                        max_length=20,
                    ),
                ),
                ("strategy", models.TextField(blank=True)),
                (
                    "policy_name",
                    models.CharField(
                        blank=True, help_text="The policy for this service's deployments.", max_length=120
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="UncoveredDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stream",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uncovered_days",
                        to="transition.deliverystream",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("change_manager", "Change manager"),
                            ("cab_member", "CAB member"),
                            ("transition_planner", "Transition planner (TPS)"),
                            ("release_manager", "Release manager (R&DM)"),
                            ("configuration_manager", "Configuration manager (SACM)"),
                            ("test_manager", "Test manager (SV&T)"),
                            ("knowledge_manager", "Knowledge manager (KM)"),
                            ("service_level_manager", "Service level manager (SLM)"),
                            ("business_relationship_manager", "Business relationship manager (BRM)"),
                            ("csi_manager", "CSI manager"),
                            ("service_owner", "Service owner"),
                            ("business_sponsor", "Business sponsor"),
                            ("technical_manager", "Technical manager"),
                            ("application_manager", "Application manager"),
                            ("support_lead", "Support lead"),
                            ("implementer", "Implementer"),
                            ("requester", "Requester"),
                            ("viewer", "Viewer"),
                            ("pipeline", "Pipeline (machine account)"),
                        ],
                        max_length=40,
                    ),
                ),
                ("day", models.DateField()),
                ("found_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("stream", "role", "day"), name="uncovered_day_once")],
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                ("days", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [django.contrib.postgres.indexes.GistIndex(fields=["days"], name="absence_by_days")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days__isempty", False), ("days__lower_inf", False), ("days__upper_inf", False)
                        ),
                        name="absence_is_bounded",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("user", "="), ("days", "&&")], name="absent_once_at_a_time"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="afb2e366b281d7246360971ff8d040827502977b",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_7644d",
                            table="transition_absence",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_absenceevent" ("created_at", "days", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at", "user_id") SELECT new_values."created_at", new_values."days", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."updated_at", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="be0e88b5280df37240e2c0ea450b9def2df386ec",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a2383",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="transition_absence",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_absenceevent" ("created_at", "days", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at", "user_id") SELECT new_values."created_at", new_values."days", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."updated_at", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="265c6307dcf3a37df99bddf480912d87fe10ea61",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_db488",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="transition_absence",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "transition_absenceevent" ("created_at", "days", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at", "user_id") SELECT old_values."created_at", old_values."days", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."revision", old_values."updated_at", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="ab3b62dafe1235d7d0744f8988e103489a907fdd",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_50a42",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="transition_absence",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AbsenceEvent",
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
                        to="transition.absence",
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
                ("days", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
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
            name="StreamClock",
            fields=[
                (
                    "stream",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="clock",
                        serialize=False,
                        to="transition.deliverystream",
                    ),
                ),
                ("next_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
