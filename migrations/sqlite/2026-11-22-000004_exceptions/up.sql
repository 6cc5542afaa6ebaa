-- Where doctors' time departs from the week: overrides, time off, closures.
--
-- Protects what the layout of single dates relies on: a date is overridden once, its windows are windows, time off
-- ends after it starts. Nothing here is shared between a decision and a change of these rows but the doctor's
-- revision, which every change raises.

-- A date with windows of its own instead of the week's, also one without any: closed.
CREATE TABLE overrides (
    doctor_id BLOB NOT NULL REFERENCES doctors (id),
    date TEXT NOT NULL CHECK (date IS date(date, '+0 days')),
    PRIMARY KEY (doctor_id, date)
) STRICT, WITHOUT ROWID;

CREATE TABLE override_windows (
    doctor_id BLOB NOT NULL,
    date TEXT NOT NULL,
    -- As in working_windows. These may overlap, and then are one opening.
    start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
    end_minute INTEGER NOT NULL CHECK (end_minute BETWEEN 0 AND 1440),
    PRIMARY KEY (doctor_id, date, start_minute, end_minute),
    FOREIGN KEY (doctor_id, date) REFERENCES overrides (doctor_id, date),
    CHECK (start_minute <> end_minute)
) STRICT, WITHOUT ROWID;

-- A stretch in which a doctor is away. Stretches of one doctor may overlap.
CREATE TABLE time_off (
    doctor_id BLOB NOT NULL REFERENCES doctors (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (doctor_id, id),
    CHECK (starts_at < ends_at)
) STRICT;

CREATE UNIQUE INDEX time_off_by_id ON time_off (id);
-- Lists are in the order of start and id.
CREATE INDEX time_off_by_start ON time_off (doctor_id, starts_at, id);
-- What overlaps a stretch, or ends after an instant: by the end, so that what is long over is never looked at.
CREATE INDEX time_off_by_end ON time_off (doctor_id, ends_at, starts_at);

-- A date on which the whole hospital is closed; there may be several on one date.
CREATE TABLE closures (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    date TEXT NOT NULL CHECK (date IS date(date, '+0 days')),
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Lists are in the order of date and id.
CREATE INDEX closures_by_date ON closures (date, id);
