from django.db import migrations

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


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_webhooks")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION words_of(text[]); DROP FUNCTION words_in(text[]);")]
