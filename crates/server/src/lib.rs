//! The doctor booking service: one binary, SQLite inside, PostgreSQL in production.
