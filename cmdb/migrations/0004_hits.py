from django.db import migrations

# As cmdb_reach of 0003, and redundancy is heeded. `groups` says how:
#   hold   a CI behind a group is reached when more of the group's members are down than it can spare
#          (each member comes into the frontier once, so that a tally by group is enough);
#   block  no way leads through a group: what alone is enough to hit;
#   pass   groups are as if they were not.
CREATE = """
CREATE FUNCTION cmdb_hits(starts bigint[], against text[], along text[], most integer, groups text)
RETURNS TABLE (reached bigint, distance integer, via bigint) LANGUAGE plpgsql STABLE AS $$
DECLARE
    seen bigint[] := starts;
    frontier bigint[] := starts;
    vias bigint[];
    grouped boolean := groups <> 'pass' AND EXISTS (SELECT FROM cmdb_relationgroup);
    fars bigint[];
    nears bigint[];
    held bigint[];
    holders bigint[];
    tally bigint[] := '{}';
BEGIN
    FOR level IN 1..most LOOP
        IF grouped THEN
            SELECT array_agg(edge.far) FILTER (WHERE g.id IS NULL), array_agg(edge.near) FILTER (WHERE g.id IS NULL),
                   array_agg(g.id) FILTER (WHERE g.id IS NOT NULL), array_agg(edge.near) FILTER (WHERE g.id IS NOT NULL)
            INTO fars, nears, held, holders
            FROM (
                SELECT r.source_id AS far, r.target_id AS near, r.group_id FROM cmdb_relation r
                WHERE r.target_id = ANY (frontier) AND r.type = ANY (against)
                UNION ALL
                SELECT r.target_id, r.source_id, r.group_id FROM cmdb_relation r
                WHERE r.source_id = ANY (frontier) AND r.type = ANY (along)
            ) edge LEFT JOIN cmdb_relationgroup g
                ON g.id = edge.group_id AND g.ci_id = CASE groups WHEN 'hold' THEN edge.far ELSE edge.near END;
            tally := tally || held;
            SELECT array_agg(step.far), array_agg(step.near) INTO frontier, vias FROM (
                SELECT edge.far, min(edge.near) AS near FROM (
                    SELECT unnest(fars) AS far, unnest(nears) AS near
                    UNION ALL
                    SELECT g.ci_id, member.near
                    FROM unnest(held, holders) member(id, near) JOIN cmdb_relationgroup g ON g.id = member.id
                    JOIN (SELECT t.id, count(*) AS down FROM unnest(tally) t(id) GROUP BY t.id) lost ON lost.id = g.id
                    WHERE groups = 'hold' AND lost.down > greatest(
                        (SELECT count(*) FROM cmdb_relation m WHERE m.group_id = g.id) - g.needs, 0)
                ) edge
                WHERE NOT EXISTS (SELECT 1 FROM unnest(seen) known(id) WHERE known.id = edge.far)
                GROUP BY edge.far
            ) step;
        ELSE
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
        END IF;
        EXIT WHEN frontier IS NULL;
        seen := seen || frontier;
        RETURN QUERY SELECT f.id, level, v.id FROM unnest(frontier) WITH ORDINALITY f(id, at)
            JOIN unnest(vias) WITH ORDINALITY v(id, at) USING (at);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("cmdb", "0003_reach")]
    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION cmdb_hits(bigint[], text[], text[], integer, text)"),
    ]
