-- Bookings, and what they occupy.
--
-- Protects: nothing live ever overlaps for one doctor or one patient. Not the program sees to that but
-- `occupancy_no_overlap`, whoever writes and by whatever means.
--
-- On Citus bookings are sharded by doctor and occupancy by subject, which is in its constraint. Hence there are no
-- foreign keys between the two, nor from bookings to patients.

CREATE TABLE bookings (
    doctor_id uuid NOT NULL REFERENCES doctors (id),
    id uuid NOT NULL,
    patient_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    -- On whose clock it was agreed, and what that clock showed: should the zone's rules change, this is what was said.
    time_zone text NOT NULL,
    local_start timestamp NOT NULL,
    status text NOT NULL CONSTRAINT bookings_status_known CHECK (status IN ('booked', 'cancelled')),
    reason text,
    cancel_reason text,
    outside_hours boolean NOT NULL,
    revision bigint NOT NULL CONSTRAINT bookings_revision_positive CHECK (revision >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (doctor_id, id),
    CONSTRAINT bookings_forwards CHECK (starts_at < ends_at)
);

-- One booking; and lists in their order: all, a doctor's, a patient's.
CREATE INDEX bookings_by_id ON bookings (id);
CREATE INDEX bookings_by_start ON bookings (starts_at, id);
CREATE INDEX bookings_by_doctor ON bookings (doctor_id, starts_at, id);
CREATE INDEX bookings_by_patient ON bookings (patient_id, starts_at, id);

-- Equality in a GiST index, for the constraint below. Comes with PostgreSQL (contrib); trusted, so that the owner of
-- the database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE occupancy (
    -- Who is occupied: 1 a doctor, 2 a patient.
    kind smallint NOT NULL CONSTRAINT occupancy_kind_known CHECK (kind IN (1, 2)),
    subject uuid NOT NULL,
    -- Half-open: stretches that touch do not overlap. An empty one would overlap nothing and so escape the constraint.
    during tstzrange NOT NULL CONSTRAINT occupancy_half_open CHECK (
        NOT isempty(during)
        AND lower_inc(during) AND NOT upper_inc(during)
        AND NOT lower_inf(during) AND NOT upper_inf(during)
    ),
    booking uuid NOT NULL,
    -- What a cancelled booking occupied stays as a record, and is in nobody's way.
    live boolean NOT NULL DEFAULT true,
    PRIMARY KEY (kind, subject, booking),
    CONSTRAINT occupancy_no_overlap
        EXCLUDE USING gist (kind WITH =, subject WITH =, during WITH &&) WHERE (live)
);
