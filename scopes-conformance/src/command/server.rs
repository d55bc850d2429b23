//! Decides which server may be attacked: this machine, or the one host that is allowed by name.

use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

/// A server, resolved once: every request goes to this address.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// The name as given, with its port.
    pub(crate) host: String,
    /// Whether the address is a loopback address.
    pub(crate) is_local: bool,
}

/// How long one address of several may take to accept a connection.
const TO_CONNECT: Duration = Duration::from_secs(2);

/// Resolves the argument of `--address`.
///
/// Only loopback addresses may be attacked, unless the host is allowed.
pub(crate) fn resolve(address: &str, allowed: Option<&str>) -> Result<Server, String> {
    let shown = address.escape_debug();
    let (name, port) = address.rsplit_once(':').ok_or_else(|| format!("`{shown}` has no port: write HOST:PORT"))?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_name) || port.parse::<u16>().is_err() {
        return Err(format!("`{shown}` is not an address: write HOST:PORT"));
    }
    let found = address.to_socket_addrs().map_err(|error| format!("`{shown}` cannot be resolved: {error}"))?;
    let found: Vec<SocketAddr> = found.collect();
    let is_local = found.iter().all(|address| is_loopback(address.ip()));
    let is_allowed = allowed.is_some_and(|allowed| allowed.eq_ignore_ascii_case(name));
    if let Some(foreign) = found.iter().find(|address| !is_loopback(address.ip())).filter(|_| !is_allowed) {
        return Err(format!(
            "`{shown}` is {foreign}, which is not this machine; if you may attack that server, add `--allow-host {name}`"
        ));
    }
    let accepts = |address: &&SocketAddr| TcpStream::connect_timeout(address, TO_CONNECT).is_ok();
    // A name may have several addresses, and the server may listen on only one of them.
    let chosen = if found.len() > 1 { found.iter().find(accepts) } else { None };
    let address = *chosen.or(found.first()).ok_or_else(|| format!("`{shown}` has no address"))?;
    Ok(Server { address, host: format!("{name}:{port}"), is_local })
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_without_leave() {
        for local in ["127.0.0.1:3000", "127.9.9.9:1", "[::1]:3000", "[::ffff:127.0.0.1]:80"] {
            let server = resolve(local, None).unwrap();
            assert!(server.is_local && server.host == local, "{server:?}");
        }
        for foreign in ["192.0.2.1:80", "0.0.0.0:80", "[::]:80", "[::ffff:192.0.2.1]:80", "169.254.169.254:80"] {
            let error = resolve(foreign, None).unwrap_err();
            assert!(error.contains("is not this machine") && error.contains("--allow-host"), "{error}");
            // Allowing another name does not help.
            assert!(resolve(foreign, Some("192.0.2.2")).is_err(), "{foreign}");
        }
        let server = resolve("192.0.2.1:80", Some("192.0.2.1")).unwrap();
        assert!(!server.is_local && server.host == "192.0.2.1:80", "{server:?}");
    }

    #[test]
    fn texts_that_are_not_an_address() {
        for wrong in [
            "localhost",
            ":80",
            "127.0.0.1:",
            "127.0.0.1:99999",
            "http://127.0.0.1:80",
            "a b:80",
            "127.0.0.1:80/x",
            "u@127.0.0.1:80",
        ] {
            assert!(resolve(wrong, Some("127.0.0.1")).is_err(), "{wrong}");
        }
    }
}
