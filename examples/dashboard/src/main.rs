//! The dashboard's server: `cargo run -p dashboard`.

use std::error::Error;
use std::io::{ErrorKind, Write as _};
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;

use clap::Parser as _;
use dashboard::app::App;
use dashboard::database::Location;
use dashboard::options::Options;
use dashboard::store::Store;
use dashboard::{logs, server, welcome::welcome};
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
    logs::start(options.log_format, options.log)?;
    if options.revoke_all_tokens {
        let ended = revoke_all_tokens(&options.database).await?;
        writeln!(std::io::stdout().lock(), "API tokens revoked: {ended}")?;
        return Ok(());
    }
    // Takes the ports before it creates the database, because the program shows the new tokens only
    // once.
    let listener = bind(options.address, options.port, "--port").await?;
    let metrics = match options.metrics_port {
        Some(port) => Some(bind(Ipv4Addr::LOCALHOST.into(), port, "--metrics-port").await?),
        None => None,
    };
    let root = format!("http://{}", listener.local_addr()?);
    // Registered first, because users may stop the server as soon as the program prints that it
    // runs.
    let stop = stop_signal()?;

    let app = App::new(Store::open(&options.database).await?, options.settings(&root)).await?;
    // These names are logged once, here, because the verifiers are called for every request.
    for name in app.store.unknown_scopes().await? {
        tracing::warn!(name, "an unknown scope is stored, and grants nothing");
    }
    let mut text = welcome(&app, &root, &options.database).await?;
    if let Some(metrics) = &metrics {
        text += &format!("\nMetrics: http://{}/metrics\n", metrics.local_addr()?);
    }
    // Not `println!`: it panics if the terminal is closed.
    writeln!(std::io::stdout().lock(), "{text}\nCtrl-C stops the server.")?;
    match metrics {
        Some(metrics) => tokio::select! {
            () = server::serve(listener, app.clone(), stop) => {}
            () = server::serve_metrics(metrics, &app) => {}
        },
        None => server::serve(listener, app, stop).await,
    }
    tracing::info!("stopped");
    Ok(())
}

/// Revokes the tokens of a database with data. An operator who has mistyped its place must not read
/// that all its tokens are revoked.
async fn revoke_all_tokens(database: &Location) -> Result<u64, Box<dyn Error>> {
    if matches!(database, Location::File(file) if !file.exists()) {
        return Err(format!("the file {database} does not exist, so nothing was revoked").into());
    }
    let store = Store::open(database).await?;
    let ended = match store.is_empty().await? {
        true => Err(format!("the database {database} has no data of a dashboard, so nothing was revoked").into()),
        false => Ok(store.revoke_all_tokens().await?),
    };
    store.close().await;
    ended
}

async fn bind(address: IpAddr, port: u16, option: &str) -> Result<TcpListener, Box<dyn Error>> {
    TcpListener::bind((address, port)).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            format!("port {port} is in use: stop what listens there, or choose with `{option}`").into()
        }
        _ => error.into(),
    })
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
