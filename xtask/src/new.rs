//! `new`: starts a descriptor.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;

use wxpay_spec::model::Method;

use crate::output::say;
use crate::workspace::{Workspace, replace};

/// The placeholder for the title of an operation.
pub(crate) const TITLE: &str = "？接口名称";
/// The placeholder for the title of a field.
pub(crate) const FIELD_TITLE: &str = "？字段名称";
/// An example of the skeleton's only member, as nobody uses it.
const MEMBER: &str = "mchid: { type: string, title: ？字段名称, example: \"1230000109\" }";

/// Reads an HTTP method from the command line, ignoring case.
pub(crate) fn method(text: &str) -> Result<Method, String> {
    let found = Method::ALL.into_iter().find(|method| method.key().eq_ignore_ascii_case(text));
    found.ok_or_else(|| "expected GET, POST, PUT, PATCH or DELETE".to_owned())
}

/// Writes a descriptor to be filled in, or adds a method to an existing one.
pub(crate) fn run(workspace: &Workspace, method: Method, path: &str) -> Result<(), Box<dyn Error>> {
    check_path(path)?;
    let file = format!("endpoints{}.yaml", path.trim_end_matches('/'));
    let file = file.split('/').fold(workspace.descriptors(), |file, part| file.join(part));
    let relative = workspace.shown(&file).to_string();
    let existing = match file.exists() {
        true => Some(fs::read_to_string(&file)?),
        false => None,
    };
    if let Some(text) = &existing
        && !text.lines().any(|line| line.trim_end() == format!("path: {path}"))
    {
        return Err(format!("{relative} does not describe `{path}`: compare its `path`").into());
    }
    let text = match existing {
        Some(text) if text.lines().any(|line| line.starts_with(&format!("{}:", method.key()))) => {
            return Err(format!("{relative} already describes {}", method.key()).into());
        }
        Some(text) => format!("{}\n{}", text.trim_end_matches('\n'), operation(method, path)),
        None => format!("path: {path}\n{}", operation(method, path)),
    };
    replace(&file, text.as_bytes())?;
    say!("{relative}: fill in the facts of the official page, then run");
    say!("  cargo xtask check    to see what is still wrong");
    say!("  cargo xtask regen    to get the typed method");
    say!("docs/descriptor.md explains every key.");
    Ok(())
}

fn check_path(path: &str) -> Result<(), String> {
    let segment = |text: &str| {
        let text = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
        let known = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !text.is_empty() && !text.starts_with('.') && text.chars().all(known)
    };
    let body = path.strip_prefix('/').map(|rest| rest.strip_suffix('/').unwrap_or(rest));
    match body {
        Some(body) if body.split('/').all(segment) => Ok(()),
        _ => Err(format!(
            "`{path}` is not a path such as /v3/payscore/serviceorder/{{out_order_no}}"
        )),
    }
}

fn operation(method: Method, path: &str) -> String {
    let mut text = format!(
        "{}:\n  title: {TITLE}\n  # docs: [https://pay.weixin.qq.com/…]\n  roles: [merchant]\n",
        method.key()
    );
    let parameters: Vec<_> = path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
        .collect();
    if method != Method::Get {
        text.push_str("  # repeat: out_trade_no    (the member that makes a retry harmless, if there is one)\n");
    }
    if !parameters.is_empty() {
        text.push_str("  path:\n");
    }
    for name in parameters {
        // Writing to a `String` has no way to fail.
        let _ = writeln!(text, "    {name}: {{ type: string, title: {FIELD_TITLE} }}");
    }
    text.push_str(match method {
        Method::Get => "  query:\n",
        _ => "  request:\n",
    });
    // Writing to a `String` has no way to fail.
    let _ = writeln!(text, "    {MEMBER}\n  response:\n    {MEMBER}");
    text
}
