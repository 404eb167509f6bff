//! Says what a failed call means: the exit code, what is known, what to do.

use serde_json::{Value, json};
use wxpay_api::{Error, Idempotency, Outcome};

use super::members::CheckedMembers;
use super::{query_hint, secrets};
use crate::catalogue::Catalogue;
use crate::output::{Failure, exit_of_call, outcome_name};

/// What a failure is explained with. It outlives the request.
#[derive(Debug)]
pub(super) struct FailureContext {
    /// The command that queries what became of the request.
    query: Option<String>,
    /// The secrets of the request, which no message may repeat.
    secrets: Vec<String>,
}

impl FailureContext {
    pub(super) fn new(
        catalogue: &'static Catalogue,
        members: &CheckedMembers,
        secrets: Vec<String>,
    ) -> Self {
        let is_safe = members.operation.is_safe();
        let query = if is_safe { None } else { query_hint::of(catalogue, members) };
        Self { query, secrets }
    }

    /// The context of an operation without a descriptor.
    pub(super) fn undescribed() -> Self {
        Self { query: None, secrets: Vec::new() }
    }

    pub(super) fn failure(&self, error: Error) -> Failure {
        let exit = exit_of_call(&error);
        let is_unsure =
            error.outcome() == Outcome::Unknown && error.idempotency() != Idempotency::Safe;
        let query = self.query.as_ref().filter(|_| is_unsure);
        let mut message = secrets::redacted(&error.to_string(), &self.secrets);
        if is_unsure {
            message += "\nThe outcome is unknown. It was sent once, and is not sent again.";
        }
        if let Some(query) = query {
            message += &format!(" Query:\n  {query}");
        }
        let detail = self.detail(&error, query);
        let failure = match causes(&error, &self.secrets) {
            Some(causes) => Failure::caused(message, causes),
            None => Failure::new(message),
        };
        failure.exit(exit).detail(detail)
    }

    /// What programs want to know. The value that WeChat Pay repeats may be personal, and is left out.
    fn detail(&self, error: &Error, query: Option<&String>) -> Value {
        let redacted = |text: &str| secrets::redacted(text, &self.secrets);
        let mut detail = json!({
            "operation": error.operation(),
            "outcome": outcome_name(error.outcome()),
            "attempts": error.attempts(),
            "request_id": error.request_id(),
            "status": error.received().map(|received| received.status.as_u16()),
            "query": query,
        });
        if let (Some(api), Value::Object(members)) = (error.api(), &mut detail) {
            let details = api.details().map(|detail| {
                let issue = detail.issue().map(redacted);
                json!({ "field": detail.field(), "location": detail.location(), "issue": issue })
            });
            members.insert("code".to_owned(), json!(api.code));
            members.insert("message".to_owned(), json!(redacted(&api.message)));
            members.insert("details".to_owned(), details.collect());
            members.insert("advice".to_owned(), json!(api.advice().to_string()));
        }
        detail
    }
}

/// Returns the causes of an error in one text, without secrets.
fn causes(error: &Error, secrets: &[String]) -> Option<String> {
    let mut texts = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        texts.push(secrets::redacted(&cause.to_string(), secrets));
        next = cause.source();
    }
    (!texts.is_empty()).then(|| texts.join(": "))
}
