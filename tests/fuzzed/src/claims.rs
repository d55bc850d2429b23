//! Scopes from the claims of a foreign token.

use std::collections::BTreeSet;

use scopes::{Claim, from_claims};
use serde_json::Value;

use crate::hostile::api::Scope;
use crate::reached::reach;

pub(crate) fn check(data: &[u8]) {
    let Ok(payload) = serde_json::from_slice::<Value>(data) else { return };
    let all = [Claim::Scope, Claim::Scp, Claim::Permissions, Claim::Roles, Claim::Named("https://a/s")];
    for claims in [&all[..], &all[..1], &all[1..2], &[]] {
        let (mut known, mut unknown, mut ignored) = (BTreeSet::new(), Vec::new(), Vec::new());
        for claim in claims {
            match payload.get(claim.name()).map(names) {
                None => {}
                Some(None) => ignored.push(claim.name()),
                Some(Some(names)) => {
                    for name in names {
                        match name.parse::<Scope>() {
                            Ok(scope) => drop(known.insert(scope)),
                            Err(_) => unknown.push(name),
                        }
                    }
                }
            }
        }
        let found = from_claims::<Scope>(&payload, claims);
        assert_eq!(found.scopes.iter().collect::<BTreeSet<_>>(), known);
        assert_eq!(found.unknown, unknown);
        assert_eq!(found.ignored.iter().map(|(claim, _)| claim.name()).collect::<Vec<_>>(), ignored);
        for (state, reached) in [
            ("granted", !known.is_empty()),
            ("unknown", !unknown.is_empty()),
            ("wrong shape", !ignored.is_empty()),
            ("no claim", known.is_empty() && unknown.is_empty() && ignored.is_empty()),
        ] {
            if reached {
                reach(state);
            }
        }
    }
}

/// Reads one string of names, or an array with one name in each member.
fn names(claim: &Value) -> Option<Vec<String>> {
    if let Some(text) = claim.as_str() {
        return Some(text.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect());
    }
    let one = |member: &Value| {
        let name = member.as_str()?;
        let is_one = !name.is_empty() && name.split_whitespace().eq([name]);
        is_one.then(|| name.to_owned())
    };
    claim.as_array()?.iter().map(one).collect()
}
