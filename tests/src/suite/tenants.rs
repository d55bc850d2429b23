//! Tenants of every kind: e-mail addresses, names with blanks, identifiers of other systems.
//! However the path escapes a tenant, the handler runs for this tenant and no other.

use super::{Group, Session, is_sound};
use crate::catalogues::attacked::api::Scope;
use crate::client::{Request, SILENT};
use crate::server::{Holder, Kit, ServerUnderTest};
use crate::tokens::ANY_TENANT;

const SCOPES: [&str; 1] = ["environment.users.read"];

/// A tenant, its shortest spelling in a path, and others that are not this tenant.
const TENANTS: &[(&str, &str, &[&str])] = &[
    ("E1", "E1", &["e1", "E1.", "E%2501", "E1%E2%80%8B"]),
    ("ann@example.com", "ann@example.com", &["ANN@example.com", "ann%2540example.com", "ann%EF%BC%A0example.com"]),
    ("auth0|7", "auth0%7C7", &["auth0%257C7", "auth0%7C8", "auth0"]),
    ("!r:hs", "!r:hs", &["r:hs", "!r", "%21r%253Ahs"]),
    ("acme corp", "acme%20corp", &["acme+corp", "acme%2520corp", "acme%C2%A0corp", "acme", "acme%20%20corp"]),
    ("a+b", "a+b", &["a%20b", "a%252Bb"]),
    ("\u{fc}ber", "%C3%BCber", &["u%CC%88ber", "%C3%9Cber", "%FCber", "uber"]),
    ("\u{682a}\u{5f0f}", "%E6%A0%AA%E5%BC%8F", &["%E6%A0%AA", "%25E6%25A0%25AA%25E5%25BC%258F"]),
    ("[x]^{y}<z>\"'`", "%5Bx%5D%5E%7By%7D%3Cz%3E%22'%60", &["%5Bx%5D"]),
    ("a?b#c&d=e", "a%3Fb%23c&d=e", &["a", "a?b%23c&d=e", "a%3Fb", "a%3Fb%23c"]),
    ("*", "*", &["E1", "%252A"]),
    ("...", "...", &["....", "%2e%2e"]),
];

/// Texts that are not a tenant, even for a grant that is for any tenant.
const NEVER: &[&str] = &[
    "%25",
    "a%2562",
    "a%2Fb",
    "a%2fb",
    "a%5Cb",
    "a%3Bb",
    "a;b",
    "%00",
    "E1%00",
    "E1%0A",
    "E1%7F",
    "E1%C2%85",
    "%20",
    "%20E1",
    "E1%20",
    "E1%E3%80%80",
    "%2e",
    "%2e%2E",
    "%C0%AE",
    "%C1%85",
    "%ED%A0%80",
    "%F0%80%80%AF",
    "%FF",
    "",
];

pub(super) async fn group<T: ServerUnderTest>() -> Group {
    let mut group = Group::new("tenants");
    let mut session = Session::start::<T, Scope>(Kit::new::<T>()).await;
    let any = Holder::new("operator", &SCOPES, &[ANY_TENANT]);
    for &(tenant, shortest, others) in TENANTS {
        let holder = Holder::new("reader", &SCOPES, &[tenant]);
        let two = Holder::new("reader of two", &SCOPES, &[tenant, "zzz"]);
        let upper: String = tenant.bytes().map(|byte| format!("%{byte:02X}")).collect();
        // Some servers read a segment of dots alone as a step in the path, whatever the number of
        // dots.
        let lower = if tenant == "..." { shortest.to_owned() } else { upper.to_lowercase() };
        for spelling in [shortest, &upper, &lower] {
            for holder in [&holder, &two, &any] {
                let (status, sound, ran) = asked(&mut session, spelling, holder).await;
                let what = || format!("{spelling} by {}: {status} {ran:?}", holder.subject);
                group.check(status == 200 && sound && ran.as_deref() == Some(tenant), what);
            }
        }
        for other in others {
            let (status, _, ran) = asked(&mut session, other, &holder).await;
            group.check(matches!(status, 400 | 403 | 404) && ran.is_none(), || {
                format!("{other} by the reader of {tenant}: {status} {ran:?}")
            });
        }
    }
    let everywhere =
        Holder::new("everywhere", &SCOPES, &TENANTS.iter().map(|(tenant, ..)| *tenant).collect::<Vec<_>>());
    let long = "x".repeat(256);
    for spelling in NEVER.iter().copied().chain([&*long]) {
        for holder in [&everywhere, &any] {
            let (status, _, ran) = asked(&mut session, spelling, holder).await;
            group.check(matches!(status, 400 | 403 | 404) && ran.is_none(), || {
                format!("{spelling:.20} by {}: {status} {ran:?}", holder.subject)
            });
        }
    }
    group
}

/// Returns the status, whether all handlers that ran were allowed to, and the tenant that the
/// handler's own extractor gave.
async fn asked(session: &mut Session, spelling: &str, holder: &Holder) -> (u16, bool, Option<String>) {
    let token = session.tokens.issue(holder.clone());
    let request = Request::new("GET", format!("/environments/{spelling}/users")).token(&token);
    let (answer, seen) = session.raw(&request.to_bytes()).await;
    let sound = seen.iter().all(|seen| is_sound::<Scope>(seen, Some(holder)));
    let ran = seen.first().and_then(|seen| seen.parameters.first().map(|(_, value)| value.clone()));
    (answer.map_or(SILENT, |answer| answer.status), sound, ran)
}
