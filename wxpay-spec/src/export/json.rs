//! JSON whose objects keep their order, which is the official order of fields.

use serde_json::Value;

/// A JSON value.
#[derive(Clone, Debug)]
pub(super) enum Json {
    Scalar(Value),
    List(Vec<Json>),
    Object(Object),
}

/// The members of a JSON object, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Object(Vec<(String, Json)>);

impl Object {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn put(&mut self, key: impl Into<String>, value: impl Into<Json>) {
        self.0.push((key.into(), value.into()));
    }

    /// Returns the object with one more member.
    pub(super) fn with(mut self, key: impl Into<String>, value: impl Into<Json>) -> Self {
        self.put(key, value);
        self
    }

    /// Adds a member, if there is a value.
    pub(super) fn put_some(&mut self, key: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    /// Adds a list, unless it is empty.
    pub(super) fn put_list<T: Into<Json>>(
        &mut self,
        key: &str,
        items: impl IntoIterator<Item = T>,
    ) {
        let items: Vec<Json> = items.into_iter().map(Into::into).collect();
        if !items.is_empty() {
            self.put(key, Json::List(items));
        }
    }

    /// Adds an object, unless it is empty.
    pub(super) fn put_object(&mut self, key: &str, object: Self) {
        if !object.is_empty() {
            self.put(key, object);
        }
    }

    /// Adds the members of another object.
    pub(super) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Writes the object as a file, with a line for each member that does not fit on one.
    pub(super) fn text(self) -> String {
        let mut text = String::new();
        Json::Object(self).write(0, &mut text);
        text.push('\n');
        text
    }
}

impl<K: Into<String>, V: Into<Json>> FromIterator<(K, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        Self(members.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::Scalar(value)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Scalar(text.into())
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Self {
        Self::Scalar(text.as_str().into())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Scalar(text.into())
    }
}

impl From<bool> for Json {
    fn from(truth: bool) -> Self {
        Self::Scalar(truth.into())
    }
}

impl From<u64> for Json {
    fn from(number: u64) -> Self {
        Self::Scalar(number.into())
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

/// The longest line that holds a whole list or object.
const LINE: usize = 100;

impl Json {
    fn write(&self, depth: usize, text: &mut String) {
        if let Some(line) = self.line() {
            text.push_str(&line);
            return;
        }
        let (open, close) = if matches!(self, Self::List(_)) { ('[', ']') } else { ('{', '}') };
        text.push(open);
        match self {
            Self::Scalar(_) => {}
            Self::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    new_line(at > 0, depth + 1, text);
                    item.write(depth + 1, text);
                }
            }
            Self::Object(Object(members)) => {
                for (at, (key, value)) in members.iter().enumerate() {
                    new_line(at > 0, depth + 1, text);
                    text.push_str(&quoted(key));
                    text.push_str(": ");
                    value.write(depth + 1, text);
                }
            }
        }
        new_line(false, depth, text);
        text.push(close);
    }

    /// Writes a value on one line; `None` if it is too long or holds lists or objects with content.
    fn line(&self) -> Option<String> {
        let line = match self {
            Self::Scalar(value) => return Some(value.to_string()),
            Self::List(items) => {
                let items = items.iter().map(Self::scalar).collect::<Option<Vec<_>>>()?;
                format!("[{}]", items.join(", "))
            }
            Self::Object(Object(members)) => {
                let member = |(key, value): &(String, Self)| {
                    Some(format!("{}: {}", quoted(key), value.scalar()?))
                };
                let members = members.iter().map(member).collect::<Option<Vec<_>>>()?;
                if members.is_empty() {
                    return Some("{}".to_owned());
                }
                format!("{{ {} }}", members.join(", "))
            }
        };
        (line.chars().count() <= LINE).then_some(line)
    }

    fn scalar(&self) -> Option<String> {
        match self {
            Self::Scalar(value) => Some(value.to_string()),
            Self::List(_) | Self::Object(_) => None,
        }
    }
}

fn new_line(is_behind_another: bool, depth: usize, text: &mut String) {
    text.push_str(if is_behind_another { ",\n" } else { "\n" });
    text.extend(std::iter::repeat_n("  ", depth));
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
