//! A proxy in front of a database, which a test can cut off.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// Passes bytes on to a server.
pub(crate) struct Proxy {
    /// The address of the proxy, which stays the same.
    pub(crate) address: SocketAddr,
    server: SocketAddr,
    silence: watch::Sender<bool>,
    running: JoinHandle<()>,
    /// Keeps the port while nothing listens on it.
    port: Option<TcpSocket>,
}

impl Proxy {
    pub(crate) async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (silence, silent) = watch::channel(false);
        let running = tokio::spawn(pass(listener, server, silent));
        Self { address, server, silence, running, port: None }
    }

    /// Ends all connections and refuses new ones, like the computer of a server that has ended.
    pub(crate) async fn end(&mut self) {
        self.running.abort();
        let _aborted = (&mut self.running).await;
        let port = TcpSocket::new_v4().unwrap();
        port.set_reuseaddr(true).unwrap();
        port.bind(self.address).unwrap();
        self.port = Some(port);
    }

    /// Keeps the open connections and new ones, and never passes anything on for them again, like a
    /// network that loses everything.
    pub(crate) fn fall_silent(&self) {
        self.silence.send_replace(true);
    }

    /// Serves new connections again.
    pub(crate) fn begin_again(&mut self) {
        self.silence.send_replace(false);
        if let Some(port) = self.port.take() {
            let listener = port.listen(128).unwrap();
            self.running = tokio::spawn(pass(listener, self.server, self.silence.subscribe()));
        }
    }
}

async fn pass(listener: TcpListener, server: SocketAddr, silent: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut silent = silent.clone();
        connections.spawn(async move {
            let passed = async {
                let mut server = TcpStream::connect(server).await.unwrap();
                let _ended = copy_bidirectional(&mut client, &mut server).await;
            };
            let is_cut_off = async {
                let _sender_lives = silent.wait_for(|is_silent| *is_silent).await;
            };
            tokio::select! {
                biased;
                () = is_cut_off => core::future::pending().await,
                () = passed => {}
            }
        });
    }
}
