-- Doctors, and the rules by which they can be booked.
--
-- Protects: `revision` is the rules revision. Whoever stores a booking locks the doctor's row in share mode and compares
-- it with the revision the booking was decided on; whoever changes rules locks the row exclusively and raises it. So the
-- hours, which stand in tables of their own, change only together with it.
--
-- Sharded by doctor on Citus: every key begins with the doctor.

CREATE TABLE doctors (
    id uuid PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    -- What names are sorted and found by, made by the domain; "C" compares bytes, like every other store.
    name_key text COLLATE "C" NOT NULL,
    specialty text NOT NULL,
    specialty_key text COLLATE "C" NOT NULL,
    -- An IANA name. Only the program reckons with it, by rules it brings along.
    time_zone text NOT NULL,
    slot_minutes integer NOT NULL CONSTRAINT doctors_slot_minutes_in_range CHECK (slot_minutes BETWEEN 5 AND 480),
    active boolean NOT NULL,
    revision bigint NOT NULL CONSTRAINT doctors_revision_positive CHECK (revision >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Lists are read in this order.
CREATE INDEX doctors_by_name ON doctors (name_key, id);

-- A week that holds from a date on; 0001-01-01 stands for "since ever". A week without windows is a version too.
CREATE TABLE working_hours_versions (
    doctor_id uuid NOT NULL REFERENCES doctors (id),
    effective_from date NOT NULL,
    PRIMARY KEY (doctor_id, effective_from)
);

-- The windows of a version's week, in wall-clock minutes after midnight. One that ends before it starts is overnight;
-- 1440 is the end of the day, and 0 the same instant where it is written as the start of the next.
CREATE TABLE working_windows (
    doctor_id uuid NOT NULL,
    effective_from date NOT NULL,
    -- ISO 8601: Monday is 1.
    weekday smallint NOT NULL CONSTRAINT working_windows_weekday_in_range CHECK (weekday BETWEEN 1 AND 7),
    start_minute smallint NOT NULL CONSTRAINT working_windows_start_in_range CHECK (start_minute BETWEEN 0 AND 1439),
    end_minute smallint NOT NULL CONSTRAINT working_windows_end_in_range CHECK (end_minute BETWEEN 0 AND 1440),
    PRIMARY KEY (doctor_id, effective_from, weekday, start_minute),
    FOREIGN KEY (doctor_id, effective_from) REFERENCES working_hours_versions (doctor_id, effective_from),
    CONSTRAINT working_windows_not_empty CHECK (start_minute <> end_minute)
);
