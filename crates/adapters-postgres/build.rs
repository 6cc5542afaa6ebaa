//! Tells cargo that the migrations are embedded: a new one is no change to any source file.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
