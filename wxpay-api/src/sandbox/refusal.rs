//! Refusals: the errors with which WeChat Pay responds (docs/protocol/errors.md §10.1, §10.2).

use http::StatusCode;
use serde_json::{Value, json};

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) detail: Option<Value>,
}

/// One problem of a request. It never holds a value, which may be a secret.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// The key path, for example `amount.total`.
    pub(super) field: String,
    pub(super) issue: String,
    pub(super) location: Location,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Location {
    Url,
    Query,
    Header,
    Body,
    Meta,
    Form,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), message: message.into(), detail: None }
    }

    /// Refuses with a status of a descriptor. One that HTTP does not have becomes 400.
    pub(super) fn of_status(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), code, message)
    }

    /// Refuses a request for all its problems at once.
    pub(super) fn parameters(problems: &[Problem]) -> Self {
        const SHOWN: usize = 5;
        let mut message: Vec<_> = problems.iter().take(SHOWN).map(Problem::sentence).collect();
        if problems.len() > SHOWN {
            message.push(format!("and {} more problems", problems.len() - SHOWN));
        }
        let detail = problems.iter().map(Problem::to_json).collect();
        Self {
            detail: Some(detail),
            ..Self::new(StatusCode::BAD_REQUEST, "PARAM_ERROR", message.join("; "))
        }
    }

    /// Reports a failure of the sandbox itself.
    pub(super) fn system(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", message)
    }

    pub(super) fn body(&self) -> String {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let (Some(detail), Value::Object(members)) = (&self.detail, &mut body) {
            members.insert("detail".to_owned(), detail.clone());
        }
        body.to_string()
    }
}

impl Problem {
    pub(super) fn sentence(&self) -> String {
        format!("{} `{}` {}", self.location.name(), self.field, self.issue)
    }

    fn to_json(&self) -> Value {
        json!({ "field": self.field, "issue": self.issue, "location": self.location.name() })
    }
}

impl Location {
    fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Query => "query",
            Self::Header => "header",
            Self::Body => "body",
            Self::Meta => "meta",
            Self::Form => "form",
        }
    }
}
