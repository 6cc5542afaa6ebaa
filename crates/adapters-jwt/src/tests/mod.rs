//! What is believed, and what is not; with keys that are made anew for each run.

mod believed;
mod fuzz;
mod keys_file;
mod keys_url;
mod provider;
mod refused;
