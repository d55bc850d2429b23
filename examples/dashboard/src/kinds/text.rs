//! Texts with a length and a pattern.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use super::fault::Fault;
use super::field::Field;
use super::hidden;

static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(hidden::LINE.stored).ok());

static LINES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(hidden::LINES.stored).ok());

/// A text for people, of 1 to `MAX` characters and without control characters. Bodies of requests
/// have no invisible characters either; older rows of the database may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<const MAX: usize>(pub String);

impl<const MAX: usize> Field for Text<MAX> {
    fn schema() -> Value {
        json!({"type": "string", "minLength": 1, "maxLength": MAX, "pattern": hidden::LINE.new})
    }

    fn read(value: Value) -> Result<Self, Fault> {
        checked(value, 1, MAX, &LINE, "without control characters").map(Self)
    }

    fn write(&self) -> Option<Value> {
        Some(json!(self.0))
    }
}

/// A text of several lines, of 1 to `MAX` characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines<const MAX: usize>(pub String);

impl<const MAX: usize> Field for Lines<MAX> {
    fn schema() -> Value {
        json!({"type": "string", "minLength": 1, "maxLength": MAX, "pattern": hidden::LINES.new})
    }

    fn read(value: Value) -> Result<Self, Fault> {
        checked(value, 1, MAX, &LINES, "without control characters").map(Self)
    }

    fn write(&self) -> Option<Value> {
        Some(json!(self.0))
    }
}

/// Checks a text. A pattern that does not compile accepts nothing; a test compiles all of them.
pub(crate) fn checked(
    value: Value,
    least: usize,
    most: usize,
    pattern: &Option<Regex>,
    what: &str,
) -> Result<String, Fault> {
    let Value::String(text) = value else { return Err(Fault::new("must be a text")) };
    let length = text.chars().count();
    if length < least {
        return Err(Fault::new(format!("must have at least {least} characters")));
    }
    if length > most {
        return Err(Fault::new(format!("must have at most {most} characters")));
    }
    if !pattern.as_ref().is_some_and(|pattern| pattern.is_match(&text)) {
        return Err(Fault::new(format!("must be a text {what}")));
    }
    Ok(text)
}

/// Declares types of texts with a pattern. The last argument is a function that brings a text with
/// the pattern into its usual form.
macro_rules! texts {
    ($($(#[doc = $doc:literal])+ $Name:ident($most:literal, $what:literal, $pattern:expr, $example:literal $(, $usual:path)?);)*) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct $Name(pub String);

            impl Field for $Name {
                fn schema() -> Value {
                    json!({"type": "string", "maxLength": $most, "pattern": $pattern, "example": $example})
                }

                fn read(value: Value) -> Result<Self, Fault> {
                    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($pattern).ok());
                    let text = checked(value, 0, $most, &PATTERN, concat!("that is ", $what))?;
                    $(let text = $usual(&text);)?
                    Ok(Self(text))
                }

                fn write(&self) -> Option<Value> {
                    Some(json!(self.0))
                }
            }
        )*

        #[cfg(test)]
        const PATTERNS: &[(&str, &str, fn(Value) -> bool)] =
            &[$(($pattern, $example, |value| $Name::read(value).is_ok()),)*];
    };
}

