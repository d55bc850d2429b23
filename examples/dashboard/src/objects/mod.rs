//! The objects of one environment: what all kinds share.
//!
//! Each call names the environment in its statements. Each change is made together with the event
//! that tells of it, in one transaction.

use std::collections::BTreeMap;

use jiff::Timestamp;
use scopes::{Permit, Required};
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::text::Id;
use crate::kinds::{Fault, Field, Kind, Object};
use crate::store::{ObjectRow, Part, StoreError};
use crate::wire::ListQuery;

mod admission;
mod change;
mod page;

pub(crate) use admission::Applicant;
pub(crate) use change::Change;
pub(crate) use page::Page;

/// How often a change is tried when other requests change the same object.
pub(crate) const TRIES: usize = 5;

/// The objects of an environment, whose owner the guard or the handler has compared.
#[derive(Clone, Debug)]
pub(crate) struct Objects<'a> {
    pub(crate) app: &'a App,
    pub(crate) environment_id: String,
}

impl App {
    /// The objects of the environment that the path names. The guard has compared it with the
    /// caller's.
    pub(crate) fn objects_of<R>(&self, permit: &Permit<R>) -> Result<Objects<'_>, Failure>
    where
        R: Required<Scope = api::Scope>,
    {
        Ok(self.objects(permit.tenant().ok_or(Failure::NotFound)?))
    }

    /// The objects of an environment. The caller of this function has compared it.
    pub(crate) fn objects(&self, environment_id: &str) -> Objects<'_> {
        Objects { app: self, environment_id: environment_id.to_owned() }
    }

    /// Finds the object that a path names without its environment. The handler must compare
    /// [`Object::environment_id`] with the caller's environment.
    pub(crate) async fn find<K: Kind, R>(&self, permit: &Permit<R>, parameter: &str) -> Result<Object<K>, Failure>
    where
        R: Required<Scope = api::Scope>,
    {
        let id = id(permit, parameter)?;
        Ok(read(self.store.object(K::KIND, &id).await?.ok_or(Failure::NotFound)?)?)
    }
}

impl Objects<'_> {
    /// Finds an object by its id.
    pub(crate) async fn get<K: Kind>(&self, id: &str) -> Result<Object<K>, Failure> {
        let row = self.app.store.object_in(&self.environment_id, K::KIND, id).await?;
        Ok(read(row.ok_or(Failure::NotFound)?)?)
    }

    /// Finds an object by its unique key.
    pub(crate) async fn by_key<K: Kind>(&self, key: &str) -> Result<Option<Object<K>>, Failure> {
        let row = self.app.store.object_by_key(&self.environment_id, K::KIND, key).await?;
        Ok(row.map(read).transpose()?)
    }

    /// Finds the only object of its kind, or another one that has a fixed key.
    pub(crate) async fn the<K: Kind>(&self, key: &str) -> Result<Object<K>, Failure> {
        self.by_key(key).await?.ok_or(Failure::NotFound)
    }

    /// A page of the objects.
    pub(crate) async fn list<K: Kind>(&self, query: &ListQuery) -> Result<Page<K>, Failure> {
        self.list_below(None, query).await
    }

    /// A page of the objects that belong to another object.
    pub(crate) async fn list_below<K: Kind>(
        &self,
        parent_id: Option<&str>,
        query: &ListQuery,
    ) -> Result<Page<K>, Failure> {
        let after = query.rows()?;
        // One more than asked for shows whether there is another page.
        let part = Part { limit: query.limit + 1, after, newest_first: K::NEWEST_FIRST };
        let mut rows = self.app.store.objects_of(&self.environment_id, K::KIND, parent_id, &part).await?;
        let goes_on = rows.len() > query.limit as usize;
        rows.truncate(query.limit as usize);
        let next = rows.last().filter(|_| goes_on).map(|row| row.cursor().to_string());
        Ok(Page { objects: rows.into_iter().map(read).collect::<Result<_, _>>()?, next })
    }

    /// All objects of a kind that has few of them.
    pub(crate) async fn all<K: Kind>(&self) -> Result<Vec<Object<K>>, Failure> {
        self.all_below(None).await
    }

    /// All objects of a kind that belong to another object.
    pub(crate) async fn all_below<K: Kind>(&self, parent_id: Option<&str>) -> Result<Vec<Object<K>>, Failure> {
        let part = Part { limit: 1000, after: None, newest_first: K::NEWEST_FIRST };
        let rows = self.app.store.objects_of(&self.environment_id, K::KIND, parent_id, &part).await?;
        Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Makes an object.
    pub(crate) async fn create<K: Kind>(&self, record: K) -> Result<Object<K>, Failure> {
        self.create_below(None, record).await
    }

    /// Makes an object that belongs to another one.
    pub(crate) async fn create_below<K: Kind>(&self, parent: Option<&str>, record: K) -> Result<Object<K>, Failure> {
        let mut change = Change::new();
        let object = change.insert(self, parent, record, "")?;
        change.commit(self).await?;
        Ok(object)
    }

    /// Gives an object another record, and keeps the rest.
    pub(crate) async fn replace<K: Kind + Clone>(&self, id: &str, record: K) -> Result<Object<K>, Failure> {
        self.change(id, K::EVENTS.updated, |object: &mut Object<K>| {
            object.record = record.clone();
            Ok(())
        })
        .await
    }

    /// Enables or disables an object. It is not a change if the object is so already.
    pub(crate) async fn switch<K: Kind>(&self, id: &str, on: bool) -> Result<Object<K>, Failure> {
        let event = if on { K::EVENTS.enabled } else { K::EVENTS.disabled };
        self.change(id, event, |object: &mut Object<K>| {
            object.enabled = Some(on);
            Ok(())
        })
        .await
    }

    /// Changes an object. If another request changes it at the same time, reads it again.
    pub(crate) async fn change<K: Kind>(
        &self,
        id: &str,
        event: Option<&'static str>,
        mut change: impl FnMut(&mut Object<K>) -> Result<(), Failure>,
    ) -> Result<Object<K>, Failure> {
        for _ in 0..TRIES {
            let mut object = self.get::<K>(id).await?;
            let before = (object.enabled, object.to_json());
            change(&mut object)?;
            if before == (object.enabled, object.to_json()) {
                return Ok(object);
            }
            // No more exact than the database keeps it, so that later answers have the same time.
            object.updated_at = time(Timestamp::now().as_microsecond()).unwrap_or_default();
            let mut changes = Change::new();
            changes.update(&object, event)?;
            match changes.commit(self).await {
                Ok(()) => return Ok(Object { version: object.version + 1, ..object }),
                Err(Failure::Stale) => {}
                Err(failure) => return Err(failure),
            }
        }
        Err(Failure::Stale)
    }

    /// Deletes an object with everything that belongs to it.
    pub(crate) async fn delete<K: Kind>(&self, object: &Object<K>) -> Result<(), Failure> {
        let mut change = Change::new();
        change.delete(object, K::EVENTS.deleted)?;
        match change.commit(self).await {
            // Another request was faster.
            Err(Failure::Stale) => Err(Failure::NotFound),
            done => done,
        }
    }

    /// Counts the objects of a kind.
    pub(crate) async fn count<K: Kind>(&self) -> Result<u64, Failure> {
        Ok(self.app.store.count_objects(&self.environment_id, K::KIND, None).await?)
    }

    /// Counts the objects of a kind by their label.
    pub(crate) async fn count_by_label<K: Kind>(&self) -> Result<BTreeMap<String, u64>, Failure> {
        let mut counts = BTreeMap::new();
        for tally in self.app.store.tally_objects(&self.environment_id, K::KIND, 0).await? {
            *counts.entry(tally.label).or_default() += tally.amount;
        }
        Ok(counts)
    }
}

