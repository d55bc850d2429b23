//! Settings that restrict what is sent: the rate, the methods and the `Host`.

use std::time::Duration;

use super::Conformance;
use super::plan::Planned;
use super::setup::Setup;
use super::tricks::Trick;

impl<S> Conformance<S> {
    /// Sets how long one answer may take: five seconds by default, at most a day.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// use std::time::Duration;
    ///
    /// let conformance =
    ///     Conformance::new(server(), &api::CATALOGUE).time_limit(Duration::from_secs(60));
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.unanswered.is_empty());
    /// # Ok(()) }
    /// ```
    pub const fn time_limit(mut self, limit: Duration) -> Self {
        self.setup.limit = limit;
        self
    }

    /// Sends at most this number of requests per second, for a server that others use too. 0 means
    /// unlimited, which is the default.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let begun = std::time::Instant::now();
    /// let conformance = Conformance::new(server(), &api::CATALOGUE).at_most_per_second(2_000);
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(begun.elapsed().as_secs_f64() * 2_000.0 + 1.0 >= report.requests as f64);
    /// # Ok(()) }
    /// ```
    pub fn at_most_per_second(mut self, requests: u32) -> Self {
        self.setup.pace = Duration::from_secs(1).checked_div(requests).unwrap_or_default();
        self
    }

    /// Sends only `GET`, `HEAD` and `OPTIONS`, without headers that ask for another method. The
    /// report lists routes of other methods as not reached.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users/{id}"; } }
    /// # let address = ([127, 0, 0, 1], 9).into();
    /// use scopes_conformance::Conformance;
    ///
    /// let report = Conformance::new(address, &api::CATALOGUE).read_only().run();
    /// assert!(report.read_only);
    /// ```
    pub const fn read_only(mut self) -> Self {
        self.setup.read_only = true;
        self
    }

    /// Sets the `Host` header, instead of the address, for a server that serves only certain names.
    ///
    /// It is a problem if a header cannot hold the value.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE).host("api.example.com");
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.setup.host = Some(host.into());
        self
    }
}

impl Setup {
    /// The `Host` of a request that plays no trick with it.
    pub(super) fn own_host(&self) -> String {
        self.host.clone().unwrap_or_else(|| self.address.to_string())
    }

    pub(super) fn may_send(&self, method: &str) -> bool {
        !self.read_only || matches!(method, "GET" | "HEAD" | "OPTIONS")
    }

    /// Whether a planned request is sent: its class is not left out, and `read_only` allows it.
    pub(super) fn sends(&self, planned: &Planned) -> bool {
        !self.leaves_out(planned.trick.class) && self.may_send(&planned.trick.method) && self.may_ask(&planned.trick)
    }

    /// Whether neither a header nor the query asks for a method that may not be sent.
    fn may_ask(&self, trick: &Trick) -> bool {
        let target = String::from_utf8_lossy(&trick.target);
        let mut in_query = target.split("_method=").skip(1);
        if !in_query.all(|rest| self.may_send(rest.split('&').next().unwrap_or_default())) {
            return false;
        }
        trick.headers.iter().filter_map(|line| line.split_once(':')).all(|(name, value)| {
            let is_override = name.to_ascii_lowercase().contains("method");
            !is_override || self.may_send(value.trim())
        })
    }
}
