//! The headers of a request, in the type of any framework.

use std::fmt;

use http::{HeaderMap, HeaderValue};

/// The headers of a request, converted by `From` from the type of any framework:
/// [`http::HeaderMap`] (axum, hyper, poem, salvo, tonic, warp), and with their features
/// `actix_web::http::header::HeaderMap` and `rocket::http::HeaderMap`.
///
/// ```
/// use scopes::RequestHeaders;
///
/// let mut map = http::HeaderMap::new();
/// map.insert("x-api-key", http::HeaderValue::from_static("k-1"));
/// let headers = RequestHeaders::from(&map);
/// assert_eq!(headers.values("X-Api-Key").collect::<Vec<_>>(), [b"k-1"]);
/// ```
#[derive(Clone, Copy)]
pub struct RequestHeaders<'h>(Kind<'h>);

#[derive(Clone, Copy)]
enum Kind<'h> {
    Http(&'h HeaderMap),
    #[cfg(feature = "actix-web")]
    ActixWeb(&'h actix_web::http::header::HeaderMap),
    #[cfg(feature = "rocket")]
    Rocket(&'h rocket::http::HeaderMap<'h>),
}

/// The values of a header that must not be repeated.
pub(crate) enum Only<'h> {
    None,
    One(&'h [u8]),
    Several,
}

impl<'h> RequestHeaders<'h> {
    /// Iterates over the values of a header, one for each line that the client has sent. The name
    /// is case-insensitive.
    ///
    /// ```
    /// use scopes::RequestHeaders;
    ///
    /// let mut map = http::HeaderMap::new();
    /// map.append("x-api-key", http::HeaderValue::from_static("k-1"));
    /// map.append("x-api-key", http::HeaderValue::from_static("k-2"));
    /// assert_eq!(RequestHeaders::from(&map).values("X-Api-Key").count(), 2);
    /// ```
    pub fn values(self, name: &str) -> impl Iterator<Item = &'h [u8]> + use<'h> {
        let mut values = Vec::new();
        self.each(name, &mut |value| values.push(value));
        values.into_iter()
    }

    /// Calls `see` with each value of a header, in order.
    pub(crate) fn each(self, name: &str, see: &mut dyn FnMut(&'h [u8])) {
        match self.0 {
            Kind::Http(headers) => headers.get_all(name).iter().map(HeaderValue::as_bytes).for_each(see),
            #[cfg(feature = "actix-web")]
            Kind::ActixWeb(headers) => {
                let value = actix_web::http::header::HeaderValue::as_bytes;
                match usual_name(name) {
                    Some(name) => headers.get_all(name).map(value).for_each(see),
                    None => headers.get_all(name).map(value).for_each(see),
                }
            }
            #[cfg(feature = "rocket")]
            Kind::Rocket(headers) => headers.get(name).map(str::as_bytes).for_each(see),
        }
    }

    /// The value of a header, if it is sent once. Two equal values are refused as well, so that it
    /// never matters which of them other software reads.
    pub(crate) fn only(self, name: &str) -> Only<'h> {
        let mut only = Only::None;
        self.each(name, &mut |value| {
            only = match only {
                Only::None => Only::One(value),
                Only::One(_) | Only::Several => Only::Several,
            };
        });
        only
    }

    /// Whether the request has this header.
    pub(crate) fn has(self, name: &str) -> bool {
        !matches!(self.only(name), Only::None)
    }

    /// The headers in the type of the [`http`] crate, if the framework uses it.
    #[inline]
    pub(crate) const fn as_http(self) -> Option<&'h HeaderMap> {
        match self.0 {
            Kind::Http(headers) => Some(headers),
            #[cfg(any(feature = "actix-web", feature = "rocket"))]
            _ => None,
        }
    }
}

/// Converts the names that sources read most often to actix-web's type, because actix-web
/// would parse them for each request.
#[cfg(feature = "actix-web")]
pub(crate) fn usual_name(name: &str) -> Option<actix_web::http::header::HeaderName> {
    use actix_web::http::header;
    match name {
        "authorization" => Some(header::AUTHORIZATION),
        "cookie" => Some(header::COOKIE),
        _ => None,
    }
}

impl<'h> From<&'h HeaderMap> for RequestHeaders<'h> {
    #[inline]
    fn from(headers: &'h HeaderMap) -> Self {
        Self(Kind::Http(headers))
    }
}

#[cfg(feature = "actix-web")]
impl<'h> From<&'h actix_web::http::header::HeaderMap> for RequestHeaders<'h> {
    fn from(headers: &'h actix_web::http::header::HeaderMap) -> Self {
        Self(Kind::ActixWeb(headers))
    }
}

#[cfg(feature = "rocket")]
impl<'h> From<&'h rocket::http::HeaderMap<'_>> for RequestHeaders<'h> {
    fn from(headers: &'h rocket::http::HeaderMap<'_>) -> Self {
        Self(Kind::Rocket(headers))
    }
}

/// Shows the names of the headers, never their values.
impl fmt::Debug for RequestHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestHeaders(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sees(headers: RequestHeaders<'_>) {
        assert_eq!(headers.values("x-two").collect::<Vec<_>>(), [b"1", b"2"]);
        assert_eq!(headers.values("X-TWO").count(), 2);
        for absent in ["x-three", "", "x three", "é"] {
            assert_eq!(headers.values(absent).count(), 0, "{absent}");
        }
        assert!(matches!(headers.only("x-two"), Only::Several) && matches!(headers.only("x-one"), Only::One(b"a")));
        assert!(headers.has("x-two") && !headers.has("x-three"));
        assert_eq!(format!("{headers:?}"), "RequestHeaders(..)");
    }

    #[test]
    fn all_types_are_seen_alike() {
        let mut map = HeaderMap::new();
        for (name, value) in [("x-two", "1"), ("x-one", "a"), ("x-two", "2")] {
            map.append(name, HeaderValue::from_static(value));
        }
        sees((&map).into());
        #[cfg(feature = "actix-web")]
        {
            use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
            let mut map = HeaderMap::new();
            for (name, value) in [("x-two", "1"), ("x-one", "a"), ("x-two", "2")] {
                map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            sees((&map).into());
        }
        #[cfg(feature = "rocket")]
        {
            let mut map = rocket::http::HeaderMap::new();
            for (name, value) in [("X-Two", "1"), ("X-One", "a"), ("X-Two", "2")] {
                map.add_raw(name, value);
            }
            sees((&map).into());
        }
    }
}
