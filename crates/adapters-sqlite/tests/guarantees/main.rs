//! What the SQLite store guarantees beyond the contract of the ports, and what enforces it.

mod access;
mod constraints;
mod database;
mod history;
mod holds;
mod life;
mod notes;
mod opening;
mod processes;
mod rows;
mod seats;
mod statements;
mod steps;
mod verification;
mod visits;
