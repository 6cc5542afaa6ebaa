-- Patients.
--
-- Protects: `revision` lets a change be refused that was decided on what is no longer there.

CREATE TABLE patients (
    -- UUIDv7, so in the order of registration, which is the order of lists: a position must not tell a name.
    id uuid PRIMARY KEY,
    first_name text NOT NULL,
    last_name text NOT NULL,
    -- What names are found by, made by the domain.
    name_key text COLLATE "C" NOT NULL,
    birth_date date,
    email text,
    phone text,
    external_id text,
    revision bigint NOT NULL CONSTRAINT patients_revision_positive CHECK (revision >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
