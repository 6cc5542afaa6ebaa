-- Who may do what: by what callers are known, who has seen what, and who is told of what.
--
-- Protects: a caller is found by one secret and no other, of which only a digest is here; a token of a doctor's or a
-- patient's says whose it is; and who has seen what is written down once and never changed.
--
-- Whoever may not know everything is told what concerns him or her, and is shown the own patients: there are indexes, so
-- that nobody looks through what is others'.
--
-- On Citus both tables stay with the coordinator, through which every request passes. So there are no foreign keys from
-- tokens to doctors and patients, which are sharded.

-- By what callers are known, and the sessions of browsers that have signed in with one. Whoever adds a session holds the
-- row of its token in share mode, and whoever revokes the token holds it alone: neither misses the other.
CREATE TABLE tokens (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    role text COLLATE "C" NOT NULL
        CONSTRAINT tokens_role_known CHECK (role IN ('administrator', 'front-desk', 'doctor', 'patient')),
    doctor_id uuid,
    patient_id uuid,
    -- SHA-256 of the secret, which is nowhere.
    digest bytea NOT NULL CONSTRAINT tokens_digest_whole CHECK (octet_length(digest) = 32),
    -- The token that a browser has signed in with; null: it is no session.
    session_of uuid REFERENCES tokens (id),
    -- Null: never.
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    -- Null: the service, or whoever runs it.
    created_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT tokens_role_says_whose
        CHECK ((role = 'doctor') = (doctor_id IS NOT NULL) AND (role = 'patient') = (patient_id IS NOT NULL)),
    CONSTRAINT tokens_session_of_another CHECK (session_of <> id)
);

-- One token, by the first half of the digest: so that how long that takes tells nothing about the other half. Where
-- halves differ, so do digests.
CREATE UNIQUE INDEX tokens_by_locator ON tokens (substr(digest, 1, 16));
-- Lists, which are without sessions, for there are many more of these; the sessions of a token; and those that have come
-- to an end, which are swept.
CREATE INDEX tokens_by_id ON tokens (id) WHERE session_of IS NULL;
CREATE INDEX tokens_sessions ON tokens (session_of) WHERE session_of IS NOT NULL;
CREATE INDEX tokens_by_expiry ON tokens (expires_at) WHERE session_of IS NOT NULL;
CREATE INDEX tokens_by_revocation ON tokens (revoked_at) WHERE session_of IS NOT NULL;

-- Who has seen what, and who was not let in. Never changed, never removed. It refers to nothing, since it outlives what
-- it tells of.
CREATE TABLE audit (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    -- Null: nobody knows.
    caller uuid,
    role text COLLATE "C" NOT NULL
        CONSTRAINT audit_role_known CHECK (role IN ('administrator', 'front-desk', 'doctor', 'patient', 'nobody')),
    action text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL CONSTRAINT audit_outcome_known CHECK (outcome IN ('seen', 'refused')),
    doctor_id uuid,
    patient_id uuid,
    booking_id uuid,
    request text
);

-- Lists, the latest first: all, those about a patient, those of a caller; and who was not let in, which is seldom, and
-- what is looked for.
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_patient ON audit (patient_id, at, id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_by_caller ON audit (caller, at, id) WHERE caller IS NOT NULL;
CREATE INDEX audit_refused ON audit (at, id) WHERE outcome = 'refused';

CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit is only ever added to' USING ERRCODE = 'restrict_violation', TABLE = 'audit';
END
$$;

-- As of the history: not on Citus, where the role that the service has is to be granted nothing but SELECT and INSERT.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
            FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
    END IF;
END
$$;

-- Whom an event concerns, as its entry says: so that what one is told of is found in its order, whatever happens to
-- others. Servers of the version before that still run leave both out. Then only those learn of the event who may know
-- everything, for what nobody seems to be concerned by is told to all only where its entry says the same.
ALTER TABLE events ADD COLUMN doctor_id uuid, ADD COLUMN patient_id uuid;
UPDATE events SET doctor_id = history.doctor_id, patient_id = history.patient_id
FROM history
WHERE history.id = events.entry_id AND (history.doctor_id IS NOT NULL OR history.patient_id IS NOT NULL);
CREATE INDEX events_to_doctor ON events (doctor_id, position) WHERE doctor_id IS NOT NULL;
CREATE INDEX events_to_patient ON events (patient_id, position) WHERE patient_id IS NOT NULL;
CREATE INDEX events_to_all ON events (position) WHERE doctor_id IS NULL AND patient_id IS NULL;

-- Whom a doctor sees, or has seen.
CREATE INDEX bookings_by_doctor_and_patient ON bookings (doctor_id, patient_id);
