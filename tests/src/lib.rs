//! What the stories need: the real binary over a database of their own, and a client that speaks JSON.
#![allow(clippy::missing_panics_doc, reason = "a helper of a test fails the test")]
#![allow(clippy::must_use_candidate, reason = "whether an answer matters is the story's to say")]

mod client;
mod line;
mod receiver;
mod server;
mod store;
mod stream;

pub use client::{Answer, Client};
pub use line::Line;
pub use receiver::{Received, Receiver};
pub use server::{Server, run};
pub use store::Store;
pub use stream::{Stream, Told};

/// What time it is: the real binary has no other clock than this.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "what the service is told has to fit the time that it is")]
pub fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

/// Tells a story on both stores: `story!(name)` calls `fn name(&Store)` as the tests `name::sqlite` and
/// `name::postgres`.
#[macro_export]
macro_rules! on_both_stores {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            #[test]
            fn sqlite() {
                super::$name(&$crate::Store::sqlite());
            }

            #[test]
            fn postgres() {
                super::$name(&$crate::Store::postgres());
            }
        })+
    };
}
