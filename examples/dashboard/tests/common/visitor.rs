//! A browser without a window: it keeps a cookie and sends forms.

use dashboard::page::session::one_time_code;

use super::{Client, Request, Response, Server};

pub(crate) const TOKENS: &str = "/dashboard/developer/api";
pub(crate) const NEW: &str = "/dashboard/developer/api/new";

/// What a browser sends with the forms of a page of this server.
pub(crate) fn post(target: &str, fields: &str) -> Request {
    Request::new("POST", target)
        .header("Sec-Fetch-Site", "same-origin")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(fields)
}

/// A browser that is signed in.
pub(crate) struct Visitor {
    pub(crate) client: Client,
    pub(crate) cookie: String,
}

impl Visitor {
    pub(crate) async fn of(server: &Server) -> Self {
        Self::in_environment(server, &server.seed.live).await
    }

    pub(crate) async fn in_environment(server: &Server, environment_id: &str) -> Self {
        let code = one_time_code(&server.app, &server.seed.admin, environment_id).await.unwrap();
        let mut client = server.client();
        let response = client.send(post("/dashboard/sign-in", &format!("code={code}"))).await;
        assert_eq!((response.status, response.header("location")), (303, Some(TOKENS)), "{response:?}");
        let cookie = response.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { client, cookie }
    }

    pub(crate) async fn send(&mut self, request: Request) -> Response {
        self.client.send(request.header("Cookie", &self.cookie)).await
    }

    pub(crate) async fn get(&mut self, target: &str) -> Response {
        self.send(Request::new("GET", target)).await
    }

    /// The value that protects the forms of a page.
    pub(crate) async fn once(&mut self, target: &str) -> String {
        once(&self.get(target).await.body)
    }

    /// Makes a token, and returns its text.
    pub(crate) async fn create(&mut self, name: &str, scopes: &[&str]) -> String {
        let once = self.once(NEW).await;
        let response = self.send(post(TOKENS, &form(&once, name, "30", scopes))).await;
        assert_eq!(response.status, 201, "{response:?}");
        token(&response.body)
    }
}

pub(crate) fn form(once: &str, name: &str, days: &str, scopes: &[&str]) -> String {
    let scopes: String = scopes.iter().map(|scope| format!("&scopes={scope}")).collect();
    format!("once={once}&name={name}&expires_in={days}{scopes}")
}

pub(crate) fn once(page: &str) -> String {
    let (_, rest) = page.split_once(r#"name="once" value=""#).unwrap_or_else(|| panic!("{page}"));
    rest.split('"').next().unwrap().to_owned()
}

pub(crate) fn token(page: &str) -> String {
    let at = page.find("dyn_").unwrap_or_else(|| panic!("{page}"));
    page[at..].chars().take_while(|character| character.is_ascii_alphanumeric() || *character == '_').collect()
}
