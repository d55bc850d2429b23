//! Several kinds of credentials, and calls that other sites cause.

use tonic::metadata::MetadataKey;
use tonic::{Code, Request, Status};

use super::{Group, LIST, Session, call_with};
use crate::servers::tonic::Setup;
use crate::suite::sources::CHALLENGES;
use crate::tokens::base64;

pub(super) async fn group(setup: Setup) -> Group {
    let mut group = Group::new("sources");
    let session = Session::start(Setup { every_source: true, ..setup }).await;
    let token = session.token(&["items.read"], &["E1"]);
    let bearer = |token: &str| ("authorization", format!("Bearer {token}"));
    let basic = |token: &str| ("authorization", format!("Basic {}", base64(&format!("person:{token}"))));
    let key = |token: &str| ("x-api-key", token.to_owned());
    let cookie = |token: &str| ("cookie", format!("__Host-session={token}"));
    let site = |site: &str| ("sec-fetch-site", site.to_owned());
    let origin = |origin: &str| ("origin", origin.to_owned());
    let (refused, unknown) = (Code::PermissionDenied, Code::Unauthenticated);
    for (lines, code) in [
        (vec![], unknown),
        (vec![bearer(&token)], Code::Ok),
        (vec![key(&token)], Code::Ok),
        (vec![basic(&token)], Code::Ok),
        (vec![bearer("tok_x"), key(&token)], unknown),
        (vec![key("tok_x"), basic(&token)], unknown),
        (vec![bearer(&token), basic(&token)], unknown),
        // Each call is a POST.
        (vec![cookie(&token)], refused),
        (vec![cookie(&token), site("cross-site")], refused),
        (vec![cookie(&token), site("same-origin")], Code::Ok),
        (vec![cookie(&token), origin("https://app.example.com")], Code::Ok),
        (vec![cookie(&token), origin("https://elsewhere.example")], refused),
        (vec![cookie(&token), cookie(&token), site("same-origin")], unknown),
        (vec![basic(&token), site("cross-site")], refused),
        (vec![key(&token), site("cross-site")], Code::Ok),
    ] {
        let (answer, ran) = call(&session, &lines).await;
        let found = answer.map_or_else(|status| status.code(), |_| Code::Ok);
        group.equal((found, ran), (code, usize::from(code == Code::Ok)), format_args!("a call with {lines:?}"));
    }
    let (answer, _) = call(&session, &[]).await;
    let found = answer.err().map(|status| challenges(&status));
    group.equal(found, Some(CHALLENGES.map(str::to_owned).to_vec()), "the challenges of a call");
    group
}

/// Makes a call with this metadata, and returns how many methods ran.
async fn call(session: &Session, lines: &[(&'static str, String)]) -> (Result<String, Status>, usize) {
    let mut request = Request::new("E1".to_owned());
    for (name, value) in lines {
        request.metadata_mut().append(MetadataKey::from_static(name), value.parse().expect("a value"));
    }
    let answer = call_with(session.channel.clone(), LIST, request).await;
    (answer, session.setup.journal.take().len())
}

fn challenges(status: &Status) -> Vec<String> {
    let values = status.metadata().get_all("www-authenticate");
    values.iter().filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
}
