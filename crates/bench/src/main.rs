//! The measuring harness.

use std::process::ExitCode;

fn main() -> ExitCode {
    doctor_booking_bench::main()
}
