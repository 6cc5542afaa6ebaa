DROP TABLE occupancy;
DROP TABLE bookings;
-- btree_gist stays: others may have come to need it.
