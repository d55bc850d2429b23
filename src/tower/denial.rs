//! Makes a response of a denial if only the type of its body is known.

use std::any::Any;

use http::Response;

use crate::denial::Denied;

/// Makes the response of a denial.
type Maker<R> = fn(Denied) -> Response<R>;

/// Returns the function that makes responses with a body of type `R`, or `None` for a type that
/// this module cannot make.
///
/// This is not a bound such as `R: From<String>`, because the layer must also accept services with
/// other bodies.
pub(super) fn maker<R: 'static>() -> Option<Maker<R>> {
    #[cfg(feature = "_axum")]
    if let Some(maker) = same(axum::response::IntoResponse::into_response) {
        return Some(maker);
    }
    #[cfg(feature = "tonic")]
    if let Some(maker) = same(|denied| tonic::Status::from(denied).into_http::<tonic::body::Body>()) {
        return Some(maker);
    }
    #[cfg(feature = "warp")]
    if let Some(maker) = same(warp::Reply::into_response) {
        return Some(maker);
    }
    same(Denied::into_http_response::<String>)
}

/// Returns the same function, if both types are equal.
fn same<A: 'static, R: 'static>(maker: Maker<A>) -> Option<Maker<R>> {
    (&maker as &dyn Any).downcast_ref::<Maker<R>>().copied()
}

#[cfg(test)]
mod tests {
    use super::maker;

    #[test]
    fn a_body_that_is_known_can_be_made() {
        assert!(maker::<String>().is_some());
        assert!(maker::<Vec<u8>>().is_none());
        #[cfg(feature = "_axum")]
        assert!(maker::<axum::body::Body>().is_some());
        #[cfg(feature = "tonic")]
        assert!(maker::<tonic::body::Body>().is_some());
    }
}
