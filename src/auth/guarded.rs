//! Runs code of the application that may panic, and catches the panic.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The error of code that panicked. The panic's message is not kept, because it may hold a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Panicked;

/// Runs a function and catches its panic. `UnwindSafe` is not required, because only the function's
/// own data may be left inconsistent.
pub(crate) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(run)).map_err(discard)
}

/// Drops the payload of a panic. Its `Drop` may panic again.
fn discard(payload: Box<dyn Any + Send>) -> Panicked {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        #[allow(clippy::mem_forget, reason = "a payload that panics when it is dropped cannot be dropped")]
        std::mem::forget(second);
    }
    Panicked
}

/// A future whose panics are caught: in each poll, and when the future is dropped, whether it has
/// finished or not.
pub(crate) struct Guarded<F>(Option<F>);

impl<F> Guarded<F> {
    pub(crate) const fn new(future: F) -> Self {
        Self(Some(future))
    }

    fn finish(&mut self) -> Result<(), Panicked> {
        let future = self.0.take();
        caught(|| drop(future))
    }
}

impl<F: Future + Unpin> Future for Guarded<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(future) = &mut self.0 else { return Poll::Ready(Err(Panicked)) };
        let polled = match caught(|| Pin::new(future).poll(context)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(panicked) => Err(panicked),
        };
        let dropped = self.finish();
        Poll::Ready(polled.and_then(|output| dropped.map(|()| output)))
    }
}

/// Drops an unfinished future if the client has closed the connection.
impl<F> Drop for Guarded<F> {
    fn drop(&mut self) {
        let _ = self.finish();
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// A future that panics at a given point.
    struct Bomb {
        in_poll: bool,
        in_drop: bool,
    }

    impl Future for Bomb {
        type Output = u8;

        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u8> {
            assert!(!self.in_poll, "in poll");
            Poll::Ready(7)
        }
    }

    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(!self.in_drop, "in drop");
        }
    }

    #[test]
    fn panics_of_futures_end_here() {
        let mut context = Context::from_waker(Waker::noop());
        for (in_poll, in_drop, expected) in [
            (false, false, Ok(7)),
            (true, false, Err(Panicked)),
            (false, true, Err(Panicked)),
            (true, true, Err(Panicked)),
        ] {
            let mut guarded = Guarded::new(Bomb { in_poll, in_drop });
            let polled = Pin::new(&mut guarded).poll(&mut context);
            assert_eq!(polled, Poll::Ready(expected), "{in_poll} {in_drop}");
            // Polling the future after its end does not panic either.
            assert_eq!(Pin::new(&mut guarded).poll(&mut context), Poll::Ready(Err(Panicked)));
        }
        drop(Guarded::new(Bomb { in_poll: false, in_drop: true }));
    }

    #[test]
    fn a_payload_may_panic_as_well() {
        let bomb = || std::panic::panic_any(Bomb { in_poll: false, in_drop: true });
        assert_eq!(caught::<()>(bomb), Err(Panicked));
    }
}
