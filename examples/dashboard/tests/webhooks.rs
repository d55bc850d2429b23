//! Webhooks: what is sent, signed and recorded, and where the server refuses to post.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::time::Duration;

use common::hooked::{FINE, Hooked, Receiver};
use dashboard::webhooks::Targets;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::time::{Instant, sleep, timeout};

#[tokio::test]
async fn a_change_is_delivered_signed_and_recorded() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let mut receiver = Receiver::start(FINE).await;
    let (webhook, secret) = hooked.hook(&receiver.url, &["user.created"]).await;
    // No other answer has the secret.
    for path in ["/webhooks".to_owned(), format!("/webhooks/{webhook}")] {
        assert!(!hooked.send("GET", &path, None, 200).await.to_string().contains(&secret));
    }
    hooked.send("POST", "/origins", Some(json!({"origin": "https://a.example.com"})), 201).await;
    let user = hooked.send("POST", "/users", Some(json!({"email": "a@example.com"})), 201).await["user"]["id"].clone();

    let request = receiver.request().await;
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
    let header = |name: &str| {
        let value =
            head.lines().find_map(|line| line.split_once(": ").filter(|(found, _)| found.eq_ignore_ascii_case(name)));
        value.unwrap_or_else(|| panic!("no {name}: {head}")).1.to_owned()
    };
    assert_eq!(header("content-type"), "application/json");
    let payload: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&payload["event"]["type"], &payload["event"]["objectId"]), (&json!("user.created"), &user));
    assert_eq!(payload["messageId"], header("webhook-id"));
    assert!(!body.contains("a@example.com"), "{body}");
    // The receiver computes the same signature, and sees that the time is now.
    let signature = header("webhook-signature");
    let (time, signature) = signature.strip_prefix("t=").and_then(|rest| rest.split_once(",v1=")).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{time}.{body}").as_bytes());
    let expected: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(signature, expected);
    let age = jiff::Timestamp::now().as_second() - time.parse::<i64>().unwrap();
    assert!((0..60).contains(&age));

    let (message, attempts) = hooked.attempts(&webhook, 1).await;
    assert_eq!(message["state"], "delivered");
    assert_eq!((&attempts[0]["succeeded"], &attempts[0]["status"]), (&json!(true), &json!(204)));

    let again = format!("/webhooks/{webhook}/messages/{}/redeliver", message["id"].as_str().unwrap());
    assert_eq!(hooked.send("POST", &again, None, 200).await["state"], "pending");
    assert!(receiver.request().await.contains(message["id"].as_str().unwrap()), "the same message");
    let (message, _) = hooked.attempts(&webhook, 2).await;
    assert_eq!(message["state"], "delivered");

    // A webhook that is off gets nothing more, and neither does one that is gone.
    hooked
        .send("PUT", &format!("/webhooks/{webhook}"), Some(json!({"url": receiver.url, "enabled": false})), 200)
        .await;
    hooked.send("POST", "/users", Some(json!({"email": "b@example.com"})), 201).await;
    hooked.send("DELETE", &format!("/webhooks/{webhook}"), None, 204).await;
    hooked.send("POST", &again, None, 404).await;
    hooked.send("POST", "/users", Some(json!({"email": "c@example.com"})), 201).await;
    sleep(Duration::from_millis(200)).await;
    assert!(receiver.requests.try_recv().is_err());
    hooked.server.stop().await;
}

#[tokio::test]
async fn a_webhook_for_all_events_can_be_changed_and_deleted() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let (mut first, mut second) = (Receiver::start(FINE).await, Receiver::start(FINE).await);
    let made = hooked.send("POST", "/webhooks", Some(json!({"url": first.url})), 201).await;
    let webhook = format!("/webhooks/{}", made["webhook"]["id"].as_str().unwrap());
    hooked.send("POST", "/webhooks", Some(json!({"url": second.url})), 201).await;
    assert!(first.request().await.contains("webhook.created"), "about the second one");
    hooked.send("PUT", &webhook, Some(json!({"url": first.url, "enabled": true})), 200).await;
    assert!(first.request().await.contains("webhook.updated") && second.request().await.contains("webhook.updated"));
    hooked.send("DELETE", &webhook, None, 204).await;
    assert!(second.request().await.contains("webhook.deleted"), "the other one is told");
    hooked.send("DELETE", &webhook, None, 404).await;
    hooked.server.stop().await;
}

