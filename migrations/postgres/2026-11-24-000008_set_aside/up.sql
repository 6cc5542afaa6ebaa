-- Visits beside others of the same patient, where somebody has set aside that they do not overlap.
--
-- Protects: no two visits of one patient overlap unless that was set aside for one of them. `occupancy_no_overlap`
-- sees to it as before, whoever writes: an ordinary visit is on all seats of its patient, and so beside nothing. One that
-- may be beside others is on a seat from 2 on, and the ordinary ones that it meets are left with seat 1. So no two
-- ordinary visits ever fit beside each other, nor does an ordinary one that comes later fit beside any.

-- The default stays, for servers of the version before that still run.
ALTER TABLE bookings ADD COLUMN beside_others boolean NOT NULL DEFAULT false;

-- Only doctors are shared; a patient's seats do not depend on a capacity.
ALTER TABLE occupancy
    DROP CONSTRAINT occupancy_seat_within_capacity,
    DROP CONSTRAINT occupancy_patient_alone,
    ADD CONSTRAINT occupancy_seat_within_capacity CHECK (
        (kind = 2 AND seat BETWEEN 0 AND 50)
        OR (capacity = 1 AND seat = 0)
        OR (capacity BETWEEN 2 AND 50 AND seat BETWEEN 1 AND capacity)
    ),
    ADD CONSTRAINT occupancy_patient_alone CHECK (kind = 1 OR capacity = 1);
