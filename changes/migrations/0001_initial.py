import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
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
            name="ChangeModel",
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
                ("name", models.CharField(max_length=120)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("normal", "Normal"),
                            ("emergency", "Emergency"),
                            ("unauthorised", "Unauthorised"),
                        ],
                        max_length=20,
                    ),
                ),
                ("description", models.TextField(blank=True)),
                (
                    "tasks",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Task template: [{title, instructions, offset_minutes, duration_minutes}]",
                    ),
                ),
                ("window_minutes", models.PositiveIntegerField(default=60, help_text="Usual length of the window.")),
                (
                    "policy_name",
                    models.CharField(help_text="The policy that says who must authorise it.", max_length=120),
                ),
                ("pre_authorised", models.BooleanField(default=False)),
                (
                    "review_hours",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="After its end; empty when the review has no date.",
                        null=True,
                        verbose_name="review within (hours)",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pre_authorised", False), ("type", "standard"), _connector="OR"),
                        name="only_standard_is_pre_authorised",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="092acd0c934f530fc0dc188b4f32fb51043672bc",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_946cc",
                            table="changes_changemodel",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changemodelevent" ("code", "created_at", "description", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_name", "pre_authorised", "review_hours", "revision", "tasks", "type", "updated_at", "window_minutes") SELECT new_values."code", new_values."created_at", new_values."description", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."policy_name", new_values."pre_authorised", new_values."review_hours", new_values."revision", new_values."tasks", new_values."type", new_values."updated_at", new_values."window_minutes" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f30ccf442433af73058aab6233efe4d801ded440",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_11ade",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_changemodel",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changemodelevent" ("code", "created_at", "description", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_name", "pre_authorised", "review_hours", "revision", "tasks", "type", "updated_at", "window_minutes") SELECT new_values."code", new_values."created_at", new_values."description", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."policy_name", new_values."pre_authorised", new_values."review_hours", new_values."revision", new_values."tasks", new_values."type", new_values."updated_at", new_values."window_minutes" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="d120c733ce9e12bc1271574b3de399a366099044",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_93e58",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_changemodel",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeProposal",
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
                    "outcome_wanted",
                    models.TextField(help_text="What will people be able to do that they cannot do today?"),
                ),
                ("why_now", models.TextField(blank=True)),
                ("value", models.TextField(blank=True, help_text="What is it worth, and to whom?")),
                (
                    "cost_low_eur",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost from (EUR)"
                    ),
                ),
                (
                    "cost_high_eur",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost to (EUR)"
                    ),
                ),
                ("risks", models.TextField(blank=True, help_text="What could go wrong for the business?")),
                ("deadline", models.DateField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("assessment", "In assessment"),
                            ("authorised", "Authorised"),
                            ("in_delivery", "In delivery"),
                            ("realised", "Realised"),
                            ("closed", "Closed"),
                            ("declined", "Declined"),
                            ("deferred", "Deferred"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("assessment", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_comment", models.TextField(blank=True)),
                ("deferred_until", models.DateField(blank=True, null=True)),
                ("benefit_reached", models.TextField(blank=True)),
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
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requested_proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("services", models.ManyToManyField(blank=True, related_name="proposals", to="cmdb.service")),
                (
                    "sponsor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsored_proposals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "change proposal",
                "indexes": [
                    models.Index(fields=["status"], name="proposal_by_status"),
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("title", "outcome_wanted"), name="proposal_by_words"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cost_low_eur__isnull", True),
                            ("cost_high_eur__isnull", True),
                            ("cost_low_eur__lte", models.F("cost_high_eur")),
                            _connector="OR",
                        ),
                        name="proposal_cost_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            models.Q(("benefit_reached", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="proposal_closed_against_its_benefit",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="5c97df2357646da6431d068d836a3ea91e12efce",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_4f2b1",
                            table="changes_changeproposal",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changeproposalevent" ("assessment", "benefit_reached", "cost_high_eur", "cost_low_eur", "created_at", "deadline", "decided_at", "decided_by_id", "decision_comment", "deferred_until", "id", "outcome_wanted", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "revision", "risks", "sponsor_id", "status", "title", "updated_at", "value", "why_now") SELECT new_values."assessment", new_values."benefit_reached", new_values."cost_high_eur", new_values."cost_low_eur", new_values."created_at", new_values."deadline", new_values."decided_at", new_values."decided_by_id", new_values."decision_comment", new_values."deferred_until", new_values."id", new_values."outcome_wanted", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."requested_by_id", new_values."revision", new_values."risks", new_values."sponsor_id", new_values."status", new_values."title", new_values."updated_at", new_values."value", new_values."why_now" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="354f6c74b8f44ab29623902a5aa6fa8b906e600f",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_632fc",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_changeproposal",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changeproposalevent" ("assessment", "benefit_reached", "cost_high_eur", "cost_low_eur", "created_at", "deadline", "decided_at", "decided_by_id", "decision_comment", "deferred_until", "id", "outcome_wanted", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "revision", "risks", "sponsor_id", "status", "title", "updated_at", "value", "why_now") SELECT new_values."assessment", new_values."benefit_reached", new_values."cost_high_eur", new_values."cost_low_eur", new_values."created_at", new_values."deadline", new_values."decided_at", new_values."decided_by_id", new_values."decision_comment", new_values."deferred_until", new_values."id", new_values."outcome_wanted", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."requested_by_id", new_values."revision", new_values."risks", new_values."sponsor_id", new_values."status", new_values."title", new_values."updated_at", new_values."value", new_values."why_now" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="92a99b8cd4bf94b94aa5349b9fd262fbcaefa4bd",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d881f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_changeproposal",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Freeze",
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
                ("reason", models.TextField(blank=True)),
                ("window", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("everywhere", models.BooleanField(default=False)),
                (
                    "override_role",
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
                        default="change_manager",
                        max_length=40,
                    ),
                ),
                ("emergency_lane", models.BooleanField(default=True, help_text="Emergency changes may pass.")),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True, help_text="None: all services.", related_name="freezes", to="cmdb.service"
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GistIndex(fields=["window"], name="freeze_by_window")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("window__isempty", False), ("window__lower_inf", False), ("window__upper_inf", False)
                        ),
                        name="freeze_window_is_bounded",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="83daa5ff0bbff789de1bdcb7d8267f61b3e9eea4",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_a6a5e",
                            table="changes_freeze",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_freezeevent" ("created_at", "emergency_lane", "everywhere", "id", "name", "override_role", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "updated_at", "window") SELECT new_values."created_at", new_values."emergency_lane", new_values."everywhere", new_values."id", new_values."name", new_values."override_role", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."updated_at", new_values."window" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="111530f826a67922fbd058817c1d2851e9b02412",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2c383",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_freeze",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_freezeevent" ("created_at", "emergency_lane", "everywhere", "id", "name", "override_role", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "updated_at", "window") SELECT new_values."created_at", new_values."emergency_lane", new_values."everywhere", new_values."id", new_values."name", new_values."override_role", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."updated_at", new_values."window" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="842fa0c0e9a92b0d9570774fdff7b54f136b6366",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_37a90",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_freeze",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperationalJob",
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
                    "kind",
                    models.CharField(
                        choices=[("backup", "Backup"), ("batch", "Batch"), ("maintenance", "Maintenance")],
                        default="batch",
                        max_length=20,
                    ),
                ),
                ("first_start", models.DateTimeField()),
                (
                    "recurrence",
                    models.CharField(blank=True, help_text="RRULE, such as FREQ=DAILY; empty: once.", max_length=300),
                ),
                (
                    "time_zone",
                    models.CharField(default="UTC", help_text="The wall clock that the job follows.", max_length=63),
                ),
                ("duration_minutes", models.PositiveIntegerField(verbose_name="duration (min)")),
                ("effect", models.CharField(blank=True, help_text="What others notice while it runs.", max_length=300)),
                ("active", models.BooleanField(default=True)),
                ("cis", models.ManyToManyField(related_name="jobs", to="cmdb.configurationitem")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operational_jobs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "operational job",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("duration_minutes__gte", 1)), name="job_lasts")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="ee68dbd098ef4dafabc8be9d3b4dc1d46bb7e2d4",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_95125",
                            table="changes_operationaljob",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_operationaljobevent" ("active", "created_at", "duration_minutes", "effect", "first_start", "id", "kind", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recurrence", "revision", "time_zone", "updated_at") SELECT new_values."active", new_values."created_at", new_values."duration_minutes", new_values."effect", new_values."first_start", new_values."id", new_values."kind", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."recurrence", new_values."revision", new_values."time_zone", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="ce665f2b2e349aeaefc07c9435909532d58e8f78",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b244f",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_operationaljob",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_operationaljobevent" ("active", "created_at", "duration_minutes", "effect", "first_start", "id", "kind", "name", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recurrence", "revision", "time_zone", "updated_at") SELECT new_values."active", new_values."created_at", new_values."duration_minutes", new_values."effect", new_values."first_start", new_values."id", new_values."kind", new_values."name", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."recurrence", new_values."revision", new_values."time_zone", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="5876501b9110938a9ec5ccea9d2b9ee431507471",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_77df0",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_operationaljob",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
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
                ("name", models.SlugField(max_length=120)),
                ("title", models.CharField(max_length=200)),
                ("version", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("in_force", "In force"), ("retired", "Retired")],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("rules", models.JSONField(default=list)),
                ("in_force_since", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "constraints": [
                    models.UniqueConstraint(fields=("name", "version"), name="policy_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")), fields=("name",), name="one_version_in_force"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="36d0abd9738d18fa381edae77e28438752f2d953",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_d42c3",
                            table="changes_policy",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="rules_in_force_stay",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."rules" IS DISTINCT FROM (NEW."rules") AND OLD."state" IN (\'in_force\', \'retired\'))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="c251d2bde71760e10119ee3e09cfc9bd857b0427",
                            operation="UPDATE",
                            pgid="pgtrigger_rules_in_force_stay_0dadb",
                            table="changes_policy",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_policyevent" ("created_at", "id", "in_force_since", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rules", "state", "title", "updated_at", "version") SELECT new_values."created_at", new_values."id", new_values."in_force_since", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."rules", new_values."state", new_values."title", new_values."updated_at", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="489f804d7579e085241de20d7f180a04e0684d99",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_52b2d",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_policy",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_policyevent" ("created_at", "id", "in_force_since", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rules", "state", "title", "updated_at", "version") SELECT new_values."created_at", new_values."id", new_values."in_force_since", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."rules", new_values."state", new_values."title", new_values."updated_at", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="21fdc2233237c5eab3231201f6b440cb7a9ab53a",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_10fbc",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_policy",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeModelEvent",
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
                ("code", models.SlugField(db_index=False, max_length=60)),
                ("name", models.CharField(max_length=120)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("normal", "Normal"),
                            ("emergency", "Emergency"),
                            ("unauthorised", "Unauthorised"),
                        ],
                        max_length=20,
                    ),
                ),
                ("description", models.TextField(blank=True)),
                (
                    "tasks",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Task template: [{title, instructions, offset_minutes, duration_minutes}]",
                    ),
                ),
                ("window_minutes", models.PositiveIntegerField(default=60, help_text="Usual length of the window.")),
                (
                    "policy_name",
                    models.CharField(help_text="The policy that says who must authorise it.", max_length=120),
                ),
                ("pre_authorised", models.BooleanField(default=False)),
                (
                    "review_hours",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="After its end; empty when the review has no date.",
                        null=True,
                        verbose_name="review within (hours)",
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
                        to="changes.changemodel",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChangeProposalEvent",
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
                    "outcome_wanted",
                    models.TextField(help_text="What will people be able to do that they cannot do today?"),
                ),
                ("why_now", models.TextField(blank=True)),
                ("value", models.TextField(blank=True, help_text="What is it worth, and to whom?")),
                (
                    "cost_low_eur",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost from (EUR)"
                    ),
                ),
                (
                    "cost_high_eur",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="cost to (EUR)"
                    ),
                ),
                ("risks", models.TextField(blank=True, help_text="What could go wrong for the business?")),
                ("deadline", models.DateField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("assessment", "In assessment"),
                            ("authorised", "Authorised"),
                            ("in_delivery", "In delivery"),
                            ("realised", "Realised"),
                            ("closed", "Closed"),
                            ("declined", "Declined"),
                            ("deferred", "Deferred"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("assessment", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_comment", models.TextField(blank=True)),
                ("deferred_until", models.DateField(blank=True, null=True)),
                ("benefit_reached", models.TextField(blank=True)),
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
                        to="changes.changeproposal",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sponsor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FreezeEvent",
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
                ("name", models.CharField(max_length=200)),
                ("reason", models.TextField(blank=True)),
                ("window", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("everywhere", models.BooleanField(default=False)),
                (
                    "override_role",
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
                        default="change_manager",
                        max_length=40,
                    ),
                ),
                ("emergency_lane", models.BooleanField(default=True, help_text="Emergency changes may pass.")),
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
                        to="changes.freeze",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OperationalJobEvent",
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
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[("backup", "Backup"), ("batch", "Batch"), ("maintenance", "Maintenance")],
                        default="batch",
                        max_length=20,
                    ),
                ),
                ("first_start", models.DateTimeField()),
                (
                    "recurrence",
                    models.CharField(blank=True, help_text="RRULE, such as FREQ=DAILY; empty: once.", max_length=300),
                ),
                (
                    "time_zone",
                    models.CharField(default="UTC", help_text="The wall clock that the job follows.", max_length=63),
                ),
                ("duration_minutes", models.PositiveIntegerField(verbose_name="duration (min)")),
                ("effect", models.CharField(blank=True, help_text="What others notice while it runs.", max_length=300)),
                ("active", models.BooleanField(default=True)),
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
                        to="changes.operationaljob",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PolicyEvent",
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
                ("name", models.SlugField(db_index=False, max_length=120)),
                ("title", models.CharField(max_length=200)),
                ("version", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("in_force", "In force"), ("retired", "Retired")],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("rules", models.JSONField(default=list)),
                ("in_force_since", models.DateTimeField(blank=True, null=True)),
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
                        to="changes.policy",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AffectedCI",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ci",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affected_by",
                        to="cmdb.configurationitem",
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="affected", to="changes.changerequest"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("change", "ci"), name="ci_affected_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_affectedcievent" ("change_id", "ci_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."change_id", new_values."ci_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="7faa53e82b71cfcc3d4f6d42ce93355a4a10dbee",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_e8a12",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_affectedci",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_affectedcievent" ("change_id", "ci_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."change_id", new_values."ci_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="35d9caa915bc19dcccf06e7592ab5890d1c3573f",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b6695",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_affectedci",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeRequest",
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
                ("reason", models.TextField(blank=True)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("normal", "Normal"),
                            ("emergency", "Emergency"),
                            ("unauthorised", "Unauthorised"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("assessment", "In assessment"),
                            ("building", "Building"),
                            ("scheduled", "Scheduled"),
                            ("implementing", "Implementing"),
                            ("review", "In review"),
                            ("closed", "Closed"),
                            ("rejected", "Rejected"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("successful", "Successful"),
                            ("with_issues", "Successful with issues"),
                            ("backed_out", "Backed out"),
                            ("failed", "Failed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "likelihood",
                    models.PositiveSmallIntegerField(choices=[(1, "Low"), (2, "Medium"), (3, "High")], default=1),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(choices=[(1, "Low"), (2, "Medium"), (3, "High")], default=1),
                ),
                ("window", django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True)),
                ("check_minutes", models.PositiveIntegerField(default=0, verbose_name="checking (min)")),
                ("back_out_minutes", models.PositiveIntegerField(default=0, verbose_name="back-out (min)")),
                ("margin_minutes", models.PositiveIntegerField(default=10, verbose_name="safety margin (min)")),
                ("back_out_trigger", models.TextField(blank=True)),
                ("back_out_steps", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("review_due_at", models.DateTimeField(blank=True, null=True)),
                ("review_reminded_at", models.DateTimeField(blank=True, null=True)),
                ("cab_required", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                (
                    "source",
                    models.CharField(blank=True, help_text="Where an imported record came from.", max_length=60),
                ),
                ("external_key", models.CharField(blank=True, max_length=100)),
                (
                    "cis",
                    models.ManyToManyField(
                        related_name="changes", through="changes.AffectedCI", to="cmdb.configurationitem"
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="changes.changemodel"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="changes.changeproposal",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requested_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("services", models.ManyToManyField(blank=True, related_name="changes", to="cmdb.service")),
            ],
            options={
                "verbose_name": "change request",
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["window"], name="change_by_window"),
                    models.Index(fields=["status", "-id"], name="change_by_status"),
                    models.Index(fields=["type", "-id"], name="change_by_type"),
                    models.Index(
                        condition=models.Q(("review_reminded_at__isnull", True), ("status", "review")),
                        fields=["review_due_at"],
                        name="change_review_is_due",
                    ),
                    models.Index(
                        condition=models.Q(("finished_at__isnull", False)), fields=["finished_at"], name="change_by_end"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("title"), name="gin_trgm_ops"
                        ),
                        name="change_title_words",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        itsm.kernel.searching.WordsOf("title", "external_key"), name="change_by_words"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("window__isnull", True),
                            models.Q(
                                ("window__isempty", False), ("window__lower_inf", False), ("window__upper_inf", False)
                            ),
                            _connector="OR",
                        ),
                        name="change_window_is_bounded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["review", "closed"]), _negated=True),
                            models.Q(("outcome", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                            ("type", "unauthorised"),
                            _connector="OR",
                        ),
                        name="change_has_an_outcome_when_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("type", "unauthorised"), _negated=True),
                            models.Q(("outcome", ""), ("status__in", ["review", "closed"]), ("window__isnull", True)),
                            models.Q(("source", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="unauthorised_is_only_reviewed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external_key", ""), _negated=True),
                        fields=("source", "external_key"),
                        name="change_imported_once",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="ef7d56e8eee92e44ecd0b5f802136d0b6abb7404",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_adf16",
                            table="changes_changerequest",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changerequestevent" ("back_out_minutes", "back_out_steps", "back_out_trigger", "cab_required", "check_minutes", "confidential", "created_at", "external_key", "finished_at", "id", "impact", "likelihood", "margin_minutes", "model_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "reason", "requested_by_id", "review_due_at", "review_reminded_at", "revision", "source", "started_at", "status", "submitted_at", "title", "type", "updated_at", "window") SELECT new_values."back_out_minutes", new_values."back_out_steps", new_values."back_out_trigger", new_values."cab_required", new_values."check_minutes", new_values."confidential", new_values."created_at", new_values."external_key", new_values."finished_at", new_values."id", new_values."impact", new_values."likelihood", new_values."margin_minutes", new_values."model_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."proposal_id", new_values."reason", new_values."requested_by_id", new_values."review_due_at", new_values."review_reminded_at", new_values."revision", new_values."source", new_values."started_at", new_values."status", new_values."submitted_at", new_values."title", new_values."type", new_values."updated_at", new_values."window" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f983ab4b4f348f59e93aee68fb7ad1fe7fd56af6",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_04293",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_changerequest",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changerequestevent" ("back_out_minutes", "back_out_steps", "back_out_trigger", "cab_required", "check_minutes", "confidential", "created_at", "external_key", "finished_at", "id", "impact", "likelihood", "margin_minutes", "model_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "reason", "requested_by_id", "review_due_at", "review_reminded_at", "revision", "source", "started_at", "status", "submitted_at", "title", "type", "updated_at", "window") SELECT new_values."back_out_minutes", new_values."back_out_steps", new_values."back_out_trigger", new_values."cab_required", new_values."check_minutes", new_values."confidential", new_values."created_at", new_values."external_key", new_values."finished_at", new_values."id", new_values."impact", new_values."likelihood", new_values."margin_minutes", new_values."model_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."proposal_id", new_values."reason", new_values."requested_by_id", new_values."review_due_at", new_values."review_reminded_at", new_values."revision", new_values."source", new_values."started_at", new_values."status", new_values."submitted_at", new_values."title", new_values."type", new_values."updated_at", new_values."window" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="c61e66c3c93a016db0ed35c1d14d756c9c0e006b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b58a5",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_changerequest",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AffectedCIEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
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
                        to="changes.affectedci",
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
            ],
        ),
        migrations.CreateModel(
            name="Authorisation",
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
                    "point",
                    models.CharField(
                        choices=[("build", "to build and test"), ("deploy", "to deploy")],
                        default="deploy",
                        max_length=20,
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
                ("quorum", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("authorised", "Authorised"),
                            ("rejected", "Rejected"),
                            ("more_information", "More information asked"),
                            ("fallen", "Fallen"),
                        ],
                        default="pending",
                        max_length=20,
                    ),
                ),
                ("rule", models.CharField(help_text="The policy's rule that asks for it.", max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authorisations",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="authorisations", to="changes.policy"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "role"], name="authorisation_waiting")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "fallen"), _negated=True),
                        fields=("change", "point", "role"),
                        name="one_open_authorisation_of_a_role",
                    ),
                    models.CheckConstraint(condition=models.Q(("quorum__gte", 1)), name="authorisation_quorum"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="868d3c1d1887ff5f4e2d0f9ab3c698b0ed355272",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_75d10",
                            table="changes_authorisation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_authorisationevent" ("asked_at", "change_id", "created_at", "decided_at", "fingerprint", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "policy_id", "quorum", "revision", "role", "rule", "state", "updated_at") SELECT new_values."asked_at", new_values."change_id", new_values."created_at", new_values."decided_at", new_values."fingerprint", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."point", new_values."policy_id", new_values."quorum", new_values."revision", new_values."role", new_values."rule", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="f644b6d2fc44614f9751d7437461bef920a1cb7f",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_86d1b",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_authorisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_authorisationevent" ("asked_at", "change_id", "created_at", "decided_at", "fingerprint", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "point", "policy_id", "quorum", "revision", "role", "rule", "state", "updated_at") SELECT new_values."asked_at", new_values."change_id", new_values."created_at", new_values."decided_at", new_values."fingerprint", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."point", new_values."policy_id", new_values."quorum", new_values."revision", new_values."role", new_values."rule", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="33a8c781f6594bf8bc7bf185daf02f628794f57c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_1401f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_authorisation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeRequestEvent",
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
                ("reason", models.TextField(blank=True)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("standard", "Standard"),
                            ("normal", "Normal"),
                            ("emergency", "Emergency"),
                            ("unauthorised", "Unauthorised"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("assessment", "In assessment"),
                            ("building", "Building"),
                            ("scheduled", "Scheduled"),
                            ("implementing", "Implementing"),
                            ("review", "In review"),
                            ("closed", "Closed"),
                            ("rejected", "Rejected"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("successful", "Successful"),
                            ("with_issues", "Successful with issues"),
                            ("backed_out", "Backed out"),
                            ("failed", "Failed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "likelihood",
                    models.PositiveSmallIntegerField(choices=[(1, "Low"), (2, "Medium"), (3, "High")], default=1),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(choices=[(1, "Low"), (2, "Medium"), (3, "High")], default=1),
                ),
                ("window", django.contrib.postgres.fields.ranges.DateTimeRangeField(blank=True, null=True)),
                ("check_minutes", models.PositiveIntegerField(default=0, verbose_name="checking (min)")),
                ("back_out_minutes", models.PositiveIntegerField(default=0, verbose_name="back-out (min)")),
                ("margin_minutes", models.PositiveIntegerField(default=10, verbose_name="safety margin (min)")),
                ("back_out_trigger", models.TextField(blank=True)),
                ("back_out_steps", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("review_due_at", models.DateTimeField(blank=True, null=True)),
                ("review_reminded_at", models.DateTimeField(blank=True, null=True)),
                ("cab_required", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                (
                    "source",
                    models.CharField(blank=True, help_text="Where an imported record came from.", max_length=60),
                ),
                ("external_key", models.CharField(blank=True, max_length=100)),
                (
                    "model",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changemodel",
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
                        to="changes.changerequest",
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
            ],
        ),
        migrations.CreateModel(
            name="ChangeTask",
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
                ("order", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("instructions", models.TextField(blank=True)),
                ("offset_minutes", models.PositiveIntegerField(default=0, verbose_name="start (min into the window)")),
                ("duration_minutes", models.PositiveIntegerField(default=0, verbose_name="duration (min)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("acknowledged", "Acknowledged"),
                            ("in_progress", "In progress"),
                            ("done", "Done"),
                            ("skipped", "Skipped"),
                            ("failed", "Failed"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change_tasks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="changes.changerequest"
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
                    "predecessor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="successors",
                        to="changes.changetask",
                    ),
                ),
            ],
            options={
                "verbose_name": "task",
                "indexes": [models.Index(fields=["assignee", "state"], name="task_by_assignee")],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("change", "order"),
                        name="task_order_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("predecessor__isnull", True),
                            models.Q(("predecessor", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="task_not_after_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "planned"), ("state", "skipped"), ("assignee__isnull", False), _connector="OR"
                        ),
                        name="acknowledged_by_somebody",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="5a0002d567b9ad143cece618d2defd6ff469db76",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_5f775",
                            table="changes_changetask",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changetaskevent" ("acknowledged_at", "assignee_id", "change_id", "ci_id", "created_at", "duration_minutes", "finished_at", "id", "instructions", "note", "offset_minutes", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "revision", "started_at", "state", "title", "updated_at") SELECT new_values."acknowledged_at", new_values."assignee_id", new_values."change_id", new_values."ci_id", new_values."created_at", new_values."duration_minutes", new_values."finished_at", new_values."id", new_values."instructions", new_values."note", new_values."offset_minutes", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."predecessor_id", new_values."revision", new_values."started_at", new_values."state", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2c8158f4a6dde3c8da93b6053e74203d83f5f938",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ef787",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_changetask",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changetaskevent" ("acknowledged_at", "assignee_id", "change_id", "ci_id", "created_at", "duration_minutes", "finished_at", "id", "instructions", "note", "offset_minutes", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "revision", "started_at", "state", "title", "updated_at") SELECT new_values."acknowledged_at", new_values."assignee_id", new_values."change_id", new_values."ci_id", new_values."created_at", new_values."duration_minutes", new_values."finished_at", new_values."id", new_values."instructions", new_values."note", new_values."offset_minutes", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."predecessor_id", new_values."revision", new_values."started_at", new_values."state", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="8ae2f849ca53c377761f2009da84e1191d3376d5",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4debf",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_changetask",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Discovery",
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
                ("origin", models.CharField(blank=True, max_length=200)),
                ("found_at", models.DateTimeField()),
                ("evidence", models.JSONField(blank=True, default=dict)),
                ("evidence_digest", models.CharField(max_length=64)),
                ("ledger_sequence", models.BigIntegerField()),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="discovery",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "found_by",
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
                "verbose_name_plural": "discoveries",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("origin", ""), _negated=True),
                        fields=("origin",),
                        name="one_change_of_an_origin",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="a30a501e2d6e608f442eefcb4f00c08a9737bcd8",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_dd0c8",
                            table="changes_discovery",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_discoveryevent" ("change_id", "created_at", "evidence", "evidence_digest", "found_at", "found_by_id", "id", "ledger_sequence", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at") SELECT new_values."change_id", new_values."created_at", new_values."evidence", new_values."evidence_digest", new_values."found_at", new_values."found_by_id", new_values."id", new_values."ledger_sequence", new_values."origin", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="ee1cb86705b491137d8c8ca7cf48208833207757",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5573b",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_discovery",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_discoveryevent" ("change_id", "created_at", "evidence", "evidence_digest", "found_at", "found_by_id", "id", "ledger_sequence", "origin", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at") SELECT new_values."change_id", new_values."created_at", new_values."evidence", new_values."evidence_digest", new_values."found_at", new_values."found_by_id", new_values."id", new_values."ledger_sequence", new_values."origin", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="976a01b0d1cbb162295f852bdbc88b9072422fa5",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_0185d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_discovery",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImpactPrediction",
            fields=[
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="prediction",
                        serialize=False,
                        to="changes.changerequest",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("touched", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("impacted", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="predictions_stay",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="4bf9870a5ec003eb9096b086c5f8f288285aad18",
                            operation="UPDATE",
                            pgid="pgtrigger_predictions_stay_805e4",
                            table="changes_impactprediction",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
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
                ("objectives_met", models.BooleanField()),
                (
                    "causes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("unclear_tasks", "Unclear tasks"),
                                ("assumed_someone_else", "Each assumed that somebody else does it"),
                                ("unexpected_impact", "Unexpected impact"),
                                ("concurrent_activity", "Something else was going on"),
                                ("no_time_to_back_out", "No time to back out"),
                                ("inadequate_test", "Inadequate test"),
                                ("environment_difference", "Environments differ"),
                                ("not_authorised", "Nobody was asked"),
                                ("external", "External"),
                                ("other", "Other"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("lessons", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="review", to="changes.changerequest"
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="ab2e744aed069399ec659a8bea48c60d35b73ddd",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_e62a2",
                            table="changes_review",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_reviewevent" ("at", "by_id", "causes", "change_id", "created_at", "id", "lessons", "objectives_met", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at") SELECT new_values."at", new_values."by_id", new_values."causes", new_values."change_id", new_values."created_at", new_values."id", new_values."lessons", new_values."objectives_met", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="44ab7176232b8569ba52da31cd45cd865dac88a7",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_4cff8",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_review",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_reviewevent" ("at", "by_id", "causes", "change_id", "created_at", "id", "lessons", "objectives_met", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at") SELECT new_values."at", new_values."by_id", new_values."causes", new_values."change_id", new_values."created_at", new_values."id", new_values."lessons", new_values."objectives_met", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="3f6c531c3b27adc9d891c0f216f1ecbcbb73ee10",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c370a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_review",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
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
                ("check_code", models.CharField(max_length=60)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("ledger_sequence", models.BigIntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="waivers", to="changes.changerequest"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "check_code", "fingerprint"), name="one_waiver_of_a_check"
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="waiver_says_why"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="d979c8e1c6d3a4d95edd40a4b4efdcbfb2c477d5",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_17ca3",
                            table="changes_waiver",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_waiverevent" ("at", "by_id", "change_id", "check_code", "created_at", "fingerprint", "id", "ledger_sequence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "updated_at") SELECT new_values."at", new_values."by_id", new_values."change_id", new_values."check_code", new_values."created_at", new_values."fingerprint", new_values."id", new_values."ledger_sequence", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="1b8ba54a3c5fa475dd770884706f7f50c9c11104",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_91d98",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_waiver",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_waiverevent" ("at", "by_id", "change_id", "check_code", "created_at", "fingerprint", "id", "ledger_sequence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "updated_at") SELECT new_values."at", new_values."by_id", new_values."change_id", new_values."check_code", new_values."created_at", new_values."fingerprint", new_values."id", new_values."ledger_sequence", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="9ba215bcf150557f2258b72607e2fbcc69f138ad",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_41af7",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_waiver",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuthorisationEvent",
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
                (
                    "point",
                    models.CharField(
                        choices=[("build", "to build and test"), ("deploy", "to deploy")],
                        default="deploy",
                        max_length=20,
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
                ("quorum", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("authorised", "Authorised"),
                            ("rejected", "Rejected"),
                            ("more_information", "More information asked"),
                            ("fallen", "Fallen"),
                        ],
                        default="pending",
                        max_length=20,
                    ),
                ),
                ("rule", models.CharField(help_text="The policy's rule that asks for it.", max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
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
                        to="changes.authorisation",
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
                (
                    "policy",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.policy",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChangeTaskEvent",
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
                ("order", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("instructions", models.TextField(blank=True)),
                ("offset_minutes", models.PositiveIntegerField(default=0, verbose_name="start (min into the window)")),
                ("duration_minutes", models.PositiveIntegerField(default=0, verbose_name="duration (min)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("acknowledged", "Acknowledged"),
                            ("in_progress", "In progress"),
                            ("done", "Done"),
                            ("skipped", "Skipped"),
                            ("failed", "Failed"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                (
                    "assignee",
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
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
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
                        to="changes.changetask",
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changetask",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("authorised", "Authorised"),
                            ("rejected", "Rejected"),
                            ("more_information", "More information"),
                        ],
                        max_length=20,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("ledger_sequence", models.BigIntegerField()),
                (
                    "authorisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="changes.authorisation",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions_by_others",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("verdict__in", ["authorised", "rejected"])),
                        fields=("authorisation", "by"),
                        name="a_person_decides_once",
                    ),
                    models.UniqueConstraint(
                        models.F("authorisation"),
                        django.db.models.functions.comparison.Coalesce("on_behalf_of", "by"),
                        condition=models.Q(("verdict__in", ["authorised", "rejected"])),
                        name="a_voice_is_heard_once",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="decisions_stay",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="488bbef705ec068d99c2ddbd604a4f1c27333198",
                            operation="UPDATE",
                            pgid="pgtrigger_decisions_stay_8cf8a",
                            table="changes_decision",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DiscoveryEvent",
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
                ("origin", models.CharField(blank=True, max_length=200)),
                ("found_at", models.DateTimeField()),
                ("evidence", models.JSONField(blank=True, default=dict)),
                ("evidence_digest", models.CharField(max_length=64)),
                ("ledger_sequence", models.BigIntegerField()),
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
                (
                    "found_by",
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
                        to="changes.discovery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewEvent",
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
                ("objectives_met", models.BooleanField()),
                (
                    "causes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("unclear_tasks", "Unclear tasks"),
                                ("assumed_someone_else", "Each assumed that somebody else does it"),
                                ("unexpected_impact", "Unexpected impact"),
                                ("concurrent_activity", "Something else was going on"),
                                ("no_time_to_back_out", "No time to back out"),
                                ("inadequate_test", "Inadequate test"),
                                ("environment_difference", "Environments differ"),
                                ("not_authorised", "Nobody was asked"),
                                ("external", "External"),
                                ("other", "Other"),
                            ],
                            max_length=40,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("lessons", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
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
                        to="changes.review",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WaiverEvent",
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
                ("check_code", models.CharField(max_length=60)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("ledger_sequence", models.BigIntegerField()),
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
                        to="changes.waiver",
                    ),
                ),
            ],
        ),
    ]
