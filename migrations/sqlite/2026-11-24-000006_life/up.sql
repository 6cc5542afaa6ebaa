-- The life of a booking: where it stands, what has happened to it, what is held before there is one, and who learns of
-- it.
--
-- Protects that the past stays as it was written, without gaps; that a request is answered once; that what is held
-- occupies its doctor as a booking does; and that a visit is reminded of, and an event told, once.

-- Made anew, since SQLite cannot change a CHECK.
DROP INDEX bookings_by_id;
DROP INDEX bookings_by_start;
DROP INDEX bookings_by_doctor;
DROP INDEX bookings_by_patient;
DROP INDEX bookings_by_doctor_and_end;
ALTER TABLE bookings RENAME TO bookings_of_two_states;

CREATE TABLE bookings (
    doctor_id BLOB NOT NULL REFERENCES doctors (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    -- On whose clock it was agreed, and what that clock showed by the rules known then: YYYY-MM-DDTHH:MM:SS.
    time_zone TEXT NOT NULL,
    local_start TEXT NOT NULL,
    -- The first three are live: they occupy doctor and patient.
    status TEXT NOT NULL CHECK (status IN ('booked', 'arrived', 'fulfilled', 'cancelled', 'no-show')),
    reason TEXT,
    cancel_reason TEXT,
    outside_hours INTEGER NOT NULL CHECK (outside_hours IN (0, 1)),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Copied from the visit type when the booking is made, and kept whatever becomes of it.
    visit_type_id BLOB CHECK (visit_type_id IS NULL OR length(visit_type_id) = 16),
    buffer_before_minutes INTEGER NOT NULL CHECK (buffer_before_minutes BETWEEN 0 AND 480),
    buffer_after_minutes INTEGER NOT NULL CHECK (buffer_after_minutes BETWEEN 0 AND 480),
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 50),
    -- The bookings that were made together have the same.
    series_id BLOB CHECK (series_id IS NULL OR length(series_id) = 16),
    PRIMARY KEY (doctor_id, id),
    CHECK (starts_at < ends_at)
) STRICT;

INSERT INTO bookings
SELECT doctor_id, id, patient_id, starts_at, ends_at, time_zone, local_start, status, reason, cancel_reason,
    outside_hours, revision, created_at, updated_at, visit_type_id, buffer_before_minutes, buffer_after_minutes,
    capacity, NULL
FROM bookings_of_two_states;
DROP TABLE bookings_of_two_states;

CREATE UNIQUE INDEX bookings_by_id ON bookings (id);
-- Lists are in the order of start and id.
CREATE INDEX bookings_by_start ON bookings (starts_at, id);
CREATE INDEX bookings_by_doctor ON bookings (doctor_id, starts_at, id);
CREATE INDEX bookings_by_patient ON bookings (patient_id, starts_at, id);
-- What a change of a doctor's rules has to look at: bookings that end after an instant.
CREATE INDEX bookings_by_doctor_and_end ON bookings (doctor_id, ends_at);

-- Everything that has happened, in the order in which everybody learns of it. It refers to nothing, since it outlives
-- what it tells of.
CREATE TABLE history (
    -- 1, 2, 3, … without gaps.
    position INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    what TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- The caller; NULL: the service by itself.
    who BLOB CHECK (who IS NULL OR length(who) = 16),
    why TEXT,
    doctor_id BLOB CHECK (doctor_id IS NULL OR length(doctor_id) = 16),
    patient_id BLOB CHECK (patient_id IS NULL OR length(patient_id) = 16),
    booking_id BLOB CHECK (booking_id IS NULL OR length(booking_id) = 16),
    -- What was, and what is now: JSON objects of texts.
    before TEXT NOT NULL CHECK (json_type(before) = 'object'),
    after TEXT NOT NULL CHECK (json_type(after) = 'object')
) STRICT;

-- Lists are in the order of time and id.
CREATE INDEX history_by_booking ON history (booking_id, at, id) WHERE booking_id IS NOT NULL;
-- What has happened to a doctor's rules. Holds come and go much more often. SQLite uses it only where a query says so in
-- these very words.
CREATE INDEX history_by_doctor ON history (doctor_id, at, id)
WHERE patient_id IS NULL AND what NOT IN ('hold.created', 'hold.released');

-- The next position and no other, so that there are no gaps, and so that OR REPLACE, which asks no trigger about what
-- it deletes, has nothing to replace.
CREATE TRIGGER history_insert BEFORE INSERT ON history
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM history)
    OR EXISTS (SELECT 1 FROM history WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'history_append_only');
END;

CREATE TRIGGER history_update BEFORE UPDATE ON history
BEGIN
    SELECT RAISE(ABORT, 'history_append_only');
END;

CREATE TRIGGER history_delete BEFORE DELETE ON history
BEGIN
    SELECT RAISE(ABORT, 'history_append_only');
END;

-- What was answered to a request that may come again, of one caller's key at most once.
CREATE TABLE idempotency (
    caller BLOB NOT NULL CHECK (length(caller) = 16),
    key TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    status INTEGER NOT NULL CHECK (status BETWEEN 200 AND 599),
    -- A JSON array of arrays of two texts, each a name and a value.
    headers TEXT NOT NULL CHECK (json_type(headers) = 'array'),
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (caller, key)
) STRICT;

