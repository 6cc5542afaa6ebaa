//! Who signed statements of an identity provider (JWTs, RFC 7519) say that a caller of doctor booking is.
//!
//! [`JwtIdentities`] is the port [`Identities`](doctor_booking_ports::Identities): it looks at a JWT that somebody brought,
//! and believes what an identity provider has signed in it.
//!
//! # What is believed
//!
//! - What is signed by `RS256`, `ES256` or `EdDSA` with Ed25519, with a key of the provider's that is made for it. What the
//!   JWT says about its key only chooses among those: nothing is fetched that it names, and no key in it is used. There is
//!   no `none`, and nothing with a shared secret.
//! - What the issuer says, for the audience if there is one, while it holds: `exp` has to be there, and `nbf` and `iat`
//!   must not be to come, give or take a minute. The time is the one that is passed in.
//! - One role, and a subject that fits it. A doctor or a patient is called by the UUID of the doctor or patient.
//!
//! # Where the keys come from
//!
//! A JWKS (RFC 7517), in a file or at a URL: [`KeySource`]. It is read by whoever needs it first, and again
//!
//! - when it is older than five minutes, or the file has changed;
//! - when a JWT names a key that is not known, so that the provider may change its keys without a restart. This no more
//!   often than every five seconds, since anybody can make up a name.
//!
//! One caller at a time reads; whoever comes meanwhile goes on with what is there. What is read takes the place of what
//! was there before: a key that the provider has taken away is gone. While nothing can be read, what is there will do for
//! an hour.
//!
//! # What a URL can make it do
//!
//! It is the operator's own. Still: keys come by `https`, or from this machine, or not at all; no redirect is followed, and
//! no proxy of the environment's is used; certificates are held against the authorities that browsers trust. Everything
//! together takes five seconds at most, and no more than 1 MiB is read. Of the URL only the host is ever told.

mod claims;
mod identities;
mod key;
mod keys;
mod options;
mod source;
mod statement;
#[cfg(test)]
mod tests;

pub use identities::JwtIdentities;
pub use options::{KeySource, Options, WrongOptions};
