//! The headers of rocket's responses, whose names and values are texts.

use rocket::Response;

use crate::announcement::AnswerHeaders;

impl AnswerHeaders for Response<'_> {
    fn has(&self, name: &http::HeaderName) -> bool {
        self.headers().contains(name.as_str())
    }

    fn any(&self, name: &http::HeaderName, test: impl Fn(&str) -> bool) -> bool {
        self.headers().get(name.as_str()).any(test)
    }

    fn add(&mut self, name: &http::HeaderName, value: &http::HeaderValue) {
        if let Ok(value) = value.to_str() {
            self.adjoin_raw_header(name.as_str().to_owned(), value.to_owned());
        }
    }
}