-- They are swept by their age.
CREATE INDEX idempotency_by_age ON idempotency (at);

-- Slots that are held for a little while.
CREATE TABLE holds (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    doctor_id BLOB NOT NULL REFERENCES doctors (id),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    visit_type_id BLOB CHECK (visit_type_id IS NULL OR length(visit_type_id) = 16),
    buffer_before_minutes INTEGER NOT NULL CHECK (buffer_before_minutes BETWEEN 0 AND 480),
    buffer_after_minutes INTEGER NOT NULL CHECK (buffer_after_minutes BETWEEN 0 AND 480),
    capacity INTEGER NOT NULL CHECK (capacity BETWEEN 1 AND 50),
    owner BLOB NOT NULL CHECK (length(owner) = 16),
    -- For which place in the line; NULL: the owner asked for it.
    waiting_id BLOB CHECK (waiting_id IS NULL OR length(waiting_id) = 16),
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (starts_at < ends_at)
) STRICT;

CREATE INDEX holds_by_expiry ON holds (expires_at);
CREATE INDEX holds_by_owner ON holds (owner, expires_at);
CREATE INDEX holds_by_doctor ON holds (doctor_id, expires_at);

-- A hold occupies its doctor, and nobody's patient, under its own id in the place of a booking's, until then; NULL: a
-- booking does. The guards are the same. Nothing expires by itself: whoever comes after that gives it back first.
ALTER TABLE occupancy ADD COLUMN held_until INTEGER CHECK (held_until IS NULL OR kind = 1);

-- As before, with the new column.
DROP INDEX occupancy_live;
CREATE INDEX occupancy_live ON occupancy (kind, subject, starts_at, ends_at, seat, capacity, held_until, live)
WHERE live;
CREATE INDEX occupancy_held ON occupancy (held_until) WHERE held_until IS NOT NULL;

-- Patients who wait for a slot: a doctor's, or that of any doctor of a specialty.
CREATE TABLE waitlist (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    doctor_id BLOB REFERENCES doctors (id),
    specialty TEXT,
    visit_type_id BLOB CHECK (visit_type_id IS NULL OR length(visit_type_id) = 16),
    from_date TEXT NOT NULL CHECK (from_date IS date(from_date, '+0 days')),
    to_date TEXT NOT NULL CHECK (to_date IS date(to_date, '+0 days')),
    owner BLOB NOT NULL CHECK (length(owner) = 16),
    -- Whoever came first is first.
    since INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'offered', 'booked')),
    -- What is held, and until when, while it is offered.
    hold_id BLOB CHECK (hold_id IS NULL OR length(hold_id) = 16),
    offered_until INTEGER,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((doctor_id IS NULL) <> (specialty IS NULL)),
    CHECK (from_date <= to_date),
    CHECK ((status = 'offered') = (hold_id IS NOT NULL) AND (status = 'offered') = (offered_until IS NOT NULL))
) STRICT;

CREATE INDEX waitlist_in_line ON waitlist (status, since, id);
CREATE INDEX waitlist_by_patient ON waitlist (patient_id, id);
CREATE INDEX waitlist_by_doctor ON waitlist (doctor_id, id);

-- Which bookings, at which start, were reminded of how long before: of one that moves there is another.
CREATE TABLE reminders (
    booking_id BLOB NOT NULL CHECK (length(booking_id) = 16),
    starts_at INTEGER NOT NULL,
    lead_minutes INTEGER NOT NULL CHECK (lead_minutes BETWEEN 1 AND 43200),
    PRIMARY KEY (booking_id, starts_at, lead_minutes)
) STRICT, WITHOUT ROWID;

-- Whom to tell of events.
CREATE TABLE webhooks (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    url TEXT NOT NULL,
    -- Of what: a JSON array of names; NULL: of everything.
    events TEXT CHECK (events IS NULL OR json_type(events) = 'array'),
    secret BLOB NOT NULL CHECK (length(secret) = 32),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- Up to which position of the history there are deliveries.
    told_up_to INTEGER NOT NULL CHECK (told_up_to >= 0)
) STRICT;

-- What is still to be told to them: of one event to one webhook once.
CREATE TABLE deliveries (
    -- Begins with the event's position, so that ids sort as events do.
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    webhook_id BLOB NOT NULL REFERENCES webhooks (id),
    position INTEGER NOT NULL REFERENCES history (position),
    -- When it is due, and while it is claimed, when the claim runs out; NULL: it was put aside.
    due_at INTEGER,
    claimed INTEGER NOT NULL CHECK (claimed IN (0, 1)),
    -- When it was first claimed.
    first_at INTEGER,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    -- What went wrong at last, and when.
    error TEXT,
    failed_at INTEGER,
    UNIQUE (position, webhook_id),
    CHECK ((error IS NULL) = (failed_at IS NULL)),
    CHECK (due_at IS NOT NULL OR (NOT claimed AND failed_at IS NOT NULL))
) STRICT;

CREATE INDEX deliveries_due ON deliveries (webhook_id, due_at, id);
-- SQLite uses it only where a query says `claimed` in these very words.
CREATE INDEX deliveries_claimed ON deliveries (webhook_id, due_at) WHERE claimed;
