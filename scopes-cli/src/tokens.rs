//! Live tokens, one JSON object a line.

use scopes_core::Tenants;
use scopes_export::diff::Token;
use serde::Deserialize;

use crate::operand::text_of;

#[derive(Deserialize)]
struct Line {
    id: String,
    scopes: Names,
    #[serde(default)]
    tenant: Names,
}

/// A list, or one text with blanks between the names.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Names {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

pub(crate) fn read(operand: &str) -> Result<Vec<Token>, String> {
    let (label, text) = text_of(operand)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(index, line)| token(line).map_err(|error| format!("{label}:{}: {error}", index + 1))).collect()
}

fn token(line: &str) -> Result<Token, String> {
    // serde_json's messages show the text that it has met, but no more than a line of it.
    let Line { id, scopes, tenant } = serde_json::from_str(line)
        .map_err(|error| format!("not a token, at column {}: write id, scopes and tenant", error.column()))?;
    let scopes = match scopes {
        Names::None => Vec::new(),
        Names::One(text) => text.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        Names::Several(names) => names,
    };
    let tenants = match tenant {
        Names::None => Tenants::None,
        Names::One(tenant) if tenant == "*" => Tenants::Any,
        Names::One(tenant) => Tenants::only([tenant]).map_err(|error| format!("tenant: {error}"))?,
        Names::Several(tenants) => Tenants::only(tenants).map_err(|error| format!("tenant: {error}"))?,
    };
    Ok(Token::new(&id, scopes, tenants))
}
