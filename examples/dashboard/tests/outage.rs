//! A database that does not answer: at the start, and while the server runs.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::time::Duration;

use common::program::{Folder, LIMIT, Running, kill, messages, output, program, send};
use common::proxy::Proxy;
use common::{Client, Request, Server, database};
use dashboard::database::{Database, sql};
use dashboard::seed::Seed;
use dashboard::settings::Settings;
use dashboard::store::Store;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::task::JoinSet;
use tokio::time::timeout;

fn start_on(folder: &Folder, url: &str) -> Command {
    let mut command = program(&folder.0, &["--port", "0"]);
    command.env("DASHBOARD_DATABASE", url);
    command
}

/// A proxy in front of a fresh database, and the URL of this database through the proxy.
async fn proxied() -> Option<(Proxy, String)> {
    let url = database::postgres_url().await?;
    let (server, database) = url.split_once('@').unwrap().1.split_once('/').unwrap();
    let proxy = Proxy::start(server.parse().unwrap()).await;
    let url = format!("postgres://postgres:a-password@{}/{database}", proxy.address);
    Some((proxy, url))
}

#[tokio::test]
async fn a_start_without_a_database_says_the_cause() {
    // A server that refuses the password, and one that accepts connections and never answers.
    let refusing = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let [refusing_at, silent_at] = [&refusing, &silent].map(|listener| listener.local_addr().unwrap());
    let refuses = tokio::spawn(async move {
        let fields = "SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"ada\"\0\0";
        let length = u32::try_from(fields.len() + 4).unwrap().to_be_bytes();
        loop {
            let (mut stream, _) = refusing.accept().await.unwrap();
            let _startup = stream.read(&mut [0; 1024]).await.unwrap();
            stream.write_all(&[&b"E"[..], &length, fields.as_bytes()].concat()).await.unwrap();
        }
    });
    let mut cases = vec![
        ("127.0.0.1:1/d".to_owned(), "Connection refused"),
        ("name.invalid/d".to_owned(), "lookup"),
        (format!("{refusing_at}/d?sslmode=disable"), "password authentication failed for user \"ada\""),
        (format!("{silent_at}/d"), "the server does not answer within 5 seconds"),
    ];
    if let Some(url) = database::postgres_url().await {
        let (_, server) = url.rsplit_once('@').unwrap();
        cases.push((format!("{}/nothing", server.split('/').next().unwrap()), "role \"ada\" does not exist"));
        cases.push((format!("{server}?sslmode=require"), "TLS"));
    }
    let folder = Folder::new();
    for (place, cause) in cases {
        let output = output(&mut start_on(&folder, &format!("postgres://ada:a-password@{place}"))).await;
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{place} {log}");
        let place = place.split(['?', '/']).next().unwrap();
        assert!(log.starts_with(&format!("error: the database postgres://{place}")), "{log}");
        assert!(log.contains(" cannot be opened\n  because ") && log.contains(cause), "{place} {log}");
        assert!(!log.contains("a-password") && !log.contains("pool"), "{log}");
    }
    refuses.abort();
    if let Some(url) = database::postgres_url().await {
        let (server, _) = url.rsplit_once('/').unwrap();
        let output = output(&mut start_on(&folder, &format!("{server}/nothing"))).await;
        let log = String::from_utf8(output.stderr).unwrap();
        assert!(log.contains("database \"nothing\" does not exist"), "{log}");
    }
}

#[tokio::test]
async fn a_start_that_waits_for_the_database_stops_at_once() {
    for signal in ["TERM", "INT"] {
        let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("postgres://ada:a-password@{}/d", silent.local_addr().unwrap());
        let mut child = start_on(&Folder::new(), &url).spawn().unwrap();
        let (_waiting, _) = timeout(LIMIT, silent.accept()).await.expect("it connects").unwrap();
        // Without the signal, the program would end with an error when its patience is over.
        kill(signal, &child).await;
        let status = timeout(LIMIT, child.wait()).await.expect("it stops in time").unwrap();
        let mut log = String::new();
        child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
        assert_eq!((status.code(), messages(&log)), (Some(0), vec!["stopped before the database was open".to_owned()]));
    }
}

