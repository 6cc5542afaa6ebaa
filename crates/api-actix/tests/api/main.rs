//! The API over a store in memory.

mod availability;
mod bad_input;
mod bookings;
mod closures;
mod conventions;
mod doctors;
mod events;
mod founding_example;
mod histories;
mod holds;
mod idempotency;
mod impact;
mod operations;
mod overrides;
mod patients;
mod rescheduling;
mod search;
mod series;
mod statuses;
mod support;
mod time_off;
mod visit_types;
mod visits;
mod waitlist;
mod webhooks;
mod working_hours;
