-- Who may do what: by what callers are known, who has seen what, and who is told of what.
--
-- Protects that a caller is found by one secret and no other, of which only a digest is here; that a token of a doctor's
-- or a patient's says whose it is; and that who has seen what stays as it was written.
--
-- Whoever may not know everything is told what concerns him or her, and is shown the own patients: there are indexes, so
-- that nobody looks through what is others'.

-- By what callers are known, and the sessions of browsers that have signed in with one.
CREATE TABLE tokens (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'front-desk', 'doctor', 'patient')),
    doctor_id BLOB REFERENCES doctors (id),
    patient_id BLOB REFERENCES patients (id),
    -- SHA-256 of the secret, which is nowhere.
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    -- The token that a browser has signed in with; NULL: it is no session.
    session_of BLOB REFERENCES tokens (id) CHECK (session_of <> id),
    -- NULL: never.
    expires_at INTEGER,
    revoked_at INTEGER,
    last_used_at INTEGER,
    -- NULL: the service, or whoever runs it.
    created_by BLOB CHECK (created_by IS NULL OR length(created_by) = 16),
    created_at INTEGER NOT NULL,
    CHECK ((role = 'doctor') = (doctor_id IS NOT NULL) AND (role = 'patient') = (patient_id IS NOT NULL))
) STRICT;

-- They are looked up by the first half of the digest, so that how long that takes tells nothing about the other half.
-- SQLite uses it only where a query says it in these very words. Where halves differ, so do digests.
CREATE UNIQUE INDEX tokens_by_locator ON tokens (substr(digest, 1, 16));
-- Lists are without sessions, of which there are many more.
CREATE INDEX tokens_by_id ON tokens (id) WHERE session_of IS NULL;
CREATE INDEX tokens_sessions ON tokens (session_of) WHERE session_of IS NOT NULL;
-- Sessions are swept when they have come to an end.
CREATE INDEX tokens_by_expiry ON tokens (expires_at) WHERE session_of IS NOT NULL;
CREATE INDEX tokens_by_revocation ON tokens (revoked_at) WHERE session_of IS NOT NULL;

-- Who has seen what, and who was not let in. It refers to nothing, since it outlives what it tells of.
CREATE TABLE audit (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    -- NULL: nobody knows.
    caller BLOB CHECK (caller IS NULL OR length(caller) = 16),
    role TEXT NOT NULL CHECK (role IN ('administrator', 'front-desk', 'doctor', 'patient', 'nobody')),
    action TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('seen', 'refused')),
    doctor_id BLOB CHECK (doctor_id IS NULL OR length(doctor_id) = 16),
    patient_id BLOB CHECK (patient_id IS NULL OR length(patient_id) = 16),
    booking_id BLOB CHECK (booking_id IS NULL OR length(booking_id) = 16),
    request TEXT
) STRICT, WITHOUT ROWID;

-- Lists are in the order of time and id, the latest first.
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_patient ON audit (patient_id, at, id) WHERE patient_id IS NOT NULL;
CREATE INDEX audit_by_caller ON audit (caller, at, id) WHERE caller IS NOT NULL;
-- Few are not let in, and they are what is looked for. SQLite uses it only where a query says so in these very words.
CREATE INDEX audit_refused ON audit (at, id) WHERE outcome = 'refused';

-- OR REPLACE asks no trigger about what it deletes, so it must not find anything to replace.
CREATE TRIGGER audit_insert BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'audit_append_only');
END;

CREATE TRIGGER audit_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit_append_only');
END;

CREATE TRIGGER audit_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit_append_only');
END;

-- What one doctor, one patient, or everybody is told of, in its order.
CREATE INDEX history_to_doctor ON history (doctor_id, position) WHERE doctor_id IS NOT NULL;
CREATE INDEX history_to_patient ON history (patient_id, position) WHERE patient_id IS NOT NULL;
CREATE INDEX history_to_all ON history (position) WHERE doctor_id IS NULL AND patient_id IS NULL;

-- Whom a doctor sees, or has seen.
CREATE INDEX bookings_by_doctor_and_patient ON bookings (doctor_id, patient_id);
