"""The triggers that keep a stream's clock: set back whenever what its next period follows from has changed."""

import pgtrigger

SET = """
    IF NEW.state <> 'active' OR (NEW.period_days IS NULL AND NEW.period_months IS NULL) THEN
        DELETE FROM transition_streamclock WHERE stream_id = NEW.id;
        RETURN NULL;
    END IF;
    INSERT INTO transition_streamclock (stream_id, next_at)
    SELECT NEW.id, greatest(
        NEW.active_from::timestamp AT TIME ZONE NEW.time_zone,
        NEW.resumed_on::timestamp AT TIME ZONE NEW.time_zone,
        (SELECT max(upper(span)) FROM transition_streamperiod WHERE stream_id = NEW.id))
    ON CONFLICT (stream_id) DO UPDATE SET next_at = EXCLUDED.next_at;
    RETURN NULL;
"""

CLOCK_TRIGGERS = [
    pgtrigger.Trigger(name="clock_begins", operation=pgtrigger.Insert, when=pgtrigger.After, func=SET),
    pgtrigger.Trigger(
        name="clock_is_set",
        operation=pgtrigger.UpdateOf("state", "period_days", "period_months", "active_from", "resumed_on", "time_zone"),
        when=pgtrigger.After,
        func=SET,
    ),
]
