//! The verifiers of the servers under test.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use scopes::{
    Authenticate, Credentials, Grant, Password, RequestHeaders, Scope, ScopeSet, TokenSource, Verifier, VerifyError,
    verifier_fn,
};

/// The holder of a token. Scopes are wire names; unknown names grant nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The subject of the token.
    pub subject: String,
    /// The scopes as stored.
    pub scopes: Vec<String>,
    /// The tenants. An empty list means the grant is not for a tenant.
    pub tenants: Vec<String>,
}

impl Holder {
    /// A holder of these scopes for these tenants.
    #[must_use]
    pub fn new(subject: &str, scopes: &[&str], tenants: &[&str]) -> Self {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Self { subject: subject.to_owned(), scopes: owned(scopes), tenants: owned(tenants) }
    }
}

/// A store of tokens. It knows the tokens that it has issued. For `down` the verifier fails, for
/// `panic` it panics.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    issued: Arc<Mutex<Vec<Option<Holder>>>>,
    calls: Arc<AtomicUsize>,
}

/// The token that makes the verifier fail.
pub const DOWN: &str = "down";

/// Stands for all tenants in a holder's list. It is not a valid tenant name.
pub const ANY_TENANT: &str = "any/tenant";

/// The token that makes the verifier panic.
pub const PANIC: &str = "panic";

impl Tokens {
    /// Issues a token.
    #[must_use]
    pub fn issue(&self, holder: Holder) -> String {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.push(Some(holder));
        // The last letter makes sure that a token without its end is not another token.
        format!("tok_{}z", issued.len() - 1)
    }

    /// Revokes a token.
    pub fn revoke(&self, token: &str) {
        if let Some(slot) = number(token).and_then(|number| {
            self.issued.lock().unwrap_or_else(PoisonError::into_inner).get_mut(number).map(Option::take)
        }) {
            drop(slot);
        }
    }

    fn find(&self, token: &str) -> Option<Holder> {
        self.issued.lock().unwrap_or_else(PoisonError::into_inner).get(number(token)?)?.clone()
    }

    /// How often the verifier was asked since the last call.
    #[must_use]
    pub fn take_calls(&self) -> usize {
        self.calls.swap(0, Ordering::SeqCst)
    }
}

fn number(token: &str) -> Option<usize> {
    token.strip_prefix("tok_")?.strip_suffix('z')?.parse().ok()
}

impl<S: Scope> Verifier<S> for Tokens {
    async fn verify(&self, token: &str) -> Result<Option<Grant<S>>, VerifyError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        // Lets other requests run in between, like a real store.
        tokio::task::yield_now().await;
        if token == DOWN {
            return Err(VerifyError::new("the store is away"));
        }
        assert_ne!(token, PANIC, "as it was asked to");
        let Some(holder) = self.find(token) else { return Ok(None) };
        let grant = Grant::new(ScopeSet::lossy(&holder.scopes).known).with_subject(holder.subject);
        if holder.tenants == [ANY_TENANT] {
            return Ok(Some(grant.for_any_tenant()));
        }
        Ok(Some(grant.for_tenants(&holder.tenants)?))
    }
}

/// Adds every other kind of credentials for the same tokens: the header `X-Api-Key`, the
/// subprotocol `bearer.TOKEN` of a WebSocket, the cookie `__Host-session`, and the token as the
/// password of `person`. Pages of `https://app.example.com` are the application's own.
///
/// # Panics
/// Never, because names and origin are valid.
#[must_use]
pub fn every_source<S: Scope>(authenticate: Authenticate<S>, tokens: &Tokens) -> Authenticate<S> {
    let passwords = tokens.clone();
    let check = move |user: String, password: Password| {
        let tokens = passwords.clone();
        async move {
            match &*user {
                "person" => Verifier::<S>::verify(&tokens, password.expose()).await,
                _ => Ok(None),
            }
        }
    };
    authenticate
        .or(TokenSource::header("x-api-key").expect("a name"), tokens.clone())
        .or(TokenSource::custom(&["sec-websocket-protocol"], subprotocol).expect("a name"), tokens.clone())
        .or(TokenSource::cookie("__Host-session"), tokens.clone())
        .or_basic(check)
        .own_origins(["https://app.example.com"])
        .expect("an origin")
}

