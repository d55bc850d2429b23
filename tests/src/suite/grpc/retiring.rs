//! Deprecated methods: the metadata of their answers says so.

use http::uri::PathAndQuery;
use tonic::client::Grpc;
use tonic::metadata::MetadataMap;

use super::{Group, Session, with};
use crate::servers::tonic::{Setup, Text};

pub(super) async fn group(setup: Setup) -> Group {
    let mut group = Group::new("deprecated");
    let session = Session::start(setup).await;
    let exporter = session.token(&["items.export"], &["E1"]);
    let reader = session.token(&["items.read"], &["E1"]);
    let sunset = "Sat, 01 May 2027 00:00:00 GMT";
    for (method, token, expected) in [
        ("Formats", Some(&*exporter), Ok(["@1793491200", sunset])),
        ("Formats", Some(&*reader), Err(["", ""])),
        ("Formats", None, Err(["", ""])),
        ("OldHealth", None, Ok(["@0", ""])),
        ("Health", None, Ok(["", ""])),
        ("List", Some(&*reader), Ok(["", ""])),
    ] {
        let path = PathAndQuery::try_from(format!("/suite.Items/{method}")).expect("a path");
        let authorization: Vec<String> = token.into_iter().map(|token| format!("Bearer {token}")).collect();
        let mut grpc = Grpc::new(session.channel.clone());
        grpc.ready().await.expect("a connection");
        let answer = grpc.unary(with("E1".to_owned(), &authorization), path, Text).await;
        let found = match &answer {
            Ok(response) => Ok(announced(response.metadata())),
            Err(status) => Err(announced(status.metadata())),
        };
        group.equal(found, expected.map(owned).map_err(owned), format_args!("{method} with {token:?}"));
    }
    group
}

fn announced(metadata: &MetadataMap) -> [String; 2] {
    ["deprecation", "sunset"]
        .map(|name| metadata.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned())
}

fn owned(texts: [&str; 2]) -> [String; 2] {
    texts.map(str::to_owned)
}
