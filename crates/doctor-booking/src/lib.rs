//! Doctors, their working hours, their free time, and bookings that cannot collide.
