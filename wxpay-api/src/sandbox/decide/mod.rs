//! Decides the response to a request that passed its checks: a planned one, or one from the descriptor.

mod bill_links;
mod certificates;
pub(super) mod content;
pub(super) mod example;
mod paging;

use bytes::Bytes;
use http::{HeaderName, StatusCode, header};
use serde_json::Value;

use super::bills::{links, pieces};
use super::book::{BookDownload, BookOperation, BookPages, DownloadIntegrity};
use super::check::RequestValues;
use super::front_end::credentials;
use super::keys::AccountState;
use super::lifecycle::run::act::Shown;
use super::lifecycle::show::project::{list as project_list, project};
use super::planned_response::{PlannedContent, PlannedResponse};
use super::refusal::Refusal;
use super::request::SandboxRequest;
use super::request::origin::relink;
use super::request::route::{MatchedRoute, NoRoute};
use super::state::Shared;
use crate::protocol::digest::sha1_hex;
use content::{ResponseContent, ResponseProof, encrypt_secrets};

const STATEMENT_DIGEST: HeaderName = HeaderName::from_static("wechatpay-statement-sha1");

/// A picture of one pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 13, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 0x05, 0, 0x01, 0xff, 0x89, 0x99, 0x3d, 0x1d,
    0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// A document without pages.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// The sandbox, and the account that sent a request.
#[derive(Clone, Copy)]
pub(super) struct Decider<'a> {
    pub(super) shared: &'a Shared,
    pub(super) account: &'a AccountState,
}

