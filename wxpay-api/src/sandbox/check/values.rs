//! Checks values of a request against their schemas, and decrypts its secrets.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::formats;
use crate::protocol::{DecryptError, PrivateKey};
use crate::sandbox::book::{Book, BookMember, Schema, SecretContent};
use crate::sandbox::refusal::{Location, Problem};

/// What the sandbox does with a text or a list that is longer or shorter than the documents say.
///
/// The documents' lengths are of mixed age, and WeChat Pay does not enforce all of them. The sandbox therefore only
/// notes a departure, unless a test wants more.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sandbox) struct LengthPolicy {
    /// Whether a departure is a reason to refuse the request.
    pub(in crate::sandbox) refuse: bool,
    /// Whether texts are counted in bytes of UTF-8 instead of characters.
    pub(in crate::sandbox) bytes: bool,
}

impl LengthPolicy {
    /// Returns the length of a text and its unit.
    pub(in crate::sandbox) fn measure(self, text: &str) -> (usize, &'static str) {
        if self.bytes { (text.len(), "bytes") } else { (text.chars().count(), "characters") }
    }
}

/// Collects the problems of a request and its decrypted secrets.
pub(in crate::sandbox) struct ValueChecker<'a> {
    book: &'a Book,
    /// The private half of the key that `Wechatpay-Serial` names.
    key: Option<&'a PrivateKey>,
    lengths: LengthPolicy,
    /// Whether an encrypted value was met without a key.
    pub(in crate::sandbox) lacks_key: bool,
    pub(in crate::sandbox) problems: Vec<Problem>,
    /// Departures from the documents that are no reason to refuse the request.
    pub(in crate::sandbox) notes: Vec<Problem>,
    /// Decrypted values by key path.
    pub(in crate::sandbox) secrets: Vec<(String, Vec<u8>)>,
}

/// The place of a value in the request.
#[derive(Clone, Copy, Debug)]
struct ValuePlace<'a> {
    location: Location,
    path: &'a str,
}

impl<'a> ValueChecker<'a> {
    pub(in crate::sandbox) fn new(
        book: &'a Book,
        key: Option<&'a PrivateKey>,
        lengths: LengthPolicy,
    ) -> Self {
        Self {
            book,
            key,
            lengths,
            lacks_key: false,
            problems: Vec::new(),
            notes: Vec::new(),
            secrets: Vec::new(),
        }
    }

    pub(in crate::sandbox) fn problem(
        &mut self,
        location: Location,
        field: impl Into<String>,
        issue: impl Into<String>,
    ) {
        self.problems.push(Problem { field: field.into(), issue: issue.into(), location });
    }

    /// Checks a JSON document: a body.
    pub(in crate::sandbox) fn document(
        &mut self,
        location: Location,
        schema: &Schema,
        document: &Value,
    ) {
        self.value(ValuePlace { location, path: "" }, schema, document, None);
    }

    /// Checks the members of an object, or the parameters of a URL, a query, headers or a form.
    pub(in crate::sandbox) fn members(
        &mut self,
        location: Location,
        members: &[BookMember],
        object: &Map<String, Value>,
    ) {
        self.object(ValuePlace { location, path: "" }, members, object);
    }

    fn object(
        &mut self,
        place: ValuePlace<'_>,
        members: &[BookMember],
        object: &Map<String, Value>,
    ) {
        for name in object.keys() {
            if !members.iter().any(|member| member.name == *name) {
                let field = join(place.path, name);
                self.problem(place.location, field, "is not a member that this operation has");
            }
        }
        for member in members {
            let path = join(place.path, &member.name);
            let place = ValuePlace { path: &path, ..place };
            match object.get(&member.name) {
                Some(value) => self.member(place, member, value),
                None if member.required => self.report(place, "is required"),
                None => {}
            }
        }
    }

    fn member(&mut self, place: ValuePlace<'_>, member: &BookMember, value: &Value) {
        match value {
            Value::Null => self.report(place, "must not be null; leave the member out"),
            Value::String(text) if text.is_empty() && member.required => {
                self.report(place, "must not be empty");
            }
            // WeChat Pay treats an empty optional text as absent, and never encrypts it.
            Value::String(text) if text.is_empty() && self.is_text(&member.schema) => {}
            value => self.value(place, &member.schema, value, Some(member)),
        }
    }

    fn value(
        &mut self,
        place: ValuePlace<'_>,
        schema: &Schema,
        value: &Value,
        limits: Option<&BookMember>,
    ) {
        match (self.book.resolve(schema), value) {
            (Schema::Json, _) | (Schema::Boolean, Value::Bool(_)) => {}
            (Schema::String { format }, Value::String(text)) => {
                self.text(place, text, limits);
                if let Some(issue) = format.as_deref().and_then(|it| formats::problem(it, text)) {
                    self.report(place, issue);
                }
            }
            (Schema::Secret { content }, Value::String(text)) => {
                self.secret(place, *content, text, limits);
            }
            (Schema::JsonText { content }, Value::String(text)) => {
                self.json_text(place, content, text);
            }
            (Schema::Integer, Value::Number(number)) if number.is_i64() => {
                self.range(place, number.as_f64(), limits);
            }
            (Schema::Number, Value::Number(number)) => self.range(place, number.as_f64(), limits),
            (Schema::Enum { values, integer: false }, Value::String(text)) => {
                self.one_of(place, values, text);
            }
            (Schema::Enum { values, integer: true }, Value::Number(number)) => {
                self.one_of(place, values, &number.to_string());
            }
            (Schema::Object { members }, Value::Object(object)) => {
                self.object(place, members, object);
            }
            (Schema::List { items }, Value::Array(list)) => self.list(place, items, list, limits),
            (expected, found) => {
                let issue = format!("must be {}, not {}", kind(expected), json_kind(found));
                self.report(place, issue);
            }
        }
    }

