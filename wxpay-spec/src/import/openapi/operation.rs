//! Reads an operation: its title, pages, roles, dates and error codes.

use serde_yaml::Value;

use super::node::DocumentNode;
use super::{body, extension, parameter};
use crate::grammar::{DATE, ERROR_CODE, URL};
use crate::import::UNTITLED;
use crate::model::{ErrorCode, ErrorSource, Idempotency, Method, Operation, Role};

pub(super) fn read(
    node: &DocumentNode<'_>,
    endpoint: &DocumentNode<'_>,
    method: Method,
    path: &str,
) -> Operation {
    node.document().budget.enter();
    node.expect_only(&[
        "summary",
        "description",
        "operationId",
        "tags",
        "deprecated",
        "parameters",
        "requestBody",
        "responses",
        "servers",
        "externalDocs",
        "x-docs",
        "x-roles",
        "x-updated",
        "x-errors",
        "x-response-unknown",
    ]);
    describe(node, path, method);
    let parameters = parameter::read(node, endpoint, path);
    let is_get = method == Method::Get;
    let mut operation = Operation {
        title: title(node),
        docs: docs(node),
        roles: roles(node),
        updated: updated(node),
        deprecated: node
            .says("deprecated")
            .then(|| "WeChat Pay marks this API as deprecated".to_owned()),
        note: None,
        corrects: None,
        idempotency: if is_get { Idempotency::Safe } else { Idempotency::Never },
        updates: false,
        path: parameters.path,
        query: parameters.query,
        header: parameters.header,
        input: input(node, is_get),
        keeps_closure: false,
        response: body::response(node),
        pages: None,
        errors: errors(node),
    };
    extension::operation(node, &mut operation);
    operation
}

/// Keeps the description of an entry. Descriptors have it as their note.
pub(super) fn describe(node: &DocumentNode<'_>, name: &str, method: Method) {
    if let Some(description) = node.text("description").filter(|_| !node.is_exported()) {
        node.spend(description.len());
        node.document().describe(name, method, description);
    }
}

fn title(node: &DocumentNode<'_>) -> String {
    node.text("summary").unwrap_or_else(|| {
        node.remark("no `summary`: give the operation a title");
        UNTITLED.to_owned()
    })
}

/// Reads the official pages, newest style last.
pub(super) fn docs(node: &DocumentNode<'_>) -> Vec<String> {
    let page = node.get("externalDocs").and_then(|docs| docs.text("url"));
    let mut docs: Vec<String> = Vec::new();
    for page in node.texts("x-docs").into_iter().chain(page) {
        if !URL.accepts(&page) {
            node.remark(format!("`{page}` is not the URL of a page: left out"));
        } else if !docs.contains(&page) && node.spend(page.len()) {
            docs.push(page);
        }
    }
    docs
}

fn updated(node: &DocumentNode<'_>) -> Option<String> {
    let date = node.text("x-updated")?;
    if !DATE.accepts(&date) {
        node.remark(format!("`x-updated` is no date such as 2026-01-31: `{date}` was left out"));
        return None;
    }
    Some(date)
}

fn input(node: &DocumentNode<'_>, is_get: bool) -> crate::model::Input {
    if is_get && node.raw("requestBody").is_some() {
        node.remark("a GET has no body: `requestBody` was left out");
        return crate::model::Input::None;
    }
    body::input(node)
}

/// Reads `x-errors`. Several rows of one code become one, with the best of their sources.
fn errors(node: &DocumentNode<'_>) -> Vec<ErrorCode> {
    let mut errors: Vec<ErrorCode> = Vec::new();
    for row in node.items("x-errors") {
        row.expect_only(&["status", "code", "when", "by"]);
        let code = row.text("code").unwrap_or_default();
        if !ERROR_CODE.accepts(&code) {
            row.remark(format!("`{code}` is not an error code: left out"));
            continue;
        }
        if !row.spend(code.len()) {
            break;
        }
        let error =
            ErrorCode { status: status(&row), when: row.text("when"), source: source(&row), code };
        match errors.iter_mut().find(|known| known.code == error.code) {
            Some(known) => add(known, error),
            None => errors.push(error),
        }
    }
    errors
}

