//! The answer to a request that is right.

use bytes::Bytes;
use http::{HeaderName, StatusCode, header};
use serde_json::Value;

use super::account::Account;
use super::bill;
use super::book::{Download, Integrity, Operation};
use super::certificates;
use super::content::{Content, Proof};
use super::echo::Echo;
use super::example::example;
use super::file;
use super::planned_answer::{PlannedResponse, ResponseContent};
use super::query;
use super::refusal::Refusal;
use super::request::Request;
use super::route::Route;
use super::seal::seal;
use crate::protocol::digest::sha1_hex;

const STATEMENT_DIGEST: HeaderName = HeaderName::from_static("wechatpay-statement-sha1");

/// The answer of an operation, made from its descriptor and the request's own values.
pub(super) fn by_descriptor(
    account: &Account,
    route: &Route,
    operation: &Operation,
    echo: &Echo,
) -> Result<Content, Refusal> {
    if let Some(download) = &operation.download {
        return self::download(account, operation, download, echo);
    }
    let status = status(operation);
    let Some(schema) = &operation.response else {
        return Ok(Content::json(status, Bytes::new()));
    };
    if certificates::are_at(&operation.path) {
        let list = certificates::list(&account.customer, echo)?;
        return Ok(Content::json(status, list.to_string()));
    }
    let mut answer = example(route.book(), schema, echo, account.customer.id());
    bill::link(account, operation, echo, &mut answer)?;
    sealed(account, Some(route), answer).map(|body| Content::json(status, body))
}

/// The answer that a test asked for.
pub(super) fn as_planned(
    account: &Account,
    route: Option<&Route>,
    answer: PlannedResponse,
) -> Result<Content, Refusal> {
    let documented = route.and_then(Route::operation).map_or(200, |operation| operation.status);
    let status = answer.status_or(documented);
    match answer.content {
        ResponseContent::Json(body) => {
            sealed(account, route, body).map(|body| Content::json(status, body))
        }
        ResponseContent::Verbatim(body) => Ok(Content::json(status, body)),
        ResponseContent::File { media_type, content } => {
            Ok(Content { status, ..Content::file(&media_type, content) })
        }
    }
}

fn sealed(account: &Account, route: Option<&Route>, mut answer: Value) -> Result<String, Refusal> {
    let key = account.customer.identity.private_key().public_key();
    let operation = route.and_then(|route| Some((route.book(), route.operation()?)));
    if let Some((book, schema)) =
        operation.and_then(|(book, it)| Some((book, it.response.as_ref()?)))
    {
        seal(book, schema, key, &mut answer)
            .map_err(|error| Refusal::system(format!("a secret was not encrypted: {error}")))?;
    }
    Ok(answer.to_string())
}

fn download(
    account: &Account,
    operation: &Operation,
    download: &Download,
    echo: &Echo,
) -> Result<Content, Refusal> {
    if bill::is_link(&operation.path) {
        return linked_bill(account, echo.text("token"), echo.text("tartype").is_some());
    }
    let media_type = download.media.first().map_or("application/octet-stream", String::as_str);
    let file = file::of_type(media_type, &account.shared.state().bills.text());
    let digest = sha1_hex(&file);
    let content = Content::file(media_type, file);
    if download.integrity == Integrity::SignedDigest {
        let proof = Proof::SignatureOver(format!("{{\"sha1\":\"{digest}\"}}"));
        return Ok(content.header(STATEMENT_DIGEST, &digest).proof(proof));
    }
    Ok(content)
}

/// The file behind a link. No descriptor has the paths of encrypted bills, which only links lead to.
pub(super) fn encrypted_bill(account: &Account, request: &Request) -> Result<Content, Refusal> {
    let pairs = query::pairs(request.query()).unwrap_or_default();
    let token = pairs.iter().find(|(name, _)| name == "token");
    linked_bill(account, token.map(|(_, token)| token.as_str()), false)
}

fn linked_bill(account: &Account, token: Option<&str>, gzip: bool) -> Result<Content, Refusal> {
    let bills = &account.shared.state().bills;
    let (media_type, pieces) =
        bills.find(token.unwrap_or_default(), gzip, account.customer.id())?;
    Ok(Content::file(media_type, pieces))
}

fn status(operation: &Operation) -> StatusCode {
    StatusCode::from_u16(operation.status).unwrap_or(StatusCode::OK)
}

/// No operation has this URL, or not with this method.
pub(super) fn no_operation(request: &Request, methods: &[String]) -> Content {
    let path = request.path();
    if methods.is_empty() {
        let message = format!("no operation is at {path}");
        let refusal = Refusal::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", message);
        return Content::refusal(&refusal);
    }
    let methods = methods.join(", ");
    let message = format!("{path} takes {methods}, not {}", request.method);
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID_REQUEST", message);
    Content::refusal(&refusal).header(header::ALLOW, &methods)
}
