//! What the SQLite store guarantees beyond the contract of the ports, and what enforces it.

mod constraints;
mod database;
mod opening;
mod processes;
mod rows;
mod seats;
mod statements;
mod steps;
mod visits;
