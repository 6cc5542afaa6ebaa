//! Who asks.

/// Who asks for something to be done.
///
/// Every use case takes the actor, and begins by naming those it serves (`let Actor::Administrator = actor;`): when
/// another kind of actor comes, the compiler lists every place that has to decide what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// May do everything.
    Administrator,
}
