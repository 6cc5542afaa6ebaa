DROP INDEX bookings_by_doctor_and_end;
DROP TABLE closures;
DROP TABLE time_off;
DROP TABLE override_windows;
DROP TABLE overrides;
