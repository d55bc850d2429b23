mod auth {
    pub mod scopes_of_the_api {
        scopes::scopes! {
            /// Under another name elsewhere.
            pub mod api;
            users.read { GET "/users"; }
        }
    }
    pub use scopes_of_the_api::api as permissions;
}

use crate::auth::permissions as p;
use scopes::requires as guarded;

#[guarded(p::users.read)]
fn alias() {}

#[guarded(crate::auth::permissions::users.read)]
fn absolute() {}

#[guarded(self::auth::permissions::users.read)]
fn relative() {}

fn main() {
    let _ = (alias, absolute, relative);
}
