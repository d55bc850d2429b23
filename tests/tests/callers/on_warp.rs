use scopes::requires;
use scopes::warp::{Guard as _, grant, recover};
use tower::{ServiceBuilder, ServiceExt};
use warp::Filter as _;
use warp::reject::Rejection;

use super::{Runtime, Server, Setup, answer, api, permitted, request};

type Answered = Result<String, Rejection>;

#[requires(api::packages.read as permit)]
async fn list() -> Answered {
    Ok(permitted(&permit))
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
    let me = warp::get().and(warp::path!("me")).and(grant()).map(|grant: api::Grant| grant.scopes().to_string());
    let lists = warp::get().and(warp::path!("packages")).guarded().and_then(list);
    let creates = warp::post().and(warp::path!("packages")).guarded().and_then(create);
    let exports = warp::get().and(warp::path!("packages" / "export")).guarded().and_then(export);
    let one = warp::get().and(warp::path!("packages" / String)).guarded().and_then(compared);
    let draft = warp::get().and(warp::path!("drafts" / String)).guarded().and_then(of);
    let account = warp::get().and(warp::path!("accounts" / String / "packages")).guarded().and_then(of);
    let app = start.or(me).or(lists).or(creates).or(exports).or(one).or(draft).or(account).recover(recover);
    let app = ServiceBuilder::new().layer(setup.authenticate.clone()).service(warp::service(app));
    let runtime = Runtime::new();
    Box::new(move |ask| {
        let app = app.clone();
        runtime.run(async {
            answer(app.oneshot(request::<http_body_util::Empty<bytes::Bytes>>(ask)).await.unwrap()).await
        })
    })
}
