import datetime

import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

import itsm.kernel.models.organisation
import itsm.kernel.models.tokens
from itsm.kernel.all_at_once import AllAtOnce

# Dots within numbers stay, so that a version or an address is one word. The high cost of words_of tells the planner
# that reading it from the index is far cheaper than making it anew for each row of a large table.
CREATE = r"""
CREATE FUNCTION words_in(VARIADIC said text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT left(word, 60)), '{}') FROM regexp_split_to_table(
        lower(public.unaccent('public.unaccent'::regdictionary, left(array_to_string(said, ' '), 200000))),
        '[^[:alnum:].]+|(?<![[:digit:]])\.+|\.+(?![[:digit:]])'
    ) AS word WHERE word <> ''
$$;
CREATE FUNCTION words_of(VARIADIC said text[]) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
    SELECT array_to_tsvector(public.words_in(VARIADIC said))
$$;
"""


class Migration(AllAtOnce):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        django.contrib.postgres.operations.TrigramExtension(),
        django.contrib.postgres.operations.BtreeGistExtension(),
        django.contrib.postgres.operations.UnaccentExtension(),
        migrations.RunSQL(CREATE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="LedgerCheckpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("key", models.CharField(max_length=16)),
                ("signature", models.CharField(max_length=100)),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f0a25e7c4d72a5184a574a6943f779c1b0ee1256",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9bbee",
                            table="kernel_ledgercheckpoint",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
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
                ("name", models.CharField(blank=True, max_length=100)),
                (
                    "time_zone",
                    models.CharField(blank=True, help_text="IANA name; empty for the server's.", max_length=63),
                ),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (1, "Monday"),
                                (2, "Tuesday"),
                                (3, "Wednesday"),
                                (4, "Thursday"),
                                (5, "Friday"),
                                (6, "Saturday"),
                                (7, "Sunday"),
                            ]
                        ),
                        default=itsm.kernel.models.organisation.monday_to_friday,
                        size=None,
                    ),
                ),
                ("day_begins", models.TimeField(default=datetime.time(9, 0))),
                ("day_ends", models.TimeField(default=datetime.time(17, 0))),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="public holidays of")),
                ("days_off", models.JSONField(blank=True, default=dict, verbose_name="own days off")),
                ("mail_name", models.CharField(blank=True, max_length=100, verbose_name="sender's name")),
                ("mail_address", models.EmailField(blank=True, max_length=254, verbose_name="sender's address")),
                ("digest_hour", models.PositiveSmallIntegerField(default=7, verbose_name="hour of the daily digest")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="organisation_is_one"),
                    models.CheckConstraint(
                        condition=models.Q(("day_ends__gt", models.F("day_begins"))), name="organisation_day_has_hours"
                    ),
                    models.CheckConstraint(condition=models.Q(("working_days__len__gt", 0)), name="organisation_works"),
                    models.CheckConstraint(
                        condition=models.Q(("digest_hour__lte", 23)), name="organisation_digest_hour"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="3a9f75d1177c0300c06c077d199bd94de9e9ded5",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_c8f34",
                            table="kernel_organisation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_organisationevent" ("country", "created_at", "day_begins", "day_ends", "days_off", "digest_hour", "id", "mail_address", "mail_name", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "working_days") SELECT new_values."country", new_values."created_at", new_values."day_begins", new_values."day_ends", new_values."days_off", new_values."digest_hour", new_values."id", new_values."mail_address", new_values."mail_name", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."time_zone", new_values."working_days" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="5536431b42d83f032ba522eeb652eef3873cd881",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d9415",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="kernel_organisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_organisationevent" ("country", "created_at", "day_begins", "day_ends", "days_off", "digest_hour", "id", "mail_address", "mail_name", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "working_days") SELECT new_values."country", new_values."created_at", new_values."day_begins", new_values."day_ends", new_values."days_off", new_values."digest_hour", new_values."id", new_values."mail_address", new_values."mail_name", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."time_zone", new_values."working_days" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."country" IS DISTINCT FROM (new_values."country") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."day_begins" IS DISTINCT FROM (new_values."day_begins") OR old_values."day_ends" IS DISTINCT FROM (new_values."day_ends") OR old_values."days_off" IS DISTINCT FROM (new_values."days_off") OR old_values."digest_hour" IS DISTINCT FROM (new_values."digest_hour") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."mail_address" IS DISTINCT FROM (new_values."mail_address") OR old_values."mail_name" IS DISTINCT FROM (new_values."mail_name") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."time_zone" IS DISTINCT FROM (new_values."time_zone") OR old_values."working_days" IS DISTINCT FROM (new_values."working_days")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="6466b4f6dfc3f501e689529ebeb1ee6468f9c8dd",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4443b",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="kernel_organisation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("version", models.PositiveSmallIntegerField(db_default=1, default=1)),
                ("subject_type", models.CharField(max_length=100)),
                ("subject_id", models.BigIntegerField()),
                ("subject", models.CharField(max_length=100)),
                ("actor", models.CharField(max_length=200)),
                ("user_id", models.BigIntegerField(null=True)),
                ("payload", models.JSONField(default=dict)),
                ("occurred_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("published_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("published_at__isnull", True)), fields=["id"], name="outbox_waiting"
                    ),
                    models.Index(fields=["occurred_at"], name="outbox_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
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
                    "is_machine",
                    models.BooleanField(default=False, help_text="Uses the API only; cannot sign in to pages."),
                ),
                (
                    "time_zone",
                    models.CharField(blank=True, help_text="IANA name; empty for the site's own.", max_length=63),
                ),
                ("needs_second_factor", models.BooleanField(default=False, verbose_name="second factor demanded")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."first_name" IS DISTINCT FROM (NEW."first_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_machine" IS DISTINCT FROM (NEW."is_machine") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."last_name" IS DISTINCT FROM (NEW."last_name") OR OLD."needs_second_factor" IS DISTINCT FROM (NEW."needs_second_factor") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."username" IS DISTINCT FROM (NEW."username"))',
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="93b2a4af74a1d9d37e2e70c3516ec2a03978a3b5",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_2e4f0",
                            table="kernel_user",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_userevent" ("created_at", "date_joined", "email", "first_name", "id", "is_active", "is_machine", "is_staff", "is_superuser", "last_name", "needs_second_factor", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "username") SELECT new_values."created_at", new_values."date_joined", new_values."email", new_values."first_name", new_values."id", new_values."is_active", new_values."is_machine", new_values."is_staff", new_values."is_superuser", new_values."last_name", new_values."needs_second_factor", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."time_zone", new_values."username" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="5479bb29d034ceb19d7852b0569f8ffe5be45a6e",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_8c015",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="kernel_user",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_userevent" ("created_at", "date_joined", "email", "first_name", "id", "is_active", "is_machine", "is_staff", "is_superuser", "last_name", "needs_second_factor", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "time_zone", "username") SELECT new_values."created_at", new_values."date_joined", new_values."email", new_values."first_name", new_values."id", new_values."is_active", new_values."is_machine", new_values."is_staff", new_values."is_superuser", new_values."last_name", new_values."needs_second_factor", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."time_zone", new_values."username" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."date_joined" IS DISTINCT FROM (new_values."date_joined") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."first_name" IS DISTINCT FROM (new_values."first_name") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_active" IS DISTINCT FROM (new_values."is_active") OR old_values."is_machine" IS DISTINCT FROM (new_values."is_machine") OR old_values."is_staff" IS DISTINCT FROM (new_values."is_staff") OR old_values."is_superuser" IS DISTINCT FROM (new_values."is_superuser") OR old_values."last_name" IS DISTINCT FROM (new_values."last_name") OR old_values."needs_second_factor" IS DISTINCT FROM (new_values."needs_second_factor") OR old_values."time_zone" IS DISTINCT FROM (new_values."time_zone") OR old_values."username" IS DISTINCT FROM (new_values."username")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="b421a4a8761dcc60f6531c2f3df783b0768abaec",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_8932f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="kernel_user",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
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
                ("name", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "Read"),
                                ("write", "Write (and read)"),
                                ("decide", "Decide what people have to sign in again for: emergencies and risks"),
                                ("cmdb", "Only configuration"),
                                ("knowledge", "Only knowledge"),
                                ("changes", "Only changes"),
                                ("transition", "Only transition"),
                                ("kernel", "Only users, tokens, notifications, ledger, deliveries and search"),
                            ],
                            max_length=20,
                        ),
                        default=itsm.kernel.models.tokens.everything,
                        size=None,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tokens", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scopes__contained_by",
                                ["read", "write", "decide", "cmdb", "knowledge", "changes", "transition", "kernel"],
                            )
                        ),
                        name="token_scopes_are_known",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="f8ad41a82562ca98e297c134ad83418f0d00500f",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_683e3",
                            table="kernel_apitoken",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_apitokenevent" ("created_at", "expires_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "scopes", "user_id") SELECT new_values."created_at", new_values."expires_at", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revoked_at", new_values."scopes", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="73da0c4307feaf387d64f5a16c094e92dc299f94",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_89b04",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="kernel_apitoken",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_apitokenevent" ("created_at", "expires_at", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "scopes", "user_id") SELECT new_values."created_at", new_values."expires_at", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revoked_at", new_values."scopes", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."expires_at" IS DISTINCT FROM (new_values."expires_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."revoked_at" IS DISTINCT FROM (new_values."revoked_at") OR old_values."scopes" IS DISTINCT FROM (new_values."scopes") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="80f5966eaf65b4c9e2400cafa57df6111f64fd30",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_4cc3a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="kernel_apitoken",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
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
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lent", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="borrowed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["taker", "until"],
                        name="delegation_taken",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))), name="delegation_until_after_since"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("taker")), _negated=True), name="delegation_to_another"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="6d607d5a52f26106f6861c15d06193a995a50310",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_45274",
                            table="kernel_delegation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_delegationevent" ("created_at", "ended_at", "giver_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "role", "since", "taker_id", "until", "updated_at") SELECT new_values."created_at", new_values."ended_at", new_values."giver_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."revision", new_values."role", new_values."since", new_values."taker_id", new_values."until", new_values."updated_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="8cd805ac9c878d62978e83f9bc1598a0ec3fc828",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_19870",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="kernel_delegation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_delegationevent" ("created_at", "ended_at", "giver_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revision", "role", "since", "taker_id", "until", "updated_at") SELECT new_values."created_at", new_values."ended_at", new_values."giver_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."revision", new_values."role", new_values."since", new_values."taker_id", new_values."until", new_values."updated_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="0f05489ba895b0786aa53cb7b3f28268c04e409b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_29308",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="kernel_delegation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestSent",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("day", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="EventDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subscriber", models.CharField(max_length=200)),
                ("lane", models.CharField(max_length=130)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("done_at", models.DateTimeField(null=True)),
                ("parked_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(blank=True)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="kernel.outboxevent"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("parked_at__isnull", True)),
                        fields=["subscriber", "event"],
                        name="delivery_open",
                    ),
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("parked_at__isnull", True)),
                        fields=["subscriber", "lane", "event"],
                        name="delivery_lane",
                    ),
                    models.Index(
                        condition=models.Q(("parked_at__isnull", False)), fields=["id"], name="delivery_parked"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("event", "subscriber"), name="one_effect_of_an_event")],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=200)),
                ("on_behalf_of", models.CharField(blank=True, max_length=200)),
                ("subject_type", models.CharField(max_length=100)),
                ("subject_id", models.BigIntegerField()),
                ("subject", models.CharField(max_length=100)),
                ("decision", models.CharField(max_length=60)),
                ("comment", models.TextField(blank=True)),
                ("policy_version", models.CharField(blank=True, max_length=120)),
                ("evidence_digest", models.CharField(blank=True, max_length=64)),
                ("details", models.JSONField(default=dict)),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="ledger_of_a_subject")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sequence__gte", 1)), name="ledger_starts_at_one")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b92a627136711db766773976f9734d3e7add6bea",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6191a",
                            table="kernel_ledgerentry",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
                            hash="461fd9a8fdcd75958457ccf3283355bf4d866f22",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_e9da1",
                            table="kernel_ledgerentry",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
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
                ("kind", models.CharField(default="general", max_length=60)),
                ("subject_type", models.CharField(blank=True, max_length=100)),
                ("subject_id", models.BigIntegerField(blank=True, null=True)),
                ("text", models.CharField(max_length=300)),
                ("link", models.CharField(blank=True, max_length=300)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "mail",
                    models.CharField(
                        choices=[("at_once", "At once"), ("daily", "Once a day"), ("never", "Never")],
                        default="never",
                        max_length=10,
                    ),
                ),
                ("mail_taken_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kernel.outboxevent",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["user", "-id"],
                        name="notification_unread",
                    ),
                    models.Index(fields=["user", "-id"], include=("kind",), name="notification_own"),
                    models.Index(
                        condition=models.Q(
                            ("mailed_at__isnull", True),
                            ("read_at__isnull", True),
                            models.Q(("mail", "never"), _negated=True),
                        ),
                        fields=["mail", "id"],
                        name="notification_to_mail",
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "event"), name="one_message_of_an_event")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="5d01f94db1e9ae06f38eb0c44ba1d4a35ab69ae2",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_fc6ad",
                            table="kernel_notification",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationMute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_type", models.CharField(max_length=100)),
                ("subject_id", models.BigIntegerField()),
                ("subject", models.CharField(help_text="What it was called when it was muted.", max_length=200)),
                ("link", models.CharField(blank=True, max_length=300)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mutes", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "subject_type", "subject_id"), name="muted_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationPreference",
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
                ("mail", models.JSONField(blank=True, default=dict)),
                ("digest_hour", models.PositiveSmallIntegerField(default=7, help_text="In their own time zone.")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("digest_hour__lte", 23)), name="digest_hour_of_day")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="65285596fc43881974c22410e64685167b7d4ef0",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_a6594",
                            table="kernel_notificationpreference",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_notificationpreferenceevent" ("created_at", "digest_hour", "id", "mail", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at", "user_id") SELECT new_values."created_at", new_values."digest_hour", new_values."id", new_values."mail", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."revision", new_values."updated_at", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="2f38c8eb5eba55a4719d49b8e21a856a0336f64f",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_ffea4",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="kernel_notificationpreference",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_notificationpreferenceevent" ("created_at", "digest_hour", "id", "mail", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "updated_at", "user_id") SELECT new_values."created_at", new_values."digest_hour", new_values."id", new_values."mail", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."revision", new_values."updated_at", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="04de4d46c03a969cd53f6037d92ae11aa273602b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_3748c",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="kernel_notificationpreference",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrganisationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("name", models.CharField(blank=True, max_length=100)),
                (
                    "time_zone",
                    models.CharField(blank=True, help_text="IANA name; empty for the server's.", max_length=63),
                ),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (1, "Monday"),
                                (2, "Tuesday"),
                                (3, "Wednesday"),
                                (4, "Thursday"),
                                (5, "Friday"),
                                (6, "Saturday"),
                                (7, "Sunday"),
                            ]
                        ),
                        default=itsm.kernel.models.organisation.monday_to_friday,
                        size=None,
                    ),
                ),
                ("day_begins", models.TimeField(default=datetime.time(9, 0))),
                ("day_ends", models.TimeField(default=datetime.time(17, 0))),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="public holidays of")),
                ("days_off", models.JSONField(blank=True, default=dict, verbose_name="own days off")),
                ("mail_name", models.CharField(blank=True, max_length=100, verbose_name="sender's name")),
                ("mail_address", models.EmailField(blank=True, max_length=254, verbose_name="sender's address")),
                ("digest_hour", models.PositiveSmallIntegerField(default=7, verbose_name="hour of the daily digest")),
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
                        to="kernel.organisation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StoredAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("route", models.CharField(max_length=300)),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("headers", models.JSONField(default=dict)),
                ("body", models.BinaryField()),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="stored_answer_age")],
                "constraints": [models.UniqueConstraint(fields=("user", "route", "key"), name="one_answer_for_a_key")],
            },
        ),
        migrations.CreateModel(
            name="UserEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "is_machine",
                    models.BooleanField(default=False, help_text="Uses the API only; cannot sign in to pages."),
                ),
                (
                    "time_zone",
                    models.CharField(blank=True, help_text="IANA name; empty for the site's own.", max_length=63),
                ),
                ("needs_second_factor", models.BooleanField(default=False, verbose_name="second factor demanded")),
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
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
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
                ("name", models.CharField(max_length=100)),
                ("url", models.CharField(max_length=500)),
                (
                    "patterns",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), size=None),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("standard", "Slipway's own"), ("cdevents", "CDEvents")],
                        db_default="standard",
                        default="standard",
                        max_length=20,
                    ),
                ),
                ("service_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("disabled", "Disabled")], default="active", max_length=20
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("secret", models.TextField()),
                ("previous_secret", models.TextField(blank=True)),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
                ("previous_until", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("patterns__len__gt", 0)), name="webhook_hears_something")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="e7299aac6ec4092fb87fabb93678b28646051c15",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_c02de",
                            table="kernel_webhookendpoint",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_webhookendpointevent" ("created_at", "format", "id", "name", "owner_id", "patterns", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_until", "reason", "revision", "rotated_at", "service_id", "state", "updated_at", "url") SELECT new_values."created_at", new_values."format", new_values."id", new_values."name", new_values."owner_id", new_values."patterns", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."previous_until", new_values."reason", new_values."revision", new_values."rotated_at", new_values."service_id", new_values."state", new_values."updated_at", new_values."url" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="4e9398658215dd522caf43f37d72213a2a72eedd",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7e4a9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="kernel_webhookendpoint",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_webhookendpointevent" ("created_at", "format", "id", "name", "owner_id", "patterns", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_until", "reason", "revision", "rotated_at", "service_id", "state", "updated_at", "url") SELECT new_values."created_at", new_values."format", new_values."id", new_values."name", new_values."owner_id", new_values."patterns", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."previous_until", new_values."reason", new_values."revision", new_values."rotated_at", new_values."service_id", new_values."state", new_values."updated_at", new_values."url" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."format" IS DISTINCT FROM (new_values."format") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."owner_id" IS DISTINCT FROM (new_values."owner_id") OR old_values."patterns" IS DISTINCT FROM (new_values."patterns") OR old_values."previous_until" IS DISTINCT FROM (new_values."previous_until") OR old_values."reason" IS DISTINCT FROM (new_values."reason") OR old_values."revision" IS DISTINCT FROM (new_values."revision") OR old_values."rotated_at" IS DISTINCT FROM (new_values."rotated_at") OR old_values."service_id" IS DISTINCT FROM (new_values."service_id") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."updated_at" IS DISTINCT FROM (new_values."updated_at") OR old_values."url" IS DISTINCT FROM (new_values."url")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="c49d418a13a4a86399a43b8ea616acb1061a07eb",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_90422",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="kernel_webhookendpoint",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiTokenEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("read", "Read"),
                                ("write", "Write (and read)"),
                                ("decide", "Decide what people have to sign in again for: emergencies and risks"),
                                ("cmdb", "Only configuration"),
                                ("knowledge", "Only knowledge"),
                                ("changes", "Only changes"),
                                ("transition", "Only transition"),
                                ("kernel", "Only users, tokens, notifications, ledger, deliveries and search"),
                            ],
                            max_length=20,
                        ),
                        default=itsm.kernel.models.tokens.everything,
                        size=None,
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
                        to="kernel.apitoken",
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
        ),
        migrations.CreateModel(
            name="DelegationEvent",
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
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=200)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "giver",
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
                        to="kernel.delegation",
                    ),
                ),
                (
                    "taker",
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
            name="NotificationPreferenceEvent",
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
                ("mail", models.JSONField(blank=True, default=dict)),
                ("digest_hour", models.PositiveSmallIntegerField(default=7, help_text="In their own time zone.")),
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
                        to="kernel.notificationpreference",
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
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("subject", models.CharField(blank=True, max_length=100)),
                ("body", models.TextField()),
                (
                    "content_type",
                    models.CharField(db_default="application/json", default="application/json", max_length=60),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("done_at", models.DateTimeField(null=True)),
                ("parked_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=500)),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="kernel.outboxevent",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="kernel.webhookendpoint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("parked_at__isnull", True)),
                        fields=["endpoint", "due_at"],
                        name="webhook_open",
                    ),
                    models.Index(fields=["created_at"], name="webhook_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("endpoint", "event"), name="one_message_of_an_event_to_an_endpoint")
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpointEvent",
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
                ("name", models.CharField(max_length=100)),
                ("url", models.CharField(max_length=500)),
                (
                    "patterns",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), size=None),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("standard", "Slipway's own"), ("cdevents", "CDEvents")],
                        db_default="standard",
                        default="standard",
                        max_length=20,
                    ),
                ),
                ("service_id", models.BigIntegerField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "Active"), ("disabled", "Disabled")], default="active", max_length=20
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
                ("previous_until", models.DateTimeField(blank=True, null=True)),
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
                        to="kernel.webhookendpoint",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookHealth",
            fields=[
                (
                    "endpoint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="health",
                        serialize=False,
                        to="kernel.webhookendpoint",
                    ),
                ),
                ("failing_since", models.DateTimeField(null=True)),
                ("paused_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("problem", models.CharField(blank=True, max_length=500)),
                ("milliseconds", models.PositiveIntegerField()),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="log", to="kernel.webhookdelivery"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="kernel.team"
                    ),
                ),
            ],
            options={
                "db_table": "kernel_team_members",
                "unique_together": {("team", "user")},
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_membershipevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "user_id") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."team_id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="5f8c32fd550afd0e6d3b0735a08776b73dcb035d",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_dd4d8",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="kernel_team_members",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_membershipevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "team_id", "user_id") SELECT old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."team_id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="dd37efde89c57e48409a669cff66cba5e675a3ae",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_aca45",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="kernel_team_members",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
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
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired")),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "members",
                    models.ManyToManyField(
                        blank=True, related_name="teams", through="kernel.Membership", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="a24fb245ded222fd79c9881fd738ba9e6300d2f1",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_2e965",
                            table="kernel_team",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_teamevent" ("created_at", "id", "lead_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at") SELECT new_values."created_at", new_values."id", new_values."lead_id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."retired_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="d231502c1b2c17a55025a1c97ede7a145d08799c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d264e",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="kernel_team",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_teamevent" ("created_at", "id", "lead_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at") SELECT new_values."created_at", new_values."id", new_values."lead_id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."retired_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."lead_id" IS DISTINCT FROM (new_values."lead_id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."retired_at" IS DISTINCT FROM (new_values."retired_at")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="9f9991f9f1e4a31b4bf9936a6c4cb1589fed9da4",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_1e384",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="kernel_team",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
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
                        to="kernel.membership",
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
                    "team",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="kernel.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoleAssignment",
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
                ("service_id", models.BigIntegerField(blank=True, null=True, verbose_name="service")),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="kernel.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("team__isnull", False), ("user__isnull", True)),
                            models.Q(("team__isnull", True), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="role_of_a_user_or_a_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="role_not_until_before_since",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("role", "="),
                            (django.db.models.functions.comparison.Coalesce("user_id", 0), "="),
                            (django.db.models.functions.comparison.Coalesce("team_id", 0), "="),
                            (django.db.models.functions.comparison.Coalesce("service_id", 0), "="),
                            (
                                models.Func(
                                    "since",
                                    "until",
                                    function="TSTZRANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="role_held_once_at_a_time",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="touch",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="NEW.revision = OLD.revision + 1; NEW.updated_at = clock_timestamp(); RETURN NEW;",
                            hash="2b93e296d3b96f5ac62fc2c96292cb4c62556e2d",
                            operation="UPDATE",
                            pgid="pgtrigger_touch_9a382",
                            table="kernel_roleassignment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_roleassignmentevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "service_id", "since", "team_id", "until", "user_id") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."role", new_values."service_id", new_values."since", new_values."team_id", new_values."until", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="0eecbc1804221a74f9a3bc1593af2bd68fa04bb8",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_a4511",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="kernel_roleassignment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "kernel_roleassignmentevent" ("created_at", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "service_id", "since", "team_id", "until", "user_id") SELECT new_values."created_at", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."role", new_values."service_id", new_values."since", new_values."team_id", new_values."until", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."role" IS DISTINCT FROM (new_values."role") OR old_values."service_id" IS DISTINCT FROM (new_values."service_id") OR old_values."since" IS DISTINCT FROM (new_values."since") OR old_values."team_id" IS DISTINCT FROM (new_values."team_id") OR old_values."until" IS DISTINCT FROM (new_values."until") OR old_values."user_id" IS DISTINCT FROM (new_values."user_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="de798421ef1eadfcab02ed62cc5da2d245ad95e3",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_88224",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="kernel_roleassignment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("name", models.CharField(max_length=100)),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="retired")),
                (
                    "lead",
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
                        to="kernel.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RoleAssignmentEvent",
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
                ("service_id", models.BigIntegerField(blank=True, null=True, verbose_name="service")),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("until", models.DateTimeField(blank=True, null=True)),
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
                        to="kernel.roleassignment",
                    ),
                ),
                (
                    "user",
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
            ],
        ),
    ]
