//! Other methods of HTTP, layers, forms of credentials, messages that never arrive.

use http::uri::PathAndQuery;
use tokio::time::timeout;
use tonic::client::Grpc;
use tonic::codegen::tokio_stream::{empty, pending};
use tonic::{Code, Response, Status};

use super::{Group, LIST, PATIENCE, Session, metadata, send, with};
use crate::server::Layers;
use crate::servers::tonic::{Setup, Text};
use crate::tokens::{DOWN, PANIC};

pub(super) async fn other_methods(setup: Setup) -> Group {
    let mut group = Group::new("HEAD, OPTIONS");
    let session = Session::start(setup).await;
    let everything = session.token(&["all.read", "items.write", "items.export"], &["E1"]);
    for method in ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "BREW"] {
        for (token, status) in [(Some(&*everything), 405), (None, 401)] {
            let found = send(&session, method, LIST, token).await;
            let seen = session.setup.journal.take();
            // Only a `POST` is a call, even if other methods have the content type. Without a gate,
            // the method's own permit refuses after the message was read.
            let refused = if session.setup.gated { found == (status, None) } else { found.1 != Some(Code::Ok) };
            group.check(refused && seen.is_empty(), || format!("{method} with {token:?}: {found:?} {seen:?}"));
        }
    }
    for name in ["x-http-method-override", "x-original-url", "x-rewrite-url"] {
        let reader = session.token(&["items.read"], &["E1"]);
        let mut grpc = Grpc::new(session.channel.clone());
        grpc.ready().await.expect("a connection");
        let mut request = with("E1".to_owned(), &[format!("Bearer {reader}")]);
        request.metadata_mut().insert(name, "/suite.Items/Create".parse().expect("a value"));
        let answer = grpc.unary(request, PathAndQuery::from_static(LIST), Text).await;
        let ran: Vec<_> = session.setup.journal.take().iter().map(|seen| seen.route).collect();
        group.check(answer.is_ok() && ran == ["list"], || format!("{name}: {answer:?} {ran:?}"));
    }
    group
}

pub(super) async fn layers(gated: bool) -> Group {
    let mut group = Group::new("layers");
    let session = Session::start(Setup { gated, layers: Layers::Missing, ..Setup::default() }).await;
    let token = session.token(&["items.read"], &["E1"]);
    for (path, token, code) in
        [(LIST, None, Code::Internal), (LIST, Some(&*token), Code::Internal), ("/suite.Items/Health", None, Code::Ok)]
    {
        let authorization: Vec<String> = token.iter().map(|token| format!("Bearer {token}")).collect();
        let (answer, seen) = session.call(path, &authorization, "E1").await;
        let found = answer.as_ref().map_or_else(Status::code, |_| Code::Ok);
        let generic = answer
            .as_ref()
            .err()
            .is_none_or(|status| status.message() == "internal server error" && metadata(status) == (None, None));
        group.check(found == code && generic && seen.len() == usize::from(code == Code::Ok), || {
            format!("without the layer, {path} with {token:?}: {answer:?}")
        });
    }

    let session = Session::start(Setup { gated, layers: Layers::Stale, ..Setup::default() }).await;
    let good = session.token(&["items.read"], &["E1"]);
    let wrong = session.token(&["items.write"], &["E1"]);
    let other = session.token(&["items.read"], &["E2"]);
    for (token, code) in [
        (None, Code::Unauthenticated),
        (Some("tok_x"), Code::Unauthenticated),
        (Some("a b"), Code::Unauthenticated),
        (Some(DOWN), Code::Unavailable),
        (Some(&*wrong), Code::PermissionDenied),
        (Some(&*other), Code::PermissionDenied),
        (Some(&*good), Code::Ok),
    ] {
        let found = session.outcome(LIST, token, "E1").await;
        let expected = (code, (code == Code::Ok).then_some("list"));
        group.equal(found, expected, format_args!("{token:?} below a layer that accepts every token"));
    }

    let session = Session::start(Setup { gated, ..Setup::default() }).await;
    let (answer, seen) = session.call(LIST, &[format!("Bearer {DOWN}")], "E1").await;
    let plain = answer.as_ref().err().is_some_and(|status| {
        (status.code(), status.message()) == (Code::Unavailable, "temporarily unavailable")
            && metadata(status) == (None, None)
    });
    group.check(plain && seen.is_empty(), || format!("the verifier fails: {answer:?}"));
    let (answer, seen) = session.call(LIST, &[format!("Bearer {PANIC}")], "E1").await;
    let plain = answer.as_ref().err().is_some_and(|status| {
        (status.code(), status.message()) == (Code::Internal, "internal server error")
            && metadata(status) == (None, None)
    });
    group.check(plain && seen.is_empty(), || format!("the verifier panics: {answer:?}"));
    let token = session.token(&["items.read"], &["E1"]);
    group.equal(session.outcome(LIST, Some(&token), "E1").await, (Code::Ok, Some("list")), "before it is taken back");
    session.setup.tokens.revoke(&token);
    let comparable = |answer: Result<String, Status>| {
        answer.map_err(|status| (status.code(), status.message().to_owned(), metadata(&status).0.map(str::to_owned)))
    };
    let revoked = comparable(session.call(LIST, &[format!("Bearer {token}")], "E1").await.0);
    let unknown = comparable(session.call(LIST, &["Bearer tok_999999".to_owned()], "E1").await.0);
    group.check(revoked.is_err() && revoked == unknown, || format!("taken back and unknown: {revoked:?} {unknown:?}"));
    group.remarks.push("CORS: browsers do not speak gRPC; gRPC-Web is a layer of its own".to_owned());
    group
}

