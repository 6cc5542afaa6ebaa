//! The use cases, told over a store in memory; over mocked ports what that never does.

mod booking;
mod hospital;
mod races_and_outages;
mod rules;
mod single_dates;
mod visit_types;
