-- Where a patient's live visits overlap there is no way back: the constraint refuses to have them on all seats.

UPDATE occupancy SET seat = 0 WHERE kind = 2 AND seat > 0;

ALTER TABLE occupancy
    DROP CONSTRAINT occupancy_seat_within_capacity,
    DROP CONSTRAINT occupancy_patient_alone,
    ADD CONSTRAINT occupancy_seat_within_capacity CHECK (
        (capacity = 1 AND seat = 0) OR (capacity BETWEEN 2 AND 50 AND seat BETWEEN 1 AND capacity)
    ),
    ADD CONSTRAINT occupancy_patient_alone CHECK (kind = 1 OR seat = 0);

ALTER TABLE bookings DROP COLUMN beside_others;
