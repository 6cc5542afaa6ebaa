DROP TABLE occupancy;
DROP TABLE bookings;
