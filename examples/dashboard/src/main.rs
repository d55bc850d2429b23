//! The dashboard's server: `cargo run -p dashboard`.

use std::error::Error;
use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use dashboard::app::App;
use dashboard::options::Options;
use dashboard::store::Store;
use dashboard::{server, welcome::welcome};
use tokio::net::TcpListener;
use tokio::signal;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&*error);
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let Options { database, address, port } = options;
    // Takes the port before it creates the database, because the program shows the new tokens only
    // once.
    let listener = TcpListener::bind((address, port)).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            format!("port {port} is in use: stop what listens there, or choose with `--port`").into()
        }
        _ => Box::<dyn Error>::from(error),
    })?;
    let root = format!("http://{}", listener.local_addr()?);
    // Registered first, because users may stop the server as soon as the program prints that it
    // runs.
    let stop = stop_signal()?;

    let app = App::new(Store::open(&database).await?).await?;
    // These names are logged once, here, because the verifiers are called for every request.
    for name in app.store.unknown_scopes().await? {
        eprintln!("the unknown scope {name:?} is stored, and grants nothing");
    }
    let text = welcome(&app, &root, &database).await?;
    // Not `println!`: it panics if the terminal is closed.
    writeln!(std::io::stdout().lock(), "{text}\nCtrl-C stops the server.")?;
    server::serve(listener, app, stop).await?;
    eprintln!("stopped");
    Ok(())
}

/// Ends with Ctrl-C, and on Unix also with SIGTERM.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    use signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends with Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// The text of an error and of its causes.
fn report(error: &dyn Error) {
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because {error}");
        cause = error.source();
    }
}
