//! Usage figures, computed from the stored events and wallets.

use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use jiff::Timestamp;
use scopes::requires;
use serde::Deserialize;

use super::Answered;
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::events::Event;
use crate::kinds::field::{List, Number};
use crate::kinds::reports::{
    ChainWallets, DayEngagement, DayVisits, Engagement, Overview, Topline, Visits, WalletFigures, WalletGroup,
    WalletOrigin, WalletsBreakdown,
};
use crate::kinds::text::Day;
use crate::kinds::users::{Chain, Session, User, Wallet};
use crate::kinds::{Fault, Kind};
use crate::objects::Objects;
use crate::store::Tally;
use crate::wire::ok;

const SECONDS_A_DAY: i64 = 86_400;

/// The greatest number of days. Older events are deleted.
const MAX_DAYS: u64 = 90;

/// `?days=..`: how many days to look at, today included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Days(u64);

impl<S: Send + Sync> FromRequestParts<S> for Days {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Fields {
            days: Option<String>,
        }

        let wrong = || Failure::Malformed(Fault::of("days", format!("must be a number from 1 to {MAX_DAYS}")));
        let Query(Fields { days }) = Query::try_from_uri(&parts.uri).map_err(|_| wrong())?;
        let days = days.map_or(Ok(30), |days| days.parse().map_err(|_| wrong()))?;
        if (1..=MAX_DAYS).contains(&days) { Ok(Self(days)) } else { Err(wrong()) }
    }
}

impl Days {
    /// The beginning of the first day, in microseconds since 1970.
    fn since(self) -> i64 {
        let today = Timestamp::now().as_second().div_euclid(SECONDS_A_DAY);
        (today - self.0.cast_signed() + 1) * SECONDS_A_DAY * 1_000_000
    }
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/visits")]
pub(crate) async fn get_visits(State(app): State<App>, days: Days) -> Answered<Visits> {
    let sessions = events(&app.objects_of(&permit)?, days).await?.into_iter().filter(is_session);
    let days = sessions.map(|tally| Ok(DayVisits { date: date(tally.day)?, sessions: Number(tally.amount) }));
    ok(Visits { days: List(days.collect::<Result<_, Failure>>()?) })
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/wallets")]
pub(crate) async fn get_wallet_analytics(State(app): State<App>) -> Answered<WalletFigures> {
    let groups = groups(&app.objects_of(&permit)?).await?;
    let of = |chain: Chain| groups.iter().filter(|group| group.chain == chain).map(|group| group.wallets.0).sum();
    let chains = Chain::ALL.iter().map(|&chain| ChainWallets { chain, wallets: Number(of(chain)) });
    let chains: Vec<_> = chains.filter(|chain| chain.wallets.0 > 0).collect();
    ok(WalletFigures { total: Number(chains.iter().map(|chain| chain.wallets.0).sum()), chains: List(chains) })
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/overview")]
pub(crate) async fn get_analytics_overview(State(app): State<App>) -> Answered<Overview> {
    let objects = app.objects_of(&permit)?;
    ok(Overview {
        users: Number(objects.count::<User>().await?),
        wallets: Number(objects.count::<Wallet>().await?),
        sessions: Number(objects.count::<Session>().await?),
        events: Number(objects.count::<Event>().await?),
    })
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/topline")]
pub(crate) async fn get_analytics_topline(State(app): State<App>, days: Days) -> Answered<Topline> {
    let objects = app.objects_of(&permit)?;
    let events = events(&objects, days).await?;
    let sum = |event: Option<&str>| {
        let of_type = events.iter().filter(|tally| Some(tally.label.as_str()) == event);
        Number(of_type.map(|tally| tally.amount).sum())
    };
    let (active_users, _) = active_users(&objects, days).await?;
    ok(Topline {
        days: Number(days.0),
        new_users: sum(User::EVENTS.created),
        new_wallets: sum(Wallet::EVENTS.created),
        sessions: sum(Session::EVENTS.created),
        active_users: Number(active_users),
    })
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/engagement")]
pub(crate) async fn get_engagement(State(app): State<App>, days: Days) -> Answered<Engagement> {
    let objects = app.objects_of(&permit)?;
    let sessions = events(&objects, days).await?.into_iter().filter(is_session);
    let (active_users, returning_users) = active_users(&objects, days).await?;
    let days = sessions.map(|tally| Ok(DayEngagement { date: date(tally.day)?, active_users: Number(tally.users) }));
    ok(Engagement {
        active_users: Number(active_users),
        returning_users: Number(returning_users),
        days: List(days.collect::<Result<_, Failure>>()?),
    })
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/walletsBreakdown")]
pub(crate) async fn get_wallets_breakdown(State(app): State<App>) -> Answered<WalletsBreakdown> {
    ok(WalletsBreakdown { groups: List(groups(&app.objects_of(&permit)?).await?) })
}

/// The events of the last days by type and day.
async fn events(objects: &Objects<'_>, days: Days) -> Result<Vec<Tally>, Failure> {
    Ok(objects.app.store.tally_objects(&objects.environment_id, Event::KIND, days.since()).await?)
}

/// Users with a session in the last days, and those of them who came back on another day.
async fn active_users(objects: &Objects<'_>, days: Days) -> Result<(u64, u64), Failure> {
    let label = Session::EVENTS.created.unwrap_or_default();
    let store = &objects.app.store;
    Ok(store.count_users(&objects.environment_id, Event::KIND, label, days.since()).await?)
}

fn is_session(tally: &Tally) -> bool {
    Some(tally.label.as_str()) == Session::EVENTS.created
}

/// The wallets by chain and origin.
async fn groups(objects: &Objects<'_>) -> Result<Vec<WalletGroup>, Failure> {
    let counts = objects.count_by_label::<Wallet>().await?;
    let groups = counts.into_iter().filter_map(|(label, wallets)| {
        let (chain, origin) = label.split_once(' ')?;
        let chain = *Chain::ALL.iter().find(|known| known.as_str() == chain)?;
        let origin = *WalletOrigin::ALL.iter().find(|known| known.as_str() == origin)?;
        Some(WalletGroup { chain, origin, wallets: Number(wallets) })
    });
    Ok(groups.collect())
}

/// A day as text.
fn date(days: i64) -> Result<Day, Failure> {
    let out_of_range = || crate::store::StoreError::Corrupt("a time out of range");
    let text = Timestamp::from_second(days * SECONDS_A_DAY).map_err(|_| out_of_range())?.to_string();
    Ok(Day(text[..10].to_owned()))
}
