//! Checks a request: its signature first, then all its values against the operation's descriptor.

pub(super) mod authorization;
pub(super) mod diagnosis;
mod formats;
mod official_rules;
mod upload;
pub(super) mod values;

use http::header;
use serde_json::{Map, Value};

use super::book::{Book, BookMember, BookOperation, BookUpload, Schema};
use super::keys::AccountState;
use super::refusal::{Location, Problem};
use super::request::SandboxRequest;
use super::request::route::MatchedRoute;
use super::state::Shared;
use crate::protocol::PrivateKey;
use values::ValueChecker;

/// Paths at which the merchant of the body must be the one that signs (docs/protocol/signing.md §1.4).
const OWN_MERCHANT: [&str; 2] = ["/v3/pay/", "/v3/combine-transactions/"];
const OWN_MEMBERS: [&str; 3] = ["mchid", "sp_mchid", "combine_mchid"];

/// The header that names the WeChat Pay key of a request (docs/protocol/keys.md §3.4).
pub(super) const KEY_ID: &str = "Wechatpay-Serial";

/// A request after its check.
pub(super) struct CheckedRequest {
    pub(super) problems: Vec<Problem>,
    /// Departures from the documents that are no reason to refuse the request.
    pub(super) notes: Vec<Problem>,
    /// Decrypted values by key path.
    pub(super) secrets: Vec<(String, Vec<u8>)>,
    pub(super) values: RequestValues,
}

/// The values of a request by name, decrypted. Responses repeat them under the same names.
#[derive(Default)]
pub(super) struct RequestValues {
    /// From the URL, the query, and the body or an upload's `meta`. Secrets are still encrypted here.
    values: Map<String, Value>,
    /// Decrypted texts by key path.
    secrets: Vec<(String, String)>,
}

impl RequestValues {
    fn new(values: Map<String, Value>, secrets: &[(String, Vec<u8>)]) -> Self {
        let text = |(path, bytes): &(String, Vec<u8>)| {
            Some((path.clone(), String::from_utf8(bytes.clone()).ok()?))
        };
        Self { values, secrets: secrets.iter().filter_map(text).collect() }
    }

    /// Returns the value of that name at the top of the request, unless it is a secret.
    pub(super) fn top(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|_| !self.is_secret(name))
    }

    /// Returns the text of that name at the top of the request.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.top(name)?.as_str()
    }

    /// Returns the decrypted text of a secret.
    pub(super) fn secret(&self, path: &str) -> Option<&str> {
        self.secrets.iter().find(|(held, _)| held == path).map(|(_, plain)| plain.as_str())
    }

    /// Returns all values as one object: secrets are plain, and empty texts are left out, as WeChat Pay does.
    pub(super) fn plain(&self) -> Value {
        let mut object = Value::Object(self.values.clone());
        for (path, plain) in &self.secrets {
            let steps: Vec<_> = path.split(['.', '[']).collect();
            replace(&mut object, &steps, plain);
        }
        leave_out_empty(&mut object);
        object
    }

    pub(super) fn is_secret(&self, path: &str) -> bool {
        self.secrets.iter().any(|(held, _)| held == path)
    }
}

/// Replaces the text at a key path. A step such as `0]` is the index of an element.
fn replace(at: &mut Value, steps: &[&str], plain: &str) {
    let Some((first, rest)) = steps.split_first() else {
        *at = plain.into();
        return;
    };
    match at {
        Value::Object(members) => {
            if let Some(member) = members.get_mut(*first) {
                replace(member, rest, plain);
            }
        }
        Value::Array(items) => {
            let index = first.trim_end_matches(']').parse::<usize>().ok();
            if let Some(item) = index.and_then(|index| items.get_mut(index)) {
                replace(item, rest, plain);
            }
        }
        // JSON inside a string.
        Value::String(text) => {
            if let Ok(mut inside) = serde_json::from_str::<Value>(text) {
                replace(&mut inside, steps, plain);
                *text = inside.to_string();
            }
        }
        _ => {}
    }
}

fn leave_out_empty(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null() && member != "");
            members.values_mut().for_each(leave_out_empty);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out_empty),
        _ => {}
    }
}

