//! Who asks.

use crate::CallerId;

/// Who asks for something to be done.
///
/// Every use case takes the actor, and begins by naming the roles it serves (`let Role::Administrator = actor.role;`):
/// when another role comes, the compiler lists every place that has to decide what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Which caller: what belongs to a caller, such as a hold or an idempotency key, belongs to nobody else.
    pub caller: CallerId,
    /// As what.
    pub role: Role,
}

/// What a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// May do everything.
    Administrator,
}

impl Actor {
    /// A caller who may do everything.
    #[must_use]
    pub const fn administrator(caller: CallerId) -> Self {
        Self { caller, role: Role::Administrator }
    }
}
