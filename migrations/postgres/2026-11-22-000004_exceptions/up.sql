-- Where doctors' time departs from the week: overrides, time off, closures.
--
-- Protects what the layout of single dates relies on: a date is overridden once, its windows are windows, time off ends
-- after it starts. Whoever changes any of it raises the doctor's revision in the same transaction, and a closure that
-- of every doctor: so a booking decided on other exceptions is refused like one decided on other hours.
--
-- On Citus overrides and time off are sharded by doctor, who is in every key, and closures are a reference table.

-- A date with windows of its own instead of the week's, also one without any: closed.
CREATE TABLE overrides (
    doctor_id uuid NOT NULL REFERENCES doctors (id),
    date date NOT NULL,
    PRIMARY KEY (doctor_id, date)
);

-- As in working_windows. These may overlap, and then are one opening.
CREATE TABLE override_windows (
    doctor_id uuid NOT NULL,
    date date NOT NULL,
    start_minute smallint NOT NULL CONSTRAINT override_windows_start_in_range CHECK (start_minute BETWEEN 0 AND 1439),
    end_minute smallint NOT NULL CONSTRAINT override_windows_end_in_range CHECK (end_minute BETWEEN 0 AND 1440),
    PRIMARY KEY (doctor_id, date, start_minute, end_minute),
    FOREIGN KEY (doctor_id, date) REFERENCES overrides (doctor_id, date),
    CONSTRAINT override_windows_not_empty CHECK (start_minute <> end_minute)
);

-- A stretch in which a doctor is away. Stretches of one doctor may overlap.
CREATE TABLE time_off (
    doctor_id uuid NOT NULL REFERENCES doctors (id),
    id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    reason text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (doctor_id, id),
    CONSTRAINT time_off_forwards CHECK (starts_at < ends_at)
);

-- One stretch; a doctor's list in its order; and what overlaps a time, or ends after an instant: by the end, so that
-- what is long over is never looked at.
CREATE INDEX time_off_by_id ON time_off (id);
CREATE INDEX time_off_by_start ON time_off (doctor_id, starts_at, id);
CREATE INDEX time_off_by_end ON time_off (doctor_id, ends_at, starts_at);

-- A date on which the whole hospital is closed. There may be several on one date: it is closed until the last is gone.
CREATE TABLE closures (
    id uuid PRIMARY KEY,
    date date NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL
);

-- Lists are read in this order, and the closures around a date found.
CREATE INDEX closures_by_date ON closures (date, id);

-- The bookings to come that a change of rules or a closure has to look at, of one doctor or of all.
CREATE INDEX bookings_by_doctor_and_end ON bookings (doctor_id, ends_at, starts_at);
