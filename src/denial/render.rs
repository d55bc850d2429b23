//! Renderers: the bodies of denials.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::Denied;
use super::challenge::ACCEPTED_SCOPES;

/// Makes the body of a denial and may add headers.
///
/// It does not choose the status, except that it may turn a 401 into a
/// [redirection](Rendered::redirect). It cannot change three kinds of headers: headers that tell
/// the caller what to do (`WWW-Authenticate`, `Allow`, `Accepted-Scopes`), headers that say whether
/// a cache may store the response, and headers that frame the message. The library sets or removes
/// these afterwards.
///
/// It sees the [reason](Denied::denial), the [route](Denied::route) of the catalogue, and method
/// and headers of the [request](Denied::request):
///
/// ```
#[doc = include_str!("../docs/denied.txt")]
/// use http::{HeaderValue, Method, Request};
/// use scopes::{Denied, DeniedRequest, Rendered, Renderer};
///
/// /// JSON for API clients. A browser gets a page, or is sent to the login page.
/// struct ByAccept;
/// impl Renderer for ByAccept {
///     fn render(&self, denied: &Denied) -> Rendered {
///         if !denied.request().is_some_and(DeniedRequest::accepts_html) {
///             let code = denied.status().as_u16();
///             return Rendered::json(format!(r#"{{"code":{code},"message":"{denied}"}}"#));
///         }
///         let page = Rendered::html(format!("<!doctype html><title>Denied</title><p>{denied}"));
///         let method = denied.request().map(DeniedRequest::method);
///         if denied.status() == 401 && method == Some(&Method::GET) {
///             return page.redirect_to(HeaderValue::from_static("/login"));
///         }
///         page
///     }
/// }
///
/// let client = denied(Request::get("/users").header("accept", "application/json"));
/// assert_eq!(ByAccept.render(&client).content_type, "application/json");
/// let browser = denied(Request::get("/users").header("accept", "text/html"));
/// assert_eq!(ByAccept.render(&browser).redirect.unwrap(), "/login");
/// ```
pub trait Renderer: Send + Sync + 'static {
    /// Makes the body for a denial. [`Denied`]'s `Display` is the text that the caller may see:
    /// words and scope names. No character of it needs an escape in a JSON string. In HTML it must
    /// be escaped if a scope's name holds `<` or `&`.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     tenant account;
    /// #     users.read { GET "/accounts/{account}/users"; }
    /// # }
    /// use scopes::{JsonRenderer, Renderer};
    ///
    /// let permit = scopes::test::permit::<api::permits::UsersRead>("a1");
    /// let denied = permit.same_tenant("a2").unwrap_err();
    /// assert_eq!(JsonRenderer.render(&denied).content_type, "application/json");
    /// ```
    fn render(&self, denied: &Denied) -> Rendered;

    /// Whether [`render`](Self::render) reads [`Denied::request`]. If not, no headers are copied.
    ///
    /// ```
    /// use scopes::{JsonRenderer, Renderer};
    ///
    /// // The body is the same for each client.
    /// assert!(!JsonRenderer.sees_request());
    /// ```
    fn sees_request(&self) -> bool {
        true
    }

    /// Whether [`render`](Self::render) reads [`Denied::missing`] or [`Denied::documentation`]. If
    /// not, the missing scopes are not computed.
    ///
    /// ```
    /// use scopes::{JsonRenderer, ProblemRenderer, Renderer};
    ///
    /// assert!(ProblemRenderer.sees_missing() && !JsonRenderer.sees_missing());
    /// ```
    fn sees_missing(&self) -> bool {
        true
    }
}

