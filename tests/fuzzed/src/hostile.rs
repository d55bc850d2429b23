//! A catalogue whose names use every character that the grammar allows, and the reading of
//! challenges.

scopes::scopes! {
    /// Wire names and methods with the most unusual characters that a header may contain.
    pub(crate) mod api;

    base "/api";
    tenant env;

    #[was("users.view", "a,b=c;e")]
    #[was("{}")]
    users.read {
        GET "/envs/:env/users";
        GET "/envs/:env/users/{user}:replay" as replay;
        #[unbound("compared")]
        GET "/users/{key}";
    }
    users.write { POST "/envs/:env/users"; }
    "a,b=c;d" as odd.list { "X!#$%&'*+-.^_`|~" "/envs/:env/odd"; }
    "https://example.com/auth/drive?x={y}<z>" as odd.url { GET "/envs/:env/either"; }
    "{}()[]~!'*^|@" as odd.brackets { GET "/envs/:env/either"; }
    #[global("of no tenant")]
    files.read {
        #[raw(path)]
        GET "/files/{*path}";
        GET "/formats";
    }
    all.read includes *.read;

    all(users.write, odd.list) { PUT "/envs/:env/both"; }
    public("probe") { GET "/health"; }
    authenticated("who") { GET "/me"; }
    external("signed") { POST "/hooks"; }
}

/// The parameters of a `Bearer` challenge (RFC 6750, section 3), read strictly: names once, values
/// quoted and without escapes.
pub(crate) fn challenge_parameters(value: &http::HeaderValue) -> Vec<(String, String)> {
    parameters_after("Bearer ", value)
}

/// Like [`challenge_parameters`], for another scheme.
pub(crate) fn parameters_after(scheme: &str, value: &http::HeaderValue) -> Vec<(String, String)> {
    let text = value.to_str().expect("a challenge is visible ASCII");
    let mut rest = text.strip_prefix(scheme).expect("the scheme comes first");
    let mut parameters: Vec<(String, String)> = Vec::new();
    loop {
        let (name, quoted) = rest.split_once("=\"").expect("a parameter is a name and a quoted string");
        assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{text}");
        assert!(!parameters.iter().any(|(known, _)| known == name), "a parameter occurs once: {text}");
        let (value, after) = quoted.split_once('"').expect("a quoted string ends");
        assert!(!value.contains('\\'), "{text}");
        parameters.push((name.to_owned(), value.to_owned()));
        if after.is_empty() {
            return parameters;
        }
        rest = after.strip_prefix(", ").expect("parameters are separated by a comma");
    }
}

/// Whether a quoted string may contain the text without an escape.
pub(crate) fn needs_no_escape(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'\\')
}
