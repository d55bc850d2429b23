//! The headers of actix-web's responses, whose types belong to an older `http`.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::announcement::AnswerHeaders;

impl AnswerHeaders for HeaderMap {
    fn has(&self, name: &http::HeaderName) -> bool {
        self.contains_key(name.as_str())
    }

    fn any(&self, name: &http::HeaderName, test: impl Fn(&str) -> bool) -> bool {
        self.get_all(name.as_str()).filter_map(|value| value.to_str().ok()).any(test)
    }

    fn add(&mut self, name: &http::HeaderName, value: &http::HeaderValue) {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            self.append(name, value);
        }
    }
}
