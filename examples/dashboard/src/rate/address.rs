//! The address that counts as the client's.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;

/// The client's address. A proxy appends the address of its client to `X-Forwarded-For`, so only
/// the last one is trusted, and only if the operator says that there is a proxy.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, is_behind_proxy: bool) -> IpAddr {
    let last = || headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next();
    let forwarded = if is_behind_proxy { last() } else { None };
    network(forwarded.and_then(|address| address.trim().parse().ok()).unwrap_or(peer))
}

/// The key of an address. A client on IPv6 has a whole network of 64 bits.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_the_proxys_address_is_trusted() {
        let peer = "10.0.0.1".parse().unwrap();
        for (values, behind_proxy, direct) in [
            (&[][..], "10.0.0.1", "10.0.0.1"),
            (&["1.2.3.4"], "1.2.3.4", "10.0.0.1"),
            (&["6.6.6.6, 1.2.3.4"], "1.2.3.4", "10.0.0.1"),
            (&["6.6.6.6", "1.2.3.4"], "1.2.3.4", "10.0.0.1"),
            (&["1.2.3.4, x"], "10.0.0.1", "10.0.0.1"),
            (&["::ffff:1.2.3.4"], "1.2.3.4", "10.0.0.1"),
            (&["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::", "10.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for &value in values {
                headers.append("x-forwarded-for", HeaderValue::from_static(value));
            }
            assert_eq!(client(peer, &headers, true).to_string(), behind_proxy, "{values:?}");
            assert_eq!(client(peer, &headers, false).to_string(), direct, "{values:?}");
        }
    }
}
