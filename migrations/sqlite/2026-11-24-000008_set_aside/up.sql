-- Visits beside others of the same patient, where somebody has set aside that they do not overlap.
--
-- Protects: no two visits of one patient overlap unless that was set aside for one of them. The triggers see to it as
-- before, whoever writes: an ordinary visit is on all seats of its patient, and so beside nothing. One that may be beside
-- others is on a seat from 2 on, and the ordinary ones that it meets are left with seat 1. So no two ordinary visits ever
-- fit beside each other, nor does an ordinary one that comes later fit beside any.

ALTER TABLE bookings ADD COLUMN beside_others INTEGER NOT NULL DEFAULT 0 CHECK (beside_others IN (0, 1));

-- As before, but that patients have seats. Made anew, since SQLite cannot change what is checked of a table.
DROP TRIGGER occupancy_insert;
DROP TRIGGER occupancy_update;
DROP INDEX occupancy_live;
DROP INDEX occupancy_held;
ALTER TABLE occupancy RENAME TO occupancy_of_patients_alone;

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
    held_until INTEGER CHECK (held_until IS NULL OR kind = 1),
    PRIMARY KEY (kind, subject, booking),
    CHECK (starts_at < ends_at),
    -- 24 hours: the longest visit between the longest buffers. So what reaches into a stretch does not begin long before
    -- it, and however much is long over, nobody has to look at it.
    CHECK (ends_at - starts_at <= 86400000000),
    CHECK (kind = 2 OR (capacity = 1 AND seat = 0) OR (capacity > 1 AND seat BETWEEN 1 AND capacity)),
    -- A patient is shared by nobody, and has seats all the same: for visits that may be beside others.
    CHECK (kind = 1 OR capacity = 1),
    CHECK (kind = 1 OR seat BETWEEN 0 AND 50)
) STRICT, WITHOUT ROWID;

INSERT INTO occupancy
SELECT kind, subject, starts_at, ends_at, booking, live, capacity, seat, held_until FROM occupancy_of_patients_alone;
DROP TABLE occupancy_of_patients_alone;

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
