from django.db import migrations

# Breadth first inside the database: one round trip, shortest distances, and cycles end by themselves.
CREATE = """
CREATE FUNCTION cmdb_reach(starts bigint[], against text[], along text[], most integer)
RETURNS TABLE (reached bigint, distance integer, via bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
    seen bigint[] := starts;
    frontier bigint[] := starts;
    vias bigint[];
BEGIN
    FOR level IN 1..most LOOP
        SELECT array_agg(step.far), array_agg(step.near) INTO frontier, vias FROM (
            SELECT edge.far, min(edge.near) AS near FROM (
                SELECT r.source_id AS far, r.target_id AS near FROM cmdb_relation r
                WHERE r.target_id = ANY (frontier) AND r.type = ANY (against)
                UNION ALL
                SELECT r.target_id, r.source_id FROM cmdb_relation r
                WHERE r.source_id = ANY (frontier) AND r.type = ANY (along)
            ) edge
            WHERE NOT EXISTS (SELECT 1 FROM unnest(seen) known(id) WHERE known.id = edge.far)
            GROUP BY edge.far
        ) step;
        EXIT WHEN frontier IS NULL;
        seen := seen || frontier;
        RETURN QUERY SELECT f.id, level, v.id FROM unnest(frontier) WITH ORDINALITY f(id, at)
            JOIN unnest(vias) WITH ORDINALITY v(id, at) USING (at);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("cmdb", "0002_scopes_are_services")]
    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION cmdb_reach(bigint[], text[], text[], integer)"),
    ]
