//! Who asks.

/// Who asks for something to be done.
///
/// Every use case takes the actor, so that whoever adds a way in has to say who comes through it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// May do everything.
    Administrator,
}
