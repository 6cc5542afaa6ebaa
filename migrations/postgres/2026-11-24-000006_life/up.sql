-- The life of a booking: where it stands, what happened to it, who is told, and what is held before there is one.
--
-- Protects: what happened is written down once and never changed, and whatever is made because a request asked for it is
-- made once, however often that request comes. A slot that is held is guarded like one that is booked, by the same
-- constraint. Events have positions without gaps.
--
-- On Citus holds are sharded by doctor, like bookings, and answers by caller; reminders are a reference table, since they
-- are joined with bookings. The other tables stay with the coordinator, through which every change passes: so the order
-- of what has happened is that of one machine. There are no foreign keys to anything that is sharded otherwise.

-- Where a booking stands. It is live, and keeps its doctor and patient busy, as booked, arrived or fulfilled.
ALTER TABLE bookings
    DROP CONSTRAINT bookings_status_known,
    ADD CONSTRAINT bookings_status_known
        CHECK (status IN ('booked', 'arrived', 'fulfilled', 'cancelled', 'no-show')),
    -- The series to which it belongs.
    ADD COLUMN series_id uuid;

-- Until when a doctor is only held: `booking` is a hold then. Null: by a booking. What is held no longer is in nobody's
-- way, but the constraint knows no clock: whoever wants the time takes it away first. Nobody holds a patient.
ALTER TABLE occupancy
    ADD COLUMN held_until timestamptz,
    ADD CONSTRAINT occupancy_patient_not_held CHECK (kind = 1 OR held_until IS NULL);

-- Slots that are held for a little while. Each occupies its doctor under its own id.
CREATE TABLE holds (
    doctor_id uuid NOT NULL REFERENCES doctors (id),
    id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    visit_type_id uuid,
    buffer_before_minutes integer NOT NULL
        CONSTRAINT holds_buffer_before_in_range CHECK (buffer_before_minutes BETWEEN 0 AND 480),
    buffer_after_minutes integer NOT NULL
        CONSTRAINT holds_buffer_after_in_range CHECK (buffer_after_minutes BETWEEN 0 AND 480),
    capacity smallint NOT NULL CONSTRAINT holds_capacity_in_range CHECK (capacity BETWEEN 1 AND 50),
    time_zone text NOT NULL,
    -- Whose it is, and for which place in the waitlist; null: its owner asked for it.
    owner uuid NOT NULL,
    waiting_id uuid,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (doctor_id, id),
    CONSTRAINT holds_forwards CHECK (starts_at < ends_at),
    CONSTRAINT holds_expire_later CHECK (created_at < expires_at)
);

-- One hold; those of an owner, which are counted; and those that have expired or, of all doctors, have not.
CREATE INDEX holds_by_id ON holds (id);
CREATE INDEX holds_by_owner ON holds (owner, expires_at);
CREATE INDEX holds_by_expiry ON holds (expires_at);

-- What has happened. Never changed, never removed.
CREATE TABLE history (
    id uuid PRIMARY KEY,
    what text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    -- A caller; null: the service by itself.
    who uuid,
    why text,
    -- Whom and what it concerns. A doctor: null is all of them.
    doctor_id uuid,
    patient_id uuid,
    booking_id uuid,
    -- What has changed, as it was and as it is, by name.
    before jsonb NOT NULL CONSTRAINT history_before_named CHECK (jsonb_typeof(before) = 'object'),
    after jsonb NOT NULL CONSTRAINT history_after_named CHECK (jsonb_typeof(after) = 'object')
);

-- What happened to a booking, and to a doctor's rules, in order. Of a doctor far more is told about patients and holds,
-- which is never asked for.
CREATE INDEX history_of_booking ON history (booking_id, at, id) WHERE booking_id IS NOT NULL;
CREATE INDEX history_of_doctor ON history (doctor_id, at, id)
    WHERE patient_id IS NULL AND what NOT IN ('hold.created', 'hold.released');

CREATE FUNCTION history_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is only ever added to' USING ERRCODE = 'restrict_violation', TABLE = 'history';
END
$$;

-- Citus knows no such triggers on tables that it has distributed, and there nobody need decide now whether this one ever
-- is: instead, the role that the service has is to be granted nothing but SELECT and INSERT.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        CREATE TRIGGER history_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON history
            FOR EACH STATEMENT EXECUTE FUNCTION history_is_only_added_to();
    END IF;
END
$$;

-- What was answered to requests that may come again. Whoever makes what was asked for writes its row first, so that a
-- second one waits here for the first, and then makes nothing.
CREATE TABLE idempotency (
    caller uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    -- What was asked for, as a digest.
    fingerprint bytea NOT NULL CONSTRAINT idempotency_fingerprint_whole CHECK (octet_length(fingerprint) = 32),
    status smallint NOT NULL CONSTRAINT idempotency_status_in_range CHECK (status BETWEEN 200 AND 599),
    -- Pairs of name and value.
    headers jsonb NOT NULL CONSTRAINT idempotency_headers_listed CHECK (jsonb_typeof(headers) = 'array'),
    body bytea NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (caller, key)
);

