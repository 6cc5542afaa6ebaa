//! Which addresses anybody may make the service connect to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public internet, so that nobody is reached there who is not reached from elsewhere.
///
/// By the special-purpose registries of IANA (RFC 6890 and what came after it). An IPv6 address that stands for one of
/// IPv4 (mapped, compatible, NAT64, 6to4) is what that one is. Everything that is not known to be public is not.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = matches!(
        address.octets(),
        [0 | 10 | 127 | 224..=255, ..] // this network, private, loopback; multicast, reserved, broadcast
            | [100, 64..=127, ..] // shared by the customers of a carrier
            | [169, 254, ..] // link-local: where clouds keep their metadata
            | [172, 16..=31, ..] // private
            | [192, 0, 0 | 2, _] // protocol assignments, documentation
            | [192, 88, 99, _] // the relays of 6to4, given up
            | [192, 168, ..] // private
            | [198, 18..=19, ..] // benchmarks
            | [198, 51, 100, _] // documentation
            | [203, 0, 113, _] // documentation
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let last_32 = |[.., a, b]: [u16; 8]| {
        let ([a, b], [c, d]) = (a.to_be_bytes(), b.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match address.segments() {
        // ::ffff:0:0/96, mapped; ::/96, compatible, with :: and ::1 among them; 64:ff9b::/96, NAT64.
        [0, 0, 0, 0, 0, 0 | 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            let [.., high, low] = address.segments();
            (high, low) > (0, 1) && is_public_v4(last_32(address.segments()))
        }
        // 2002::/16, 6to4: the address of IPv4 comes second.
        [0x2002, high, low, ..] => is_public_v4(last_32([0, 0, 0, 0, 0, 0, high, low])),
        // 2001::/23, protocol assignments, with Teredo among them; 2001:db8::/32 and 3fff::/20, documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // 2000::/3 is all that is given out to the public. Not in it: fc00::/7, private; fe80::/10, link-local;
        // fec0::/10, private once; ff00::/8, multicast; 100::/64, to be discarded; 64:ff9b:1::/48, private NAT64.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(public: bool, addresses: &[&str]) {
        for address in addresses {
            let parsed = address.parse().expect("an address");
            assert_eq!(is_public(parsed), public, "{address}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        check(true, &["1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "126.255.255.255", "128.0.0.1"]);
        check(true, &["2001:4860:4860::8888", "2606:4700::1111", "2a00:1450:4001::1", "2001:200::1", "3ffe::1"]);
    }

    #[test]
    fn addresses_that_are_loopback_link_local_or_unspecified_are_not_public() {
        check(false, &["127.0.0.1", "127.255.255.255", "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.0"]);
        check(false, &["::", "::1", "fe80::1", "febf:ffff::", "fec0::1"]);
        check(true, &["169.253.255.255", "169.255.0.0"]);
    }

    #[test]
    fn private_addresses_are_not_public_and_those_beside_them_are() {
        check(false, &["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"]);
        check(true, &["172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0"]);
        check(false, &["fc00::", "fd12:3456::1", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]);
    }

    #[test]
    fn addresses_shared_by_a_carriers_customers_are_not_public() {
        check(false, &["100.64.0.0", "100.100.100.200", "100.127.255.255"]);
        check(true, &["100.63.255.255", "100.128.0.0"]);
    }

    #[test]
    fn multicast_broadcast_reserved_and_documentation_are_not_public() {
        check(false, &["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "198.18.0.1", "198.19.255.255"]);
        check(false, &["192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1"]);
        check(false, &["ff02::1", "ff00::", "2001:db8::1", "2001:db8:ffff::", "3fff::1", "3fff:fff::1", "100::1"]);
        check(false, &["2001::1", "2001:1ff:ffff::", "4000::1", "1fff::1", "64:ff9b:1::1"]);
        check(true, &["223.255.255.255", "198.17.255.255", "198.20.0.0", "192.0.1.1", "203.0.112.1", "2001:db9::1"]);
    }

    #[test]
    fn an_address_of_ipv6_that_stands_for_one_of_ipv4_is_what_that_one_is() {
        for (public, v4) in [
            (false, "127.0.0.1"),
            (false, "10.1.2.3"),
            (false, "169.254.169.254"),
            (false, "192.168.1.1"),
            (false, "100.64.0.1"),
            (false, "0.0.0.0"),
            (false, "255.255.255.255"),
            (true, "8.8.8.8"),
        ] {
            check(public, &[v4, &format!("::ffff:{v4}"), &format!("::{v4}"), &format!("64:ff9b::{v4}")]);
            let [a, b, c, d] = v4.parse::<Ipv4Addr>().expect("an address").octets();
            check(public, &[&format!("2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1")]);
        }
    }
}