fn status(row: &DocumentNode<'_>) -> Option<u16> {
    let given = row.raw("status").filter(|status| !status.is_null())?;
    let status = given.as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status.filter(|status| (200..600).contains(status));
    if status.is_none() {
        row.remark("not an HTTP status: taken as unknown");
    }
    status
}

/// Reads `by`: a letter for each source, in one text or in a list.
fn source(row: &DocumentNode<'_>) -> Option<ErrorSource> {
    let given = match row.text("by") {
        Some(given) => given,
        None => row.texts("by").concat(),
    };
    let known = |letter: char| match letter {
        'O' => Some(ErrorSource::Official),
        'K' => Some(ErrorSource::Sdk),
        'S' => Some(ErrorSource::Samples),
        'R' => Some(ErrorSource::Real),
        'C' => Some(ErrorSource::ThirdParty),
        'G' => Some(ErrorSource::Assumed),
        _ => None,
    };
    if given.chars().any(|letter| letter.is_alphanumeric() && known(letter).is_none()) {
        row.remark(format!("`by: {given}` has an unknown source: it was left out"));
    }
    given.chars().filter_map(known).min()
}

fn add(known: &mut ErrorCode, more: ErrorCode) {
    known.status = known.status.or(more.status);
    known.source = known.source.into_iter().chain(more.source).min();
    known.when = match (known.when.take(), more.when) {
        (Some(one), Some(other)) if one != other => Some(format!("{one}; {other}")),
        (one, other) => one.or(other),
    };
}

/// The official names of roles, old and new, without the words in brackets after them.
const ROLE_NAMES: [(&str, Role); 16] = [
    ("普通商户", Role::Merchant),
    ("直连商户", Role::Merchant),
    ("直连模式", Role::Merchant),
    ("特约商户", Role::Merchant),
    ("微信支付商户", Role::Merchant),
    ("商户", Role::Merchant),
    ("服务商", Role::Partner),
    ("普通服务商", Role::Partner),
    ("电商平台", Role::Ecommerce),
    ("平台商户", Role::Ecommerce),
    ("微信平台商户", Role::Ecommerce),
    ("渠道商", Role::Channel),
    ("渠道服务商", Role::Channel),
    ("从业机构", Role::Institution),
    ("机构模式", Role::Institution),
    ("品牌商户", Role::Brand),
];

/// Reads who may call an operation, in the order of [`Role::ALL`] unless the document is of descriptors.
fn roles(node: &DocumentNode<'_>) -> Vec<Role> {
    let mut roles = Vec::new();
    for name in node.texts("x-roles") {
        let bare = name.split(['（', '(']).next().unwrap_or(&name).trim();
        match ROLE_NAMES.iter().find(|(known, _)| *known == bare) {
            Some((_, role)) => roles.push(*role),
            None => node.remark(format!("unknown role `{name}`: left out")),
        }
    }
    if !node.is_exported() {
        roles.sort();
        roles.dedup();
    }
    roles
}

/// The seconds of `x-time-limit`: a number, or `total-seconds` or `read-seconds` in it.
pub(super) fn seconds(node: &DocumentNode<'_>) -> Option<u16> {
    let given = node.raw("x-time-limit")?;
    let seconds = match given {
        Value::Mapping(_) => {
            let named = |key| given.get(key).and_then(Value::as_u64);
            named("total-seconds").or_else(|| named("read-seconds"))
        }
        given => given.as_u64(),
    };
    let seconds = seconds.and_then(|seconds| u16::try_from(seconds).ok());
    let seconds = seconds.filter(|seconds| (1..=3600).contains(seconds));
    if seconds.is_none() {
        node.remark("`x-time-limit` is no number of seconds from 1 to 3600: left out");
    }
    seconds
}