#[tokio::test]
async fn a_message_that_is_asked_for_many_times_is_not_sent_many_times() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let mut silent = Receiver::start(b"").await;
    let (webhook, _) = hooked.hook(&silent.url, &["user.created"]).await;
    hooked.users("u", 1).await;
    silent.request().await;
    // The attempt goes on while all of these come.
    let message = hooked.messages(&webhook).await.remove(0);
    for _ in 0..20 {
        let again = format!("/webhooks/{webhook}/messages/{}/redeliver", message["id"].as_str().unwrap());
        assert_eq!(hooked.send("POST", &again, None, 200).await["state"], "pending");
    }
    let (message, attempts) = hooked.attempts(&webhook, 1).await;
    assert_eq!((&message["state"], attempts.len()), (&json!("pending"), 1));
    sleep(Duration::from_millis(500)).await;
    assert_eq!(silent.count(), 0, "the attempt counts for all of them");
    hooked.server.stop().await;
}

#[tokio::test]
async fn a_webhook_that_does_not_answer_delays_no_other_environment() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let (mut silent, mut fine) = (Receiver::start(b"").await, Receiver::start(FINE).await);
    let (live, _) = hooked.hook(&fine.url, &["gate.created"]).await;
    hooked.in_sandbox().await;
    hooked.hook(&silent.url, &["user.created"]).await;
    // Another webhook of the environment that does not answer is served as well.
    let mut neighbour = Receiver::start(FINE).await;
    hooked.hook(&neighbour.url, &["user.created"]).await;
    hooked.users("u", 40).await;
    silent.request().await;
    hooked.in_live().await;
    hooked.gate("n").await;
    // The webhook that does not answer needs 5 seconds for each two of its 40 messages.
    let (soon, begun) = (Duration::from_secs(15), Instant::now());
    let request = timeout(soon, fine.requests.recv()).await.expect("it does not wait for the others").unwrap();
    assert!(request.contains("gate.created"));
    hooked.all_are(&live, "delivered").await;
    let all = timeout(soon, async {
        for _ in 0..40 {
            neighbour.requests.recv().await.unwrap();
        }
    });
    all.await.expect("a neighbour does not wait either");
    let rounds = begun.elapsed().as_secs() as usize / 5 + 2;
    assert!(silent.count() < 2 * rounds, "two attempts at the same time");
    hooked.server.stop().await;
}

#[tokio::test]
async fn what_waited_is_not_sent_after_its_webhook_was_turned_off() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let (mut silent, mut fine) = (Receiver::start(b"").await, Receiver::start(FINE).await);
    let (webhook, _) = hooked.hook(&silent.url, &["user.created"]).await;
    hooked.users("u", 10).await;
    // Both attempts that one webhook may have go on.
    silent.request().await;
    silent.request().await;
    let change = |url: &str, enabled: bool| json!({"url": url, "events": ["user.created"], "enabled": enabled});
    let path = format!("/webhooks/{webhook}");
    hooked.send("PUT", &path, Some(change(&silent.url, false)), 200).await;
    let messages = hooked.messages(&webhook).await;
    assert_eq!(messages.len(), 10);
    for message in &messages {
        assert_eq!((&message["state"], message.get("nextAttemptAt")), (&json!("cancelled"), None), "{message}");
    }
    let again = format!("{path}/messages/{}/redeliver", messages[0]["id"].as_str().unwrap());
    let refused = hooked.send("POST", &again, None, 409).await;
    assert_eq!(refused["error"], "`webhookId` is turned off and gets no messages; turn it on first");
    assert_eq!(hooked.messages(&webhook).await, messages, "a refused request changes nothing");

    // Turned on, it gets what happens from now on. The attempts that had begun end meanwhile.
    hooked.send("PUT", &path, Some(change(&fine.url, true)), 200).await;
    sleep(Duration::from_secs(7)).await;
    assert_eq!((silent.count(), fine.count()), (0, 0));
    assert!(hooked.messages(&webhook).await.iter().all(|message| message["state"] == "cancelled"));
    hooked.users("v", 1).await;
    assert!(fine.request().await.contains("user.created"));
    // What was cancelled is sent when a client asks for it.
    hooked.send("POST", &again, None, 200).await;
    assert!(fine.request().await.contains(messages[0]["id"].as_str().unwrap()));
    hooked.server.stop().await;
}

