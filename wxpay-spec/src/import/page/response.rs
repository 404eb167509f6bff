use super::piece::Piece;
use super::types::{self, Place};
use crate::model::{Body, Download, FieldType, Integrity, Response};

/// What an answer that is a file may be in TypeScript.
const FILES: [&str; 6] = ["ArrayBuffer", "Blob", "Buffer", "Readable", "Stream", "string"];

/// The answer that the declarations of one name, or a type, describe.
pub(super) fn read<'c>(answers: &[Piece<'c>], place: Place<'_, 'c>) -> Option<Response> {
    let answer = answers.first()?;
    let described = match answer.kind() {
        "type_alias_declaration" => answer.field("value").unwrap_or(*answer),
        _ => *answer,
    };
    if FILES.contains(&described.text()) {
        return Some(file(answer));
    }
    if matches!(described.text(), "void" | "undefined" | "null" | "never") {
        return Some(Response::None { statuses: vec![204] });
    }
    match types::read_all(answers, place) {
        FieldType::Object(fields) => {
            Some(Response::Json { statuses: vec![200], body: Body::Fields(fields) })
        }
        _ => None,
    }
}

/// A file, of which the page does not say more.
pub(super) fn file(at: &Piece<'_>) -> Response {
    at.remark("the answer is a file: check its `media` and `integrity`");
    let media = vec!["application/octet-stream".to_owned()];
    Response::Download(Download { media, integrity: Integrity::None })
}
