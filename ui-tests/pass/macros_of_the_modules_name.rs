// A module's hidden macro does not replace other macros.
#![deny(warnings)]

mod attributes {
    use scopes::requires;

    scopes::scopes! {
        pub mod test;
        users.read { GET "/users"; }
    }
    scopes::scopes! {
        mod inline;
        users.read { GET "/users"; }
    }
    scopes::scopes! {
        mod derive;
        users.read { GET "/users"; }
    }

    #[test]
    fn nothing() {}

    #[inline]
    #[requires(inline::users.read)]
    pub fn list() {}

    #[derive(Clone, Copy)]
    pub struct Empty;
}

mod standard {
    scopes::scopes! {
        pub mod vec;
        users.read { GET "/users"; }
    }

    pub fn empty() -> Vec<u8> {
        vec![]
    }
}

macro_rules! own {
    () => {
        1
    };
}

scopes::scopes! {
    mod own;
    users.read { GET "/users"; }
}

#[cfg(any())]
scopes::scopes! {
    pub mod left_out;
    users.read { GET "/users"; }
}

scopes::scopes! {
    #[cfg(any())]
    pub mod left_out;
    users.read { GET "/users"; }
}

#[scopes::requires(own::users.read)]
fn list() -> u8 {
    own!()
}

fn main() {
    let _ = (attributes::list as fn(_), attributes::Empty, standard::empty(), list as fn(_) -> _);
}