/// Changes a stored message as if time had passed: it is due, and so many attempts were made.
async fn let_time_pass(hooked: &Hooked, message: &Value, attempts: u64) {
    let store = &hooked.server.app.store;
    let row = store.object("message", message["id"].as_str().unwrap()).await.unwrap().unwrap();
    let mut body: Value = serde_json::from_str(&row.body).unwrap();
    body["state"] = json!("pending");
    body["attempts"] = json!(attempts);
    body["nextAttemptAt"] = json!("2026-01-01T00:00:00Z");
    let (label, due_at) = (Some("pending".to_owned()), Some(1_767_225_600_000_000));
    let row = dashboard::store::ObjectRow { body: body.to_string(), label, due_at, ..row };
    store.write(&[dashboard::store::Write::Update(row)]).await.unwrap();
}

#[tokio::test]
async fn a_failed_message_is_sent_again_later_until_the_attempts_end() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let mut broken = Receiver::start(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n").await;
    let (webhook, _) = hooked.hook(&broken.url, &["gate.created"]).await;
    hooked.gate("n").await;
    let (message, _) = hooked.attempts(&webhook, 1).await;
    assert_eq!((&message["state"], &message["attempts"]), (&json!("pending"), &json!(1)));
    let next: jiff::Timestamp = message["nextAttemptAt"].as_str().unwrap().parse().unwrap();
    assert!((30..=61).contains(&(next.as_second() - jiff::Timestamp::now().as_second())), "{message}");
    assert_eq!(broken.count(), 1);

    let_time_pass(&hooked, &message, 1).await;
    let (message, _) = hooked.attempts(&webhook, 2).await;
    assert_eq!((&message["state"], &message["attempts"]), (&json!("pending"), &json!(2)));
    // The last one of all.
    let_time_pass(&hooked, &message, 6).await;
    let (message, _) = hooked.attempts(&webhook, 3).await;
    assert_eq!((&message["state"], &message["attempts"]), (&json!("failed"), &json!(7)));
    assert_eq!(message.get("nextAttemptAt"), None);

    // A request begins anew, and the receiver is well again.
    let mut fine = Receiver::start(FINE).await;
    let change = json!({"url": fine.url, "events": ["gate.created"]});
    hooked.send("PUT", &format!("/webhooks/{webhook}"), Some(change), 200).await;
    let again = format!("/webhooks/{webhook}/messages/{}/redeliver", message["id"].as_str().unwrap());
    hooked.send("POST", &again, None, 200).await;
    fine.request().await;
    let (message, _) = hooked.attempts(&webhook, 4).await;
    assert_eq!((&message["state"], &message["attempts"]), (&json!("delivered"), &json!(1)));
    assert_eq!(broken.count(), 2);
    hooked.server.stop().await;
}

#[tokio::test]
async fn two_servers_on_one_database_send_a_message_once() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let mut fine = Receiver::start(FINE).await;
    let (webhook, _) = hooked.hook(&fine.url, &["user.created"]).await;
    hooked.users("u", 10).await;
    hooked.all_are(&webhook, "delivered").await;
    assert_eq!(fine.count(), 10);
    for message in hooked.messages(&webhook).await {
        let_time_pass(&hooked, &message, 0).await;
    }
    let running = tokio::join!(second(&hooked), second(&hooked));
    hooked.all_are(&webhook, "delivered").await;
    sleep(Duration::from_secs(6)).await;
    assert_eq!(fine.count(), 10, "each message once more");
    drop(running);
    hooked.server.stop().await;
}

/// Another server on the same database.
async fn second(hooked: &Hooked) -> dashboard::app::App {
    let mut settings = dashboard::settings::Settings::new("http://localhost");
    settings.webhooks = Targets::PublicAndLoopback;
    dashboard::app::App::new(hooked.server.app.store.clone(), settings).await.unwrap()
}

