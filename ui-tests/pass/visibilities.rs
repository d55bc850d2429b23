mod private {
    scopes::scopes! {
        mod api;
        users.read { GET "/users"; }
    }

    #[scopes::requires(api::users.read, GET "/users")]
    pub fn list() {}

    pub mod inner {
        #[scopes::requires(super::api::users.read)]
        pub fn list() {}
    }
}

mod outer {
    pub mod inner {
        scopes::scopes! {
            pub(super) mod api;
            users.read { GET "/users"; }
        }
    }

    #[scopes::requires(inner::api::users.read, GET "/users")]
    pub fn list() {}
}

mod within_the_crate {
    scopes::scopes! {
        pub(crate) mod api;
        users.read { GET "/users"; }
    }
}

mod path {
    pub mod to {
        scopes::scopes! {
            pub(in crate::path) mod api;
            users.read { GET "/users"; }
        }
    }

    #[scopes::requires(to::api::users.read)]
    pub fn list() {}
}

#[scopes::requires(crate::within_the_crate::api::users.read, GET "/users")]
fn list() {}

mod elsewhere {
    use crate::within_the_crate::api::users;

    #[scopes::requires(users.read)]
    pub fn list() {}
}

fn main() {
    let _ = (private::list, private::inner::list, outer::list, path::list, list, elsewhere::list);
}