/// The body and headers that a [`Renderer`] made.
///
/// ```
/// use scopes::Rendered;
/// use scopes::http::HeaderValue;
///
/// let mut rendered = Rendered::text("denied");
/// rendered.headers.insert("x-support", HeaderValue::from_static("help@example.com"));
/// assert_eq!(rendered.content_type, "text/plain; charset=utf-8");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rendered {
    /// The body of the response, which may be empty.
    pub body: String,
    /// The value of `Content-Type` for the body.
    pub content_type: HeaderValue,
    /// Headers to be added to the response.
    pub headers: HeaderMap,
    /// The location of a redirection with status 303 in place of a 401, for browsers. It is ignored
    /// for every other denial, so that a refusal never looks like a success and a caller who *is*
    /// signed in is not sent to the login page again and again.
    ///
    /// Use a location of your own. A location that the client can choose (a parameter, `Host`,
    /// `Referer`) may send users to another site.
    pub redirect: Option<HeaderValue>,
}

impl Rendered {
    /// Makes a body without additional headers.
    ///
    /// ```
    /// use scopes::Rendered;
    /// use scopes::http::HeaderValue;
    ///
    /// let xml = HeaderValue::from_static("application/xml");
    /// let rendered = Rendered::new("<denied/>".into(), xml);
    /// assert_eq!(rendered.content_type, "application/xml");
    /// ```
    #[must_use]
    pub fn new(body: String, content_type: HeaderValue) -> Self {
        Self { body, content_type, headers: HeaderMap::new(), redirect: None }
    }

    /// Makes a body of a text that is JSON already.
    ///
    /// ```
    /// let rendered = scopes::Rendered::json(r#"{"error": "denied"}"#);
    /// assert_eq!(rendered.content_type, "application/json");
    /// ```
    #[must_use]
    pub fn json(text: impl Into<String>) -> Self {
        Self::new(text.into(), HeaderValue::from_static("application/json"))
    }

    /// Makes a body of plain text in UTF-8.
    ///
    /// ```
    /// assert_eq!(scopes::Rendered::text("denied").content_type, "text/plain; charset=utf-8");
    /// ```
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(text.into(), HeaderValue::from_static("text/plain; charset=utf-8"))
    }

    /// Makes a body of HTML in UTF-8. Escape everything that comes from the request.
    ///
    /// ```
    /// assert_eq!(scopes::Rendered::html("<p>denied").content_type, "text/html; charset=utf-8");
    /// ```
    #[must_use]
    pub fn html(text: impl Into<String>) -> Self {
        Self::new(text.into(), HeaderValue::from_static("text/html; charset=utf-8"))
    }

    /// Redirects the client in place of a 401: see [`redirect`](Self::redirect).
    ///
    /// ```
    /// use scopes::http::HeaderValue;
    ///
    /// let page = scopes::Rendered::html("<p><a href=/login>Sign in</a>");
    /// let redirected = page.redirect_to(HeaderValue::from_static("/login"));
    /// assert_eq!(redirected.redirect.unwrap(), "/login");
    /// ```
    #[must_use]
    pub fn redirect_to(mut self, location: HeaderValue) -> Self {
        self.redirect = Some(location);
        self
    }
}

/// Renders `{"error": "missing scope `users.read`"}`. This is the default.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     tenant account;
/// #     users.read { GET "/accounts/{account}/users"; }
/// # }
/// use scopes::{JsonRenderer, Renderer};
///
/// let permit = scopes::test::permit::<api::permits::UsersRead>("a1");
/// let denied = permit.same_tenant("a2").unwrap_err();
/// assert_eq!(JsonRenderer.render(&denied).body, format!("{{\"error\":\"{denied}\"}}"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonRenderer;

impl Renderer for JsonRenderer {
    fn render(&self, denied: &Denied) -> Rendered {
        let mut body = String::from("{\"error\":");
        push_json_string(&mut body, &denied.to_string());
        body.push('}');
        Rendered::json(body)
    }

    fn sees_request(&self) -> bool {
        false
    }

    fn sees_missing(&self) -> bool {
        false
    }
}