/// Checks everything that the descriptor says of the operation's requests.
pub(super) fn check(
    route: &MatchedRoute,
    operation: &BookOperation,
    request: &SandboxRequest,
    account: &AccountState,
    shared: &Shared,
) -> CheckedRequest {
    let key_id = request.header(KEY_ID);
    let (key, known) = {
        let keyring = &account.keys().keyring;
        (key_id.and_then(|id| keyring.find(id).cloned()), key_id.is_none_or(|id| keyring.has(id)))
    };
    let book = route.book();
    let checker = ValueChecker::new(book, key.as_ref(), shared.lengths);
    let key = key.as_ref();
    let mut check = RequestCheck { checker, key, book, operation, request, values: Map::new() };
    // A client that downloads certificates may name any key, for example its own (docs/protocol/keys.md §3.4).
    if !known && !operation.lists_certificates() {
        let issue = "names no key that WeChat Pay has for this merchant";
        check.checker.problem(Location::Header, KEY_ID, issue);
    }
    check.url(&route.path_values);
    check.query();
    check.headers();
    match &operation.upload {
        Some(upload) => check.upload(upload),
        None => check.body(),
    }
    if known && check.checker.lacks_key {
        check.lacks_key_id();
    }
    check.own_merchant(account.id());
    let RequestCheck { mut checker, values, .. } = check;
    if !shared.examples_only {
        official_rules::check(&mut checker, operation, &values);
    }
    let ValueChecker { problems, notes, secrets, .. } = checker;
    let values = RequestValues::new(values, &secrets);
    CheckedRequest { problems, notes, secrets, values }
}

struct RequestCheck<'a> {
    checker: ValueChecker<'a>,
    key: Option<&'a PrivateKey>,
    book: &'a Book,
    operation: &'a BookOperation,
    request: &'a SandboxRequest,
    /// All values by name, found so far.
    values: Map<String, Value>,
}

impl RequestCheck<'_> {
    /// Reports that no usable key decrypts the encrypted fields.
    fn lacks_key_id(&mut self) {
        let issue = match self.request.header(KEY_ID) {
            None => "is required: the id of the WeChat Pay key that encrypted the fields",
            Some(_) => {
                "names the public key, which works only after the merchant has started the switch"
            }
        };
        self.checker.problem(Location::Header, KEY_ID, issue);
    }

    fn url(&mut self, path_values: &[(String, String)]) {
        let parameters = &self.operation.parameters;
        let (object, _) = to_object(self.book, parameters, path_values);
        self.checker.members(Location::Url, parameters, &object);
        self.values.extend(object);
    }

    fn query(&mut self) {
        let Some(pairs) = self.request.query_pairs() else {
            return self.checker.problem(Location::Query, "/", "must be UTF-8, percent-encoded");
        };
        self.texts(Location::Query, &self.operation.query, &pairs);
    }

    /// Checks the texts of a query or of a form.
    fn texts(&mut self, location: Location, members: &[BookMember], pairs: &[(String, String)]) {
        let (object, repeated) = to_object(self.book, members, pairs);
        for name in repeated {
            self.checker.problem(location, name, "comes twice");
        }
        self.checker.members(location, members, &object);
        self.values.extend(object);
    }

    fn headers(&mut self) {
        let members = &self.operation.header;
        let pairs: Vec<_> = members
            .iter()
            .filter_map(|member| {
                let text = self.request.header(&member.name)?;
                Some((member.name.clone(), text.to_owned()))
            })
            .collect();
        let (object, _) = to_object(self.book, members, &pairs);
        self.checker.members(Location::Header, members, &object);
        self.standard_headers();
    }

    /// Checks the headers that every request has (docs/protocol/signing.md §1.8).
    fn standard_headers(&mut self) {
        let request = self.request;
        if request.header(header::USER_AGENT.as_str()).is_none() {
            self.checker.problem(Location::Header, "User-Agent", "is required");
        }
        let takes_json = |accept: &str| {
            ["application/json", "*/*"].iter().any(|media_type| accept.contains(media_type))
        };
        match request.header(header::ACCEPT.as_str()) {
            None => self.checker.problem(Location::Header, "Accept", "is required"),
            Some(accept) if self.operation.download.is_none() && !takes_json(accept) => {
                self.checker.problem(Location::Header, "Accept", "must allow application/json");
            }
            Some(_) => {}
        }
        self.content_type();
    }

    fn content_type(&mut self) {
        let wanted = match &self.operation.upload {
            Some(_) => "multipart/form-data",
            None if self.request.body.is_empty() => return,
            None => "application/json",
        };
        if self.request.media_type() != wanted {
            let issue = format!("must be {wanted}");
            self.checker.problem(Location::Header, "Content-Type", issue);
        }
    }

    fn body(&mut self) {
        let body = &self.request.body;
        match (&self.operation.body, body.is_empty()) {
            (None, true) => {}
            // An empty object counts as no body (docs/protocol/signing.md §1.3).
            (None, false) if self.operation.method != "GET" && body.as_ref() == b"{}" => {}
            (None, false) => self.checker.problem(Location::Body, "/", "must be empty"),
            (Some(schema), true) => self.document(schema, b"{}"),
            (Some(schema), false) => self.document(schema, body),
        }
    }

    fn document(&mut self, schema: &Schema, text: &[u8]) {
        let Some(document) = self.json(Location::Body, text) else {
            return;
        };
        self.checker.document(Location::Body, schema, &document);
        if let Value::Object(members) = document {
            self.values.extend(members);
        }
    }

    fn json(&mut self, location: Location, text: &[u8]) -> Option<Value> {
        match serde_json::from_slice(text) {
            Ok(document) => Some(document),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                let issue = format!("must be JSON, and is not at line {line}, column {column}");
                self.checker.problem(location, "/", issue);
                None
            }
        }
    }

    fn upload(&mut self, upload: &BookUpload) {
        let Some(Ok(form)) = &self.request.form else {
            return;
        };
        if form.meta().is_some_and(|meta| meta.file_name.is_some()) {
            self.checker.problem(Location::Form, "meta", "must not have a file name");
        }
        match form.meta().and_then(|meta| self.json(Location::Meta, &meta.content)) {
            Some(Value::Object(meta)) => {
                self.checker.members(Location::Meta, &upload.meta, &meta);
                upload::check_file(&mut self.checker, self.key, upload, form, &meta);
                self.values.extend(meta);
            }
            Some(_) => self.checker.problem(Location::Meta, "/", "must be a JSON object"),
            None => {}
        }
        let texts: Vec<_> = form
            .others()
            .filter(|part| part.name != upload.file)
            .map(|part| (part.name.clone(), String::from_utf8_lossy(&part.content).into_owned()))
            .collect();
        self.texts(Location::Form, &upload.parts, &texts);
    }

    fn own_merchant(&mut self, mchid: &str) {
        if !OWN_MERCHANT.iter().any(|prefix| self.operation.path.starts_with(prefix)) {
            return;
        }
        for name in OWN_MEMBERS {
            if self.values.get(name).is_some_and(|value| value != mchid) {
                let location = match self.operation.method.as_str() {
                    "GET" => Location::Query,
                    _ => Location::Body,
                };
                let issue = "must be the merchant of the Authorization header";
                self.checker.problem(location, name, issue);
            }
        }
    }
}

