//! Who may be created as a user: what gates and allowlists say.

use std::collections::BTreeSet;

use super::Objects;
use crate::failure::Failure;
use crate::kinds::access::{Allowlist, AllowlistEntry, Criterion, Gate};
use crate::kinds::forms::{CustomField, CustomFieldType};
use crate::kinds::providers::Provider;
use crate::kinds::users::{NewUser, User, key_of};
use crate::kinds::{Fault, Object};

/// The rules of an environment, read once for all users of a request.
#[derive(Debug)]
pub(crate) struct Rules {
    gates: Vec<Gate>,
    /// The keys of all entries of enabled allowlists; `None` if no allowlist is enabled.
    allowed: Option<BTreeSet<String>>,
    custom_fields: Vec<CustomField>,
    providers: Vec<Provider>,
}

/// A user who is to be created or changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Applicant<'a> {
    pub(crate) user: &'a User,
    pub(crate) new: Option<&'a NewUser>,
}

impl Objects<'_> {
    /// Reads the rules of the environment.
    pub(crate) async fn rules(&self) -> Result<Rules, Failure> {
        let mut allowed = None;
        for allowlist in enabled(self.all::<Allowlist>().await?) {
            let keys: &mut BTreeSet<_> = allowed.get_or_insert_default();
            let entries = self.all_below::<AllowlistEntry>(Some(&allowlist.id)).await?;
            keys.extend(entries.iter().map(|entry| key_of(&entry.record.value.0)));
        }
        Ok(Rules {
            gates: enabled(self.all::<Gate>().await?).map(|gate| gate.record).collect(),
            allowed,
            custom_fields: self.all::<CustomField>().await?.into_iter().map(|field| field.record).collect(),
            providers: enabled(self.all::<Provider>().await?).map(|provider| provider.record).collect(),
        })
    }
}

fn enabled<K>(objects: Vec<Object<K>>) -> impl Iterator<Item = Object<K>> {
    objects.into_iter().filter(|object| object.enabled == Some(true))
}

impl Rules {
    /// Whether the environment takes this user.
    pub(crate) fn admit(&self, applicant: Applicant<'_>) -> Result<(), Fault> {
        for gate in &self.gates {
            self.pass(gate, applicant)?;
        }
        let address = applicant.new.and_then(|new| new.wallet.as_ref()).map(|wallet| key_of(&wallet.address.0));
        if let Some(allowed) = &self.allowed
            && !allowed.contains(&key_of(&applicant.user.email.0))
            && !address.is_some_and(|address| allowed.contains(&address))
        {
            return Err(Fault::of("email", "is on no enabled allowlist, and neither is the wallet"));
        }
        self.fill(applicant.user)?;
        let accounts = applicant.new.and_then(|new| new.oauth_accounts.as_ref());
        for (at, account) in accounts.iter().flat_map(|accounts| &accounts.0).enumerate() {
            if !self.providers.iter().any(|provider| provider.r#type == account.provider) {
                let fault = Fault::of("provider", "is not an enabled provider of the environment");
                return Err(fault.in_item(at).in_field("oauthAccounts"));
            }
        }
        Ok(())
    }

    fn pass(&self, gate: &Gate, Applicant { user, new }: Applicant<'_>) -> Result<(), Fault> {
        let wallet = new.and_then(|new| new.wallet.as_ref());
        let email = user.email.0.as_str();
        let (field, value) = match gate.criterion {
            Criterion::Email => ("email", Some(email)),
            Criterion::EmailDomain => ("email", email.rsplit_once('@').map(|(_, domain)| domain)),
            Criterion::Country => ("country", user.country.as_ref().map(|country| country.0.as_str())),
            // Wallets are looked at when a user is created. Later changes do not name one.
            Criterion::WalletAddress | Criterion::Chain if new.is_none() => return Ok(()),
            Criterion::WalletAddress => ("wallet.address", wallet.map(|wallet| wallet.address.0.as_str())),
            Criterion::Chain => ("wallet.chain", wallet.map(|wallet| wallet.chain.as_str())),
        };
        let passes = value.is_some_and(|value| gate.values.0.iter().any(|known| known.0.eq_ignore_ascii_case(value)));
        if passes { Ok(()) } else { Err(Fault::of(field, "does not pass an enabled gate")) }
    }

    /// Whether the values of custom fields fit the environment's fields.
    fn fill(&self, user: &User) -> Result<(), Fault> {
        let values: &[_] = user.custom_fields.as_ref().map_or(&[], |values| &values.0);
        for field in self.custom_fields.iter().filter(|field| field.required == Some(true)) {
            if !values.iter().any(|(name, _)| *name == field.name.0) {
                return Err(Fault::of(&field.name.0, "is required").in_field("customFields"));
            }
        }
        for (name, value) in values {
            let fault = |why: &str| Fault::of(crate::kinds::fault::shown(name), why).in_field("customFields");
            let Some(field) = self.custom_fields.iter().find(|field| field.name.0 == *name) else {
                return Err(fault("is not a custom field of the environment"));
            };
            let is_option =
                |option: &str| field.options.iter().flat_map(|options| &options.0).any(|known| known.0 == option);
            match field.r#type {
                CustomFieldType::Text => {}
                CustomFieldType::Number if value.0.parse::<f64>().is_ok_and(f64::is_finite) => {}
                CustomFieldType::Boolean if matches!(value.0.as_str(), "true" | "false") => {}
                CustomFieldType::Select if is_option(&value.0) => {}
                CustomFieldType::Number => return Err(fault("must be a number")),
                CustomFieldType::Boolean => return Err(fault("must be `true` or `false`")),
                CustomFieldType::Select => return Err(fault("must be one of the field's options")),
            }
        }
        Ok(())
    }
}
