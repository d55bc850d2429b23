//! What a test is told.

use std::marker::PhantomData;
use std::net::SocketAddr;

use scopes_core::Scope;

use super::place::TokenPlace;
use super::setup::{Setup, Token};
use super::{Answer, Conformance, Reached, Report};
use scopes::{Catalogue, Grant};

impl<S: Scope> Conformance<S> {
    /// Attacks on the server at this address, which serves this catalogue.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// // Without a token nothing is proven: each refusal may be for want of one.
    /// let report = Conformance::new(server(), &api::CATALOGUE).run();
    /// assert_eq!((report.breach_count(), report.is_clean()), (0, false));
    /// # Ok(()) }
    /// ```
    pub fn new(address: SocketAddr, catalogue: &Catalogue<S>) -> Self {
        Self { setup: Setup::new(address, catalogue.untyped()), scope: PhantomData }
    }

    /// A token that the server knows, and what it stands for.
    ///
    /// Give several: every right to some routes and none to others, and the same rights for two
    /// tenants. A route that no token may reach is listed as not reached; what no token lacks is
    /// listed as not tried.
    ///
    /// It is a problem if a token could be in no header, is given twice or opens nothing of what it
    /// may: one that the server does not know is refused for that alone.
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

    /// Like [`token`](Self::token), for a token that the server takes from another place than
    /// [`tokens_in`](Self::tokens_in) says.
    ///
    /// If the server takes the same token from two places, give it once for each: then neither
    /// place counts as a wrong one.
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

    /// What the server lets callers without any credentials do, where it has an anonymous grant
    /// (`Authenticate::anonymous`). It opens scoped routes, never `authenticated` ones, and callers
    /// with bad credentials are refused all the same.
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

/// What a caller without credentials holds who has this grant.
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
    /// Where the server takes tokens from, in place of `Authorization: Bearer`. A good token in any
    /// other place must not count, `Bearer` included.
    ///
    /// It is a problem if a header or cookie cannot have the name, or if a token cannot be sent
    /// there.
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

    /// The value of a path's parameter of this name, in place of `1`: something that is there,
    /// percent-encoded where a path has to be. The tenant's comes from the tokens.
    ///
    /// It is a problem if no path has the parameter, or if a path with the value is not its
    /// route's.
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

    /// The body of `POST`, `PUT` and `PATCH`, in place of `{}` as JSON, where
    /// [`body_of`](Self::body_of) does not say more. Without a content type, none is sent.
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

    /// The body of one route, by the route's name or by method and template
    /// (`POST /accounts/{account}/users`): what its handler takes, so that a caller who may reaches
    /// it. It is sent with whatever method the route has.
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

    /// Where the API is mounted, if not at the catalogue's base.
    ///
    /// It is a problem unless the base is literal segments without a slash at the end.
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

    /// Handlers name themselves in this header of their answers: by the route's name, or by method
    /// and template (`GET /accounts/{account}/users`). An answer without it counts as one of no
    /// handler.
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

    /// With [`handler_header`](Self::handler_header): this header of the same answers says which
    /// tenant the handler worked for. For an answer without it, the tenants are those that the
    /// target may be read to name.
    ///
    /// It is a problem if no answer has it.
    pub fn tenant_header(mut self, name: impl Into<String>) -> Self {
        self.setup.tenant_header = Some(name.into());
        self
    }

    /// Decides by a function of yours whether an answer means that a handler ran, and which. It is
    /// called once for each request, also if the server does not answer ([`Answer::status`] is 0),
    /// one after another: a test may look into its own records.
    ///
    /// It is a problem to give headers of handlers as well.
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

    /// Leaves out the requests of a class, one of [`CLASSES`](super::CLASSES): `query tokens` for a
    /// server that takes tokens from the query on purpose. The report lists what was left out.
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

    /// Sends everything, one request after another, and reports. First all those that must be
    /// refused, what changes least first; then those of callers who may, each followed by those of
    /// callers who may not.
    ///
    /// If there is a [`Problem`](super::Problem) that can be seen beforehand, such as a misspelled
    /// name, nothing is sent.
    ///
    /// It blocks its thread: in a test of tokio's with one thread, on which the server runs too,
    /// nothing would ever be answered. There it belongs into `spawn_blocking`. A single answer
    /// takes no longer than the [`time_limit`](Self::time_limit), and after five requests without
    /// one the server is given up.
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
