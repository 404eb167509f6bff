//! Reads a multipart body.

#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content: Vec<u8>,
}

/// The parts of a body whose content type names the boundary.
pub(crate) fn parts(content_type: &str, body: &[u8]) -> Vec<Part> {
    let boundary = content_type.split_once("boundary=").expect("a boundary").1;
    let body = String::from_utf8(body.to_vec()).expect("the samples' files are text");
    let (parts, end) = body.rsplit_once(&format!("--{boundary}--")).expect("an end");
    assert_eq!(end, "\r\n");
    let delimiter = format!("--{boundary}\r\n");
    parts.split(&delimiter).skip(1).map(part).collect()
}

fn part(text: &str) -> Part {
    let (head, content) = text.split_once("\r\n\r\n").expect("a head");
    let quoted = |key: &str| {
        let (_, value) = head.split_once(&format!("{key}=\""))?;
        Some(value.split_once('"')?.0.to_owned())
    };
    Part {
        name: quoted(" name").expect("a name"),
        file_name: quoted("filename"),
        content: content.strip_suffix("\r\n").expect("a line break").as_bytes().to_vec(),
    }
}
