//! The API over a store in memory.

mod availability;
mod bad_input;
mod bookings;
mod closures;
mod conventions;
mod doctors;
mod founding_example;
mod impact;
mod operations;
mod overrides;
mod patients;
mod search;
mod support;
mod time_off;
mod visit_types;
mod visits;
mod working_hours;
