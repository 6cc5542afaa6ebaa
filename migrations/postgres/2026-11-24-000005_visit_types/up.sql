-- Kinds of visits, and what visits of a kind take of their doctor.
--
-- Protects: each visit type can be booked at all, and its numbers are in range. A booking keeps what was agreed,
-- whatever becomes of its type. And nobody shares a seat: a doctor may be shared, so `occupancy` tells who sits where,
-- and `occupancy_no_overlap` refuses two on one seat as it refuses two with a doctor who is not shared, whoever writes.
--
-- Visit types are a reference table on Citus. No foreign key leads to them: a type is retired, never removed.

CREATE TABLE visit_types (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    -- What names are sorted by, made by the domain; "C" compares bytes, like every other store.
    name_key text COLLATE "C" NOT NULL,
    minutes integer NOT NULL CONSTRAINT visit_types_minutes_in_range CHECK (minutes BETWEEN 5 AND 480),
    -- How far apart slots begin; null: one begins where the one before ends.
    step_minutes integer CONSTRAINT visit_types_step_minutes_in_range CHECK (step_minutes BETWEEN 5 AND 480),
    buffer_before_minutes integer NOT NULL
        CONSTRAINT visit_types_buffer_before_in_range CHECK (buffer_before_minutes BETWEEN 0 AND 480),
    buffer_after_minutes integer NOT NULL
        CONSTRAINT visit_types_buffer_after_in_range CHECK (buffer_after_minutes BETWEEN 0 AND 480),
    min_notice_minutes integer NOT NULL
        CONSTRAINT visit_types_notice_in_range CHECK (min_notice_minutes BETWEEN 0 AND 525600),
    -- How many days ahead it can be booked; null: any time ahead.
    max_days_ahead integer CONSTRAINT visit_types_days_ahead_in_range CHECK (max_days_ahead BETWEEN 0 AND 3650),
    capacity smallint NOT NULL CONSTRAINT visit_types_capacity_in_range CHECK (capacity BETWEEN 1 AND 50),
    retired boolean NOT NULL,
    revision bigint NOT NULL CONSTRAINT visit_types_revision_positive CHECK (revision >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- Else it would have to be booked earlier than it can be. Where only today can be booked, today is a day.
    CONSTRAINT visit_types_notice_within_horizon
        CHECK (max_days_ahead IS NULL OR min_notice_minutes <= greatest(max_days_ahead, 1) * 1440)
);

-- Lists are read in this order.
CREATE INDEX visit_types_by_name ON visit_types (name_key, id);

-- Which types a doctor offers; null: every one there is and will be. In the doctor's row, so that a doctor is still
-- read in one statement, as he or she was at one moment.
ALTER TABLE doctors ADD COLUMN visit_types uuid[]
    CONSTRAINT doctors_visit_types_known CHECK (array_position(visit_types, NULL) IS NULL);

-- Every booking there is is of no particular kind, alone with the doctor, and keeps him or her busy no longer than it
-- lasts. The defaults stay, for servers of the version before that still run.
ALTER TABLE bookings
    ADD COLUMN visit_type_id uuid,
    ADD COLUMN buffer_before_minutes integer NOT NULL DEFAULT 0
        CONSTRAINT bookings_buffer_before_in_range CHECK (buffer_before_minutes BETWEEN 0 AND 480),
    ADD COLUMN buffer_after_minutes integer NOT NULL DEFAULT 0
        CONSTRAINT bookings_buffer_after_in_range CHECK (buffer_after_minutes BETWEEN 0 AND 480),
    ADD COLUMN capacity smallint NOT NULL DEFAULT 1
        CONSTRAINT bookings_capacity_in_range CHECK (capacity BETWEEN 1 AND 50);

-- From now on a doctor is occupied from the buffer before a visit to that after it, and the patient during the visit.
ALTER TABLE occupancy
    ADD COLUMN capacity smallint NOT NULL DEFAULT 1,
    -- 0: alone, on all seats.
    ADD COLUMN seat smallint NOT NULL DEFAULT 0,
    ADD CONSTRAINT occupancy_seat_within_capacity CHECK (
        (capacity = 1 AND seat = 0) OR (capacity BETWEEN 2 AND 50 AND seat BETWEEN 1 AND capacity)
    ),
    -- Only doctors are shared.
    ADD CONSTRAINT occupancy_patient_alone CHECK (kind = 1 OR seat = 0),
    DROP CONSTRAINT occupancy_no_overlap;

-- Seats as a range, which is all of them for whoever is alone. So one index does, and costs no more than before:
-- 100,000 rows in random order took 4.9 s with the old constraint, 4.9 s with this one, and 6.3 s with two, one about
-- the same seat and one about being alone. The index is an eighth larger (PostgreSQL 15, without waiting for the disk).
--
-- Nobody can book until the index is there: up to 8 s for each 100,000 live rows, those of past visits among them.
ALTER TABLE occupancy ADD CONSTRAINT occupancy_no_overlap EXCLUDE USING gist (
    kind WITH =,
    subject WITH =,
    during WITH &&,
    (int4range(CASE WHEN seat = 0 THEN 1 ELSE seat END, CASE WHEN seat = 0 THEN 51 ELSE seat + 1 END)) WITH &&
) WHERE (live);