#[tokio::test]
async fn a_server_that_loses_its_database_says_so_and_recovers() {
    let Some((mut proxy, url)) = proxied().await else { return };
    let server = Running::start(start_on(&Folder::new(), &url)).await;
    let mut client = server.client();
    let (status, command) = server.commands().remove(0);
    assert_eq!((status, send(&mut client, &command).await.status), (200, 200));
    let get = |target: &str| Request::new("GET", target);

    proxy.end().await;
    assert_eq!(client.send(get("/health")).await.status, 200);
    assert_eq!(client.send(get("/ready")).await.status, 503);
    assert_eq!(send(&mut client, &command).await.status, 503);
    server.logs("the database does not answer").await;

    proxy.begin_again();
    server.logs("the database answers again").await;
    assert_eq!(client.send(get("/ready")).await.status, 200);
    assert_eq!(send(&mut client, &command).await.status, 200);
    let (status, log) = server.interrupt("TERM").await;
    assert!(status.success() && log.contains("Connection refused") && !log.contains("a-password"), "{log}");
    let lost = messages(&log).iter().filter(|message| *message == "the database does not answer").count();
    assert_eq!(lost, 1, "{log}");
}

#[tokio::test]
async fn a_server_that_is_cut_off_from_its_database_answers_and_recovers() {
    let Some((mut proxy, url)) = proxied().await else { return };
    let store = Store::open(&url.parse().unwrap()).await.unwrap();
    let server = Server::start_on(store, Seed::new(), |settings: &mut Settings| {
        settings.limits.answer_time = Duration::from_secs(4);
        settings.limits.grace = Duration::from_secs(1);
    })
    .await;
    let token = server.token(&["all.read"], &server.seed.live).await.raw;
    let users = format!("/api/v0/environments/{}/users", server.seed.live);
    let users = || Request::new("GET", &users).bearer(&token);
    // Takes all connections of the pool, so that all of them are cut off.
    let mut asking = JoinSet::new();
    for _ in 0..20 {
        let (mut client, request) = (server.client(), users());
        asking.spawn(async move { client.send(request).await.status });
    }
    assert!(asking.join_all().await.iter().all(|status| *status == 200));

    proxy.fall_silent();
    let mut asking = JoinSet::new();
    for _ in 0..20 {
        let (mut client, request) = (server.client(), users());
        asking.spawn(async move { client.send(request).await });
    }
    for answer in asking.join_all().await {
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(!answer.error().is_empty());
    }
    let mut client = server.client();
    assert_eq!(client.send(Request::new("GET", "/health")).await.status, 200);
    let page = Request::new("GET", "/dashboard/developer/api").header("Cookie", "dashboard-session=x");
    assert!(matches!(client.send(page).await.status, 303 | 503));

    proxy.begin_again();
    let serves_again = async { while client.send(users()).await.status != 200 {} };
    timeout(LIMIT, serves_again).await.expect("the connections that were cut off are given up");

    // A server that is told to stop does not wait for a database that never answers.
    proxy.fall_silent();
    assert_eq!(Client::new(server.address).send(users()).await.status, 503);
    server.stop().await;
}

#[tokio::test]
async fn statements_that_were_cut_off_do_not_keep_their_connections() {
    let Some((mut proxy, url)) = proxied().await else { return };
    let database = Database::connect(&url.parse().unwrap()).await.unwrap();
    let one = || sql("SELECT 1 AS one");
    // Half of the connections may write at once, so two rounds cut off as many as the pool has.
    for _ in 0..2 {
        let mut transactions = Vec::new();
        for _ in 0..8 {
            transactions.push(database.begin().await.unwrap());
        }
        proxy.fall_silent();
        for transaction in &mut transactions {
            assert!(timeout(Duration::from_millis(20), transaction.one(one())).await.is_err(), "it is cut off");
        }
        drop(transactions);
        proxy.begin_again();
    }
    let answers = async { while database.one(one()).await.is_err() {} };
    timeout(LIMIT, answers).await.expect("the pool makes new connections");
}
