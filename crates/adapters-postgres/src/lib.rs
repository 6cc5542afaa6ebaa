//! The ports of doctor booking on PostgreSQL.
