//! The suite that every adapter of doctor booking passes.
