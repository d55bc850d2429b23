//! Runs the program like a new user: the printed commands work, and a second start keeps the data
//! of the first.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "the program makes its own database and tokens")]
mod common;

use std::process::Stdio;

use common::Request;
use common::program::{Folder, LIMIT, Running, api_tokens, messages, output, program, send};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::time::timeout;

#[tokio::test]
async fn the_first_start_prints_what_is_true_and_the_second_keeps_it() {
    let folder = Folder::new();
    let server = Running::start(program(&folder.0, &["--port", "0"])).await;
    assert!(server.text.contains("new database, dashboard.db"), "{}", server.text);
    let tokens: Vec<_> = api_tokens(&server.text).into_iter().map(str::to_owned).collect();
    assert_eq!(tokens.len(), 3);

    let commands = server.commands();
    let statuses: Vec<_> = commands.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [200, 401, 403, 403, 201, 200, 401, 403, 204]);
    let mut client = server.client();
    let mut bodies = Vec::new();
    for (status, command) in &commands {
        let response = send(&mut client, command).await;
        assert_eq!(response.status, *status, "{command} {response:?}");
        bodies.push(response);
    }
    let challenge = bodies[2].header("www-authenticate").unwrap();
    assert!(challenge.contains(r#"scope="environment.users.write""#), "no scope");
    assert_eq!(bodies[3].header("www-authenticate"), None, "other environment");
    let made = bodies[4].json()["token"]["id"].clone();
    let listed = bodies[5].json();
    assert!(listed["tokens"].as_array().unwrap().iter().any(|token| token["id"] == made), "made and listed");
    // Two of the printed tokens are of the session's environment.
    assert_eq!(listed["tokens"].as_array().unwrap().len(), 3);

    // Runs the printed lines themselves if curl is installed.
    if Command::new("curl").arg("--version").output().await.is_ok() {
        for (status, command) in &commands {
            let printed = output(Command::new("sh").args(["-c", command]).stdin(Stdio::null())).await;
            let printed = String::from_utf8(printed.stdout).unwrap();
            assert!(printed.starts_with(&format!("HTTP/1.1 {status} ")), "{command} {printed}");
        }
    }

    let (status, log) = server.interrupt("INT").await;
    assert!(status.success(), "{status} {log}");
    assert_eq!(messages(&log).last().unwrap(), "stopped");
    assert_eq!(folder.files(), ["dashboard.db"], "what was pending is written");

    let mut again = program(&folder.0, &["--port=0"]);
    again.env("DASHBOARD_DATABASE", folder.0.join("dashboard.db"));
    let again = Running::start(again).await;
    assert!(again.text.contains("begin anew") && again.text.contains("rm -f '/"), "{}", again.text);
    assert_eq!(api_tokens(&again.text), [""; 0]);
    let (status, command) = again.commands().remove(0);
    let mut client = again.client();
    let response = send(&mut client, &command).await;
    assert_eq!((response.status, status), (200, 200));
    assert!(response.json()["tokens"].as_array().unwrap().iter().any(|token| token["id"] == made));
    // Each old token still has the same effect, also on another port.
    for (status, command) in commands {
        assert_eq!(send(&mut client, &command).await.status, status, "{command}");
    }
    let (status, log) = again.interrupt("TERM").await;
    assert!(status.success() && tokens.iter().all(|token| !log.contains(token)), "{status} {log}");
}

#[tokio::test]
async fn a_client_that_never_ends_its_request_does_not_hold_the_server() {
    use tokio::io::AsyncWriteExt as _;

    let folder = Folder::new();
    let server = Running::start(program(&folder.0, &["--port", "0", "--database", "-odd name.db"])).await;
    assert_eq!(server.client().send(Request::new("GET", "/")).await.status, 401);
    let (_, rest) = server.text.split_once("http://").unwrap();
    let mut slow = tokio::net::TcpStream::connect(rest.split('/').next().unwrap()).await.unwrap();
    let session = server.text.lines().map(str::trim).find(|line| line.starts_with("eyJ")).unwrap();
    let head = format!("POST /api/v0/user/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {session}\r\n");
    slow.write_all(head.as_bytes()).await.unwrap();
    // The interim answer shows that the handler asks for the body. The client sends only its first
    // byte.
    slow.write_all(b"Content-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n{")
        .await
        .unwrap();
    let mut interim = [0; 12];
    timeout(LIMIT, slow.read_exact(&mut interim)).await.expect("the body is asked for").unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100");
    let (status, log) = server.interrupt("INT").await;
    assert!(status.success(), "{status} {log}");
    assert_eq!(folder.files(), ["-odd name.db"]);
}

#[tokio::test]
async fn what_cannot_be_served_is_said() {
    let folder = Folder::new();
    let busy = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    let in_use = format!("port {port} is in use");
    for (arguments, code, part) in [
        (&["--port", &port][..], 1, &*in_use),
        (&["--port", "0", "--database", "no/such/folder/a.db"], 1, "the database no/such/folder/a.db cannot be opened"),
        (&["--port", "x"], 2, "--port <PORT>"),
        (&["--data", "a.db"], 2, "unexpected argument '--data'"),
    ] {
        let output = output(&mut program(&folder.0, arguments)).await;
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{arguments:?} {log}");
        assert!(log.starts_with("error: ") && log.contains(part), "{arguments:?} {log}");
    }
    assert_eq!(folder.files(), [""; 0], "no tokens are made that were not printed");

    let foreign = folder.0.join("notes.txt");
    std::fs::write(&foreign, "not a database, and longer than the header of one: ".repeat(10)).unwrap();
    let output = output(&mut program(&folder.0, &["--port", "0", "--database", "notes.txt"])).await;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(std::fs::read_to_string(&foreign).unwrap().starts_with("not a database"));
}

#[tokio::test]
async fn a_scope_that_is_gone_is_logged_once() {
    let folder = Folder::new();
    let server = Running::start(program(&folder.0, &["--port", "0"])).await;
    let (status, reader) = server.commands().remove(0);
    assert_eq!(status, 200, "a request of a token");
    let (status, log) = server.interrupt("INT").await;
    assert!(status.success() && messages(&log) == ["stopped"], "{log}");
    // Another version of the program has issued the token.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.0.join("dashboard.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let changed =
        sqlx::query("UPDATE scopes_tokens SET scopes = scopes || ' from.later'").execute(&pool).await.unwrap();
    assert_eq!(changed.rows_affected(), 3);
    pool.close().await;

    let server = Running::start(program(&folder.0, &["--port", "0"])).await;
    let mut client = server.client();
    for _ in 0..3 {
        assert_eq!(send(&mut client, &reader).await.status, 200);
    }
    let (status, log) = server.interrupt("INT").await;
    assert!(status.success(), "{log}");
    let expected = ["an unknown scope is stored, and grants nothing", "answered", "answered", "answered", "stopped"];
    assert_eq!((log.matches("from.later").count(), messages(&log)), (1, expected.map(str::to_owned).into()), "{log}");
}

#[tokio::test]
async fn an_operator_revokes_all_tokens_of_a_restored_database() {
    let folder = Folder::new();
    let server = Running::start(program(&folder.0, &["--port", "0"])).await;
    let (status, reader) = server.commands().remove(0);
    assert_eq!((send(&mut server.client(), &reader).await.status, status), (200, 200));
    // While it runs, as on a server of PostgreSQL.
    let output = output(&mut program(&folder.0, &["--revoke-all-tokens"])).await;
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "API tokens revoked: 3\n");
    assert!(output.status.success());
    assert_eq!(send(&mut server.client(), &reader).await.status, 401);
    let (status, log) = server.interrupt("TERM").await;
    assert!(status.success(), "{log}");
}

#[tokio::test]
async fn tokens_of_a_database_that_is_not_there_are_not_called_revoked() {
    let folder = Folder::new();
    for name in ["dashbord.db", ":memory:", "file:dashboard.db"] {
        let output = output(&mut program(&folder.0, &["--revoke-all-tokens", "--database", name])).await;
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]), "{name} {log}");
        assert!(log.contains("nothing was revoked"), "{name} {log}");
        assert_eq!(folder.files(), [""; 0], "{name}");
    }
    // A file without the data of a dashboard.
    std::fs::write(folder.0.join("empty.db"), "").unwrap();
    let output = output(&mut program(&folder.0, &["--revoke-all-tokens", "--database", "empty.db"])).await;
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && log.contains("nothing was revoked"), "{log}");
}

#[tokio::test]
async fn a_name_with_a_meaning_for_sqlite_is_the_name_of_a_file() {
    for name in [":memory:", "file:a.db?mode=ro"] {
        let folder = Folder::new();
        let server = Running::start(program(&folder.0, &["--port", "0", "--database", name])).await;
        let (status, log) = server.interrupt("TERM").await;
        assert!(status.success(), "{log}");
        assert_eq!(folder.files(), [name]);
    }
}
