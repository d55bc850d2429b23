//! The forms that users see and fill in: custom fields and SDK views.

use super::fault::Fault;
use super::field::List;
use super::kind::{Changes, Kind, changes};
use super::record::record;
use super::text::{FieldName, Text, choices};

choices! {
    /// What a custom field holds.
    pub enum CustomFieldType {
        /// Any text.
        Text = "text",
        /// A number.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
        /// One of the field's options.
        Select = "select",
    }
}

choices! {
    /// A view of the SDK.
    pub enum ViewType {
        /// Signing in.
        Login = "login",
        /// The first form of a new user.
        Signup = "signup",
        /// The user's profile.
        Profile = "profile",
        /// The user's wallets.
        Wallets = "wallets",
    }
}

record! {
    /// A field that users fill in beyond the built-in ones.
    pub struct CustomField {
        /// Its name, unique in the environment.
        name: FieldName,
        /// What it holds.
        r#type: CustomFieldType,
        /// Whether new users must have a value.
        required: Option<bool>,
        /// The values of a field of the type `select`.
        options: Option<List<Text<100>, 1, 50>>,
    }
}

record! {
    /// What a view shows.
    pub struct NewSdkView {
        /// The heading.
        title: Text<100>,
        /// The text below the heading.
        description: Option<Text<500>>,
        /// The parts of the view, from the top.
        sections: Option<List<Text<50>, 0, 20>>,
    }
}

record! {
    /// A view of the SDK.
    pub struct SdkView extends view: NewSdkView {
        /// Which view it is.
        view_type: ViewType,
    }
}

impl CustomField {
    /// Whether it has options if users choose among them, and none otherwise.
    ///
    /// # Errors
    ///
    /// If it has not, or if it has some without a use.
    pub fn check(&self) -> Result<(), Fault> {
        match (self.r#type, &self.options) {
            (CustomFieldType::Select, None) => Err(Fault::of("options", "is required for the type `select`")),
            (CustomFieldType::Select, Some(_)) | (_, None) => Ok(()),
            (_, Some(_)) => Err(Fault::of("options", "is for the type `select` only")),
        }
    }
}

impl Kind for CustomField {
    const KIND: &'static str = "customField";
    const LIST: &'static str = "fields";
    const LIMIT: u64 = 50;
    const EVENTS: Changes = changes!("customField": created updated deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("name", self.name.0.clone()))
    }
}

impl Kind for SdkView {
    const KIND: &'static str = "sdkView";
    const LIST: &'static str = "sdkViews";
    const EVENTS: Changes = changes!("sdkView": created updated);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("viewType", self.view_type.as_str().to_owned()))
    }
}
