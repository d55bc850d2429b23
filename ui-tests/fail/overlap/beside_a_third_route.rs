// `/files/trash/{name}` wins on the shortest path that the other two share; the witness is one that it does not match.
scopes::scopes! {
    #![strict]
    pub mod api;
    files.read { GET "/files/:owner/{*path}"; }
    admin.read { GET "/files/trash/:name"; GET "/:kind/trash/{*path}"; }
}

fn main() {}
