use scopes::requires;
use scopes::warp::{Guard as _, caller, grant, recover};
use tower::{ServiceBuilder, ServiceExt};
use warp::Filter as _;
use warp::reject::Rejection;

use super::{Runtime, Server, Setup, answer, api, greeted, permitted, request};

type Answered = Result<String, Rejection>;

#[requires(api::packages.read as permit)]
async fn list() -> Answered {
    Ok(permitted(&permit))
}

fn scopes_of(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

#[requires(api::packages.read)]
async fn peek(caller: api::Caller) -> Answered {
    Ok(greeted(&caller))
}

#[requires(api::packages.read)]
async fn held(grant: api::Grant) -> Answered {
    Ok(scopes_of(grant))
}

#[requires(api::packages.read as permit)]
async fn of(_: String) -> Answered {
    Ok(permitted(&permit))
}

#[requires(api::packages.write as permit)]
async fn create() -> Answered {
    Ok(permitted(&permit))
}

#[requires(api::packages.export as permit)]
async fn export() -> Answered {
    Ok(permitted(&permit))
}

#[requires(api::packages.read as permit)]
async fn compared(owner: String) -> Answered {
    permit.same_tenant(&owner).map_err(warp::reject::custom)?;
    Ok(permitted(&permit))
}

pub(super) fn start(setup: &Setup) -> Server {
    let start = warp::get().and(warp::path!("start")).map(|| "start");
    let me = |path| warp::get().and(path).and(warp::path::end()).and(grant()).map(scopes_of);
    let me = me(warp::path("me")).or(me(warp::path("known")));
    let hello = |path| warp::get().and(path).and(warp::path::end()).and(caller()).map(|caller| greeted(&caller));
    let hello = hello(warp::path("greeting")).or(hello(warp::path("whoami"))).or(hello(warp::path("undeclared")));
    let peek = warp::get().and(warp::path!("peek")).guarded().and(caller()).and_then(peek);
    let held = warp::get().and(warp::path!("held")).guarded().and(grant()).and_then(held);
    let lists = warp::get().and(warp::path!("packages")).guarded().and_then(list);
    let creates = warp::post().and(warp::path!("packages")).guarded().and_then(create);
    let exports = warp::get().and(warp::path!("packages" / "export")).guarded().and_then(export);
    let one = warp::get().and(warp::path!("packages" / String)).guarded().and_then(compared);
    let draft = warp::get().and(warp::path!("drafts" / String)).guarded().and_then(of);
    let account = warp::get().and(warp::path!("accounts" / String / "packages")).guarded().and_then(of);
    let app = start
        .or(me)
        .or(hello)
        .or(peek)
        .or(held)
        .or(lists)
        .or(creates)
        .or(exports)
        .or(one)
        .or(draft)
        .or(account)
        .recover(recover);
    let app = ServiceBuilder::new().layer(setup.authenticate.clone()).service(warp::service(app));
    let runtime = Runtime::new();
    Box::new(move |ask| {
        let app = app.clone();
        runtime.run(async {
            answer(app.oneshot(request::<http_body_util::Empty<bytes::Bytes>>(ask)).await.unwrap()).await
        })
    })
}
