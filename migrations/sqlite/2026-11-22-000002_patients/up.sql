-- Patients.
--
-- Protects the identity of a patient, and a revision that can be compared: a change decided on what has since changed
-- is not stored.

CREATE TABLE patients (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    -- What names are found by, made by the domain.
    name_key TEXT NOT NULL,
    birth_date TEXT CHECK (birth_date IS NULL OR birth_date IS date(birth_date, '+0 days')),
    email TEXT,
    phone TEXT,
    external_id TEXT,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