macro_rules! host {
    () => {
        r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,8}\.([a-z]{2,24}|xn--[a-z0-9]([a-z0-9-]{0,57}[a-z0-9])?)"
    };
}
macro_rules! port {
    () => {
        r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
    };
}
macro_rules! address {
    () => {
        r"(0x[0-9a-fA-F]{40}|0x[0-9a-fA-F]{64}|bc1[a-z0-9]{11,71}|[1-9A-HJ-NP-Za-km-z]{25,44})"
    };
}
macro_rules! email {
    () => {
        concat!(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@", host!())
    };
}

texts! {
    /// An id, with the pattern of the documents.
    Id(36, "a UUID", "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", "95b11417-f18f-457f-8804-68e361f9164f");
    /// A time in UTC (RFC 3339).
    Time(40, "a time", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$", "2023-11-07T05:31:56Z");
    /// An e-mail address.
    Email(254, "an e-mail address", concat!("^", email!(), "$"), "jsmith@example.com");
    /// The name of a host, in lower case.
    HostName(253, "the name of a host", concat!("^", host!(), "$"), "login.example.com");
    /// An address on the web that needs TLS.
    HttpsUrl(500, "an https URL with the name of a host", concat!("^https://", host!(), port!(), r"(/[!-~]*)?$"), "https://example.com/hook");
    /// An address on the machine itself, without TLS.
    LoopbackUrl(500, "an http URL of 127.0.0.1", r"^http://127\.0\.0\.1:[0-9]{1,5}(/[!-~]*)?$", "http://127.0.0.1:8080/hook");
    /// An origin of browsers: https, or plain HTTP on the developer's machine.
    BrowserOrigin(300, "an origin, such as https://example.com, in lower case and without a path", concat!("^(https://", host!(), "|http://(localhost|127\\.0\\.0\\.1))", port!(), "$"), "https://example.com", without_usual_port);
    /// A link that opens an application: https, or a scheme with a dot, which no browser runs as a
    /// script.
    DeepLink(300, "an https link, or one with a scheme such as com.example.app", r"^(https|[a-z][a-z0-9-]{0,30}(\.[a-z][a-z0-9-]{0,30}){1,5})://[!-~]{1,200}$", "com.example.app://callback");
    /// The address of a wallet: hexadecimal, base58 or, for Bitcoin, bech32.
    Address(74, "the address of a wallet", concat!("^", address!(), "$"), "0x52908400098527886E0F7030069857D2E4169EE7");
    /// What an allowlist may hold: the address of a wallet, or an e-mail address.
    Allowed(254, "an e-mail address or the address of a wallet", concat!("^(", address!(), "|", email!(), ")$"), "jsmith@example.com");
    /// A country (ISO 3166-1, two letters).
    Country(2, "a country of two capital letters", "^[A-Z]{2}$", "CH");
    /// The name of a custom field.
    FieldName(40, "a name of letters, digits and _", "^[A-Za-z][A-Za-z0-9_]*$", "favouriteColour");
    /// A public key in base64.
    PublicKey(1000, "a public key in base64", "^[A-Za-z0-9+/]{43,996}={0,2}$", "MCowBQYDK2VuAyEA3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=");
    /// The label of a name in a name service.
    Label(63, "a label in lower case", "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", "ada");
    /// Six digits.
    Code(6, "a code of six digits", "^[0-9]{6}$", "123456");
    /// A day in UTC.
    Day(10, "a day", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2023-11-07");
}

/// Browsers leave the usual port of a scheme out of an origin.
fn without_usual_port(origin: &str) -> String {
    let usual = if origin.starts_with("https://") { ":443" } else { ":80" };
    origin.strip_suffix(usual).unwrap_or(origin).to_owned()
}

/// Declares a closed list of names.
macro_rules! choices {
    ($(#[doc = $doc:literal])+ pub enum $Name:ident { $($(#[doc = $about:literal])+ $variant:ident = $text:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $Name {
            $($(#[doc = $about])+ $variant,)+
        }

        impl $Name {
            /// All names, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl $crate::kinds::field::Field for $Name {
            fn schema() -> serde_json::Value {
                serde_json::json!({"type": "string", "enum": [$($text),+]})
            }

            fn read(value: serde_json::Value) -> Result<Self, $crate::kinds::fault::Fault> {
                let found = Self::ALL.iter().find(|known| value.as_str() == Some(known.as_str()));
                found.copied().ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|known| known.as_str()).collect();
                    $crate::kinds::fault::Fault::new(format!("must be one of {}", known.join(", ")))
                })
            }

            fn write(&self) -> Option<serde_json::Value> {
                Some(serde_json::json!(self.as_str()))
            }
        }
    };
}

pub(crate) use choices;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_and_takes_its_example() {
        assert!(LINE.is_some() && LINES.is_some());
        for schema in [Text::<9>::schema(), Lines::<9>::schema()] {
            assert!(Regex::new(schema["pattern"].as_str().unwrap()).is_ok(), "{schema}");
        }
        for (pattern, example, takes) in PATTERNS {
            assert!(Regex::new(pattern).is_ok(), "{pattern}");
            assert!(takes(json!(example)), "{example} {pattern}");
            for wrong in
                [json!(format!("{example}\n")), json!(format!("\u{0}{example}")), json!(""), json!(5), json!(null)]
            {
                assert!(!takes(wrong.clone()), "{wrong} {pattern}");
            }
        }
    }

    #[test]
    fn what_texts_refuse() {
        fn takes<F: Field>(text: &str) -> bool {
            F::read(json!(text)).is_ok()
        }
        for (is_sound, expected, what) in [
            (takes::<Id>("95B11417-f18f-457f-8804-68e361f9164f"), false, "capital letters"),
            (takes::<HttpsUrl>("http://example.com/"), false, "no TLS"),
            (takes::<HttpsUrl>("https://127.0.0.1/"), false, "an address instead of a name"),
            (takes::<HttpsUrl>("https://[::1]/"), false, "an address instead of a name"),
            (takes::<HttpsUrl>("https://user@example.com/"), false, "credentials"),
            (takes::<HttpsUrl>("https://example.com@127.0.0.1/"), false, "credentials"),
            (takes::<HttpsUrl>("https://example.com\\@x.org/"), false, "a backslash"),
            (takes::<HttpsUrl>("https://2130706433/"), false, "a number for an address"),
            (takes::<HttpsUrl>("https://a.example.com:8443/x?y=1"), true, "a port"),
            (takes::<HttpsUrl>("https://example.com:99999/"), false, "not a port"),
            (takes::<LoopbackUrl>("http://127.0.0.1:80/x"), true, "for tests"),
            (takes::<LoopbackUrl>("http://127.0.0.2:80/x"), false, "another address"),
            (takes::<LoopbackUrl>("http://127.0.0.1:80@example.com/"), false, "credentials"),
            (takes::<BrowserOrigin>("https://example.com/"), false, "a path"),
            (takes::<BrowserOrigin>("http://localhost:3000"), true, "a developer's machine"),
            (takes::<BrowserOrigin>("http://example.com"), false, "no TLS"),
            (takes::<BrowserOrigin>("null"), false, "a sandboxed page"),
            (takes::<BrowserOrigin>("*"), false, "all origins"),
            (takes::<DeepLink>("javascript://%0aalert(1)"), false, "a script"),
            (takes::<DeepLink>("data://text/html"), false, "data"),
            (takes::<Email>("a@b"), false, "no domain"),
            (takes::<Allowed>("0x52908400098527886E0F7030069857D2E4169EE7"), true, "an address"),
        ] {
            assert_eq!(is_sound, expected, "{what}");
        }
        assert!(Text::<2>::read(json!("éé")).is_ok() && Text::<2>::read(json!("ééé")).is_err(), "characters count");
        let lines = "a\r\n\tb";
        assert!(Lines::<9>::read(json!(lines)).is_ok() && Text::<9>::read(json!(lines)).is_err());
        let schema = Lines::<9>::schema();
        assert!(Regex::new(schema["pattern"].as_str().unwrap()).unwrap().is_match(lines));
        assert!(Lines::<9>::read(json!("a\u{8}")).is_err() && Lines::<2>::read(json!(lines)).is_err());
        assert!(Text::<2>::read(json!("a\u{0}")).is_err() && Text::<2>::read(json!("")).is_err());
    }
}
