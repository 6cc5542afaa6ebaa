//! The use cases, told over a store in memory; over mocked ports what that never does.

mod access;
mod booking;
mod history;
mod holds;
mod hospital;
mod idempotency;
mod in_time;
mod life;
mod moving;
mod races_and_outages;
mod reminders;
mod rules;
mod set_aside;
mod single_dates;
mod upkeep;
mod visit_types;
mod waitlist;
mod webhooks;
