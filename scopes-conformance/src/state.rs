//! Settings about the data on the server that handlers need: values of parameters, queries, and a
//! reset of what earlier requests changed.

use std::collections::BTreeMap;

use scopes_core::Route;

use super::Conformance;
use super::classes;
use super::plan::Planned;
use super::setup::{Setup, of_route};
use super::tricks::Trick;

impl<S> Conformance<S> {
    /// Sets several values of a path parameter. All must exist on the server.
    ///
    /// Requests use the first value. A `DELETE` that succeeds uses up one value of the last
    /// parameter of its path, and the next `DELETE` uses the next value. If two routes delete, the
    /// one with more segments is requested first.
    ///
    /// It is a problem if the list is empty. The problems of [`value`](Self::value) apply to each
    /// value.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.delete { DELETE "/users/{id}"; DELETE "/v2/users/{id}"; } }
    /// # let address = ([127, 0, 0, 1], 9).into();
    /// use scopes_conformance::Conformance;
    ///
    /// // One user for each of the routes that delete.
    /// let conformance = Conformance::new(address, &api::CATALOGUE).values("id", ["7", "8"]);
    /// ```
    pub fn values<V: Into<String>>(
        mut self,
        parameter: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.setup.values.insert(parameter.into(), values.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the query of one route, by the route's name or by method and template. Give what the
    /// handler needs, so that authorized callers reach it. All requests for the route carry this
    /// query.
    ///
    /// It is a problem if the catalogue has no such route, or if a query cannot hold the text.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// use scopes_conformance::Conformance;
    ///
    /// let conformance = Conformance::new(server(), &api::CATALOGUE);
    /// let conformance = conformance.query_of("POST /users", "notify=1");
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    pub fn query_of(mut self, route: impl Into<String>, query: impl Into<String>) -> Self {
        self.setup.queries.insert(route.into(), query.into());
        self
    }

    /// Calls a function before each request of an authorized caller, to restore what earlier
    /// requests changed or deleted.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// # use scopes_conformance::Conformance;
    ///
    /// static RESTORED: AtomicUsize = AtomicUsize::new(0);
    /// let conformance = Conformance::new(server(), &api::CATALOGUE).reset(|| {
    ///     // A test with a database restores its rows here.
    ///     RESTORED.fetch_add(1, Ordering::Relaxed);
    /// });
    /// conformance.token("reader", reader).token("writer", writer).run().assert_complete();
    /// assert!(RESTORED.load(Ordering::Relaxed) > 1);
    /// # Ok(()) }
    /// ```
    pub fn reset(mut self, reset: impl Fn() + Send + Sync + 'static) -> Self {
        self.setup.reset = Some(Box::new(reset));
        self
    }
}

/// Headers that rewrite the path, in lower case.
const REWRITING: [&str; 5] =
    ["x-original-url", "x-rewrite-url", "x-forwarded-uri", "x-original-uri", "x-forwarded-path"];

impl Setup {
    /// Adds the query of a route to all requests for it. Without the query, even an unguarded
    /// handler would refuse the requests, and the breach would not be seen.
    pub(super) fn add_query(&self, route: Route<'_>, planned: &mut [Planned]) {
        let Some(query) = of_route(&self.queries, route) else { return };
        for Planned { trick, .. } in planned {
            if trick.target.contains(&b'#') {
                continue;
            }
            let separator = if trick.target.contains(&b'?') { b'&' } else { b'?' };
            trick.target.push(separator);
            trick.target.extend(query.as_bytes());
            for line in &mut trick.headers {
                let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
                if REWRITING.contains(&&*name) {
                    *line = format!("{line}?{query}");
                }
            }
        }
    }

    /// The parameter whose value a request for this route uses up.
    pub(super) fn deletes(&self, route: Route<'static>) -> Option<&'static str> {
        let tenant = route.tenant_parameter().map(scopes_core::Parameter::name);
        let last = route.parameters().map(scopes_core::Parameter::name).filter(|name| Some(*name) != tenant).last();
        last.filter(|_| route.method() == "DELETE")
    }

    /// Returns the request with a value that no deletion has used up.
    pub(super) fn with_unused_value(&self, planned: &Planned, used_up: &BTreeMap<String, usize>) -> Planned {
        let mut planned = planned.clone();
        let used = |name: &str| used_up.get(name).copied().unwrap_or_default();
        let Some(parameter) = self.deletes(planned.route).filter(|name| used(name) > 0) else { return planned };
        let tenant = self.sender(planned.caller).map_or_else(|| self.home(), |token| self.own_tenant(token));
        let number = |name: &str| if name == parameter { used(name) } else { 0 };
        if let Some(spelled) = self.spelled_with(planned.route, &tenant, number) {
            planned.trick = Trick { target: spelled.path().into_bytes(), ..planned.trick };
            self.add_query(planned.route, std::slice::from_mut(&mut planned));
        }
        debug_assert_eq!(planned.trick.class, classes::RIGHT);
        planned
    }
}
