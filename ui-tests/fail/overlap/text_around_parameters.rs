scopes::scopes! {
    #![strict]
    pub mod api;
    users.read { GET "/files/report-{name}"; }
    admin.read { GET "/files/{name}.pdf"; }
}

fn main() {}
