scopes::scopes! {
    #![strict]
    pub mod api;
    events.read {
        GET "/k0/:p1/:p2/:p3/:p4/:p5/:p6/:p7/:p8/:p9";
        GET "/:p0/k1/:p2/:p3/:p4/:p5/:p6/:p7/:p8/:p9";
        GET "/:p0/:p1/k2/:p3/:p4/:p5/:p6/:p7/:p8/:p9";
        GET "/:p0/:p1/:p2/k3/:p4/:p5/:p6/:p7/:p8/:p9";
        GET "/:p0/:p1/:p2/:p3/k4/:p5/:p6/:p7/:p8/:p9";
        GET "/:p0/:p1/:p2/:p3/:p4/k5/:p6/:p7/:p8/:p9";
        GET "/:p0/:p1/:p2/:p3/:p4/:p5/k6/:p7/:p8/:p9";
        GET "/:p0/:p1/:p2/:p3/:p4/:p5/:p6/k7/:p8/:p9";
        GET "/:p0/:p1/:p2/:p3/:p4/:p5/:p6/:p7/k8/:p9";
        GET "/:p0/:p1/:p2/:p3/:p4/:p5/:p6/:p7/:p8/k9";
    }
}

fn main() {}
