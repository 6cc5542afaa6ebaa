//! Tells Cargo that the migrations are part of the crate: they are embedded by a macro, which it cannot look into.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
