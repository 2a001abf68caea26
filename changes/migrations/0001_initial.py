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
        ("knowledge", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
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
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="authorisations",
                        to="changes.changerequest",
                    ),
                ),
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
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="authorisations", to="changes.policy"
                    ),
                ),
                ("rule", models.CharField(help_text="The policy's rule that asks for it.", max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
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
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="changes.changemodel"
                    ),
                ),
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
                (
                    "back_out_tried",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Where and when, and how it went.",
                        max_length=200,
                        verbose_name="back-out tried",
                    ),
                ),
                (
                    "answers",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value({}, models.JSONField()),
                        default=dict,
                        help_text="To the model's questions, by code.",
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "backing_out_at",
                    models.DateTimeField(blank=True, help_text="Since when it is on its way back.", null=True),
                ),
                ("backing_out_why", models.TextField(blank=True, db_default="", default="")),
                (
                    "backed_out_cleanly",
                    models.BooleanField(
                        blank=True,
                        help_text="Within its window, and nothing failed on the way back; null: not said.",
                        null=True,
                    ),
                ),
                (
                    "review_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("failed", "It failed"),
                            ("backed_out", "It was backed out"),
                            ("emergency", "It was an emergency"),
                            ("unauthorised", "Nobody was asked"),
                            ("sample", "It is in the sample"),
                        ],
                        db_default="",
                        default="",
                        help_text="The rule by which it must be reviewed; empty: it need not be.",
                        max_length=20,
                    ),
                ),
                ("review_due_at", models.DateTimeField(blank=True, null=True)),
                ("review_reminded_at", models.DateTimeField(blank=True, null=True)),
                ("cab_required", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="copies",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "cleared",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        help_text="What a copy left behind, as it was no longer true.",
                    ),
                ),
                (
                    "source",
                    models.CharField(blank=True, help_text="Where an imported record came from.", max_length=60),
                ),
                ("external_key", models.CharField(blank=True, max_length=100)),
                ("services", models.ManyToManyField(blank=True, related_name="changes", to="cmdb.service")),
                (
                    "cis",
                    models.ManyToManyField(
                        related_name="changes", through="changes.AffectedCI", to="cmdb.configurationitem"
                    ),
                ),
            ],
            options={
                "verbose_name": "change request",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GistIndex(fields=["window"], name="change_by_window"),
                    models.Index(fields=["status", "-id"], name="change_by_status"),
                    models.Index(fields=["type", "-id"], name="change_by_type"),
                    models.Index(
                        condition=models.Q(("finished_at__isnull", False)),
                        fields=["model", "-finished_at", "-id"],
                        name="change_by_model_end",
                    ),
                    models.Index(
                        condition=models.Q(("review_reminded_at__isnull", True), ("status", "review")),
                        fields=["review_due_at"],
                        name="change_review_is_due",
                    ),
                    models.Index(
                        condition=models.Q(("backed_out_cleanly", True)),
                        fields=["model", "finished_at"],
                        name="change_went_back",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changerequestevent" ("answers", "back_out_minutes", "back_out_steps", "back_out_tried", "back_out_trigger", "backed_out_cleanly", "backing_out_at", "backing_out_why", "cab_required", "check_minutes", "cleared", "confidential", "copied_from_id", "created_at", "external_key", "finished_at", "id", "impact", "likelihood", "margin_minutes", "model_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "reason", "requested_by_id", "review_due_at", "review_reminded_at", "review_why", "revision", "source", "started_at", "status", "submitted_at", "title", "type", "updated_at", "window") SELECT new_values."answers", new_values."back_out_minutes", new_values."back_out_steps", new_values."back_out_tried", new_values."back_out_trigger", new_values."backed_out_cleanly", new_values."backing_out_at", new_values."backing_out_why", new_values."cab_required", new_values."check_minutes", new_values."cleared", new_values."confidential", new_values."copied_from_id", new_values."created_at", new_values."external_key", new_values."finished_at", new_values."id", new_values."impact", new_values."likelihood", new_values."margin_minutes", new_values."model_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."proposal_id", new_values."reason", new_values."requested_by_id", new_values."review_due_at", new_values."review_reminded_at", new_values."review_why", new_values."revision", new_values."source", new_values."started_at", new_values."status", new_values."submitted_at", new_values."title", new_values."type", new_values."updated_at", new_values."window" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e73d3b64125533c02b52285e621ab70f0377830d",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changerequestevent" ("answers", "back_out_minutes", "back_out_steps", "back_out_tried", "back_out_trigger", "backed_out_cleanly", "backing_out_at", "backing_out_why", "cab_required", "check_minutes", "cleared", "confidential", "copied_from_id", "created_at", "external_key", "finished_at", "id", "impact", "likelihood", "margin_minutes", "model_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "reason", "requested_by_id", "review_due_at", "review_reminded_at", "review_why", "revision", "source", "started_at", "status", "submitted_at", "title", "type", "updated_at", "window") SELECT new_values."answers", new_values."back_out_minutes", new_values."back_out_steps", new_values."back_out_tried", new_values."back_out_trigger", new_values."backed_out_cleanly", new_values."backing_out_at", new_values."backing_out_why", new_values."cab_required", new_values."check_minutes", new_values."cleared", new_values."confidential", new_values."copied_from_id", new_values."created_at", new_values."external_key", new_values."finished_at", new_values."id", new_values."impact", new_values."likelihood", new_values."margin_minutes", new_values."model_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."proposal_id", new_values."reason", new_values."requested_by_id", new_values."review_due_at", new_values."review_reminded_at", new_values."review_why", new_values."revision", new_values."source", new_values."started_at", new_values."status", new_values."submitted_at", new_values."title", new_values."type", new_values."updated_at", new_values."window" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="c3d5d64cb50a7929f0c70ff4469d5cdb9b1a7774",
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
                    "required_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="What a request must say to be submitted.",
                        size=None,
                    ),
                ),
                (
                    "questions",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        help_text="[{code, text, kind, choices, required}]; kind: text, yes_no, number, choice.",
                    ),
                ),
                (
                    "review_hours",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="After its end; empty: five days.",
                        null=True,
                        verbose_name="review within (hours)",
                    ),
                ),
                (
                    "review_percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of those that no rule sends to a review. Empty: all; of pre-authorised ones none.",
                        null=True,
                        verbose_name="reviewed (%)",
                    ),
                ),
                (
                    "clean_back_out",
                    models.CharField(
                        choices=[
                            ("failed", "as not successful"),
                            ("successful", "as successful"),
                            ("left_out", "not at all"),
                        ],
                        db_default="failed",
                        default="failed",
                        max_length=20,
                        verbose_name="a clean back-out counts",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pre_authorised", False), ("type", "standard"), _connector="OR"),
                        name="only_standard_is_pre_authorised",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("review_percent__isnull", True), ("review_percent__lte", 100), _connector="OR"
                        ),
                        name="review_percent_is_a_share",
                    ),
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changemodelevent" ("clean_back_out", "code", "created_at", "description", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_name", "pre_authorised", "questions", "required_fields", "review_hours", "review_percent", "revision", "tasks", "type", "updated_at", "window_minutes") SELECT new_values."clean_back_out", new_values."code", new_values."created_at", new_values."description", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."policy_name", new_values."pre_authorised", new_values."questions", new_values."required_fields", new_values."review_hours", new_values."review_percent", new_values."revision", new_values."tasks", new_values."type", new_values."updated_at", new_values."window_minutes" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="50002691de990266d3a0862d306abdc4aee5d932",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changemodelevent" ("clean_back_out", "code", "created_at", "description", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_name", "pre_authorised", "questions", "required_fields", "review_hours", "review_percent", "revision", "tasks", "type", "updated_at", "window_minutes") SELECT new_values."clean_back_out", new_values."code", new_values."created_at", new_values."description", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."policy_name", new_values."pre_authorised", new_values."questions", new_values."required_fields", new_values."review_hours", new_values."review_percent", new_values."revision", new_values."tasks", new_values."type", new_values."updated_at", new_values."window_minutes" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="62357a927df55dbd90b0d3f9b3331625060cfb84",
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
            name="ChangeModelEvent",
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
                    "required_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="What a request must say to be submitted.",
                        size=None,
                    ),
                ),
                (
                    "questions",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        help_text="[{code, text, kind, choices, required}]; kind: text, yes_no, number, choice.",
                    ),
                ),
                (
                    "review_hours",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="After its end; empty: five days.",
                        null=True,
                        verbose_name="review within (hours)",
                    ),
                ),
                (
                    "review_percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of those that no rule sends to a review. Empty: all; of pre-authorised ones none.",
                        null=True,
                        verbose_name="reviewed (%)",
                    ),
                ),
                (
                    "clean_back_out",
                    models.CharField(
                        choices=[
                            ("failed", "as not successful"),
                            ("successful", "as successful"),
                            ("left_out", "not at all"),
                        ],
                        db_default="failed",
                        default="failed",
                        max_length=20,
                        verbose_name="a clean back-out counts",
                    ),
                ),
            ],
            options={
                "abstract": False,
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
                    "sponsor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsored_proposals",
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
                ("decision_comment", models.TextField(blank=True)),
                ("deferred_until", models.DateField(blank=True, null=True)),
                ("benefit_reached", models.TextField(blank=True)),
                ("services", models.ManyToManyField(blank=True, related_name="proposals", to="cmdb.service")),
            ],
            options={
                "verbose_name": "change proposal",
                "abstract": False,
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
            name="ChangeProposalEvent",
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
                        to="changes.changeproposal",
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
                    "sponsor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                ("decision_comment", models.TextField(blank=True)),
                ("deferred_until", models.DateField(blank=True, null=True)),
                ("benefit_reached", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChangeRequestEvent",
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
                (
                    "back_out_tried",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Where and when, and how it went.",
                        max_length=200,
                        verbose_name="back-out tried",
                    ),
                ),
                (
                    "answers",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value({}, models.JSONField()),
                        default=dict,
                        help_text="To the model's questions, by code.",
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "backing_out_at",
                    models.DateTimeField(blank=True, help_text="Since when it is on its way back.", null=True),
                ),
                ("backing_out_why", models.TextField(blank=True, db_default="", default="")),
                (
                    "backed_out_cleanly",
                    models.BooleanField(
                        blank=True,
                        help_text="Within its window, and nothing failed on the way back; null: not said.",
                        null=True,
                    ),
                ),
                (
                    "review_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("failed", "It failed"),
                            ("backed_out", "It was backed out"),
                            ("emergency", "It was an emergency"),
                            ("unauthorised", "Nobody was asked"),
                            ("sample", "It is in the sample"),
                        ],
                        db_default="",
                        default="",
                        help_text="The rule by which it must be reviewed; empty: it need not be.",
                        max_length=20,
                    ),
                ),
                ("review_due_at", models.DateTimeField(blank=True, null=True)),
                ("review_reminded_at", models.DateTimeField(blank=True, null=True)),
                ("cab_required", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                (
                    "copied_from",
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
                    "cleared",
                    models.JSONField(
                        blank=True,
                        db_default=models.Value([], models.JSONField()),
                        default=list,
                        help_text="What a copy left behind, as it was no longer true.",
                    ),
                ),
                (
                    "source",
                    models.CharField(blank=True, help_text="Where an imported record came from.", max_length=60),
                ),
                ("external_key", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "abstract": False,
            },
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
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="changes.changerequest"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "phase",
                    models.CharField(
                        choices=[("implement", "Implementation"), ("back_out", "Way back")],
                        db_default="implement",
                        default="implement",
                        help_text="A task of the way back is begun when the change is backed out, and counted from then.",
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("instructions", models.TextField(blank=True)),
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
                ("offset_minutes", models.PositiveIntegerField(default=0, verbose_name="start (min into the window)")),
                ("duration_minutes", models.PositiveIntegerField(default=0, verbose_name="duration (min)")),
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
            ],
            options={
                "verbose_name": "task",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["assignee", "state"], name="task_by_assignee"),
                    models.Index(
                        condition=models.Q(("state", "done")),
                        fields=["title", "finished_at"],
                        name="task_done_by_title",
                    ),
                ],
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changetaskevent" ("acknowledged_at", "assignee_id", "change_id", "ci_id", "created_at", "duration_minutes", "finished_at", "id", "instructions", "note", "offset_minutes", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "predecessor_id", "revision", "started_at", "state", "title", "updated_at") SELECT new_values."acknowledged_at", new_values."assignee_id", new_values."change_id", new_values."ci_id", new_values."created_at", new_values."duration_minutes", new_values."finished_at", new_values."id", new_values."instructions", new_values."note", new_values."offset_minutes", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phase", new_values."predecessor_id", new_values."revision", new_values."started_at", new_values."state", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="b205cb8af8a51d7f83e27c155086f6132489982b",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_changetaskevent" ("acknowledged_at", "assignee_id", "change_id", "ci_id", "created_at", "duration_minutes", "finished_at", "id", "instructions", "note", "offset_minutes", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "predecessor_id", "revision", "started_at", "state", "title", "updated_at") SELECT new_values."acknowledged_at", new_values."assignee_id", new_values."change_id", new_values."ci_id", new_values."created_at", new_values."duration_minutes", new_values."finished_at", new_values."id", new_values."instructions", new_values."note", new_values."offset_minutes", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phase", new_values."predecessor_id", new_values."revision", new_values."started_at", new_values."state", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="b186d201ab42236c8f3fed50151ffdd7a33f67d8",
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
            name="ChangeTaskEvent",
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
                        to="changes.changetask",
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
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "phase",
                    models.CharField(
                        choices=[("implement", "Implementation"), ("back_out", "Way back")],
                        db_default="implement",
                        default="implement",
                        help_text="A task of the way back is begun when the change is backed out, and counted from then.",
                        max_length=20,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("instructions", models.TextField(blank=True)),
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
                ("offset_minutes", models.PositiveIntegerField(default=0, verbose_name="start (min into the window)")),
                ("duration_minutes", models.PositiveIntegerField(default=0, verbose_name="duration (min)")),
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="discovery",
                        to="changes.changerequest",
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=200)),
                ("found_at", models.DateTimeField()),
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
                ("evidence", models.JSONField(blank=True, default=dict)),
                ("evidence_digest", models.CharField(max_length=64)),
                ("ledger_sequence", models.BigIntegerField()),
            ],
            options={
                "verbose_name_plural": "discoveries",
                "abstract": False,
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
            name="DiscoveryEvent",
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
                        to="changes.discovery",
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
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=200)),
                ("found_at", models.DateTimeField()),
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
                ("evidence", models.JSONField(blank=True, default=dict)),
                ("evidence_digest", models.CharField(max_length=64)),
                ("ledger_sequence", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
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
                "abstract": False,
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
            name="FreezeEvent",
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
                        to="changes.freeze",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recurring",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrences",
                        to="changes.recurringchange",
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occurrence",
                        to="changes.changerequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("recurring", "starts_at"), name="occurrence_made_once")
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
                ("active", models.BooleanField(default=True)),
                ("cis", models.ManyToManyField(related_name="jobs", to="cmdb.configurationitem")),
            ],
            options={
                "verbose_name": "operational job",
                "abstract": False,
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
            name="OperationalJobEvent",
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
                        to="changes.operationaljob",
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
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
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
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enforced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("in_force_since", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("name", "version"), name="policy_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")), fields=("name",), name="one_version_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drafted_by__isnull", True),
                            ("enforced_by__isnull", True),
                            models.Q(("drafted_by", models.F("enforced_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="policy_enforced_by_another",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_policyevent" ("created_at", "drafted_by_id", "enforced_by_id", "id", "in_force_since", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "revision", "rules", "state", "title", "updated_at", "version") SELECT new_values."created_at", new_values."drafted_by_id", new_values."enforced_by_id", new_values."id", new_values."in_force_since", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."retired_at", new_values."revision", new_values."rules", new_values."state", new_values."title", new_values."updated_at", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="8f3467ddfca4856231859be37404bac228ca585a",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_policyevent" ("created_at", "drafted_by_id", "enforced_by_id", "id", "in_force_since", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "revision", "rules", "state", "title", "updated_at", "version") SELECT new_values."created_at", new_values."drafted_by_id", new_values."enforced_by_id", new_values."id", new_values."in_force_since", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."retired_at", new_values."revision", new_values."rules", new_values."state", new_values."title", new_values."updated_at", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e12f122c9b228517c9b020f55ce0e42640be297f",
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
            name="PolicyEvent",
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
                        to="changes.policy",
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
                (
                    "drafted_by",
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
                    "enforced_by",
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
                ("in_force_since", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PreAuthorisation",
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
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pre_authorisations",
                        to="changes.changemodel",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("revoked", "Revoked"),
                        ],
                        default="proposed",
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(verbose_name="why it is safe")),
                ("safe_runs_needed", models.PositiveSmallIntegerField(default=5)),
                ("failures_revoke", models.PositiveSmallIntegerField(default=3)),
                (
                    "type_before",
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
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("propose_entry", models.BigIntegerField(verbose_name="ledger entry of the proposal")),
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
                ("decide_comment", models.TextField(blank=True)),
                (
                    "decide_entry",
                    models.BigIntegerField(blank=True, null=True, verbose_name="ledger entry of the decision"),
                ),
                (
                    "shown",
                    models.JSONField(
                        blank=True, default=list, help_text="The changes that it was approved on, by number."
                    ),
                ),
                ("review_due_at", models.DateTimeField(blank=True, null=True)),
                ("review_reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review_comment", models.TextField(blank=True)),
                (
                    "review_entry",
                    models.BigIntegerField(blank=True, null=True, verbose_name="ledger entry of the last review"),
                ),
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
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_because", models.CharField(blank=True, max_length=300)),
                (
                    "revoke_entry",
                    models.BigIntegerField(blank=True, null=True, verbose_name="ledger entry of the revocation"),
                ),
            ],
            options={
                "verbose_name": "pre-authorisation",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "approved")),
                        fields=["review_due_at"],
                        name="pre_authorisation_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved"])),
                        fields=("model",),
                        name="one_standing_pre_authorisation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_by__isnull", True),
                            ("decided_by__isnull", True),
                            ("state", "withdrawn"),
                            models.Q(("proposed_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="pre_authorisation_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "proposed")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("revoked_at__isnull", True),
                                ("state__in", ["approved", "declined", "withdrawn"]),
                            ),
                            models.Q(
                                ("decided_at__isnull", False), ("revoked_at__isnull", False), ("state", "revoked")
                            ),
                            _connector="OR",
                        ),
                        name="pre_authorisation_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("failures_revoke__range", (1, 20)), ("safe_runs_needed__range", (1, 100))),
                        name="pre_authorisation_terms",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="467963bbd0a76b4131e2f59476726402d0c337ca",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_d1617",
                            table="changes_preauthorisation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_preauthorisationevent" ("created_at", "decide_comment", "decide_entry", "decided_at", "decided_by_id", "failures_revoke", "id", "model_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "propose_entry", "proposed_at", "proposed_by_id", "reason", "review_comment", "review_due_at", "review_entry", "review_reminded_at", "reviewed_at", "reviewed_by_id", "revision", "revoke_entry", "revoked_at", "revoked_because", "revoked_by_id", "safe_runs_needed", "shown", "state", "type_before", "updated_at") SELECT new_values."created_at", new_values."decide_comment", new_values."decide_entry", new_values."decided_at", new_values."decided_by_id", new_values."failures_revoke", new_values."id", new_values."model_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."propose_entry", new_values."proposed_at", new_values."proposed_by_id", new_values."reason", new_values."review_comment", new_values."review_due_at", new_values."review_entry", new_values."review_reminded_at", new_values."reviewed_at", new_values."reviewed_by_id", new_values."revision", new_values."revoke_entry", new_values."revoked_at", new_values."revoked_because", new_values."revoked_by_id", new_values."safe_runs_needed", new_values."shown", new_values."state", new_values."type_before", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="0725cc371467c4c55baa1d1fd67963d1a41bae2c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_c9942",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_preauthorisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_preauthorisationevent" ("created_at", "decide_comment", "decide_entry", "decided_at", "decided_by_id", "failures_revoke", "id", "model_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "propose_entry", "proposed_at", "proposed_by_id", "reason", "review_comment", "review_due_at", "review_entry", "review_reminded_at", "reviewed_at", "reviewed_by_id", "revision", "revoke_entry", "revoked_at", "revoked_because", "revoked_by_id", "safe_runs_needed", "shown", "state", "type_before", "updated_at") SELECT new_values."created_at", new_values."decide_comment", new_values."decide_entry", new_values."decided_at", new_values."decided_by_id", new_values."failures_revoke", new_values."id", new_values."model_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."propose_entry", new_values."proposed_at", new_values."proposed_by_id", new_values."reason", new_values."review_comment", new_values."review_due_at", new_values."review_entry", new_values."review_reminded_at", new_values."reviewed_at", new_values."reviewed_by_id", new_values."revision", new_values."revoke_entry", new_values."revoked_at", new_values."revoked_because", new_values."revoked_by_id", new_values."safe_runs_needed", new_values."shown", new_values."state", new_values."type_before", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="87fce81b8990ccd404bcd72fd1f092b05625cfc0",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_c3019",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_preauthorisation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PreAuthorisationEvent",
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
                        to="changes.preauthorisation",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("revoked", "Revoked"),
                        ],
                        default="proposed",
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(verbose_name="why it is safe")),
                ("safe_runs_needed", models.PositiveSmallIntegerField(default=5)),
                ("failures_revoke", models.PositiveSmallIntegerField(default=3)),
                (
                    "type_before",
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
                    "proposed_by",
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
                ("proposed_at", models.DateTimeField()),
                ("propose_entry", models.BigIntegerField(verbose_name="ledger entry of the proposal")),
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
                ("decide_comment", models.TextField(blank=True)),
                (
                    "decide_entry",
                    models.BigIntegerField(blank=True, null=True, verbose_name="ledger entry of the decision"),
                ),
                (
                    "shown",
                    models.JSONField(
                        blank=True, default=list, help_text="The changes that it was approved on, by number."
                    ),
                ),
                ("review_due_at", models.DateTimeField(blank=True, null=True)),
                ("review_reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reviewed_by",
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
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review_comment", models.TextField(blank=True)),
                (
                    "review_entry",
                    models.BigIntegerField(blank=True, null=True, verbose_name="ledger entry of the last review"),
                ),
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
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
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
            name="RecurringChange",
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
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recurring", to="changes.changemodel"
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        help_text="The request that each is copied from.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recurring",
                        to="changes.changerequest",
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recurring_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("first_start", models.DateTimeField()),
                ("recurrence", models.CharField(help_text="RRULE, such as FREQ=MONTHLY;BYDAY=2SU.", max_length=300)),
                (
                    "time_zone",
                    models.CharField(default="UTC", help_text="The wall clock that it follows.", max_length=63),
                ),
                ("duration_minutes", models.PositiveIntegerField(default=60, verbose_name="window (min)")),
                ("ahead_days", models.PositiveSmallIntegerField(default=14, verbose_name="made so many days ahead")),
                ("active", models.BooleanField(default=True)),
                (
                    "made_until",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="What begins before this was made, or left out.",
                        null=True,
                    ),
                ),
                ("services", models.ManyToManyField(blank=True, related_name="recurring_changes", to="cmdb.service")),
                (
                    "cis",
                    models.ManyToManyField(blank=True, related_name="recurring_changes", to="cmdb.configurationitem"),
                ),
            ],
            options={
                "verbose_name": "recurring change",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("active", True)), fields=["made_until"], name="recurring_change_to_make"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("duration_minutes__gte", 1)), name="recurring_change_lasts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ahead_days__range", (1, 366))), name="recurring_change_made_ahead"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recurrence", ""), _negated=True), name="recurring_change_recurs"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="0a995218db68a96b1f7a0037eff5b2a377b12073",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_dd497",
                            table="changes_recurringchange",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_recurringchangeevent" ("active", "ahead_days", "created_at", "duration_minutes", "first_start", "id", "made_until", "model_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recurrence", "revision", "template_id", "time_zone", "title", "updated_at") SELECT new_values."active", new_values."ahead_days", new_values."created_at", new_values."duration_minutes", new_values."first_start", new_values."id", new_values."made_until", new_values."model_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."recurrence", new_values."revision", new_values."template_id", new_values."time_zone", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="895ca9975d6a78650d388e6a88973f2ccc1a9864",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_13794",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_recurringchange",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_recurringchangeevent" ("active", "ahead_days", "created_at", "duration_minutes", "first_start", "id", "made_until", "model_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recurrence", "revision", "template_id", "time_zone", "title", "updated_at") SELECT new_values."active", new_values."ahead_days", new_values."created_at", new_values."duration_minutes", new_values."first_start", new_values."id", new_values."made_until", new_values."model_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."recurrence", new_values."revision", new_values."template_id", new_values."time_zone", new_values."title", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2a09f69af8de6e967ae96cc056888c6faf625866",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_5f4af",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_recurringchange",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecurringChangeEvent",
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
                        to="changes.recurringchange",
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
                    "template",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The request that each is copied from.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("first_start", models.DateTimeField()),
                ("recurrence", models.CharField(help_text="RRULE, such as FREQ=MONTHLY;BYDAY=2SU.", max_length=300)),
                (
                    "time_zone",
                    models.CharField(default="UTC", help_text="The wall clock that it follows.", max_length=63),
                ),
                ("duration_minutes", models.PositiveIntegerField(default=60, verbose_name="window (min)")),
                ("ahead_days", models.PositiveSmallIntegerField(default=14, verbose_name="made so many days ahead")),
                ("active", models.BooleanField(default=True)),
                (
                    "made_until",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="What begins before this was made, or left out.",
                        null=True,
                    ),
                ),
            ],
            options={
                "abstract": False,
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
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="review", to="changes.changerequest"
                    ),
                ),
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
                        db_default="",
                        default="",
                        help_text="How it ended, as the review found.",
                        max_length=20,
                    ),
                ),
                (
                    "basics_said",
                    models.JSONField(
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="What the checks said when it began: [{code, group, verdict, waived, explanation}].",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        help_text="What the lessons became.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="knowledge.article",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_reviewevent" ("article_id", "at", "basics_said", "by_id", "causes", "change_id", "created_at", "id", "lessons", "objectives_met", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at") SELECT new_values."article_id", new_values."at", new_values."basics_said", new_values."by_id", new_values."causes", new_values."change_id", new_values."created_at", new_values."id", new_values."lessons", new_values."objectives_met", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="acb94ba6022eeb4a65d66821b1d949442c6c97be",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_reviewevent" ("article_id", "at", "basics_said", "by_id", "causes", "change_id", "created_at", "id", "lessons", "objectives_met", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at") SELECT new_values."article_id", new_values."at", new_values."basics_said", new_values."by_id", new_values."causes", new_values."change_id", new_values."created_at", new_values."id", new_values."lessons", new_values."objectives_met", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="bedc45fb31a33c2f19210a44a453d4957ab9ee4c",
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
            name="ReviewEvent",
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
                        to="changes.review",
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
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
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
                        db_default="",
                        default="",
                        help_text="How it ended, as the review found.",
                        max_length=20,
                    ),
                ),
                (
                    "basics_said",
                    models.JSONField(
                        blank=True,
                        db_default=[],
                        default=list,
                        help_text="What the checks said when it began: [{code, group, verdict, waived, explanation}].",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="What the lessons became.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="knowledge.article",
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
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RunQuestion",
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
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("window_over", "The window is over"), ("freeze_began", "A freeze has begun")],
                        max_length=20,
                    ),
                ),
                (
                    "freeze",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="changes.freeze",
                    ),
                ),
                ("moment", models.DateTimeField(help_text="When the window ended, or the freeze began.")),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("go_on", "Go on"), ("hold", "Hold"), ("back_out", "Back out")],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
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
                ("ledger_sequence", models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "question",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "kind", "freeze", "moment"), name="asked_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer", ""), ("answered_at__isnull", False), _connector="OR"),
                        name="answer_has_a_name",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="4460254796925e9bef25c275c15c894e419dbb46",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_0504e",
                            table="changes_runquestion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_runquestionevent" ("answer", "answered_at", "answered_by_id", "asked_at", "change_id", "created_at", "freeze_id", "id", "kind", "ledger_sequence", "moment", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "updated_at") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."asked_at", new_values."change_id", new_values."created_at", new_values."freeze_id", new_values."id", new_values."kind", new_values."ledger_sequence", new_values."moment", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="85e237910cfda4b742b156049dda67463b52f7b3",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d59aa",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_runquestion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_runquestionevent" ("answer", "answered_at", "answered_by_id", "asked_at", "change_id", "created_at", "freeze_id", "id", "kind", "ledger_sequence", "moment", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "updated_at") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."asked_at", new_values."change_id", new_values."created_at", new_values."freeze_id", new_values."id", new_values."kind", new_values."ledger_sequence", new_values."moment", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="4fe3844c0d864195e5e19e5cba645318c4b70969",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_cc570",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_runquestion",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunQuestionEvent",
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
                        to="changes.runquestion",
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
                    "kind",
                    models.CharField(
                        choices=[("window_over", "The window is over"), ("freeze_began", "A freeze has begun")],
                        max_length=20,
                    ),
                ),
                (
                    "freeze",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.freeze",
                    ),
                ),
                ("moment", models.DateTimeField(help_text="When the window ended, or the freeze began.")),
                ("asked_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("go_on", "Go on"), ("hold", "Hold"), ("back_out", "Back out")],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
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
                ("ledger_sequence", models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
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
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="waivers", to="changes.changerequest"
                    ),
                ),
                ("check_code", models.CharField(max_length=60)),
                ("reason", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("ledger_sequence", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
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
            name="WaiverEvent",
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
                        to="changes.waiver",
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
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
                ("check_code", models.CharField(max_length=60)),
                ("reason", models.TextField()),
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
                ("at", models.DateTimeField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("ledger_sequence", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WindowExtension",
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
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="changes.changerequest",
                    ),
                ),
                ("before", models.DateTimeField(help_text="Where the window ended when it was asked.")),
                ("until", models.DateTimeField()),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("granted", "Granted"), ("refused", "Refused")],
                        default="asked",
                        max_length=20,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
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
                ("ledger_sequence", models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "extension",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")), fields=("change",), name="one_extension_asked"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("before"))), name="extension_is_longer"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="643a6dfa92a6e4aa162914c9734baaafa1b89d05",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_3b945",
                            table="changes_windowextension",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_windowextensionevent" ("asked_at", "asked_by_id", "before", "change_id", "comment", "created_at", "decided_at", "decided_by_id", "id", "ledger_sequence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "state", "until", "updated_at") SELECT new_values."asked_at", new_values."asked_by_id", new_values."before", new_values."change_id", new_values."comment", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."id", new_values."ledger_sequence", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."state", new_values."until", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="c84a8e568b6faad56dce2639dd167d7a96680921",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_9c7fc",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_windowextension",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_windowextensionevent" ("asked_at", "asked_by_id", "before", "change_id", "comment", "created_at", "decided_at", "decided_by_id", "id", "ledger_sequence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "state", "until", "updated_at") SELECT new_values."asked_at", new_values."asked_by_id", new_values."before", new_values."change_id", new_values."comment", new_values."created_at", new_values."decided_at", new_values."decided_by_id", new_values."id", new_values."ledger_sequence", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."state", new_values."until", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="6e9688cb4aaae6ad0051d28fb808fcf93e71722f",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_36162",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_windowextension",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WindowExtensionEvent",
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
                        to="changes.windowextension",
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
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.changerequest",
                    ),
                ),
                ("before", models.DateTimeField(help_text="Where the window ended when it was asked.")),
                ("until", models.DateTimeField()),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("granted", "Granted"), ("refused", "Refused")],
                        default="asked",
                        max_length=20,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
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
                ("ledger_sequence", models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AffectedCI",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="affected", to="changes.changerequest"
                    ),
                ),
                (
                    "ci",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affected_by",
                        to="cmdb.configurationitem",
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
            name="BasicsState",
            fields=[
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="basics",
                        serialize=False,
                        to="changes.changerequest",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("block", "Blocks"), ("unknown", "Unknown"), ("warn", "Warns"), ("ok", "In order")],
                        default="unknown",
                        max_length=10,
                    ),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("stale_since", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["verdict"], name="basics_by_verdict"),
                    models.Index(
                        condition=models.Q(("stale_since__isnull", False)), fields=["stale_since"], name="basics_stale"
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
            name="BasicsCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="changes.changerequest"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("group", models.CharField(max_length=60)),
                (
                    "verdict",
                    models.CharField(
                        choices=[("block", "Blocks"), ("unknown", "Unknown"), ("warn", "Warns"), ("ok", "In order")],
                        max_length=10,
                    ),
                ),
                ("waived", models.BooleanField(default=False)),
                ("explanation", models.TextField(blank=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("change", "code"), name="one_word_of_a_check")],
            },
        ),
        migrations.CreateModel(
            name="AuthorisationEvent",
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
                        to="changes.authorisation",
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
                ("rule", models.CharField(help_text="The policy's rule that asks for it.", max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="changes.boardmeeting"
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda_items",
                        to="changes.changerequest",
                    ),
                ),
                (
                    "authorisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="What was decided here.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="agenda_items",
                        to="changes.authorisation",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("open", "Open now"),
                            ("authorised", "Authorised"),
                            ("rejected", "Rejected"),
                            ("more_information", "More information asked"),
                            ("deferred", "Deferred"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("late", models.BooleanField(default=False, help_text="Came after the agenda was fixed.")),
                ("reason", models.TextField(blank=True, help_text="Why it was put on the agenda, or taken off.")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("added_at", models.DateTimeField()),
                ("reading", models.URLField(blank=True, max_length=500, verbose_name="pre-reading")),
                ("note", models.TextField(blank=True, help_text="What the minutes say of it beside the decision.")),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.CharField(blank=True, max_length=200)),
                ("comment", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["state", "meeting"], name="agenda_item_waits"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("meeting", "change"),
                        name="change_once_on_an_agenda",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("meeting",), name="one_item_is_open"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="711eb4672a8821a2a593be662064c6186ef70299",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_6a252",
                            table="changes_agendaitem",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_agendaitemevent" ("added_at", "added_by_id", "authorisation_id", "change_id", "comment", "created_at", "id", "late", "meeting_id", "note", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reading", "reason", "revision", "settled_at", "settled_by", "state", "updated_at") SELECT new_values."added_at", new_values."added_by_id", new_values."authorisation_id", new_values."change_id", new_values."comment", new_values."created_at", new_values."id", new_values."late", new_values."meeting_id", new_values."note", new_values."opened_at", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."position", new_values."reading", new_values."reason", new_values."revision", new_values."settled_at", new_values."settled_by", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="57b202cb00d24f447653dc60cce618f1d32b81b9",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b8ac6",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_agendaitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_agendaitemevent" ("added_at", "added_by_id", "authorisation_id", "change_id", "comment", "created_at", "id", "late", "meeting_id", "note", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reading", "reason", "revision", "settled_at", "settled_by", "state", "updated_at") SELECT new_values."added_at", new_values."added_by_id", new_values."authorisation_id", new_values."change_id", new_values."comment", new_values."created_at", new_values."id", new_values."late", new_values."meeting_id", new_values."note", new_values."opened_at", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."position", new_values."reading", new_values."reason", new_values."revision", new_values."settled_at", new_values."settled_by", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="a76a851173ca931d0cea471a5f875a8f8d29e651",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d36b9",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_agendaitem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_agendaitemevent" ("added_at", "added_by_id", "authorisation_id", "change_id", "comment", "created_at", "id", "late", "meeting_id", "note", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "reading", "reason", "revision", "settled_at", "settled_by", "state", "updated_at") SELECT old_values."added_at", old_values."added_by_id", old_values."authorisation_id", old_values."change_id", old_values."comment", old_values."created_at", old_values."id", old_values."late", old_values."meeting_id", old_values."note", old_values."opened_at", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."position", old_values."reading", old_values."reason", old_values."revision", old_values."settled_at", old_values."settled_by", old_values."state", old_values."updated_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="28205455ba44d915bdb5c81138ae663473eb4008",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_a9d57",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="changes_agendaitem",
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
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cmdb.configurationitem",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Board",
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
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("cab", "Change advisory board (CAB)"), ("ecab", "Emergency board (ECAB)")],
                        default="cab",
                        max_length=10,
                    ),
                ),
                ("purpose", models.TextField(blank=True)),
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
                        default="cab_member",
                        help_text="Whose authorisations it decides.",
                        max_length=40,
                    ),
                ),
                (
                    "decides_by",
                    models.CharField(
                        choices=[
                            ("votes", "The majority of the votes, with a quorum"),
                            ("chair", "The chair, who has heard the members"),
                        ],
                        default="votes",
                        max_length=10,
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="So many must have voted before votes count."
                    ),
                ),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("standard", "Standard"),
                                ("normal", "Normal"),
                                ("emergency", "Emergency"),
                                ("unauthorised", "Unauthorised"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        help_text="The types of change that it looks at; none: all.",
                        size=None,
                    ),
                ),
                (
                    "least_risk",
                    models.PositiveSmallIntegerField(choices=[(1, "Low"), (2, "Medium"), (3, "High")], default=1),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Only changes that begin within so many days after the meeting; empty: all.",
                        null=True,
                    ),
                ),
                ("first_start", models.DateTimeField(blank=True, null=True, verbose_name="first meeting")),
                (
                    "recurrence",
                    models.CharField(blank=True, help_text="RRULE, such as FREQ=WEEKLY;BYDAY=TU.", max_length=300),
                ),
                (
                    "time_zone",
                    models.CharField(default="UTC", help_text="The wall clock that it meets by.", max_length=63),
                ),
                ("duration_minutes", models.PositiveSmallIntegerField(default=60, verbose_name="duration (min)")),
                ("item_minutes", models.PositiveSmallIntegerField(default=10, verbose_name="for each item (min)")),
                (
                    "fixed_minutes_before",
                    models.PositiveIntegerField(
                        default=1440,
                        help_text="Afterwards, what comes is marked as late.",
                        verbose_name="agenda fixed (min before)",
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True, help_text="None: all services.", related_name="boards", to="cmdb.service"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quorum__gte", 1)), name="board_quorum"),
                    models.CheckConstraint(
                        condition=models.Q(("duration_minutes__gte", 1)), name="board_meets_for_a_while"
                    ),
                    models.CheckConstraint(condition=models.Q(("item_minutes__gte", 1)), name="item_takes_a_while"),
                    models.CheckConstraint(
                        condition=models.Q(("recurrence", ""), ("first_start__isnull", False), _connector="OR"),
                        name="rhythm_has_a_beginning",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="a85fa09cbfc82e33f67c84300e7d0776bb60a1b3",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_4c0c4",
                            table="changes_board",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_boardevent" ("active", "created_at", "decides_by", "duration_minutes", "first_start", "fixed_minutes_before", "horizon_days", "id", "item_minutes", "kind", "least_risk", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "quorum", "recurrence", "revision", "role", "time_zone", "types", "updated_at") SELECT new_values."active", new_values."created_at", new_values."decides_by", new_values."duration_minutes", new_values."first_start", new_values."fixed_minutes_before", new_values."horizon_days", new_values."id", new_values."item_minutes", new_values."kind", new_values."least_risk", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."purpose", new_values."quorum", new_values."recurrence", new_values."revision", new_values."role", new_values."time_zone", new_values."types", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="6a6f1afaa20b7a68df652de268ae3a7ed5ce52c2",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_0e38e",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_board",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_boardevent" ("active", "created_at", "decides_by", "duration_minutes", "first_start", "fixed_minutes_before", "horizon_days", "id", "item_minutes", "kind", "least_risk", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "quorum", "recurrence", "revision", "role", "time_zone", "types", "updated_at") SELECT new_values."active", new_values."created_at", new_values."decides_by", new_values."duration_minutes", new_values."first_start", new_values."fixed_minutes_before", new_values."horizon_days", new_values."id", new_values."item_minutes", new_values."kind", new_values."least_risk", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."purpose", new_values."quorum", new_values."recurrence", new_values."revision", new_values."role", new_values."time_zone", new_values."types", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="910aedb24eb5c201d7a8e247bd479e45dbc98d05",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_05c04",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_board",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardEvent",
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
                        to="changes.board",
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
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("cab", "Change advisory board (CAB)"), ("ecab", "Emergency board (ECAB)")],
                        default="cab",
                        max_length=10,
                    ),
                ),
                ("purpose", models.TextField(blank=True)),
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
                        default="cab_member",
                        help_text="Whose authorisations it decides.",
                        max_length=40,
                    ),
                ),
                (
                    "decides_by",
                    models.CharField(
                        choices=[
                            ("votes", "The majority of the votes, with a quorum"),
                            ("chair", "The chair, who has heard the members"),
                        ],
                        default="votes",
                        max_length=10,
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="So many must have voted before votes count."
                    ),
                ),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("standard", "Standard"),
                                ("normal", "Normal"),
                                ("emergency", "Emergency"),
                                ("unauthorised", "Unauthorised"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        help_text="The types of change that it looks at; none: all.",
                        size=None,
                    ),
                ),
                (
                    "least_risk",
                    models.PositiveSmallIntegerField(choices=[(1, "Low"), (2, "Medium"), (3, "High")], default=1),
                ),
                (
                    "horizon_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Only changes that begin within so many days after the meeting; empty: all.",
                        null=True,
                    ),
                ),
                ("first_start", models.DateTimeField(blank=True, null=True, verbose_name="first meeting")),
                (
                    "recurrence",
                    models.CharField(blank=True, help_text="RRULE, such as FREQ=WEEKLY;BYDAY=TU.", max_length=300),
                ),
                (
                    "time_zone",
                    models.CharField(default="UTC", help_text="The wall clock that it meets by.", max_length=63),
                ),
                ("duration_minutes", models.PositiveSmallIntegerField(default=60, verbose_name="duration (min)")),
                ("item_minutes", models.PositiveSmallIntegerField(default=10, verbose_name="for each item (min)")),
                (
                    "fixed_minutes_before",
                    models.PositiveIntegerField(
                        default=1440,
                        help_text="Afterwards, what comes is marked as late.",
                        verbose_name="agenda fixed (min before)",
                    ),
                ),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BoardMeeting",
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
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="changes.board"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("duration_minutes", models.PositiveSmallIntegerField(default=60)),
                ("agenda_due_at", models.DateTimeField(verbose_name="agenda fixed at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("fixed", "Agenda fixed"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True, help_text="Why it was called, or cancelled.")),
                ("by_rhythm", models.BooleanField(default=False)),
                ("notes", models.TextField(blank=True, help_text="What the minutes say beside what writes itself.")),
                ("fixed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "planned")), fields=["agenda_due_at"], name="board_agenda_is_due"
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "fixed"])),
                        fields=["starts_at"],
                        name="board_meeting_live",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("board", "starts_at"), name="board_meets_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="bf22ced86962bb120d9c0bff5cdc0891e80d3a89",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_e3761",
                            table="changes_boardmeeting",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_boardmeetingevent" ("agenda_due_at", "board_id", "by_rhythm", "closed_at", "created_at", "duration_minutes", "fixed_at", "id", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "starts_at", "state", "updated_at") SELECT new_values."agenda_due_at", new_values."board_id", new_values."by_rhythm", new_values."closed_at", new_values."created_at", new_values."duration_minutes", new_values."fixed_at", new_values."id", new_values."notes", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."starts_at", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="25fac1baeab4a0d4ea348b09dd5a7517d719fc3d",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f1444",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_boardmeeting",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_boardmeetingevent" ("agenda_due_at", "board_id", "by_rhythm", "closed_at", "created_at", "duration_minutes", "fixed_at", "id", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "starts_at", "state", "updated_at") SELECT new_values."agenda_due_at", new_values."board_id", new_values."by_rhythm", new_values."closed_at", new_values."created_at", new_values."duration_minutes", new_values."fixed_at", new_values."id", new_values."notes", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."starts_at", new_values."state", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="1b37d9f26c4626cde325cf00cc2bed3140623b42",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_bcc31",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_boardmeeting",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_boardmeetingevent" ("agenda_due_at", "board_id", "by_rhythm", "closed_at", "created_at", "duration_minutes", "fixed_at", "id", "notes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "starts_at", "state", "updated_at") SELECT old_values."agenda_due_at", old_values."board_id", old_values."by_rhythm", old_values."closed_at", old_values."created_at", old_values."duration_minutes", old_values."fixed_at", old_values."id", old_values."notes", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."revision", old_values."starts_at", old_values."state", old_values."updated_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="750ba4a7b4cb366228cca7583cae417bfa31865e",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_c0278",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="changes_boardmeeting",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItemEvent",
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
                        to="changes.agendaitem",
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
                    "meeting",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.boardmeeting",
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
                    "authorisation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="What was decided here.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.authorisation",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("open", "Open now"),
                            ("authorised", "Authorised"),
                            ("rejected", "Rejected"),
                            ("more_information", "More information asked"),
                            ("deferred", "Deferred"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=20,
                    ),
                ),
                ("late", models.BooleanField(default=False, help_text="Came after the agenda was fixed.")),
                ("reason", models.TextField(blank=True, help_text="Why it was put on the agenda, or taken off.")),
                (
                    "added_by",
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
                ("added_at", models.DateTimeField()),
                ("reading", models.URLField(blank=True, max_length=500, verbose_name="pre-reading")),
                ("note", models.TextField(blank=True, help_text="What the minutes say of it beside the decision.")),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.CharField(blank=True, max_length=200)),
                ("comment", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BoardMeetingEvent",
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
                        to="changes.boardmeeting",
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
                    "board",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.board",
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("duration_minutes", models.PositiveSmallIntegerField(default=60)),
                ("agenda_due_at", models.DateTimeField(verbose_name="agenda fixed at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("fixed", "Agenda fixed"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True, help_text="Why it was called, or cancelled.")),
                ("by_rhythm", models.BooleanField(default=False)),
                ("notes", models.TextField(blank=True, help_text="What the minutes say beside what writes itself.")),
                ("fixed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BoardSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="changes.board"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="board_seats",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seat",
                    models.CharField(
                        choices=[
                            ("chair", "Chair"),
                            ("deputy", "Deputy chair"),
                            ("member", "Member"),
                            ("secretary", "Secretary, without a vote"),
                        ],
                        default="member",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("board", "user"), name="one_seat_a_person"),
                    models.UniqueConstraint(condition=models.Q(("seat", "chair")), fields=("board",), name="one_chair"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_boardseatevent" ("board_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seat", "user_id") SELECT new_values."board_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."seat", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="6a3c693b364047ff392ffac57627b38eee538f3e",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_fb22b",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_boardseat",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_boardseatevent" ("board_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seat", "user_id") SELECT new_values."board_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."seat", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="cc8dcda872c9ca990a7b717129e24bae4af20bf0",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d187d",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_boardseat",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_boardseatevent" ("board_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seat", "user_id") SELECT old_values."board_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."seat", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="2ef0701796d2fb87f112bd01f129db4153243e05",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_65724",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="changes_boardseat",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoardSeatEvent",
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
                        to="changes.boardseat",
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
                    "board",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="changes.board",
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
                (
                    "seat",
                    models.CharField(
                        choices=[
                            ("chair", "Chair"),
                            ("deputy", "Deputy chair"),
                            ("member", "Member"),
                            ("secretary", "Secretary, without a vote"),
                        ],
                        default="member",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BoardVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="votes", to="changes.agendaitem"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="board_votes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "on_behalf_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="board_votes_by_others",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vote",
                    models.CharField(
                        choices=[("authorised", "For"), ("rejected", "Against"), ("abstained", "Abstains")],
                        max_length=20,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("ledger_sequence", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("item"),
                        models.F("fingerprint"),
                        django.db.models.functions.comparison.Coalesce("on_behalf_of", "by"),
                        name="a_voice_votes_once",
                    ),
                    models.UniqueConstraint(fields=("item", "fingerprint", "by"), name="a_person_votes_once"),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="votes_stay",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="ebcffdc92e41a6de96a1bf0f30cec37e7f2659ec",
                            operation="UPDATE",
                            pgid="pgtrigger_votes_stay_c8368",
                            table="changes_boardvote",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="cmdb.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kernel.team",
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("read_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last read")),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="revoked")),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("service__isnull", True), ("team__isnull", True), _connector="OR"),
                        name="feed_of_one_thing",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="41467afbf57fe9418625073163b2e88f12d9623c",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_158a4",
                            table="changes_calendarfeed",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_calendarfeedevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "service_id", "team_id", "user_id") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revoked_at", new_values."service_id", new_values."team_id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="479c77aa5c0ce6103d297ef72d8d77ccb7ef9323",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_fab5d",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="changes_calendarfeed",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "changes_calendarfeedevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "service_id", "team_id", "user_id") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revoked_at", new_values."service_id", new_values."team_id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."revoked_at" IS DISTINCT FROM (new_values."revoked_at") OR old_values."service_id" IS DISTINCT FROM (new_values."service_id") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="85c7bf7007620b0f94cec6eb70fbd0aa39bfc0ba",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d2578",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="changes_calendarfeed",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeedEvent",
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
                        to="changes.calendarfeed",
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
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "team",
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
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="revoked")),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
