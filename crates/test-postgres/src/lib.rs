//! A throw-away PostgreSQL for the tests of doctor booking.
