//! The doctor booking service, as the stories run it: the same `main` as the binary's, built with the tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    doctor_booking_server::main()
}
