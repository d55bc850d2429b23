//! HEAD, OPTIONS, methods in another case, and unknown methods.

use super::{Asked, Group, Session};
use crate::catalogues::kinds::api::Scope;
use crate::client::Request;
use crate::server::{Kit, ServerUnderTest};

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("HEAD, OPTIONS");
    let mut session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    head::<T>(&mut group, &mut session).await;
    others::<T>(&mut group, &mut session).await;
    group
}

async fn head<T: ServerUnderTest>(group: &mut Group, session: &mut Session) {
    let items = "/v1/environments/E1/items";
    let reader = session.token(&["items.read"], &["E1"]);
    let writer = session.token(&["items.write"], &["E1"]);
    let prober = session.token(&["items.probe"], &["E1"]);
    let of_e2 = session.token(&["items.read"], &["E2"]);
    // If the framework does not serve HEAD with the handler of GET, its router may refuse it.
    let refusals = if T::FACTS.head_is_get { vec![] } else { vec![404, T::FACTS.method_not_allowed] };
    for (what, token, status, challenge) in [
        ("anonymous", None, 401, Some("Bearer realm=\"suite\"")),
        ("reader", Some(&reader), 200, None),
        (
            "writer",
            Some(&writer),
            403,
            Some("Bearer realm=\"suite\", error=\"insufficient_scope\", scope=\"items.read\""),
        ),
        ("of E2", Some(&of_e2), 403, None),
    ] {
        let mut request = Request::new("HEAD", items);
        if let Some(token) = token {
            request = request.token(token);
        }
        let Asked { answer, seen } = session.ask(&request).await;
        let ran = seen.first().map(|seen| (seen.route, seen.method));
        let right = answer.status == status
            && answer.header("www-authenticate") == challenge
            && answer.header("cache-control") == (status != 200).then_some("no-store")
            && ran == (status == 200).then_some(("list_items", "GET"));
        let refused = refusals.contains(&answer.status) && seen.is_empty();
        group.check(right || refused, || format!("HEAD by {what}: {answer:?} {seen:?}"));
    }
    // HEAD declared beside GET on one template has a scope of its own.
    let probe = "/v1/environments/E1/probe";
    for (method, token, status, handler) in [
        ("HEAD", &prober, 200, Some("head_probe")),
        ("HEAD", &reader, 403, None),
        ("GET", &reader, 200, Some("get_probe")),
        ("GET", &prober, 403, None),
    ] {
        let found = session.outcome(method, probe, Some(token)).await;
        group.equal(found, (status, handler), format_args!("{method} {probe} with {token}"));
    }
}

async fn others<T: ServerUnderTest>(group: &mut Group, session: &mut Session) {
    let everything = session.token(&["items.read", "items.write", "items.export", "reports.read"], &["E1"]);
    let facts = T::FACTS;
    for (method, target, allow) in [
        ("OPTIONS", "/v1/environments/E1/items", "GET, HEAD, POST"),
        ("DELETE", "/v1/environments/E1/items", "GET, HEAD, POST"),
        ("TRACE", "/v1/environments/E1/items/7", "DELETE, GET, HEAD, PUT"),
        ("BREW", "/v1/environments/E1/items", "GET, HEAD, POST"),
        ("get", "/v1/environments/E1/items", "GET, HEAD, POST"),
        ("HEAD", "/v1/environments/E1/copies", "POST"),
        ("POST", "/v1/health", "GET, HEAD"),
    ] {
        let Asked { answer, seen } = session.ask(&Request::new(method, target).token(&everything)).await;
        let allowed = answer.header("allow").map(|value| {
            let mut methods: Vec<&str> = value.split(',').map(str::trim).collect();
            methods.sort_unstable();
            methods.join(", ")
        });
        let right = if facts.gated {
            answer.status == 405
                && allowed.as_deref() == Some(allow)
                && answer.header("cache-control") == Some("no-store")
        } else {
            // Some frameworks' servers refuse methods that they do not know.
            [404, 400, 501, facts.method_not_allowed].contains(&answer.status)
        };
        group.check(right && seen.is_empty(), || format!("{method} {target}: {answer:?} {seen:?}"));
        let Asked { answer, seen } = session.ask(&Request::new(method, target)).await;
        // A client without credentials cannot find out from a gate which methods exist.
        let refused = if facts.gated {
            answer.status == 401 && !answer.headers.iter().any(|(name, _)| name == "allow")
        } else {
            (400..=501).contains(&answer.status)
        };
        group.check(refused && seen.is_empty(), || {
            format!("{method} {target} without credentials: {answer:?} {seen:?}")
        });
    }
    // Only the request line names the method.
    let reader = session.token(&["items.read"], &["E1"]);
    for header in ["X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE"] {
        let request = Request::new("GET", "/v1/environments/E1/items/7?_method=DELETE").token(&reader).header(header);
        let Asked { answer, seen } = session.ask(&request).await;
        let ran: Vec<_> = seen.iter().map(|seen| seen.method).collect();
        group.check(answer.status == 200 && ran == ["GET"], || format!("{header}: {} {ran:?}", answer.status));
    }
    // A form does not change the method either: it stays POST, which has no route there.
    let form = Request::new("POST", "/v1/environments/E1/items/7")
        .token(&everything)
        .header("Content-Type: application/x-www-form-urlencoded")
        .body("_method=DELETE");
    let writer_alone = session.token(&["items.read"], &["E1"]);
    let forged = Request::new("POST", "/v1/environments/E1/items/7")
        .token(&writer_alone)
        .header("Content-Type: application/x-www-form-urlencoded")
        .body("_method=DELETE");
    for request in [form, forged] {
        let Asked { answer, seen } = session.ask(&request).await;
        let ran: Vec<_> = seen.iter().map(|seen| seen.method).collect();
        // A framework that reads the form may run DELETE for a caller who may delete.
        let may = ran.is_empty() || (ran == ["DELETE"] && seen[0].subject.is_some() && answer.status == 200);
        group.check(may, || format!("_method in a form: {} {ran:?}", answer.status));
    }
}
