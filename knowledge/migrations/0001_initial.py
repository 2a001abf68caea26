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
        ("cmdb", "0001_initial"),
        ("kernel", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_test", "In test"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        blank=True, help_text="For whom it is: support, operations, users.", max_length=60
                    ),
                ),
                ("review_due", models.DateField(blank=True, null=True)),
                (
                    "ci",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="article", to="cmdb.configurationitem"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "current",
                    models.ForeignKey(
                        help_text="The version being worked on.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledge.articleversion",
                    ),
                ),
                (
                    "published",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="knowledge.articleversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state"], name="article_by_state"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("title"), name="gin_trgm_ops"
                        ),
                        name="article_title_words",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("title"), name="article_by_words"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published__isnull", False),
                            _connector="OR",
                        ),
                        name="published_has_a_version",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="07d86b942cbde6126ee1a01b7e3599ba47bb0152",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_5e560",
                            table="knowledge_article",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="published_was_tested",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NEW."published_id" IS NOT NULL)',
                            func="\n                    IF NOT EXISTS (SELECT 1 FROM knowledge_articletest t\n                                   WHERE t.version_id = NEW.published_id AND t.result = 'passed') THEN\n                        RAISE EXCEPTION 'version % has no passed test', NEW.published_id\n                            USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="da17313b2578de7336bdc36964f08b4a172cd7f9",
                            operation="UPDATE OR INSERT",
                            pgid="pgtrigger_published_was_tested_0b070",
                            table="knowledge_article",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "knowledge_articleevent" ("audience", "ci_id", "created_at", "current_id", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_id", "review_due", "revision", "state", "title", "updated_at") SELECT new_values."audience", new_values."ci_id", new_values."created_at", new_values."current_id", new_values."id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."published_id", new_values."review_due", new_values."revision", new_values."state", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="a7c8605550096308c255c8e70eae02cb4594e6f2",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e52aa",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="knowledge_article",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "knowledge_articleevent" ("audience", "ci_id", "created_at", "current_id", "id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_id", "review_due", "revision", "state", "title", "updated_at") SELECT new_values."audience", new_values."ci_id", new_values."created_at", new_values."current_id", new_values."id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."published_id", new_values."review_due", new_values."revision", new_values."state", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f5294955a1999baa514a3d893f198584d1ce36aa",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_020d0",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="knowledge_article",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("body", models.TextField(help_text="Markdown.")),
                ("written_at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="knowledge.article"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("body"), name="article_body_by_words"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("article", "version"), name="article_version_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "knowledge_articleversionevent" ("article_id", "author_id", "body", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version", "written_at") SELECT new_values."article_id", new_values."author_id", new_values."body", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."version", new_values."written_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="77fd25e7e329f1d25a378864a6ee394b39bfa607",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e8865",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="knowledge_articleversion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "knowledge_articleversionevent" ("article_id", "author_id", "body", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version", "written_at") SELECT new_values."article_id", new_values."author_id", new_values."body", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."version", new_values."written_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="1d7d4c9b6e9e9a8de1f84170956f343badeab113",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_34655",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="knowledge_articleversion",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("helpful", models.BooleanField()),
                ("comment", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="feedback", to="knowledge.article"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArticleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_test", "In test"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        blank=True, help_text="For whom it is: support, operations, users.", max_length=60
                    ),
                ),
                ("review_due", models.DateField(blank=True, null=True)),
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
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="knowledge.article",
                    ),
                ),
                (
                    "current",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="The version being worked on.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="knowledge.articleversion",
                    ),
                ),
                (
                    "published",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="knowledge.articleversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArticleTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("environment", models.CharField(blank=True, max_length=60)),
                ("result", models.CharField(choices=[("passed", "Passed"), ("failed", "Failed")], max_length=10)),
                ("notes", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "tester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="article_tests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tests", to="knowledge.articleversion"
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="tester_is_not_the_author",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n                    IF EXISTS (SELECT 1 FROM knowledge_articleversion v\n                               WHERE v.id = NEW.version_id AND v.author_id = NEW.tester_id) THEN\n                        RAISE EXCEPTION 'the author cannot test the article' USING ERRCODE = 'check_violation';\n                    END IF;\n                    RETURN NEW;\n                ",
                            hash="75df6cb3ae52010ae13675391b5bdd17f136821d",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_tester_is_not_the_author_1bc22",
                            table="knowledge_articletest",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArticleVersionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("body", models.TextField(help_text="Markdown.")),
                ("written_at", models.DateTimeField()),
                (
                    "article",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="knowledge.article",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="knowledge.articleversion",
                    ),
                ),
            ],
        ),
    ]
