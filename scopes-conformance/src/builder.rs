//! The settings of a test.

use std::marker::PhantomData;
use std::net::SocketAddr;

use scopes_core::Scope;

use super::place::TokenPlace;
use super::setup::{Setup, Token};
use super::{Answer, Conformance, Reached, Report};
use scopes::{Catalogue, Grant};

impl<S: Scope> Conformance<S> {
    /// Attacks the server at this address, which serves this catalogue.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// // Without a token nothing is proven: the server may refuse only because it is missing.
    /// let report = Conformance::new(server(), &api::CATALOGUE).run();
    /// assert_eq!((report.breach_count(), report.is_clean()), (0, false));
    /// # Ok(()) }
    /// ```
    pub fn new(address: SocketAddr, catalogue: &Catalogue<S>) -> Self {
        Self { setup: Setup::new(address, catalogue.untyped()), scope: PhantomData }
    }

    /// Adds a token that the server knows, and its grant.
    ///
    /// Give several tokens: each should reach some routes and not others, and two of them should
    /// have the same scopes for different tenants. A route that no token may reach is listed as not
    /// reached. If no token lacks what a route needs, the route is listed as not tried.
    ///
    /// It is a problem if a header cannot hold the token, if the token is given twice, or if it
    /// opens none of the routes that it may reach. The server then probably does not know the
    /// token, and refuses it for that reason alone.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE);
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert_eq!(report.reached, 2);
    /// # Ok(()) }
    /// ```
    #[allow(
        clippy::needless_pass_by_value,
        reason = "callers make the grant in place, as they do with the other settings"
    )]
    pub fn token(self, raw: impl Into<String>, grant: Grant<S>) -> Self {
        self.with_token(None, raw.into(), &grant)
    }

    /// Like [`token`](Self::token), but the server takes this token from `place` instead of the
    /// place that [`tokens_in`](Self::tokens_in) sets.
    ///
    /// If the server takes the same token from two places, give the token once for each place. Then
    /// neither place counts as a wrong one.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// use scopes_conformance::{Conformance, TokenPlace};
    ///
    /// // This server takes tokens from `Authorization` only, so the key opens nothing.
    /// let key = TokenPlace::Header("x-api-key".into());
    /// let conformance = Conformance::new(server(), &api::CATALOGUE);
    /// let report = conformance.token("writer", writer).token_in(key, "reader", reader).run();
    /// assert!(report.problems[0].to_string().contains("token 2"), "{report}");
    /// # Ok(()) }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "callers make the grant in place, like in `token`")]
    pub fn token_in(self, place: TokenPlace, raw: impl Into<String>, grant: Grant<S>) -> Self {
        self.with_token(Some(place), raw.into(), &grant)
    }

    fn with_token(mut self, place: Option<TokenPlace>, raw: String, grant: &Grant<S>) -> Self {
        self.setup.tokens.push(Token { raw, place, is_anonymous: false, ..anonymous(grant) });
        self
    }

    /// Sets the grant of callers without credentials, if the server has an anonymous grant
    /// (`Authenticate::anonymous`). It opens scoped routes, never `authenticated` ones. The server
    /// must still refuse callers with bad credentials.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// use scopes_conformance::Conformance;
    ///
    /// // This server has no anonymous grant, so the callers without credentials open nothing.
    /// let conformance = Conformance::new(server(), &api::CATALOGUE);
    /// let report = conformance.token("writer", writer).anonymous(reader).run();
    /// assert_eq!(report.problems.len(), 1, "{report}");
    /// # Ok(()) }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "callers make the grant in place, like in `token`")]
    pub fn anonymous(mut self, grant: Grant<S>) -> Self {
        self.setup.anonymous = Some(anonymous(&grant));
        self
    }
}

/// Makes the token that stands for a caller without credentials with this grant.
fn anonymous<S: Scope>(grant: &Grant<S>) -> Token {
    Token {
        raw: String::new(),
        place: None,
        scopes: grant.scopes().to_string(),
        words: grant.effective().as_words().into(),
        tenants: grant.tenants().clone(),
        is_anonymous: true,
    }
}

impl<S> Conformance<S> {
    /// Sets where the server takes tokens from, instead of `Authorization: Bearer`. The server must
    /// ignore a good token in any other place, `Bearer` included.
    ///
    /// It is a problem if a header or cookie cannot have this name, or if it cannot hold one of the
    /// tokens.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// use scopes_conformance::{Conformance, TokenPlace};
    ///
    /// let conformance = Conformance::new(server(), &api::CATALOGUE);
    /// let cookie = TokenPlace::Cookie("session id".into());
    /// let report = conformance.token("reader", reader).tokens_in(cookie).run();
    /// assert_eq!(report.requests, 0, "no cookie can have this name");
    /// # Ok(()) }
    /// ```
    pub fn tokens_in(mut self, place: TokenPlace) -> Self {
        self.setup.place = place;
        self
    }