    fn list(
        &mut self,
        place: ValuePlace<'_>,
        items: &Schema,
        list: &[Value],
        limits: Option<&BookMember>,
    ) {
        self.length(place, (list.len(), "elements"), limits);
        for (index, item) in list.iter().enumerate() {
            let path = format!("{}[{index}]", place.path);
            let place = ValuePlace { path: &path, ..place };
            match item {
                Value::Null => self.report(place, "must not be null"),
                item => self.value(place, items, item, None),
            }
        }
    }

    fn text(&mut self, place: ValuePlace<'_>, text: &str, limits: Option<&BookMember>) {
        if text.chars().any(|character| character.len_utf8() > 3) {
            self.report(place, "must not have characters of four UTF-8 bytes, such as emoji");
        }
        self.length(place, self.lengths.measure(text), limits);
        self.pattern(place, text, limits);
    }

    fn pattern(&mut self, place: ValuePlace<'_>, text: &str, limits: Option<&BookMember>) {
        let Some(pattern) = limits.and_then(|member| member.pattern.as_ref()) else {
            return;
        };
        // The loader of descriptors reports an invalid pattern; here it is ignored.
        let whole = Regex::new(&format!("^(?:{pattern})$"));
        if whole.is_ok_and(|whole| !whole.is_match(text)) {
            self.report(place, format!("must match {pattern}"));
        }
    }

    fn json_text(&mut self, place: ValuePlace<'_>, content: &Schema, text: &str) {
        match serde_json::from_str(text) {
            Ok(document) => self.value(place, content, &document, None),
            Err(_) => self.report(place, "must be JSON inside a string"),
        }
    }

    fn one_of(&mut self, place: ValuePlace<'_>, values: &[String], found: &str) {
        if !values.iter().any(|value| value == found) {
            self.report(place, format!("must be one of {}", values.join(", ")));
        }
    }

    /// Decrypts and checks an encrypted member (docs/protocol/encryption.md §5).
    fn secret(
        &mut self,
        place: ValuePlace<'_>,
        content: SecretContent,
        ciphertext: &str,
        limits: Option<&BookMember>,
    ) {
        // The check of the headers reports the missing key.
        let Some(key) = self.key else {
            self.lacks_key = true;
            return;
        };
        let plain = match key.decrypt(ciphertext) {
            Ok(plain) => plain,
            Err(DecryptError::Base64 | DecryptError::Length { .. }) => {
                return self.report(place, "must be encrypted (RSA-OAEP with SHA-1, in Base64)");
            }
            Err(_) => {
                return self.report(
                    place,
                    "does not decrypt with the key that Wechatpay-Serial names \
                     (RSA-OAEP with SHA-1 is needed)",
                );
            }
        };
        if content == SecretContent::Text {
            match std::str::from_utf8(&plain) {
                Ok(text) => self.text(place, text, limits),
                Err(_) => self.report(place, "decrypts to something that is not UTF-8"),
            }
        }
        self.secrets.push((place.path.to_owned(), plain.to_vec()));
    }

    fn length(
        &mut self,
        place: ValuePlace<'_>,
        (length, unit): (usize, &str),
        limits: Option<&BookMember>,
    ) {
        let Some((least, most)) = limits.and_then(|member| member.length) else {
            return;
        };
        let issue = if length < least {
            format!("must have at least {least} {unit}, not {length}")
        } else if let Some(most) = most.filter(|most| length > *most) {
            format!("must have at most {most} {unit}, not {length}")
        } else {
            return;
        };
        if self.lengths.refuse {
            return self.report(place, issue);
        }
        let (field, location) = (place.path.to_owned(), place.location);
        self.notes.push(Problem { field, issue, location });
    }

    fn range(&mut self, place: ValuePlace<'_>, number: Option<f64>, limits: Option<&BookMember>) {
        let (Some(number), Some((least, most))) =
            (number, limits.and_then(|member| member.range.as_ref()))
        else {
            return;
        };
        let bound = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
        if let Some(least) = bound(least).filter(|least| number < *least) {
            self.report(place, format!("must be at least {least}"));
        } else if let Some(most) = bound(most).filter(|most| number > *most) {
            self.report(place, format!("must be at most {most}"));
        }
    }

    fn is_text(&self, schema: &Schema) -> bool {
        matches!(self.book.resolve(schema), Schema::String { .. } | Schema::Secret { .. })
    }

    fn report(&mut self, place: ValuePlace<'_>, issue: impl Into<String>) {
        let field = if place.path.is_empty() { "/" } else { place.path };
        self.problem(place.location, field, issue);
    }
}

/// Joins the key path of a member.
pub(in crate::sandbox) fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Names the kind of JSON of a schema.
pub(in crate::sandbox) fn kind(schema: &Schema) -> &'static str {
    match schema {
        Schema::String { .. } | Schema::Enum { integer: false, .. } => "a string",
        Schema::Integer | Schema::Enum { integer: true, .. } => "an integer",
        Schema::Number => "a number",
        Schema::Boolean => "a boolean",
        Schema::Secret { .. } => "an encrypted string",
        Schema::Object { .. } => "an object",
        Schema::List { .. } => "a list",
        Schema::JsonText { .. } => "a string with JSON inside",
        Schema::Json | Schema::Named { .. } => "JSON",
    }
}

/// Names the kind of a JSON value.
pub(in crate::sandbox) fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
