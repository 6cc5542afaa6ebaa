//! A store to test.

use std::any::Any;
use std::fmt;
use std::ops::Deref;

use doctor_booking_ports::Stores;

/// An empty store of its own for one test, with everything that has to live as long.
///
/// It is used like the [`Stores`] in it. What a test needs to be there, the functions beside [`given`](crate::given)
/// put into it.
pub struct Fixture {
    stores: Stores,
    /// Dropped after the stores.
    _keep: Box<dyn Any + Send + Sync>,
}

impl Fixture {
    /// These empty stores; `keep` is dropped after them: a temporary directory, a database, or `()`.
    pub fn new(stores: Stores, keep: impl Any + Send + Sync) -> Self {
        Self { stores, _keep: Box::new(keep) }
    }
}

impl Deref for Fixture {
    type Target = Stores;

    fn deref(&self) -> &Stores {
        &self.stores
    }
}

impl fmt::Debug for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fixture").finish_non_exhaustive()
    }
}
