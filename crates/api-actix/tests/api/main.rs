//! The API over a store in memory.

mod availability;
mod bad_input;
mod bookings;
mod conventions;
mod doctors;
mod founding_example;
mod operations;
mod patients;
mod support;
mod working_hours;
