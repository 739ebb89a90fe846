//! Who may ask: this computer's browser, with the token of the address that was printed.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, HeaderMap, HeaderValue, ORIGIN,
    REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::cli::outcome::Failure;

/// Nothing from elsewhere, nothing inline, nothing framed.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Knows the token and the names that this server goes by.
#[derive(Debug, Clone)]
pub struct Guard {
    port: u16,
    token: String,
}

impl Guard {
    /// A guard with a token that nobody can guess.
    pub fn new(port: u16) -> Result<Self, Failure> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)
            .map_err(|error| Failure(format!("系统给不出随机数：{error}")))?;
        let token = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { port, token })
    }

    /// The address to open.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/?token={}", self.port, self.token)
    }

    /// Cookies do not know ports: the name tells previews of several sources apart.
    fn cookie(&self) -> String {
        format!("yusuan-{}={}", self.port, self.token)
    }

    fn is_own(&self, name: &str) -> bool {
        ["127.0.0.1", "localhost"].iter().any(|host| name == format!("{host}:{}", self.port))
    }

    fn judge(&self, request: &Request) -> Entry {
        let headers = request.headers();
        if !value(headers, &HOST).is_some_and(|host| self.is_own(host)) {
            return Entry::Foreign;
        }
        if headers.contains_key(ORIGIN) {
            let origin = value(headers, &ORIGIN).and_then(|origin| origin.strip_prefix("http://"));
            if !origin.is_some_and(|origin| self.is_own(origin)) {
                return Entry::Foreign;
            }
        }
        let query = request.uri().query().unwrap_or_default();
        if query.split('&').any(|pair| pair.strip_prefix("token=") == Some(&self.token)) {
            return Entry::WithToken;
        }
        let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let own = self.cookie();
        match cookies.flat_map(|cookies| cookies.split(';')).any(|cookie| cookie.trim() == own) {
            true => Entry::WithCookie,
            false => Entry::Stranger,
        }
    }
}

enum Entry {
    /// Another name or another site: somebody's page tries to reach in.
    Foreign,
    /// No token.
    Stranger,
    WithToken,
    WithCookie,
}

/// Lets in who may ask, and puts the headers on every answer.
pub async fn guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let entry = guard.judge(&request);
    let mut response = match entry {
        Entry::Foreign => (StatusCode::FORBIDDEN, "只接受本机的访问").into_response(),
        Entry::Stranger => {
            (StatusCode::FORBIDDEN, "请用 yusuan preview 显示的完整地址打开").into_response()
        }
        Entry::WithToken | Entry::WithCookie => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Entry::WithToken = entry {
        let cookie = format!("{}; Path=/; HttpOnly; SameSite=Strict", guard.cookie());
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.insert(SET_COOKIE, cookie);
        }
    }
    response
}

fn value<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
