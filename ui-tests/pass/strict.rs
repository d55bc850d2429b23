scopes::scopes! {
    #![strict]
    pub mod api;
    users.read {
        GET "/users/:userId";
        GET "/users/:userId/{page}";
        GET "/users/me/{page}";
    }
    // One route's paths are a part of the other's, so this is not an overlap.
    admin.read { GET "/users/admin"; GET "/users/{*rest}"; }
    // Routes with different methods never overlap.
    users.write { POST "/users/:userId/settings"; PUT "/users/admin/:page"; }
    // Routes with the same demand do not count as overlapping either.
    files.read { GET "/files/:owner/settings"; GET "/files/trash/:page"; }
    // These overlap, and the route that yields gives a reason.
    jobs.read {
        #[overlaps("no owner is called `all`")]
        #[overlaps("nor `new`")]
        GET "/jobs/:owner/logs";
    }
    jobs.write { GET "/jobs/all/:job"; GET "/jobs/new/:form"; }
}

fn main() {
    let overlaps = api::CATALOGUE.overlaps();
    let paths: Vec<_> = overlaps.iter().map(|overlap| (overlap.winner(), overlap.loser())).collect();
    assert_eq!(paths, [("/jobs/all/{job}", "/jobs/{owner}/logs"), ("/jobs/new/{form}", "/jobs/{owner}/logs")]);
    assert_eq!((overlaps[0].winner_needs(), overlaps[0].loser_needs()), ("jobs.write", "jobs.read"));
}
