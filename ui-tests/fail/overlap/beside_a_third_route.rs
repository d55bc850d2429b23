// `/files/trash/{name}` wins on the shortest shared path of the others, so it is not the witness.
scopes::scopes! {
    #![strict]
    pub mod api;
    files.read { GET "/files/:owner/{*path}"; }
    admin.read { GET "/files/trash/:name"; GET "/:kind/trash/{*path}"; }
}

fn main() {}
