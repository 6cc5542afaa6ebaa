//! Who may do what, and who did.

mod authorize;
mod gate;

pub use authorize::{Denied, Resource, Scope, authorize, scope};
pub use gate::{AccessError, Gate};

/// Where a use case has more ways to fail.
macro_rules! can_be_forbidden {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$crate::AccessError> for $error {
            fn from(error: $crate::AccessError) -> Self {
                match error {
                    $crate::AccessError::Forbidden => Self::Forbidden,
                    $crate::AccessError::Unavailable(error) => Self::Unavailable(error),
                }
            }
        })+
    };
}

pub(crate) use can_be_forbidden;
