DROP INDEX bookings_by_doctor_and_patient;
-- Their indexes go with them.
ALTER TABLE events DROP COLUMN doctor_id, DROP COLUMN patient_id;
DROP TABLE audit;
DROP FUNCTION audit_is_only_added_to;
DROP TABLE tokens;
