//! The other crate of the cases: a catalogue that they use from outside, as an application's handler crates do.
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
