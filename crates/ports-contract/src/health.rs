//! What [`Health`](doctor_booking_ports::Health) promises.

#![allow(missing_docs, reason = "a test's name is the sentence that says what it is")]

use crate::Fixture;

pub fn a_store_that_is_there_answers(store: &Fixture) {
    store.health.check().expect("the store answers");
}