    /// Sets the value of the path parameter with this name, instead of `1`. Name something that
    /// exists on the server, and percent-encode it as a path requires. The values of the tenant
    /// parameter come from the tokens.
    ///
    /// It is a problem if no path has the parameter, or if a path with this value belongs to
    /// another route.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE).value("user", "ada");
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    pub fn value(mut self, parameter: impl Into<String>, value: impl Into<String>) -> Self {
        self.setup.values.insert(parameter.into(), vec![value.into()]);
        self
    }

    /// Sets the body of `POST`, `PUT` and `PATCH`, instead of `{}` as JSON, for routes without a
    /// body of their own ([`body_of`](Self::body_of)). If the content type is empty, the header is
    /// not sent.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE).body("text/plain", "ada");
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    pub fn body(mut self, content_type: impl Into<String>, body: impl Into<String>) -> Self {
        self.setup.body = (content_type.into(), body.into());
        self
    }

    /// Sets the body of one route, by the route's name or by method and template (`POST
    /// /accounts/{account}/users`). Give a body that the handler accepts, so that authorized
    /// callers reach it. It is sent whatever the route's method is.
    ///
    /// It is a problem if the catalogue has no route of this name.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE)
    ///     .body_of("POST /users", "application/json", r#"{"name": "ada"}"#);
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    pub fn body_of(
        mut self,
        route: impl Into<String>,
        content_type: impl Into<String>,
        body: impl Into<String>,
    ) -> Self {
        self.setup.bodies.insert(route.into(), (content_type.into(), body.into()));
        self
    }

    /// Sets where the API is mounted, if not at the catalogue's base.
    ///
    /// It is a problem unless the base consists of literal segments without a slash at the end.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// // The server serves the API at its base, so below `/v2` no handler is reached.
    /// let conformance = Conformance::new(server(), &api::CATALOGUE).mounted_at("/v2");
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert_eq!(report.reached, 0);
    /// # Ok(()) }
    /// ```
    pub fn mounted_at(mut self, base: impl Into<String>) -> Self {
        self.setup.base = base.into();
        if self.setup.base == "/" {
            self.setup.base.clear();
        }
        self
    }

    /// Sets the answer header in which handlers name themselves: by the route's name, or by method
    /// and template (`GET /accounts/{account}/users`). An answer without this header means that no
    /// handler ran.
    ///
    /// It is a problem if no answer has it.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE).handler_header("x-handler");
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    pub fn handler_header(mut self, name: impl Into<String>) -> Self {
        self.setup.handler_header = Some(name.into());
        self
    }

    /// Sets the answer header in which handlers name the tenant that they worked for; needs
    /// [`handler_header`](Self::handler_header). If an answer does not have it, the tenants are
    /// taken from all possible readings of the target.
    ///
    /// It is a problem if no answer has it.
    pub fn tenant_header(mut self, name: impl Into<String>) -> Self {
        self.setup.tenant_header = Some(name.into());
        self
    }

    /// Sets a function that finds out from an answer whether a handler ran, and which one. It is
    /// called once for each request, one after another, so a test may look into its own records. It
    /// is also called if the server does not answer ([`Answer::status`] is 0).
    ///
    /// It is a problem to set [`handler_header`](Self::handler_header) or
    /// [`tenant_header`](Self::tenant_header) as well.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE)
    ///     .reached(|answer| answer.header("x-handler").is_some());
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    pub fn reached<R: Into<Reached>>(mut self, probe: impl Fn(&Answer) -> R + Send + Sync + 'static) -> Self {
        self.setup.function = Some(Box::new(move |answer| probe(answer).into()));
        self
    }

    /// Leaves out the requests of a class, one of [`CLASSES`](super::CLASSES). For example, leave
    /// out `query tokens` if the server takes tokens from the query on purpose. The report lists
    /// the classes that were left out.
    ///
    /// An unknown class is reported as a problem.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users/{id}"; } }
    /// # let address = ([127, 0, 0, 1], 9).into();
    /// use scopes_conformance::Conformance;
    ///
    /// let report = Conformance::new(address, &api::CATALOGUE).without("credential").run();
    /// assert!(!report.is_clean());
    /// let problem = "no class of requests is named `credential`; did you mean `credentials`?";
    /// assert_eq!(report.problems[0].to_string(), problem);
    /// ```
    pub fn without(mut self, class: &'static str) -> Self {
        if !self.setup.left_out.contains(&class) {
            self.setup.left_out.push(class);
        }
        self
    }

    /// Sends all requests, one after another, and reports. It begins with the requests that the
    /// server must refuse, and among them with the methods that change least. Then it sends the
    /// requests of authorized callers, each followed by the same request of unauthorized callers.
    ///
    /// If there is a [`Problem`](super::Problem) that can be found beforehand, such as a misspelled
    /// name, it sends nothing.
    ///
    /// It blocks its thread. If the server runs on the same single thread, as in a
    /// `#[tokio::test]`, the server could never answer: call it in `spawn_blocking` there. A single
    /// answer may take at most the [`time_limit`](Self::time_limit). After five requests without an
    /// answer, the run ends early.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE);
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// println!("{report}");
    /// assert_eq!(report.breach_count(), 0);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn run(&self) -> Report {
        self.setup.run()
    }
}
