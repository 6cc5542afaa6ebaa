DROP TABLE waitlist;
DROP TABLE deliveries;
DROP TABLE webhooks;
DROP TABLE reminders;
DROP TABLE events;
DROP TABLE outbox;
DROP TABLE idempotency;
DROP TABLE history;
DROP FUNCTION history_is_only_added_to;

-- What is only held is free again.
DELETE FROM occupancy WHERE held_until IS NOT NULL;
DROP TABLE holds;
ALTER TABLE occupancy
    DROP CONSTRAINT occupancy_patient_not_held,
    DROP COLUMN held_until;

-- What kept somebody busy still does.
UPDATE bookings SET status = 'booked' WHERE status IN ('arrived', 'fulfilled');
UPDATE bookings SET status = 'cancelled' WHERE status = 'no-show';
ALTER TABLE bookings
    DROP COLUMN series_id,
    DROP CONSTRAINT bookings_status_known,
    ADD CONSTRAINT bookings_status_known CHECK (status IN ('booked', 'cancelled'));
