//! The use cases of doctor booking: authorize, load, let the domain decide, save.
