//! Closures: dates on which the whole hospital is closed.

mod add_closure;
mod closure_change;
mod find_closure;
mod list_closures;
mod remove_closure;

pub use add_closure::{AddClosure, NewClosure};
pub use closure_change::{ChangeClosureError, ClosureChanged};
pub use find_closure::FindClosure;
pub use list_closures::ListClosures;
pub use remove_closure::RemoveClosure;
