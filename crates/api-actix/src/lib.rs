//! The HTTP API of doctor booking on actix-web.
