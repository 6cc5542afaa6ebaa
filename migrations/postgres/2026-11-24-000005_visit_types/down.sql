-- Fails, and changes nothing, as long as visits share a doctor: there would be no keeping them apart.
ALTER TABLE occupancy DROP CONSTRAINT occupancy_no_overlap;

-- Nobody would know any more why the doctor is busy there.
UPDATE occupancy SET during = tstzrange(bookings.starts_at, bookings.ends_at)
    FROM bookings
    WHERE occupancy.kind = 1 AND occupancy.subject = bookings.doctor_id AND occupancy.booking = bookings.id
        AND bookings.buffer_before_minutes + bookings.buffer_after_minutes > 0;

ALTER TABLE occupancy
    DROP CONSTRAINT occupancy_patient_alone,
    DROP CONSTRAINT occupancy_seat_within_capacity,
    DROP COLUMN seat,
    DROP COLUMN capacity,
    ADD CONSTRAINT occupancy_no_overlap
        EXCLUDE USING gist (kind WITH =, subject WITH =, during WITH &&) WHERE (live);

ALTER TABLE bookings
    DROP COLUMN capacity,
    DROP COLUMN buffer_after_minutes,
    DROP COLUMN buffer_before_minutes,
    DROP COLUMN visit_type_id;

ALTER TABLE doctors DROP COLUMN visit_types;
DROP TABLE visit_types;
