//! Whose address a request has: of whoever sent it, as far as that can be known.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use actix_web::http::header::{HeaderMap, X_FORWARDED_FOR};
use doctor_booking_domain::CallerId;
use ipnet::IpNet;

/// An address, or all addresses that begin alike: `10.0.0.0/8`, `127.0.0.1`, `2001:db8::/32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

/// The text is no [`Network`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoNetwork;

impl std::fmt::Display for NoNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a network is an address such as 127.0.0.1, or a range of them such as 10.0.0.0/8")
    }
}

impl std::error::Error for NoNetwork {}

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Self, NoNetwork> {
        let network = text.parse::<IpAddr>().map(IpNet::from).or_else(|_| text.parse::<IpNet>());
        network.map(Self).map_err(|_| NoNetwork)
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

/// Who is counted as one, by address: an IPv4 address, or the first 64 bits of an IPv6 one, since whoever has one of
/// those has all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address(IpAddr);

impl Address {
    /// The address of a request whose connection comes from `peer`; `None` when it cannot be told: from loopback, where
    /// no proxy is trusted, anybody may come through a proxy that is not known to be one.
    ///
    /// Where the peer is a trusted proxy, it is the rightmost entry of `X-Forwarded-For` that is none: each proxy adds
    /// its own peer at the right, so that only what stands left of it can be made up. An entry that is no address
    /// ends the walk, and what was found up to there counts.
    pub(super) fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Option<Self> {
        let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
        let mut address = peer.to_canonical();
        if !is_trusted(address) {
            return (!address.is_loopback()).then(|| Self::from(address));
        }
        // All headers of that name are one list (RFC 9110, section 5.3).
        let lists: Vec<_> = headers.get_all(X_FORWARDED_FOR).collect();
        let entries = lists.into_iter().rev().flat_map(|list| list.as_bytes().rsplit(|byte| *byte == b','));
        for entry in entries {
            let Some(next) = std::str::from_utf8(entry).ok().and_then(entry_address) else { break };
            address = next;
            if !is_trusted(address) {
                break;
            }
        }
        Some(Self::from(address))
    }
}

/// An entry's address; some proxies write a port behind it.
fn entry_address(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let address = bare.map_or(entry, |bare| bare).parse::<IpAddr>();
    let address = address.ok().or_else(|| entry.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address| address.to_canonical())
}

/// As whom an address is counted of which nothing else is known. Ids are made otherwise, so it is nobody else's.
impl From<Address> for CallerId {
    fn from(Address(address): Address) -> Self {
        let bits = match address {
            IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
            IpAddr::V6(address) => address.to_bits(),
        };
        Self::from_u128(bits)
    }
}

impl From<IpAddr> for Address {
    fn from(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(long) => Ipv6Addr::from_bits(long.to_bits() & (u128::MAX << 64)).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const PROXIES: [&str; 2] = ["10.0.0.0/8", "fd00::1"];

    fn found(peer: &str, forwarded: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for list in forwarded {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_str(list).expect("a value"));
        }
        let trusted = PROXIES.map(|network| network.parse().expect("a network"));
        Address::of(peer.parse().expect("an address"), &headers, &trusted).map(|address| address.0.to_string())
    }

    #[test]
    fn it_is_the_peer_unless_that_is_a_trusted_proxy() {
        assert_eq!(found("203.0.113.7", &[]).as_deref(), Some("203.0.113.7"));
        assert_eq!(found("203.0.113.7", &["198.51.100.1"]).as_deref(), Some("203.0.113.7"), "it is made up");
        assert_eq!(found("10.0.0.1", &["198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(found("fd00::1", &["198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(found("fd00::2", &["198.51.100.1"]).as_deref(), Some("fd00::"));
    }

    #[test]
    fn it_is_the_rightmost_that_is_no_proxy() {
        for forwarded in [
            &["198.51.100.1"][..],
            &["192.0.2.1, 198.51.100.1"],
            &["10.0.0.9,198.51.100.1 , 10.2.3.4"],
            &["192.0.2.1", "198.51.100.1", "10.2.3.4,fd00::1"],
            &["nonsense, 198.51.100.1"],
            &["127.0.0.1, 198.51.100.1:4711"],
            &[" , ,198.51.100.1"],
            &["::ffff:198.51.100.1"],
        ] {
            assert_eq!(found("10.0.0.1", forwarded).as_deref(), Some("198.51.100.1"), "{forwarded:?}");
        }
    }

    #[test]
    fn what_is_no_address_ends_the_walk() {
        for (forwarded, expected) in [
            (&[][..], "10.0.0.1"),
            (&[""], "10.0.0.1"),
            (&["nonsense"], "10.0.0.1"),
            (&["198.51.100.1, unknown"], "10.0.0.1"),
            (&["198.51.100.1,"], "10.0.0.1"),
            (&["198.51.100.1, x, 10.0.0.5"], "10.0.0.5"),
            (&["10.0.0.7, 10.0.0.5"], "10.0.0.7"),
            (&["198.51.100.1, 1.2.3"], "10.0.0.1"),
        ] {
            assert_eq!(found("10.0.0.1", forwarded).as_deref(), Some(expected), "{forwarded:?}");
        }
        let mut headers = HeaderMap::new();
        headers.append(X_FORWARDED_FOR, HeaderValue::from_bytes(b"198.51.100.1, \xff").expect("a value"));
        let peer: IpAddr = [10, 0, 0, 1].into();
        assert_eq!(Address::of(peer, &headers, &["10.0.0.1".parse().expect("a network")]), Some(Address(peer)));
    }

    #[test]
    fn loopback_is_nobody_in_particular_unless_it_is_a_trusted_proxy() {
        for peer in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(found(peer, &["198.51.100.1"]), None, "{peer}");
        }
        let mut headers = HeaderMap::new();
        let trusted = ["127.0.0.1".parse().expect("a network")];
        let peer: IpAddr = [127, 0, 0, 1].into();
        assert_eq!(Address::of(peer, &headers, &trusted), Some(Address(peer)));
        headers.append(X_FORWARDED_FOR, HeaderValue::from_static("198.51.100.1"));
        assert_eq!(Address::of(peer, &headers, &trusted), Some(Address([198, 51, 100, 1].into())));
    }

    #[test]
    fn long_addresses_count_by_their_first_half() {
        for entry in ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", "[2001:db8:1:2::7]", "[2001:db8:1:2::7]:443"] {
            assert_eq!(found("10.0.0.1", &[entry]).as_deref(), Some("2001:db8:1:2::"), "{entry}");
        }
        assert_eq!(found("2001:db8:1:3::1", &[]).as_deref(), Some("2001:db8:1:3::"));
    }

    #[test]
    fn a_network_is_an_address_or_a_range() {
        for text in ["127.0.0.1", "10.0.0.0/8", "10.1.2.3/8", "::1", "2001:db8::/32"] {
            assert!(text.parse::<Network>().is_ok(), "{text}");
        }
        for text in ["", "localhost", "10.0.0.0/33", "10.0.0", "10.0.0.0/", "*"] {
            assert_eq!(text.parse::<Network>(), Err(NoNetwork), "{text}");
        }
    }
}
