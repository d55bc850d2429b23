//! Accepts connections and serves HTTP/1.1 on them, within [`Limits`].
//!
//! axum's own `serve` has no setting for the time that a client may take for a request's head, so a
//! few hundred idle clients could keep all connections.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;
use tower_service::Service as _;

use crate::rate::Place;
use crate::settings::Limits;

/// The greatest number of bytes of a request's head. The server answers a longer one with 431.
const HEAD_BYTES: usize = 16 * 1024;

/// The greatest number of a request's headers.
const HEADERS: usize = 64;

/// The address of the client, or of the proxy in front; each request has it as an extension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Serves until `stop` ends, and then finishes the running requests within [`Limits::grace`].
///
/// `connect` takes a place for a new connection. The server closes connections without a place, and
/// tells their clients nothing: they are many, and an answer to each would keep it open for longer.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    connect: impl Fn(IpAddr) -> Option<Place>,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_headers(HEADERS).max_buf_size(HEAD_BYTES);
    let (free, graceful) = (Arc::new(Semaphore::new(limits.connections)), GracefulShutdown::new());
    let (mut connections, mut stop) = (JoinSet::new(), pin!(stop));
    loop {
        let (permit, stream, peer) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &free) => accepted,
        };
        let Some(place) = connect(peer.ip()) else { continue };
        let router = router.clone();
        let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            router.clone().call(request.map(Body::new))
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.write_time));
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            // A client that goes away or sends garbage is not a fault of the server.
            let _ended = connection.await;
            drop((permit, place));
        });
        // Otherwise the set would keep the results of all ended connections.
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    // A client that never finishes its request must not keep the server running. Dropping the set
    // ends what still runs.
    let _unfinished = tokio::time::timeout(limits.grace, graceful.shutdown()).await;
    connections.shutdown().await;
}

/// Waits for a free connection and then for a client.
async fn accept(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> (Option<OwnedSemaphorePermit>, TcpStream, SocketAddr) {
    // The semaphore is never closed.
    let permit = Arc::clone(free).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are short, and clients wait for them.
                let _unsupported = stream.set_nodelay(true);
                return (permit, stream, peer);
            }
            // The client has gone away already.
            Err(error) if is_of_the_client(&error) => {}
            // Such as too many open files: others may be closed soon.
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
