scopes::scopes! {
    #![strict]
    pub mod api;
    files.read { GET "/files/:owner/{*path}"; }
    admin.read { GET "/:kind/trash/{*path}"; }
}

fn main() {}
