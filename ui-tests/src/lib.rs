//! The other crate of the cases: a catalogue that they use from outside, as an application's
//! handler crates do.
//!
//! The cases lie in `pass` and in `fail/<kind of mistake>`; `tests/ui.rs` runs them.

scopes::scopes! {
    /// Permissions that another crate declares.
    pub mod shared;

    tenant environmentId;

    /// Read users.
    environment.users.read {
        GET "/environments/:environmentId/users";
    }
    /// Change users.
    environment.users.write {
        POST "/environments/:environmentId/users";
    }
    /// Read everything.
    all.read includes *.read;

    public("liveness probe") {
        GET "/health";
    }
}

scopes::scopes! {
    /// Permissions whose routers are built in another crate.
    pub mod routed;

    routes;

    /// Read users.
    users.read {
        GET "/users" as list_users;
    }
    /// A top-level scope of the name that a macro has.
    assert_covered {
        GET "/covered" as covered;
    }
    /// A keyword.
    r#type.r#fn {
        GET "/type" as r#move;
    }
}
