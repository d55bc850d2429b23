//! Bounds the time of a body and of an answer.

use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::wire::ErrorBody;

/// Answers 503 in place of a handler that takes too long, such as one that waits for a database
/// that was cut off. The handler ends as if its client had gone: its transaction has no effect,
/// unless it was committed already.
pub(super) async fn limit_answer(time: Duration, request: Request, next: Next) -> Response {
    if let Ok(response) = tokio::time::timeout(time, next.run(request)).await {
        return response;
    }
    tracing::error!("a request was given up, because its answer took too long");
    let body = axum::Json(ErrorBody::new("the answer took too long".to_owned()));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}

/// Answers 408 if the handler did not get the whole body in time, and closes the connection.
pub(super) async fn limit_body(time: Duration, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let is_late = Arc::new(AtomicBool::new(false));
    let deadline = Instant::now() + time;
    let request =
        request.map(|body| Body::new(TimedBody { body, deadline, sleep: None, is_late: Arc::clone(&is_late) }));
    let response = next.run(request).await;
    if !is_late.load(Ordering::Relaxed) {
        return response;
    }
    let close = [(header::CONNECTION, HeaderValue::from_static("close"))];
    let body = axum::Json(ErrorBody::new("the body did not arrive in time".to_owned()));
    (StatusCode::REQUEST_TIMEOUT, close, body).into_response()
}

/// A body that fails at its deadline.
struct TimedBody {
    body: Body,
    deadline: Instant,
    /// Made when the body has to wait for the first time.
    sleep: Option<Pin<Box<Sleep>>>,
    is_late: Arc<AtomicBool>,
}

impl HttpBody for TimedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let sleep = this.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(this.deadline)));
        ready!(sleep.as_mut().poll(cx));
        this.is_late.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err("the body did not arrive in time".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
