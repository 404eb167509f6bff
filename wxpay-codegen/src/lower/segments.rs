use wxpay_spec::model::Segment;

/// The segments of a path; a trailing slash adds none.
pub(super) fn segments(path: &str) -> impl Iterator<Item = Segment> + '_ {
    path.split('/').filter(|text| !text.is_empty()).map(|text| {
        match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Segment::Parameter(name.to_owned()),
            None => Segment::Literal(text.to_owned()),
        }
    })
}

/// The segment as it stands in a path.
pub(super) fn spelled(segment: &Segment) -> String {
    match segment {
        Segment::Literal(text) => text.clone(),
        Segment::Parameter(name) => format!("{{{name}}}"),
    }
}
