//! Names become addresses, and those are looked at.

use thiserror::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::address::is_public;
use crate::messenger::Reach;

/// A name led to an address that is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the address is not a public one")]
pub(crate) struct NotPublic;

/// Looks up a name, and at what it leads to. What it answers is what is connected to.
#[derive(Debug)]
pub(crate) struct Lookout {
    pub(crate) reach: Reach,
}

impl Resolver for Lookout {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let addresses = DefaultResolver::default().resolve(uri, config, timeout).map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        // All of them: a name that leads to a public address too is up to no good.
        if self.reach == Reach::Anywhere || addresses.iter().all(|address| is_public(address.ip())) {
            Ok(addresses)
        } else {
            Err(ureq::Error::Other(NotPublic.into()))
        }
    }
}
