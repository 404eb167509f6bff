//! The types and the call of one operation.

use super::super::secret;
use super::source::{TsSource, capitalised, key};
use super::types::{TsTypes, body, lines, member, members};
use crate::model::{Field, Input, Method, Operation, Response, Role, Spec, Upload};

/// The members of axios' config that a URL's parameter of the same name replaces.
const CONFIG: [&str; 12] = [
    "adapter", "auth", "baseURL", "data", "env", "headers", "method", "params", "proxy", "signal",
    "timeout", "url",
];

/// The members of `FormData`, which a part of a form may not have.
const FORM: [&str; 10] =
    ["append", "delete", "entries", "forEach", "get", "getAll", "has", "keys", "set", "values"];

/// Writes the request, the config and the response of an operation.
pub(super) fn types(
    source: &mut TsSource,
    spec: &Spec,
    method: Method,
    operation: &Operation,
    types: &TsTypes,
) {
    match &operation.input {
        Input::None => {}
        Input::Json(request) => body(source, "JsonDataRequest", request, types),
        Input::Upload(upload) => form(source, upload, types),
    }
    config(source, spec, method, operation, types);
    if let Response::Json { body: response, .. } = &operation.response {
        body(source, "WellformedResponse", response, types);
    }
}

/// The parts of a form, for the reader: a `FormData` has no types.
fn form(source: &mut TsSource, upload: &Upload, types: &TsTypes) {
    let mut names = upload.parts.iter().map(|part| part.name.as_str()).chain([&*upload.file]);
    let is_taken = names.any(|name| FORM.contains(&name));
    let base = if is_taken { "" } else { " extends FormData" };
    source.block(&format!("export interface BinaryDataRequest{base}"), |source| {
        source.line(&format!("{}: Buffer", key(&upload.file)));
        upload.parts.iter().for_each(|part| member(source, part, types));
    });
}

fn config(
    source: &mut TsSource,
    spec: &Spec,
    method: Method,
    operation: &Operation,
    types: &TsTypes,
) {
    let replaced: Vec<String> = CONFIG
        .iter()
        .filter(|name| operation.path.iter().any(|field| field.name == **name))
        .map(|name| format!("'{name}'"))
        .collect();
    let base = match replaced.as_slice() {
        [] => "AxiosRequestConfig".to_owned(),
        names => format!("Omit<AxiosRequestConfig, {}>", names.join(" | ")),
    };
    source.block(&format!("export interface RequestConfig extends {base}"), |source| {
        match &operation.input {
            Input::None => {}
            Input::Json(_) => {
                let mark = if takes_data(method) { "?" } else { "" };
                source.line(&format!("data{mark}: JsonDataRequest"));
            }
            Input::Upload(upload) => {
                source.line("data?: FormData");
                members(source, "meta:", &upload.meta, types);
            }
        }
        operation.path.iter().for_each(|field| member(source, field, types));
        group(source, "params", &operation.query, &[], types);
        let serial = secret::is_sent(spec, operation);
        let serial: &[&str] = if serial { &["'Wechatpay-Serial'?: string"] } else { &[] };
        group(source, "headers", &operation.header, serial, types);
        if matches!(operation.response, Response::Download(_)) {
            source.line("responseType: 'arraybuffer'");
        }
    });
}

/// Writes the members of a query, or the headers, with further lines; nothing without any.
fn group(source: &mut TsSource, name: &str, fields: &[Field], more: &[&str], types: &TsTypes) {
    if fields.is_empty() && more.is_empty() {
        return;
    }
    let mark = if fields.iter().all(|field| field.optional) { "?" } else { "" };
    source.block(&format!("{name}{mark}:"), |source| {
        fields.iter().for_each(|field| member(source, field, types));
        more.iter().for_each(|line| source.line(line));
    });
}

/// Whether axios takes the body as an argument, and not in the config.
fn takes_data(method: Method) -> bool {
    matches!(method, Method::Post | Method::Put | Method::Patch)
}

/// The documentation of an operation.
pub(super) fn docs(path: &str, method: Method, operation: &Operation) -> Vec<String> {
    let mut docs = vec![operation.title.clone()];
    docs.extend(lines(operation.note.as_ref()));
    docs.push(format!("`{} {path}`", method.wire()));
    if operation.roles == [Role::Brand] {
        docs.push("仅品牌商户可调用，以品牌的证书签名".to_owned());
    }
    docs.extend(operation.deprecated.as_ref().map(|why| format!("@deprecated {why}")));
    docs.extend(operation.docs.iter().map(|page| format!("@link {page}")));
    docs
}

/// The arguments and the result of a call.
#[derive(Debug)]
pub(super) struct Call {
    arguments: Vec<String>,
    result: String,
}

impl Call {
    /// The call of an operation whose types are in a namespace beside the interface.
    pub(super) fn of(method: Method, operation: &Operation, name: &str) -> Self {
        let space = format!("{name}.{}HttpMethod", capitalised(method.key()));
        let needed = needs_config(method, operation);
        let mut arguments = Vec::new();
        if takes_data(method) {
            arguments.push(match &operation.input {
                Input::Json(_) => format!("data: {space}.JsonDataRequest"),
                Input::Upload(_) => "data: FormData".to_owned(),
                Input::None if needed => "data: undefined".to_owned(),
                Input::None => "data?: undefined".to_owned(),
            });
        }
        arguments.push(format!("config{}: {space}.RequestConfig", if needed { "" } else { "?" }));
        let result = match &operation.response {
            Response::None { .. } => "void".to_owned(),
            Response::Json { .. } => format!("{space}.WellformedResponse"),
            Response::Download(_) => "Buffer".to_owned(),
        };
        Self { arguments, result: format!("AxiosPromise<{result}>") }
    }

    pub(super) fn signature(&self, name: &str, joint: &str) -> String {
        format!("{name}({}){joint}{}", self.arguments.join(", "), self.result)
    }
}

/// Whether the config has members that are required.
fn needs_config(method: Method, operation: &Operation) -> bool {
    let is_given = |fields: &[Field]| fields.iter().any(|field| !field.optional);
    !operation.path.is_empty()
        || is_given(&operation.query)
        || is_given(&operation.header)
        || matches!(operation.input, Input::Upload(_))
        || (matches!(operation.input, Input::Json(_)) && !takes_data(method))
        || matches!(operation.response, Response::Download(_))
}
