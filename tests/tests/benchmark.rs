//! What is measured is the service as it is: the benchmark's databases hold nothing that it would not have written.

use std::path::Path;

const BINARY: &str = env!("CARGO_BIN_EXE_doctor-booking-under-test");

#[test]
fn rows_that_the_benchmark_writes_are_those_of_the_service() {
    doctor_booking_bench::rows_are_those_of_the_service(Path::new(BINARY)).expect("they are");
}
