//! The members of a document that is written, in their order.
//!
//! They are types of our own, because the order of `serde_json::Value` depends on a feature that
//! any crate of the program may turn on.

use std::collections::BTreeMap;

use serde::Serialize;

use super::extension::{Extension, Root};

#[derive(Serialize)]
pub(super) struct Document<'c> {
    pub(super) openapi: &'static str,
    pub(super) info: Info<'c>,
    pub(super) servers: Vec<Server<'c>>,
    pub(super) paths: BTreeMap<&'c str, BTreeMap<MethodKey<'c>, PathMember<'c>>>,
    pub(super) components: Components<'c>,
    #[serde(rename = "x-scopes")]
    pub(super) extension: Root<'c>,
}

#[derive(Serialize)]
pub(super) struct Info<'c> {
    pub(super) title: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) description: &'c str,
    pub(super) version: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) license: Option<License<'c>>,
}

#[derive(Serialize)]
pub(super) struct License<'c> {
    pub(super) name: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identifier: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Server<'c> {
    pub(super) url: &'c str,
}

/// The order of an operation within its path, and its key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MethodKey<'c>(pub(super) usize, pub(super) &'c str);

impl Serialize for MethodKey<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.1)
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum PathMember<'c> {
    Operation(Box<Operation<'c>>),
    /// `additionalOperations` of version 3.2.
    Others(BTreeMap<&'c str, Operation<'c>>),
}

/// One object of `security`: the scopes of each scheme.
pub(crate) type Requirement = BTreeMap<String, Vec<String>>;

#[derive(Serialize)]
pub(super) struct Operation<'c> {
    #[serde(rename = "operationId")]
    pub(super) id: &'c str,
    pub(super) summary: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) deprecated: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parameters: Vec<Parameter<'c>>,
    pub(super) responses: BTreeMap<&'static str, Response>,
    pub(super) security: Vec<Requirement>,
    #[serde(rename = "x-scopes")]
    pub(super) extension: Extension<'c>,
}

#[derive(Serialize)]
pub(super) struct Parameter<'c> {
    pub(super) name: &'c str,
    #[serde(rename = "in")]
    pub(super) place: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) description: &'static str,
    pub(super) required: bool,
    pub(super) schema: Schema,
}

#[derive(Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum Response {
    Reference {
        #[serde(rename = "$ref")]
        reference: String,
    },
    Whole(Answer),
}

#[derive(Clone, Serialize)]
pub(crate) struct Answer {
    pub(super) description: &'static str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<&'static str, Header>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) content: BTreeMap<&'static str, Media>,
}

#[derive(Clone, Serialize)]
pub(crate) struct Header {
    pub(super) description: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) required: bool,
    pub(super) schema: Schema,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) example: Option<String>,
}

#[derive(Clone, Serialize)]
pub(crate) struct Media {
    pub(super) schema: Schema,
}

#[derive(Clone, Default, Serialize)]
pub(crate) struct Schema {
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<&'static str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<&'static str>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub(super) values: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) items: Option<Box<Self>>,
    #[serde(rename = "anyOf", skip_serializing_if = "Vec::is_empty")]
    pub(super) any_of: Vec<Self>,
    #[serde(rename = "minLength", skip_serializing_if = "Option::is_none")]
    pub(super) min_length: Option<u32>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) properties: BTreeMap<&'static str, Self>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) required: Vec<&'static str>,
}

impl Schema {
    pub(super) fn text() -> Self {
        Self { kind: Some("string"), ..Self::default() }
    }

    pub(super) fn list(items: Self) -> Self {
        Self { kind: Some("array"), items: Some(Box::new(items)), ..Self::default() }
    }

    pub(super) fn reference(to: &'static str) -> Self {
        Self { reference: Some(to), ..Self::default() }
    }
}

#[derive(Serialize)]
pub(super) struct Components<'c> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) schemas: BTreeMap<&'static str, Schema>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) responses: BTreeMap<&'static str, Answer>,
    #[serde(rename = "securitySchemes", skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) schemes: BTreeMap<&'c str, SecurityScheme>,
}

#[derive(Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum SecurityScheme {
    Http {
        #[serde(rename = "type")]
        kind: &'static str,
        scheme: &'static str,
        #[serde(rename = "bearerFormat", skip_serializing_if = "Option::is_none")]
        format: Option<String>,
    },
    OAuth2 {
        #[serde(rename = "type")]
        kind: &'static str,
        flows: BTreeMap<&'static str, Flow>,
    },
}

#[derive(Clone, Serialize)]
pub(crate) struct Flow {
    #[serde(rename = "authorizationUrl", skip_serializing_if = "Option::is_none")]
    pub(crate) authorization_url: Option<String>,
    #[serde(rename = "tokenUrl")]
    pub(crate) token_url: String,
    pub(crate) scopes: BTreeMap<String, String>,
}
