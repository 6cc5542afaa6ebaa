//! Signed messages to the webhooks of doctor booking, over HTTP.
//!
//! [`HttpMessenger`] is the port [`Messenger`](doctor_booking_ports::Messenger): it sends a message once, by `POST`, with
//! the headers of the Standard Webhooks specification (<https://www.standardwebhooks.com>).
//!
//! # What a URL of somebody else's can make it do
//!
//! Whoever enters a webhook says where the service connects to, so:
//!
//! - Unless [`Reach::Anywhere`] was asked for, every address that a name leads to has to be a public one. The connection
//!   is made to the very addresses that were looked at: a name that leads elsewhere a moment later gains nothing. Both
//!   `https` and `http` are served, since the rule is about addresses; who enters an `http` URL has everything read that
//!   is sent there.
//! - No redirect is followed, and no proxy of the environment's is used: it would look up names by itself.
//! - Everything together takes ten seconds at most, however slowly a receiver takes or gives. Of an answer the status and
//!   a few KiB of headers are read, and no body.
//! - What goes wrong is told in words of ours. Neither the URL nor what the receiver said is in it, but for the number of
//!   a status.

mod address;
mod messenger;
mod resolver;
mod signature;

pub use address::is_public;
pub use messenger::{HttpMessenger, Reach};