#[test]
fn variables_that_name_a_proxy_change_nothing() {
    // The variables would change this whole process, so another one runs the test of deliveries.
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "a_change_is_delivered_signed_and_recorded"]).env_remove("NO_PROXY").env_remove("no_proxy");
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        child.env(name, "http://127.0.0.1:9").env(name.to_lowercase(), "http://127.0.0.1:9");
    }
    let output = child.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[tokio::test]
async fn other_answers_are_failures() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let mut elsewhere = Receiver::start(FINE).await;
    // A redirection is not followed.
    let redirect =
        format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", elsewhere.url);
    let long = [b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n".to_vec(), vec![b'x'; 70_000]].concat();
    let unreachable = json!("the host has no public address that answers over HTTP");
    let endless_head = [b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; 2_000_000]].concat();
    for (answer, parts, status, error) in [
        (redirect.into_bytes(), 1, json!(307), Value::Null),
        (b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n".to_vec(), 1, json!(500), Value::Null),
        (long, 1, Value::Null, json!("the answer is longer than 64 KiB")),
        (b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec(), 1, Value::Null, unreachable.clone()),
        (endless_head, 1, Value::Null, unreachable),
        // An answer whose parts come in time, and whose end does not.
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n12345".to_vec(),
            20,
            Value::Null,
            json!("no answer within 5 seconds"),
        ),
        (Vec::new(), 1, Value::Null, json!("no answer within 5 seconds")),
    ] {
        let receiver = Receiver::slow(answer.leak(), parts).await;
        let (webhook, _) = hooked.hook(&receiver.url, &["gate.created"]).await;
        hooked.gate(&receiver.url).await;
        let (message, attempts) = hooked.attempts(&webhook, 1).await;
        assert_eq!((&message["state"], &message["attempts"]), (&json!("pending"), &json!(1)), "{attempts:?}");
        assert_eq!((&attempts[0]["status"], &attempts[0]["error"]), (&status, &error), "{attempts:?}");
        assert!(attempts[0]["milliseconds"].as_u64().unwrap() < 8000, "{attempts:?}");
        hooked.send("DELETE", &format!("/webhooks/{webhook}"), None, 204).await;
    }
    assert!(elsewhere.requests.try_recv().is_err());
    hooked.server.stop().await;
}

#[tokio::test]
async fn without_the_flag_the_machine_itself_is_out_of_reach() {
    let mut hooked = Hooked::start(Targets::Public).await;
    let mut receiver = Receiver::start(FINE).await;
    for url in
        [receiver.url.as_str(), "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "http://example.com/"]
    {
        let refused = hooked.send("POST", "/webhooks", Some(json!({"url": url})), 400).await;
        assert!(refused["error"].as_str().unwrap().starts_with("`url` "), "{url} {refused}");
    }
    // A name that leads to the machine itself is refused when it is looked up. Resolvers answer
    // names below `localhost` with the loopback address, or not at all; no attempt succeeds.
    let port = receiver.url.rsplit_once(':').unwrap().1.split('/').next().unwrap().to_owned();
    let (webhook, _) = hooked.hook(&format!("https://hook.localhost:{port}/"), &["gate.created"]).await;
    hooked.send("POST", "/gates", Some(json!({"name": "n", "criterion": "country", "values": ["CH"]})), 201).await;
    let (message, attempts) = hooked.attempts(&webhook, 1).await;
    assert_eq!((&message["state"], &attempts[0]["succeeded"]), (&json!("pending"), &json!(false)));
    assert!(receiver.requests.try_recv().is_err(), "nothing has connected");
    hooked.server.stop().await;
}

#[tokio::test]
async fn a_message_of_a_stopped_server_is_sent_by_the_next_one() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let mut receiver = Receiver::start(FINE).await;
    let (webhook, _) = hooked.hook(&receiver.url, &["gate.created"]).await;
    hooked.send("POST", "/gates", Some(json!({"name": "n", "criterion": "country", "values": ["CH"]})), 201).await;
    receiver.request().await;
    let (message, _) = hooked.attempts(&webhook, 1).await;
    // What the database holds if the server stops before the attempt.
    let_time_pass(&hooked, &message, 0).await;
    let next = second(&hooked).await;
    assert!(receiver.request().await.contains(message["id"].as_str().unwrap()));
    drop(next);
    hooked.server.stop().await;
}
