-- Bookings, and what they occupy.
--
-- Protects the promise that matters most: no two live bookings ever occupy one doctor, or one patient, at the same
-- time, whoever writes them and however. Stretches of time are half-open, so those that touch do not overlap.

CREATE TABLE bookings (
    doctor_id BLOB NOT NULL REFERENCES doctors (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    -- On whose clock it was agreed, and what that clock showed by the rules known then: YYYY-MM-DDTHH:MM:SS.
    time_zone TEXT NOT NULL,
    local_start TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('booked', 'cancelled')),
    reason TEXT,
    cancel_reason TEXT,
    outside_hours INTEGER NOT NULL CHECK (outside_hours IN (0, 1)),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (doctor_id, id),
    CHECK (starts_at < ends_at)
) STRICT;

CREATE UNIQUE INDEX bookings_by_id ON bookings (id);
-- Lists are in the order of start and id.
CREATE INDEX bookings_by_start ON bookings (starts_at, id);
CREATE INDEX bookings_by_doctor ON bookings (doctor_id, starts_at, id);
CREATE INDEX bookings_by_patient ON bookings (patient_id, starts_at, id);
-- What a change of a doctor's rules has to look at: bookings that end after an instant.
CREATE INDEX bookings_by_doctor_and_end ON bookings (doctor_id, ends_at);

-- What keeps a subject busy: one row for the doctor and one for the patient of every booking. A booking that is
-- cancelled leaves its rows, no longer live.
CREATE TABLE occupancy (
    -- 1: a doctor, 2: a patient.
    kind INTEGER NOT NULL CHECK (kind IN (1, 2)),
    subject BLOB NOT NULL CHECK (length(subject) = 16),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    booking BLOB NOT NULL CHECK (length(booking) = 16),
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    PRIMARY KEY (kind, subject, booking),
    CHECK (starts_at < ends_at)
) STRICT, WITHOUT ROWID;

-- SQLite uses it only where a query says `live` in these very words.
CREATE INDEX occupancy_live ON occupancy (kind, subject, starts_at, ends_at) WHERE live;

-- SQLite has no exclusion constraints, hence triggers. The live rows of one subject are disjoint, so of those that
-- start before the new one ends, the last also ends last: looking at that one is enough, however many there are.
-- Nobody writes in between, since SQLite has one writer at a time.

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

-- The same, but for the row itself as it was.
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
