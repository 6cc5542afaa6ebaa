//! The ports of doctor booking in memory, for tests and for trying things out.
