//! Clients without credentials who may read the items of `E1`.

use tonic::Code;

use super::{Group, LIST, Session};
use crate::servers::tonic::Setup;

pub(super) async fn group(setup: Setup) -> Group {
    let mut group = Group::new("anonymous");
    let session = Session::start(Setup { anonymous: &["items.read"], ..setup }).await;
    let (reader, other) = (session.token(&["items.read"], &["E1"]), session.token(&["reports.read"], &["E1"]));
    for (path, token, message, code) in [
        (LIST, None, "E1", Code::Ok),
        ("/suite.Items/Summary", None, "E1", Code::Ok),
        // Another tenant, another scope.
        (LIST, None, "E2", Code::Unauthenticated),
        ("/suite.Items/Create", None, "E1", Code::Unauthenticated),
        ("/suite.Items/Formats", None, "E1", Code::Unauthenticated),
        // Bad credentials do not count as missing ones.
        (LIST, Some("tok_x"), "E1", Code::Unauthenticated),
        (LIST, Some(&*other), "E1", Code::PermissionDenied),
        (LIST, Some(&*reader), "E1", Code::Ok),
    ] {
        let (found, _) = session.outcome(path, token, message).await;
        group.equal(found, code, format_args!("{path} of {message}, with a token: {}", token.is_some()));
    }
    group
}