/// Converts texts of a URL, a query, headers or a form to a JSON object as the members describe it.
///
/// Also returns the names that come twice without being lists.
fn to_object(
    book: &Book,
    members: &[BookMember],
    pairs: &[(String, String)],
) -> (Map<String, Value>, Vec<String>) {
    let mut object = Map::new();
    let mut repeated = Vec::new();
    for (name, text) in pairs {
        let member = members.iter().find(|member| member.name == *name);
        let schema = member.map_or(&Schema::Json, |member| book.resolve(&member.schema));
        match (schema, object.get_mut(name)) {
            (Schema::List { items }, Some(Value::Array(list))) => {
                list.push(to_json(book, items, text))
            }
            (_, Some(_)) => repeated.push(name.clone()),
            (_, None) => {
                object.insert(name.clone(), to_json(book, schema, text));
            }
        }
    }
    (object, repeated)
}

/// Converts a text to the type of JSON in its schema. A text that does not fit stays a string, and
/// its check reports it.
fn to_json(book: &Book, schema: &Schema, text: &str) -> Value {
    let string = || Value::String(text.to_owned());
    match book.resolve(schema) {
        Schema::Integer | Schema::Enum { integer: true, .. } => {
            text.parse::<i64>().map_or_else(|_| string(), Value::from)
        }
        Schema::Number => text.parse::<f64>().map_or_else(|_| string(), Value::from),
        Schema::Boolean => text.parse::<bool>().map_or_else(|_| string(), Value::from),
        Schema::Object { .. } => serde_json::from_str(text).unwrap_or_else(|_| string()),
        Schema::List { items } => Value::Array(vec![to_json(book, items, text)]),
        _ => string(),
    }
}
