-- Kinds of visits, what they take of a doctor, and doctors who are shared.
--
-- Protects the numbers that a visit type is made of, so that what a booking has copied from one is within the same
-- bounds; and the promise of the bookings' own step for doctors who see several patients at the same time: no two live
-- visits are ever on one seat of a doctor's, nor anybody with a doctor who is somebody else's alone. That there are not
-- more than the smallest capacity among them says is the domain's to see, which gives out the seats.

CREATE TABLE visit_types (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    -- What names are sorted by, made by the domain.
    name_key TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 5 AND 480),
    -- NULL: a slot begins where the one before ends.
    step_minutes INTEGER CHECK (step_minutes IS NULL OR step_minutes BETWEEN 5 AND 480),
    buffer_before_minutes INTEGER NOT NULL CHECK (buffer_before_minutes BETWEEN 0 AND 480),
    buffer_after_minutes INTEGER NOT NULL CHECK (buffer_after_minutes BETWEEN 0 AND 480),
    min_notice_minutes INTEGER NOT NULL CHECK (min_notice_minutes BETWEEN 0 AND 525600),
    -- NULL: any time ahead.
    max_days_ahead INTEGER CHECK (max_days_ahead IS NULL OR max_days_ahead BETWEEN 0 AND 3650),
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 50),
    retired INTEGER NOT NULL CHECK (retired IN (0, 1)),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Otherwise it could never be booked. Also where only today can be booked, today is a day.
    CHECK (max_days_ahead IS NULL OR min_notice_minutes <= max(max_days_ahead, 1) * 1440)
) STRICT;

-- Lists are in the order of name and id.
CREATE INDEX visit_types_by_name ON visit_types (name_key, id);

-- Which types a doctor offers, as their ids one after the other; NULL: every type there is and will be. Not a table of
-- its own, so that a doctor's rules stay one row, which is changed as a whole.
ALTER TABLE doctors ADD COLUMN visit_types BLOB CHECK (visit_types IS NULL OR length(visit_types) % 16 = 0);

-- Copied from the type when the booking is made, and kept whatever becomes of the type. Bookings from before were of no
-- particular type, without buffers, alone with the doctor.
ALTER TABLE bookings ADD COLUMN visit_type_id BLOB CHECK (visit_type_id IS NULL OR length(visit_type_id) = 16);
ALTER TABLE bookings ADD COLUMN buffer_before_minutes INTEGER NOT NULL DEFAULT 0
    CHECK (buffer_before_minutes BETWEEN 0 AND 480);
ALTER TABLE bookings ADD COLUMN buffer_after_minutes INTEGER NOT NULL DEFAULT 0
    CHECK (buffer_after_minutes BETWEEN 0 AND 480);
ALTER TABLE bookings ADD COLUMN capacity INTEGER NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 50);

-- As before, but for seats. Made anew, so that no column has a default: OR REPLACE would put it in the place of a NULL
-- only after the triggers have looked at that.
DROP TRIGGER occupancy_insert;
DROP TRIGGER occupancy_update;
DROP INDEX occupancy_live;
ALTER TABLE occupancy RENAME TO occupancy_without_seats;

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

INSERT INTO occupancy
SELECT kind, subject, starts_at, ends_at, booking, live, 1, 0 FROM occupancy_without_seats;
DROP TABLE occupancy_without_seats;

-- SQLite uses it only where a query says `live` in these very words. It has all that anybody asks about live rows, and
-- `live` too, without which SQLite would look at each row in the table as well.
CREATE INDEX occupancy_live ON occupancy (kind, subject, starts_at, ends_at, seat, capacity, live) WHERE live;

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
