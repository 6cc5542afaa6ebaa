-- Where several share a doctor, there is no way back: the triggers refuse to let go of the seats. Without buffers a
-- booking occupies its doctor during the visit.

DROP TRIGGER occupancy_insert;
DROP TRIGGER occupancy_update;
DROP INDEX occupancy_live;
ALTER TABLE occupancy RENAME TO occupancy_on_seats;

CREATE TABLE occupancy (
    kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
    subject BLOB NOT NULL CHECK (length(subject) = 16),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    booking BLOB NOT NULL CHECK (length(booking) = 16),
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    PRIMARY KEY (kind, subject, booking),
    CHECK (starts_at < ends_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX occupancy_live ON occupancy (kind, subject, starts_at, ends_at) WHERE live;

CREATE TRIGGER occupancy_insert BEFORE INSERT ON occupancy
WHEN NEW.live
BEGIN
    SELECT RAISE(ABORT, 'occupancy_overlap')
    FROM (
        SELECT ends_at
        FROM occupancy
        WHERE kind = NEW.kind AND subject = NEW.subject AND live AND starts_at < NEW.ends_at
        ORDER BY starts_at DESC
        LIMIT 1
    )
    WHERE ends_at > NEW.starts_at;
END;

CREATE TRIGGER occupancy_update BEFORE UPDATE OF kind, subject, starts_at, ends_at, booking, live ON occupancy
WHEN NEW.live
BEGIN
    SELECT RAISE(ABORT, 'occupancy_overlap')
    FROM (
        SELECT ends_at
        FROM occupancy
        WHERE kind = NEW.kind AND subject = NEW.subject AND live AND starts_at < NEW.ends_at
            AND (kind, subject, booking) IS NOT (OLD.kind, OLD.subject, OLD.booking)
        ORDER BY starts_at DESC
        LIMIT 1
    )
    WHERE ends_at > NEW.starts_at;
END;

INSERT INTO occupancy
SELECT kind, subject, coalesce(visit.starts_at, taken.starts_at), coalesce(visit.ends_at, taken.ends_at), booking, live
FROM occupancy_on_seats AS taken LEFT JOIN bookings AS visit ON visit.id = taken.booking;
DROP TABLE occupancy_on_seats;

ALTER TABLE bookings DROP COLUMN visit_type_id;
ALTER TABLE bookings DROP COLUMN buffer_before_minutes;
ALTER TABLE bookings DROP COLUMN buffer_after_minutes;
ALTER TABLE bookings DROP COLUMN capacity;
ALTER TABLE doctors DROP COLUMN visit_types;
DROP TABLE visit_types;
