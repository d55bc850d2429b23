//! The words of `scopes!` and `#[requires]`, for IDEs only: the macros print paths to these
//! constants, so that rust-analyzer completes the words and shows their documentation. Nothing
//! else uses them.

#![allow(non_upper_case_globals, reason = "they have the names of the words")]

macro_rules! words {
    ($($(#[doc = $docs:literal])* $word:ident)*) => {
        $($(#[doc = $docs])* pub const $word: () = ();)*
    };
}

/// The words that follow the requirement in `#[requires(..)]`.
pub mod arguments {
    words! {
        /// `stricter`: the handler demands more than its routes do, on purpose.
        stricter
        /// `from = grant`: the check asks this grant, without a request.
        from
        /// `tenant = account`, with `from`: whose data it is.
        tenant
        /// `unbound = "why"`, with `from`: why the function compares the tenant by itself.
        unbound
        /// `via = my::Permit`: the type of the parameter, which holds the permit.
        via
        /// `prefix = "/v1"`: what is mounted before the path of a route attribute.
        prefix
        /// `unchecked_route("why")`: the route attribute is not compared with the catalogue.
        unchecked_route
        /// `second`: the permit is the second parameter, after an extractor that must come first.
        second
        /// `GET "/users"`: the route that the handler serves.
        GET
        /// `POST "/users"`: the route that the handler serves.
        POST
        /// `PUT "/users/{id}"`: the route that the handler serves.
        PUT
        /// `PATCH "/users/{id}"`: the route that the handler serves.
        PATCH
        /// `DELETE "/users/{id}"`: the route that the handler serves.
        DELETE
    }
}

/// The words that begin an item or a setting in `scopes!`. Names of scopes may stand there too.
pub mod items {
    words! {
        /// `base "/api";`: what every path begins with.
        base
        /// `tenant account;`: the parameter of paths that says whose data a route is about.
        tenant
        /// `principal crate::Account;`: the application's own data about a caller.
        principal
        /// `routes;`: generates a struct `Routes` for each group, from which routers are built.
        routes
        /// `all(users.read, users.write) { .. }`: routes that demand several scopes at once.
        all
        /// `public("why") { .. }`: routes that every caller may call.
        public
        /// `authenticated("why") { .. }`: routes that demand a grant and no scope.
        authenticated
        /// `external("why") { .. }`: routes with credentials of their own.
        external
    }
}

/// The words that follow the name of a scope in `scopes!`.
pub mod after_name {
    words! {
        /// `all.read includes *.read;`: a grant of this scope is a grant of those as well.
        includes
    }
}

/// The words that begin a route in `scopes!`.
pub mod methods {
    words! {
        /// `GET "/users";`: a route, which answers `HEAD` as well.
        GET
        /// `POST "/users";`: a route with this method.
        POST
        /// `PUT "/users/{id}";`: a route with this method.
        PUT
        /// `PATCH "/users/{id}";`: a route with this method.
        PATCH
        /// `DELETE "/users/{id}";`: a route with this method.
        DELETE
        /// `HEAD "/users";`: a route of its own, instead of `GET`.
        HEAD
        /// `OPTIONS "/users";`: a route with this method.
        OPTIONS
        /// `under "/users" { .. }`: routes whose paths begin with the same segments.
        under
    }
}

/// The attributes of scopes, blocks and routes in `scopes!`.
pub mod attributes {
    words! {
        /// `#[global("why")]`: the route is about no tenant's data.
        global
        /// `#[unbound("why")]`: the handler compares the tenant, because the path does not say it.
        unbound
        /// `#[deprecated = "why"]`, `#[deprecated(since = "2026-11-01", use = other.scope)]`: the
        /// route or the scope is deprecated. `sunset` is the day from which it may stop working.
        deprecated
        /// `#[was("users.view")]`: a name that the scope had before. Tokens with it still hold the
        /// scope.
        was
        /// `#[title = "Read users"]`: the title of the scope.
        title
        /// `#[overlaps("why")]`: one other route wins over this one on a path of both, on purpose.
        overlaps
        /// `#[raw(name)]`: this parameter may hold escaped slashes and the like.
        raw
        /// `#[trailing_slash]`: the path may end in a slash.
        trailing_slash
    }
}