/// The grant of callers without credentials; `None` without scopes.
///
/// # Panics
/// Never: `E1` is a tenant.
#[must_use]
pub fn anonymous<S: Scope>(scopes: &[&str]) -> Option<Grant<S>> {
    let grant = Grant::new(ScopeSet::lossy(scopes).known).for_tenant("E1").expect("a tenant");
    (!scopes.is_empty()).then_some(grant)
}

/// `Sec-WebSocket-Protocol: chat, bearer.TOKEN`
fn subprotocol(headers: RequestHeaders<'_>) -> Credentials<'_> {
    let offered = headers.values("sec-websocket-protocol").flat_map(|line| line.split(|&byte| byte == b','));
    let offered: Vec<&[u8]> = offered.map(<[u8]>::trim_ascii).collect();
    assert_ne!(offered, [b"panic"], "as it was asked to");
    let mut tokens = offered.iter().filter_map(|offer| offer.strip_prefix(b"bearer."));
    match (tokens.next(), tokens.next()) {
        (None, _) => Credentials::Absent,
        (Some(token), None) => Credentials::Token(String::from_utf8_lossy(token)),
        (Some(_), Some(_)) => Credentials::Malformed,
    }
}

/// Encodes as base64 with padding (RFC 4648, section 4).
#[must_use]
pub fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for piece in text.as_bytes().chunks(3) {
        let byte = |index: usize| u32::from(piece.get(index).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            let letter = ALPHABET[(bits >> (18 - 6 * index) & 63) as usize];
            out.push(if index <= piece.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// A verifier that gives every token all scopes for all tenants: for an outer layer, which must not
/// count.
#[derive(Clone, Copy, Debug)]
pub struct AcceptsAll;

impl<S: Scope> Verifier<S> for AcceptsAll {
    async fn verify(&self, _: &str) -> Result<Option<Grant<S>>, VerifyError> {
        Ok(Some(Grant::new(ScopeSet::all()).for_any_tenant().with_subject("accepts_all")))
    }
}

/// The authentication of the in-process tests: a token is a name, and the list gives its scopes,
/// for one tenant. The verifier fails for [`DOWN`], and every other token is unknown.
///
/// # Panics
/// While it verifies: if a scope does not exist.
#[must_use]
pub fn authenticate<S: Scope>(
    tenant: &'static str,
    callers: &'static [(&'static str, &'static str)],
) -> Authenticate<S> {
    Authenticate::new(verifier_fn(move |token: String| async move {
        if token == DOWN {
            return Err(VerifyError::new("the store is away"));
        }
        let Some((name, scopes)) = callers.iter().find(|(name, _)| *name == token) else { return Ok(None) };
        let scopes: ScopeSet<S> = scopes.parse().expect("scopes of the catalogue");
        Ok(Some(Grant::new(scopes).for_tenant(tenant)?.with_subject(*name)))
    }))
}

/// Reads each token as its own grant: `users.read+users.export/E1`, with the tenant after the
/// slash. A token with an unknown scope name is invalid.
#[must_use]
pub fn named<S>() -> Authenticate<S>
where
    S: Scope + std::str::FromStr,
{
    Authenticate::new(verifier_fn(async |token: String| {
        let (scopes, tenant) = token.split_once('/').unwrap_or((&token, ""));
        let names = scopes.split('+').filter(|name| !name.is_empty());
        let Ok(scopes) = names.map(str::parse).collect::<Result<ScopeSet<S>, _>>() else { return Ok(None) };
        let grant = Grant::new(scopes);
        Ok::<_, VerifyError>(Some(if tenant.is_empty() { grant } else { grant.for_tenant(tenant)? }))
    }))
}
