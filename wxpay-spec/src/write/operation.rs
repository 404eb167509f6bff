use super::field::{body, fields};
use super::node::Mapping;
use super::scalar::Scalar;
use crate::model::{Download, Input, Integrity, Method, Operation, Repeat, Response, Role, Upload};

pub(super) fn operation(method: Method, operation: &Operation, family: &str) -> Mapping {
    let mut entry = Mapping::one_per_line([]);
    entry.text("title", Some(&operation.title));
    entry.texts("docs", &operation.docs);
    entry.texts("roles", &roles(&operation.roles));
    entry.text("updated", operation.updated.as_deref());
    entry.text("deprecated", operation.deprecated.as_deref());
    entry.text("note", operation.note.as_deref());
    entry.text("corrects", operation.corrects.as_deref());
    entry.text("repeat", repeat(method, &operation.repeat));
    entry.mapping("path", fields(&operation.path, family));
    entry.mapping("query", fields(&operation.query, family));
    entry.mapping("header", fields(&operation.header, family));
    match &operation.input {
        Input::None => {}
        Input::Json(request) => entry.push("request", body(request, family)),
        Input::Upload(given) => entry.push("upload", upload(given, family)),
    }
    response(&mut entry, &operation.response, family);
    entry
}

fn roles(roles: &[Role]) -> Vec<&'static str> {
    let key =
        |role: &Role| Role::ALL.iter().find(|(known, ..)| known == role).map(|(_, key, _)| *key);
    roles.iter().filter_map(key).collect()
}

/// What the method does not say by itself.
fn repeat(method: Method, repeat: &Repeat) -> Option<&str> {
    match repeat {
        Repeat::Safe => (method != Method::Get).then_some("safe"),
        Repeat::Never => (method == Method::Get).then_some("never"),
        Repeat::NaturalKey(member) => Some(member),
    }
}

fn upload(upload: &Upload, family: &str) -> Mapping {
    let mut entry = Mapping::one_per_line([]);
    entry.push("meta", fields(&upload.meta, family));
    entry.text("file", Some(upload.file.as_str()).filter(|name| *name != "file"));
    entry.mapping("parts", fields(&upload.parts, family));
    entry
}

/// The status stands before the answer, which may be long.
fn response(entry: &mut Mapping, response: &Response, family: &str) {
    match response {
        Response::None { status } => {
            self::status(entry, *status, 204);
            entry.text("response", Some("none"));
        }
        Response::Json { status, body: answer } => {
            self::status(entry, *status, 200);
            entry.push("response", body(answer, family));
        }
        Response::Download(given) => entry.push("download", download(given)),
    }
}

fn status(entry: &mut Mapping, status: u16, usual: u16) {
    if status != usual {
        entry.push("status", Scalar::word(status.to_string()));
    }
}

fn download(download: &Download) -> Mapping {
    let mut entry = Mapping::default();
    entry.texts("media", &download.media);
    let integrity = match download.integrity {
        Integrity::None => "none",
        Integrity::Sha1 => "sha1",
        Integrity::SignedDigest => "signed-digest",
    };
    entry.text("integrity", Some(integrity));
    entry
}
