-- Where a patient's live visits overlap there is no way back: the triggers refuse to have them on all seats.

DROP TRIGGER occupancy_insert;
DROP TRIGGER occupancy_update;
DROP INDEX occupancy_live;
DROP INDEX occupancy_held;
ALTER TABLE occupancy RENAME TO occupancy_of_patients_beside;

CREATE TABLE occupancy (
    -- 1: a doctor, from the buffer before the visit to that after it; 2: a patient, during the visit.
    kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
    subject BLOB NOT NULL CHECK (length(subject) = 16),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    booking BLOB NOT NULL CHECK (length(booking) = 16),
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    -- How many can share the doctor in that time, and on which seat this one is: 0 is on all of them.
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 50),
    seat INTEGER NOT NULL,
    PRIMARY KEY (kind, subject, booking),
    CHECK (starts_at < ends_at),
    -- 24 hours: the longest visit between the longest buffers. So what reaches into a stretch does not begin long before
    -- it, and however much is long over, nobody has to look at it.
    CHECK (ends_at - starts_at <= 86400000000),
    CHECK ((capacity = 1 AND seat = 0) OR (capacity > 1 AND seat BETWEEN 1 AND capacity)),
    -- A patient is shared by nobody.
    CHECK (kind = 1 OR capacity = 1)
) STRICT, WITHOUT ROWID;

ALTER TABLE occupancy ADD COLUMN held_until INTEGER CHECK (held_until IS NULL OR kind = 1);

CREATE INDEX occupancy_live ON occupancy (kind, subject, starts_at, ends_at, seat, capacity, held_until, live)
WHERE live;
CREATE INDEX occupancy_held ON occupancy (held_until) WHERE held_until IS NOT NULL;

-- On different seats the last that starts before the new one ends need not end last. But whoever is alone overlaps
-- nobody: what starts before the last of those is over when that one starts, and is in the way of a new one at most where
-- that one is. So it is enough to look from there on, and never further back than anything lasts. Where nobody shares the
-- doctor, that is one row.

CREATE TRIGGER occupancy_insert BEFORE INSERT ON occupancy
WHEN NEW.live
BEGIN
    SELECT RAISE(ABORT, 'occupancy_overlap')
    FROM occupancy
    WHERE kind = NEW.kind AND subject = NEW.subject AND live AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
        AND starts_at >= coalesce(
            (
                SELECT starts_at
                FROM occupancy
                WHERE kind = NEW.kind AND subject = NEW.subject AND live AND starts_at < NEW.ends_at
                    AND starts_at > NEW.starts_at - 86400000000 AND seat = 0
                ORDER BY starts_at DESC
                LIMIT 1
            ),
            NEW.starts_at - 86400000000
        )
        AND (seat = NEW.seat OR seat = 0 OR NEW.seat = 0);
END;

-- The same, but for the row itself as it was.
CREATE TRIGGER occupancy_update BEFORE UPDATE OF kind, subject, starts_at, ends_at, booking, live, seat ON occupancy
WHEN NEW.live
BEGIN
    SELECT RAISE(ABORT, 'occupancy_overlap')
    FROM occupancy
    WHERE kind = NEW.kind AND subject = NEW.subject AND live AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
        AND starts_at >= coalesce(
            (
                SELECT starts_at
                FROM occupancy
                WHERE kind = NEW.kind AND subject = NEW.subject AND live AND starts_at < NEW.ends_at
                    AND starts_at > NEW.starts_at - 86400000000 AND seat = 0
                    AND (kind, subject, booking) IS NOT (OLD.kind, OLD.subject, OLD.booking)
                ORDER BY starts_at DESC
                LIMIT 1
            ),
            NEW.starts_at - 86400000000
        )
        AND (seat = NEW.seat OR seat = 0 OR NEW.seat = 0)
        AND (kind, subject, booking) IS NOT (OLD.kind, OLD.subject, OLD.booking);
END;

INSERT INTO occupancy
SELECT kind, subject, starts_at, ends_at, booking, live, capacity, iif(kind = 1, seat, 0), held_until
FROM occupancy_of_patients_beside;
DROP TABLE occupancy_of_patients_beside;

ALTER TABLE bookings DROP COLUMN beside_others;