-- They are kept for some time, and then swept.
CREATE INDEX idempotency_by_age ON idempotency (at);

-- Entries of the history that have no position yet, in the order in which they were written. Each comes in the statement
-- that writes the entry; that of events is foreign key enough, where one for each of a closure's 100,000 marks would keep
-- everybody waiting.
CREATE TABLE outbox (
    -- Whoever began to write after another had come to an end has a later one. Gaps mean nothing.
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id uuid NOT NULL
);

-- Entries of the history in the order in which everybody learns of them: 1, 2, 3, … without gaps.
CREATE TABLE events (
    position bigint PRIMARY KEY CONSTRAINT events_from_one CHECK (position >= 1),
    entry_id uuid NOT NULL UNIQUE REFERENCES history (id)
);

-- Which bookings, at which start, were reminded of how long before.
CREATE TABLE reminders (
    booking_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    lead_minutes integer NOT NULL CONSTRAINT reminders_lead_in_range CHECK (lead_minutes BETWEEN 1 AND 43200),
    PRIMARY KEY (booking_id, starts_at, lead_minutes)
);

-- Whom to tell of events.
CREATE TABLE webhooks (
    id uuid PRIMARY KEY,
    url text NOT NULL,
    -- Of what; null: of everything.
    events text[] CONSTRAINT webhooks_events_known CHECK (array_position(events, NULL) IS NULL),
    secret bytea NOT NULL CONSTRAINT webhooks_secret_whole CHECK (octet_length(secret) = 32),
    active boolean NOT NULL,
    revision bigint NOT NULL CONSTRAINT webhooks_revision_positive CHECK (revision >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    -- Up to which event there are deliveries, or will be none.
    told bigint NOT NULL CONSTRAINT webhooks_told_forwards CHECK (told >= 0)
);

-- What is still to be told to them, each event once, and what was given up.
CREATE TABLE deliveries (
    webhook_id uuid NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    position bigint NOT NULL REFERENCES events (position),
    id uuid NOT NULL UNIQUE,
    -- When it was first claimed.
    first_at timestamptz,
    failures integer NOT NULL DEFAULT 0 CONSTRAINT deliveries_failures_counted CHECK (failures >= 0),
    -- When it is due; while it is claimed, when the claim runs out; null: it was put aside.
    due_at timestamptz,
    claimed boolean NOT NULL DEFAULT false,
    -- What went wrong at last, and when.
    error text NOT NULL DEFAULT '',
    failed_at timestamptz,
    PRIMARY KEY (webhook_id, position),
    CONSTRAINT deliveries_aside_failed CHECK (due_at IS NOT NULL OR failed_at IS NOT NULL)
);

-- What is due of each webhook, what is claimed, and what was put aside of it.
CREATE INDEX deliveries_due ON deliveries (webhook_id, due_at, position) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_claimed ON deliveries (webhook_id, due_at) WHERE claimed;
CREATE INDEX deliveries_aside ON deliveries (webhook_id, id) WHERE due_at IS NULL;

-- Patients who wait for a slot.
CREATE TABLE waitlist (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL,
    -- For a slot of this doctor's, or of any doctor's of this specialty.
    doctor_id uuid,
    specialty text,
    visit_type_id uuid,
    from_date date NOT NULL,
    to_date date NOT NULL,
    owner uuid NOT NULL,
    -- Since when in line: the first is first.
    since timestamptz NOT NULL,
    status text COLLATE "C" NOT NULL CONSTRAINT waitlist_status_known CHECK (status IN ('waiting', 'offered', 'booked')),
    -- What is offered, and until when.
    hold_id uuid,
    held_until timestamptz,
    revision bigint NOT NULL CONSTRAINT waitlist_revision_positive CHECK (revision >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT waitlist_for_one CHECK ((doctor_id IS NULL) <> (specialty IS NULL)),
    CONSTRAINT waitlist_forwards CHECK (from_date <= to_date),
    CONSTRAINT waitlist_offered_is_held
        CHECK ((status = 'offered') = (hold_id IS NOT NULL) AND (status = 'offered') = (held_until IS NOT NULL))
);

-- Lists, which are in the order of ids; the line, by its dates, so that what is long over is never looked at; whoever is
-- offered something, by what it is and until when.
CREATE INDEX waitlist_of_patient ON waitlist (patient_id, id);
CREATE INDEX waitlist_of_doctor ON waitlist (doctor_id, id) WHERE doctor_id IS NOT NULL;
CREATE INDEX waitlist_in_line ON waitlist (to_date, since, id) WHERE status = 'waiting';
CREATE INDEX waitlist_by_hold ON waitlist (hold_id) WHERE hold_id IS NOT NULL;
CREATE INDEX waitlist_by_offer ON waitlist (held_until) WHERE held_until IS NOT NULL;
