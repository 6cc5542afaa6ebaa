-- Doctors, and the weeks in which they work.
--
-- Protects what a decision about a doctor's time relies on: a slot length the domain knows, a revision that can be
-- compared, windows that are windows. That windows do not overlap is the domain's to see; a row that breaks that no
-- longer parses.
--
-- In all tables: ids are the 16 bytes of a UUID, whose order is that of the bytes; instants are microseconds since
-- 1970-01-01 UTC; dates are text of the form YYYY-MM-DD; 0 and 1 are no and yes. STRICT, so that a column holds the
-- type it says and nothing else.

CREATE TABLE doctors (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    -- What names are found and sorted by, made by the domain; likewise of the specialty.
    name_key TEXT NOT NULL,
    specialty TEXT NOT NULL,
    specialty_key TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    slot_minutes INTEGER NOT NULL CHECK (slot_minutes BETWEEN 5 AND 480),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- The rules revision: a booking decided at one revision is stored only while it stands.
    revision INTEGER NOT NULL CHECK (revision >= 1),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX doctors_by_name ON doctors (name_key, id);

-- A version of a doctor's week, also one without any window.
CREATE TABLE working_hours_versions (
    doctor_id BLOB NOT NULL REFERENCES doctors (id),
    -- '0001-01-01': since ever.
    effective_from TEXT NOT NULL CHECK (effective_from IS date(effective_from, '+0 days')),
    PRIMARY KEY (doctor_id, effective_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE working_windows (
    doctor_id BLOB NOT NULL,
    effective_from TEXT NOT NULL,
    -- ISO 8601: 1 is Monday, 7 is Sunday.
    weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    -- Minutes on the clock since midnight; 1440 is 24:00, which may end a window, not start one. A window that ends
    -- before it starts is overnight, so 0 ends one only there.
    start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
    end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 0 AND 1440),
    PRIMARY KEY (doctor_id, effective_from, weekday, start_minute),
    FOREIGN KEY (doctor_id, effective_from) REFERENCES working_hours_versions (doctor_id, effective_from),
    CHECK (start_minute <> end_minute)
) STRICT, WITHOUT ROWID;
