//! The store in memory keeps what the ports promise.

use doctor_booking_adapters_memory::MemoryStore;
use doctor_booking_ports_contract::Fixture;

fn fixture() -> Fixture {
    Fixture::new(MemoryStore::new().stores(), ())
}

doctor_booking_ports_contract::contract!(fixture);
