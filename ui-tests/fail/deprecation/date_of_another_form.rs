scopes::scopes! {
    mod api;
    users.list {
        #[deprecated(sunset = "1.5.2027")]
        GET "/users";
    }
}

fn main() {}