/// The id that a path has at this parameter.
pub(crate) fn id<R>(permit: &Permit<R>, parameter: &str) -> Result<String, Failure>
where
    R: Required<Scope = api::Scope>,
{
    Ok(parameter_as::<Id, R>(permit, parameter)?.0)
}

/// The value that a path has at this parameter.
pub(crate) fn parameter_as<F: Field, R>(permit: &Permit<R>, parameter: &str) -> Result<F, Failure>
where
    R: Required<Scope = api::Scope>,
{
    let text = permit.parameter(parameter).map_err(scopes::Denied::from)?;
    let read = F::read(Value::String(text.into_owned()));
    read.map_err(|fault: Fault| Failure::Malformed(fault.in_field(parameter)))
}

/// A new random id.
pub(crate) fn new_id() -> String {
    Uuid::new_v4().to_string()
}

/// Reads an object from its row.
pub(crate) fn read<K: Kind>(row: ObjectRow) -> Result<Object<K>, StoreError> {
    let corrupt = StoreError::Corrupt("an object that cannot be read");
    let body = serde_json::from_str(&row.body).ok().and_then(|body| K::read(body).ok());
    let (Some(record), Some(created_at), Some(updated_at)) = (body, time(row.created_at), time(row.updated_at)) else {
        return Err(corrupt);
    };
    Ok(Object {
        id: row.id,
        environment_id: row.environment_id,
        parent: row.parent_id,
        enabled: row.enabled,
        created_at,
        updated_at,
        version: row.version,
        record,
    })
}

/// Makes the row of an object.
pub(crate) fn row_of<K: Kind>(object: &Object<K>) -> Result<ObjectRow, StoreError> {
    let microseconds = |time: &str| {
        let time = time.parse::<Timestamp>().map_err(|_| StoreError::Corrupt("a time that cannot be read"))?;
        Ok::<_, StoreError>(time.as_microsecond())
    };
    let key = object.record.key().map(|(_, key)| match (&object.parent, K::UNIQUE_BELOW_PARENT) {
        (Some(parent), true) => format!("{parent} {key}"),
        _ => key,
    });
    Ok(ObjectRow {
        id: object.id.clone(),
        kind: K::KIND,
        environment_id: object.environment_id.clone(),
        parent_id: object.parent.clone(),
        unique_key: key,
        label: object.record.label(),
        user_id: object.record.user_id(),
        enabled: object.enabled,
        due_at: object.record.due_at().map(|due| microseconds(&due.0)).transpose()?,
        created_at: microseconds(&object.created_at)?,
        updated_at: microseconds(&object.updated_at)?,
        version: object.version,
        body: object.record.write().unwrap_or_default().to_string(),
    })
}

/// A time of the table as text. Microseconds are kept, because lists go on by them.
fn time(microseconds: i64) -> Option<String> {
    Timestamp::from_microsecond(microseconds).ok().map(|time| time.to_string())
}
