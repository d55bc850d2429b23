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
use tokio::runtime::Runtime;
use tokio::signal;
use tokio::sync::watch;

fn main() -> ExitCode {
    let options = Options::parse();
    let ended = Runtime::new().map_err(Into::into).and_then(|runtime| {
        let ended = runtime.block_on(run(options));
        // Not at the end of the block, which would wait for a name server that does not answer.
        runtime.shutdown_background();
        ended
    });
    match ended {
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
    // Registered first, because users may stop the program before the database answers.
    let stop = stop_signal()?;

    let app = tokio::select! {
        app = open(&options, &root) => app?,
        () = stopped(stop.clone()) => {
            tracing::info!("stopped before the database was open");
            return Ok(());
        }
    };
    let mut text = tokio::select! {
        text = welcome(&app, &root, &options.database) => text?,
        // The program shows new tokens only once, so a signal does not end their making at once.
        () = async { stopped(stop.clone()).await; tokio::time::sleep(app.settings.limits.grace).await } => {
            return Err("the database does not answer, so the program has stopped".into());
        }
    };
    let stop = stopped(stop);
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

/// Opens the database.
async fn open(options: &Options, root: &str) -> Result<App, Box<dyn Error>> {
    let app = App::new(Store::open(&options.database).await?, options.settings(root)).await?;
    // These names are logged once, here, because the verifiers are called for every request.
    for name in app.store.unknown_scopes().await? {
        tracing::warn!(name, "an unknown scope is stored, and grants nothing");
    }
    Ok(app)
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

/// Becomes true with the first signal to stop. From this call on, a signal does not end the process
/// by itself.
fn stop_signal() -> std::io::Result<watch::Receiver<bool>> {
    let signal = first_signal()?;
    let (tell, stop) = watch::channel(false);
    tokio::spawn(async move {
        signal.await;
        // Fails if the program ends already.
        let _ending = tell.send(true);
    });
    Ok(stop)
}

/// Ends when the program was told to stop.
async fn stopped(mut stop: watch::Receiver<bool>) {
    // The sender ends after it has sent.
    let _sent = stop.wait_for(|is_told| *is_told).await;
}

/// Ends with Ctrl-C, and on Unix also with SIGTERM.
#[cfg(unix)]
fn first_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
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
fn first_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// The text of an error and of its causes. Some errors repeat the text of their cause.
fn report(error: &dyn Error) {
    let mut said = error.to_string();
    eprintln!("error: {said}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.ends_with(&text) {
            eprintln!("  because {text}");
            said = text;
        }
        cause = error.source();
    }
}