/// Renders `application/problem+json` (RFC 9457), with the text as `detail` and the reason phrase
/// of the status as `title`.
///
/// If a scope is missing, and only then, the body has three more members:
///
/// | member | holds |
/// |---|---|
/// | `required` | the alternatives of the requirement, each a list of scopes |
/// | `missing` | the smallest addition to the caller's scopes: [`Denied::missing`] |
/// | `documentation` | where [`Settings::documentation`](crate::Settings::documentation) names a page: its address at the anchor of the first missing scope |
///
/// The answers about another tenant, an unknown path, and missing or bad credentials have none of
/// them.
///
/// ```
#[doc = include_str!("../docs/remedy.txt")]
/// let rendered = ProblemRenderer.render(&denied(api::Scope::UsersRead));
/// let problem = r#"{"type":"about:blank","title":"Forbidden","status":403,
/// "detail":"missing scopes `admin`, or `reports.write` and `users.read`",
/// "required":[["admin"],["reports.write","users.read"]],"missing":["reports.write"],
/// "documentation":"https://example.com/permissions#scope-reports.write"}"#;
/// assert_eq!(rendered.body, problem.replace('\n', ""));
/// ```
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     tenant account;
/// #     users.read { GET "/accounts/{account}/users"; }
/// # }
/// use scopes::{ProblemRenderer, Renderer};
///
/// let permit = scopes::test::permit::<api::permits::UsersRead>("a1");
/// let denied = permit.same_tenant("a2").unwrap_err();
/// let rendered = ProblemRenderer.render(&denied);
/// assert_eq!(rendered.content_type, "application/problem+json");
/// assert!(rendered.body.contains("\"status\":403"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemRenderer;

impl Renderer for ProblemRenderer {
    fn render(&self, denied: &Denied) -> Rendered {
        let status = denied.status();
        let mut body = String::from("{\"type\":\"about:blank\",\"title\":");
        push_json_string(&mut body, status.canonical_reason().unwrap_or("Error"));
        body.push_str(",\"status\":");
        body.push_str(status.as_str());
        body.push_str(",\"detail\":");
        push_json_string(&mut body, &denied.to_string());
        if denied.requirement().is_some() {
            push_remedy(&mut body, denied);
        }
        body.push('}');
        Rendered::new(body, HeaderValue::from_static("application/problem+json"))
    }

    fn sees_request(&self) -> bool {
        false
    }
}

/// Appends the members about missing scopes.
fn push_remedy(body: &mut String, denied: &Denied) {
    body.push_str(",\"required\":");
    push_json_array(body, denied.alternatives(), |body, scopes| {
        push_json_array(body, scopes, push_json_string);
    });
    body.push_str(",\"missing\":");
    push_json_array(body, denied.missing(), |body, scope| push_json_string(body, scope.name()));
    if let Some(address) = denied.documentation() {
        body.push_str(",\"documentation\":");
        push_json_string(body, &address);
    }
}

/// Removes the headers that no renderer may set.
pub(crate) fn keep_out_of_headers(headers: &mut HeaderMap) {
    for name in &NOT_THE_RENDERERS {
        headers.remove(name);
    }
    // Caches that know `CDN-Cache-Control` (RFC 9213), or the same header of a vendor, prefer it to
    // `Cache-Control`.
    let targeted: Vec<_> = headers.keys().filter(|name| name.as_str().ends_with("-cache-control")).cloned().collect();
    for name in &targeted {
        headers.remove(name);
    }
}

/// Headers that no renderer may set: they belong to the denial, to caching, or to the message's
/// framing.
const NOT_THE_RENDERERS: [HeaderName; 9] = [
    header::WWW_AUTHENTICATE,
    header::ALLOW,
    ACCEPTED_SCOPES,
    header::CACHE_CONTROL,
    HeaderName::from_static("surrogate-control"),
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
];

fn push_json_array<T>(out: &mut String, items: impl IntoIterator<Item = T>, push: impl Fn(&mut String, T)) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        push(out, item);
    }
    out.push(']');
}

/// Appends a JSON string (RFC 8259, section 7), without a JSON library.
fn push_json_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{0}'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_strings() {
        for (text, expected) in [
            ("a", r#""a""#),
            ("missing scope `a.b`", r#""missing scope `a.b`""#),
            ("\"\\\n\u{1f}é", r#""\"\\\u000a\u001fé""#),
        ] {
            let mut json = String::new();
            push_json_string(&mut json, text);
            assert_eq!(json, expected);
        }
    }
}
