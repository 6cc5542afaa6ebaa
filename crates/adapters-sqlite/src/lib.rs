//! The ports of doctor booking on SQLite.
