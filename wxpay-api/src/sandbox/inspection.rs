//! A whole request against its operation.

use http::header;
use serde_json::{Map, Value};

use super::book::{Book, Computed, Member, Operation, Schema, Upload};
use super::check::Check;
use super::multipart::{Form, Part};
use super::query;
use super::refusal::{Location, Problem};
use super::request::Request;
use super::route::Route;
use super::sealed_lines;
use crate::protocol::PrivateKey;
use crate::protocol::digest::{sha256_hex, sm3_hex};

/// Where the merchant of the `Authorization` must be the one that asks (docs/protocol/signing.md §1.4).
const OWN_MERCHANT: [&str; 2] = ["/v3/pay/", "/v3/combine-transactions/"];
const OWN_MEMBERS: [&str; 3] = ["mchid", "sp_mchid", "combine_mchid"];

/// What a request turned out to hold.
#[derive(Debug)]
pub(super) struct Inspection {
    pub(super) problems: Vec<Problem>,
    /// Plain texts by key path.
    pub(super) secrets: Vec<(String, Vec<u8>)>,
    /// All its values by name: of the URL, the query, and the body or an upload's meta.
    pub(super) values: Map<String, Value>,
}

struct Inspector<'a> {
    check: Check<'a>,
    key: Option<&'a PrivateKey>,
    book: &'a Book,
    operation: &'a Operation,
    request: &'a Request,
    values: Map<String, Value>,
}

/// Checks everything that the operation says of its requests.
pub(super) fn inspect(
    route: &Route,
    operation: &Operation,
    request: &Request,
    key: Option<&PrivateKey>,
    mchid: &str,
) -> Inspection {
    let book = route.book();
    let check = Check::new(book, key);
    let mut inspector = Inspector { check, key, book, operation, request, values: Map::new() };
    inspector.url(&route.path_values);
    inspector.query();
    inspector.headers();
    match &operation.upload {
        Some(upload) => inspector.upload(upload),
        None => inspector.body(),
    }
    inspector.own_merchant(mchid);
    let Inspector { check, values, .. } = inspector;
    Inspection { problems: check.problems, secrets: check.secrets, values }
}

impl Inspector<'_> {
    fn url(&mut self, path_values: &[(String, String)]) {
        let parameters = &self.operation.parameters;
        let (object, _) = query::object(self.book, parameters, path_values);
        self.check.members(Location::Url, parameters, &object);
        self.values.extend(object);
    }

    fn query(&mut self) {
        let Some(pairs) = query::pairs(self.request.query()) else {
            return self.check.problem(Location::Query, "/", "must be UTF-8, percent-encoded");
        };
        self.texts(Location::Query, &self.operation.query, &pairs);
    }

    fn texts(&mut self, location: Location, members: &[Member], pairs: &[(String, String)]) {
        let (object, twice) = query::object(self.book, members, pairs);
        for name in twice {
            self.check.problem(location, name, "comes twice");
        }
        self.check.members(location, members, &object);
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
        let (object, _) = query::object(self.book, members, &pairs);
        self.check.members(Location::Header, members, &object);
        self.standard_headers();
    }

    /// See docs/protocol/signing.md §1.8.
    fn standard_headers(&mut self) {
        let request = self.request;
        if request.header(header::USER_AGENT.as_str()).is_none() {
            self.check.problem(Location::Header, "User-Agent", "is required");
        }
        let takes_json = |accept: &str| {
            ["application/json", "*/*"].iter().any(|media_type| accept.contains(media_type))
        };
        match request.header(header::ACCEPT.as_str()) {
            None => self.check.problem(Location::Header, "Accept", "is required"),
            Some(accept) if self.operation.download.is_none() && !takes_json(accept) => {
                self.check.problem(Location::Header, "Accept", "must allow application/json");
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
            self.check.problem(Location::Header, "Content-Type", issue);
        }
    }

    fn body(&mut self) {
        let body = &self.request.body;
        match (&self.operation.body, body.is_empty()) {
            (None, true) => {}
            // A body without members says as little as none (docs/protocol/signing.md §1.3).
            (None, false) if self.operation.method != "GET" && body.as_ref() == b"{}" => {}
            (None, false) => self.check.problem(Location::Body, "/", "must be empty"),
            (Some(schema), true) => self.document(Location::Body, schema, b"{}"),
            (Some(schema), false) => self.document(Location::Body, schema, body),
        }
    }

    fn document(&mut self, location: Location, schema: &Schema, text: &[u8]) {
        let Some(document) = self.json(location, text) else {
            return;
        };
        self.check.document(location, schema, &document);
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
                self.check.problem(location, "/", issue);
                None
            }
        }
    }

    fn upload(&mut self, upload: &Upload) {
        let Some(Ok(form)) = &self.request.form else {
            return;
        };
        match form.meta().and_then(|meta| self.json(Location::Meta, meta)) {
            Some(Value::Object(meta)) => {
                self.check.members(Location::Meta, &upload.meta, &meta);
                self.computed(upload, form, &meta);
                self.values.extend(meta);
            }
            Some(_) => self.check.problem(Location::Meta, "/", "must be a JSON object"),
            None => {}
        }
        let texts: Vec<_> = form
            .others()
            .filter(|part| part.name != upload.file)
            .map(|part| (part.name.clone(), String::from_utf8_lossy(&part.content).into_owned()))
            .collect();
        self.texts(Location::Form, &upload.parts, &texts);
    }

    /// The members of `meta` that describe the file.
    fn computed(&mut self, upload: &Upload, form: &Form, meta: &Map<String, Value>) {
        let mut files = form.others().filter(|part| part.name == upload.file);
        let Some(file) = files.next() else {
            return self.check.problem(Location::Form, &upload.file, "is required");
        };
        if files.next().is_some() {
            self.check.problem(Location::Form, &upload.file, "comes twice");
        }
        if file.file_name.as_ref().is_none_or(String::is_empty) {
            self.check.problem(Location::Form, &upload.file, "must have a file name");
        }
        match self.key.map(|key| sealed_lines::open(key, &file.content)) {
            Some(Ok(lines)) => {
                let path = |index: usize| format!("{}[{index}]", upload.file);
                let lines = lines.into_iter().enumerate();
                self.check.secrets.extend(lines.map(|(index, line)| (path(index), line)));
            }
            Some(Err(issue)) => self.check.problem(Location::Form, &upload.file, issue),
            None => {}
        }
        for member in &upload.meta {
            let Some(Value::String(found)) = meta.get(&member.name) else {
                continue;
            };
            if let Some(issue) = mismatch(member, file, found) {
                self.check.problem(Location::Meta, &member.name, issue);
            }
        }
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
                self.check.problem(location, name, issue);
            }
        }
    }
}

fn mismatch(member: &Member, file: &Part, found: &str) -> Option<String> {
    let expected = match (member.computed, &member.constant) {
        (Some(Computed::Sha256), _) => sha256_hex(&file.content),
        (Some(Computed::Sm3), _) => sm3_hex(&file.content),
        (Some(Computed::FileName), _) => {
            let same = file.file_name.as_deref() == Some(found);
            return (!same).then(|| "must be the file's name in the form".to_owned());
        }
        (None, Some(constant)) => {
            return (found != constant).then(|| format!("must be `{constant}`"));
        }
        (None, None) => return None,
    };
    (!found.eq_ignore_ascii_case(&expected)).then(|| "is not the digest of the file".to_owned())
}
