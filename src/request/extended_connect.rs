//! The WebSocket over HTTP/2 (RFC 8441), which is opened with `CONNECT`.

use http::{Extensions, Method};

/// The method by which a request is judged: `GET` for an extended `CONNECT`, otherwise the
/// request's own. An extended `CONNECT` of HTTP/2 corresponds to a `GET` with `Upgrade` of
/// HTTP/1.1.
///
/// The server marks an extended `CONNECT` in the request's extensions. No header can set this mark.
#[inline(always)]
pub(crate) fn judged_method<'a>(method: &'a Method, extensions: &Extensions) -> &'a Method {
    #[cfg(feature = "http2")]
    if *method == Method::CONNECT && extensions.get::<hyper::ext::Protocol>().is_some() {
        static GET: Method = Method::GET;
        return &GET;
    }
    let _ = extensions;
    method
}

#[cfg(test)]
mod tests {
    use http::{Extensions, Method};

    use super::judged_method;

    #[test]
    fn a_method_is_judged_as_itself() {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::CONNECT] {
            assert_eq!(*judged_method(&method, &Extensions::new()), method);
        }
    }

    #[test]
    #[cfg(feature = "http2")]
    fn only_an_extended_connect_is_a_get() {
        let mut extended = Extensions::new();
        extended.insert(hyper::ext::Protocol::from_static("websocket"));
        assert_eq!(*judged_method(&Method::CONNECT, &extended), Method::GET);
        for method in [Method::HEAD, Method::POST, Method::OPTIONS, Method::from_bytes(b"connect").unwrap()] {
            assert_eq!(*judged_method(&method, &extended), method);
        }
    }
}