pub(super) async fn credentials_and_bodies(setup: Setup) -> Group {
    let mut group = Group::new("RFC 6750, bodies");
    let session = Session::start(setup).await;
    let good = session.token(&["items.read"], &["E1"]);
    let bearer = |token: &str| vec![format!("Bearer {token}")];
    for (what, authorization, code) in [
        ("scheme in lower case", vec![format!("bearer {good}")], Code::Ok),
        ("another scheme", vec!["Basic dTpw".to_owned()], Code::Unauthenticated),
        ("no scheme", vec![good.clone()], Code::Unauthenticated),
        ("scheme alone", vec!["Bearer".to_owned()], Code::Unauthenticated),
        ("two tokens in one value", vec![format!("Bearer {good}, Bearer {good}")], Code::Unauthenticated),
        ("good and unknown", vec![format!("Bearer {good}"), "Bearer tok_x".to_owned()], Code::Unauthenticated),
        ("unknown and good", vec!["Bearer tok_x".to_owned(), format!("Bearer {good}")], Code::Unauthenticated),
        ("too long", bearer(&"a".repeat(8193)), Code::Unauthenticated),
    ] {
        let (answer, seen) = session.call(LIST, &authorization, "E1").await;
        let found = answer.as_ref().map_or_else(Status::code, |_| Code::Ok);
        group.check(found == code && seen.len() == usize::from(code == Code::Ok), || {
            format!("{what}: {answer:?} {seen:?}")
        });
    }
    for target in [format!("{LIST}?access_token={good}"), format!("{LIST}?authorization=Bearer%20{good}")] {
        let found = send(&session, "POST", &target, None).await;
        let seen = session.setup.journal.take();
        group.check(found == (200, Some(Code::Unauthenticated)) && seen.is_empty(), || format!("{target}: {found:?}"));
    }
    // If a method fails before it compares the owner, the strict gate does not replace its failure.
    let writer = session.token(&["items.write"], &["E1"]);
    let mut grpc = Grpc::new(session.channel.clone());
    grpc.ready().await.expect("a connection");
    let request = with(empty::<String>(), &bearer(&writer));
    let answer: Result<Response<String>, Status> =
        grpc.client_streaming(request, PathAndQuery::from_static("/suite.Items/Upload"), Text).await;
    let code = answer.as_ref().map_or_else(Status::code, |_| Code::Ok);
    group.check(code == Code::InvalidArgument, || format!("no message: {answer:?}"));
    // Unauthorized callers are refused before a message arrives. Without a gate, a permit can
    // refuse this early only if the method gets the messages as a stream.
    let methods: &[&str] = if session.setup.gated {
        &["/suite.Items/Upload", "/suite.Items/Create", LIST]
    } else {
        group.impossible("a refusal before the message of a unary call was read, without a gate");
        &["/suite.Items/Upload"]
    };
    let wrong = session.token(&["items.export"], &["E1"]);
    for path in methods {
        for (what, authorization, code) in [
            ("anonymous", vec![], Code::Unauthenticated),
            ("unknown", bearer("tok_x"), Code::Unauthenticated),
            ("malformed", bearer("a b"), Code::Unauthenticated),
            ("twice", [bearer(&good), bearer(&good)].concat(), Code::Unauthenticated),
            ("wrong scope", bearer(&wrong), Code::PermissionDenied),
            ("verifier fails", bearer(DOWN), Code::Unavailable),
        ] {
            let mut grpc = Grpc::new(session.channel.clone());
            grpc.ready().await.expect("a connection");
            let request = with(pending::<String>(), &authorization);
            let path_and_query = PathAndQuery::from_static(path);
            let answer: Result<Response<String>, Status> =
                timeout(PATIENCE, grpc.client_streaming(request, path_and_query, Text))
                    .await
                    .unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time")));
            let found = answer.as_ref().map_or_else(Status::code, |_| Code::Ok);
            let challenged = answer.as_ref().err().is_some_and(|status| {
                metadata(status).0.is_some() == (code != Code::Unavailable) && !status.message().is_empty()
            });
            let seen = session.setup.journal.take();
            group.check(found == code && challenged && seen.is_empty(), || {
                format!("a message that never comes, {path}, {what}: {answer:?}")
            });
        }
    }
    group
}