impl Decider<'_> {
    /// Decides the response of an operation.
    pub(super) fn operation(
        self,
        request: &SandboxRequest,
        route: &MatchedRoute,
        operation: &BookOperation,
        values: &RequestValues,
    ) -> Result<ResponseContent, Refusal> {
        let planned = self.shared.state().take_planned(request, Some(route));
        let (shared, account, is_planned) = (self.shared, self.account, planned.is_some());
        let content = match planned {
            Some(planned) => self.planned(Some(route), planned),
            None => match self.by_lifecycle(route, operation, values) {
                Some(response) => response,
                None => {
                    let origin = request.origin(&shared.url);
                    self.by_descriptor(route, operation, values, origin)
                }
            },
        }?;
        Ok(credentials::issue(shared, account, operation, values, content, is_planned))
    }

    /// Executes the operation by its lifecycle, and shows the result; `None` if it has none.
    fn by_lifecycle(
        self,
        route: &MatchedRoute,
        operation: &BookOperation,
        values: &RequestValues,
    ) -> Option<Result<ResponseContent, Refusal>> {
        let BookOperation { method, path, .. } = operation;
        let lifecycles = &self.shared.lifecycles;
        let shown = match lifecycles.operate(method, path, self.account.id(), || values.plain())? {
            Ok(shown) => shown,
            Err(refusal) => return Some(Err(refusal)),
        };
        if operation.download.is_some() {
            return None;
        }
        let other_status = match &shown {
            Shown::Object { status, .. } => *status,
            Shown::List { .. } => None,
        };
        let status = other_status.unwrap_or(operation.status);
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
        let Some(schema) = &operation.response else {
            return Some(Ok(ResponseContent::json(status, Bytes::new())));
        };
        let (book, pages) = (route.book(), operation.pages.as_ref());
        let body = match shown {
            Shown::Object { mut object, .. } => match paged_items(pages, &mut object) {
                Some(items) => project_list(book, schema, pages, &values.plain(), object, items),
                None => project(book, schema, &object),
            },
            Shown::List { beside, items } => {
                project_list(book, schema, pages, &values.plain(), beside, items)
            }
        };
        let body = self.encrypted(Some(route), body.unwrap_or_default());
        Some(body.map(|body| ResponseContent::json(status, body)))
    }

    /// Decides the response to a URL that no book has. A test may plan one; only the signature was checked.
    pub(super) fn unknown_url(
        self,
        request: &SandboxRequest,
        no_route: NoRoute,
    ) -> Result<ResponseContent, Refusal> {
        // No descriptor has the paths of encrypted bills; only links lead there.
        if links::is_link(request.path()) {
            let pairs = request.query_pairs().unwrap_or_default();
            let token = pairs.iter().find(|(name, _)| name == "token");
            let token = token.map_or("", |(_, token)| token);
            return bill_links::linked_file(self.shared, self.account, token, false);
        }
        let planned = self.shared.state().take_planned(request, None);
        match (planned, no_route) {
            (Some(planned), _) => self.planned(None, planned),
            (None, NoRoute::UnknownUrl) => Ok(no_operation(request, &[])),
            (None, NoRoute::OtherMethods(methods)) => Ok(no_operation(request, &methods)),
        }
    }

    fn planned(
        self,
        route: Option<&MatchedRoute>,
        planned: PlannedResponse,
    ) -> Result<ResponseContent, Refusal> {
        let documented = route.and_then(MatchedRoute::operation).map_or(200, |it| it.status);
        let status = planned.status_or(documented);
        match planned.content {
            PlannedContent::Json(body) => {
                self.encrypted(route, body).map(|body| ResponseContent::json(status, body))
            }
            PlannedContent::Verbatim(body) => Ok(ResponseContent::json(status, body)),
            PlannedContent::File { media_type, content } => {
                Ok(ResponseContent { status, ..ResponseContent::file(&media_type, content) })
            }
        }
    }

    /// Makes a response from the operation's examples and the request's own values.
    fn by_descriptor(
        self,
        route: &MatchedRoute,
        operation: &BookOperation,
        values: &RequestValues,
        origin: &str,
    ) -> Result<ResponseContent, Refusal> {
        let Self { shared, account } = self;
        if let Some(download) = &operation.download {
            return self.download(operation, download, values);
        }
        let status = StatusCode::from_u16(operation.status).unwrap_or(StatusCode::OK);
        let Some(schema) = &operation.response else {
            return Ok(ResponseContent::json(status, Bytes::new()));
        };
        if operation.lists_certificates() {
            let list = certificates::list(account, values)?;
            return Ok(ResponseContent::json(status, list.to_string()));
        }
        let mut response = example::example(route.book(), schema, values, account.id());
        bill_links::link(shared, account, operation, values, &mut response)?;
        relink(&mut response, origin);
        if !shared.examples_only {
            paging::turn(operation, values, &mut response);
        }
        self.encrypted(Some(route), response).map(|body| ResponseContent::json(status, body))
    }

    /// Encrypts the secrets of a JSON response for the merchant.
    fn encrypted(
        self,
        route: Option<&MatchedRoute>,
        mut response: Value,
    ) -> Result<String, Refusal> {
        let key = self.account.identity.private_key().public_key();
        let operation = route.and_then(|route| Some((route.book(), route.operation()?)));
        if let Some((book, schema)) =
            operation.and_then(|(book, it)| Some((book, it.response.as_ref()?)))
        {
            encrypt_secrets(book, schema, key, &mut response)
                .map_err(|error| Refusal::system(format!("a secret was not encrypted: {error}")))?;
        }
        Ok(response.to_string())
    }

    fn download(
        self,
        operation: &BookOperation,
        download: &BookDownload,
        values: &RequestValues,
    ) -> Result<ResponseContent, Refusal> {
        let Self { shared, account } = self;
        if links::is_link(&operation.path) {
            let token = values.text("token").unwrap_or_default();
            let gzip = values.text("tartype").is_some();
            return bill_links::linked_file(shared, account, token, gzip);
        }
        let media_type = download.media.first().map_or("application/octet-stream", String::as_str);
        let file = sample_file(media_type, &shared.state().bills.text());
        let digest = sha1_hex(&file);
        let content = ResponseContent::file(media_type, file);
        if download.integrity == DownloadIntegrity::SignedDigest {
            let proof = ResponseProof::SignatureOver(format!("{{\"sha1\":\"{digest}\"}}"));
            return Ok(content.header(STATEMENT_DIGEST, &digest).proof(proof));
        }
        Ok(content)
    }
}

/// Responds that no operation has the URL, or not with the request's method.
pub(super) fn no_operation(request: &SandboxRequest, methods: &[String]) -> ResponseContent {
    let path = request.path();
    if methods.is_empty() {
        let message = format!("no operation is at {path}");
        let refusal = Refusal::new(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", message);
        return ResponseContent::refusal(&refusal);
    }
    let methods = methods.join(", ");
    let message = format!("{path} takes {methods}, not {}", request.method);
    let refusal = Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "INVALID_REQUEST", message);
    ResponseContent::refusal(&refusal).header(header::ALLOW, &methods)
}

/// Makes a small file of a media type. Text files contain `text`.
fn sample_file(media_type: &str, text: &Bytes) -> Bytes {
    match media_type {
        "application/pdf" => Bytes::from_static(PDF),
        "application/x-gzip" | "application/gzip" => pieces::compress(text),
        image if image.starts_with("image/") => Bytes::from_static(PNG),
        _ => text.clone(),
    }
}

/// Takes the list that a response shows in pages out of the object of one resource: the history of a complaint.
fn paged_items(pages: Option<&BookPages>, object: &mut Value) -> Option<Vec<Value>> {
    let items = object.as_object_mut()?.remove(&pages?.items)?;
    match items {
        Value::Array(items) => Some(items),
        other => Some(vec![other]),
    }
}
