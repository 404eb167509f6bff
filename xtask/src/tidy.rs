use std::collections::BTreeMap;
use std::error::Error;
use std::{fs, io};

use wxpay_spec::model::Spec;
use wxpay_spec::write;

use crate::comments::comments;
use crate::output;
use crate::workspace::Workspace;

/// Gives every descriptor the canonical layout; a file with YAML comments, which would be lost, is
/// left alone and named.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Box<dyn Error>> {
    let spec = wxpay_spec::load(&workspace.descriptors())?;
    let mut written = 0;
    let mut refused = 0;
    for (place, wanted) in untidy(workspace, &spec)? {
        let file = workspace.descriptors().join(&place);
        let text = fs::read_to_string(&file)?;
        let comments = comments(&text);
        if comments.is_empty() {
            output::replace(&file, wanted.as_bytes())?;
            written += 1;
        } else {
            refused += 1;
        }
        for (line, comment) in comments {
            eprintln!("{place}:{line}: would be lost, say it in a `note`: {comment}");
        }
    }
    println!("{written} files written");
    if refused > 0 {
        return Err(format!("{refused} files with comments were left alone").into());
    }
    Ok(())
}

/// The descriptors that are laid out in another way, and the canonical text of each.
pub(crate) fn untidy(workspace: &Workspace, spec: &Spec) -> io::Result<BTreeMap<String, String>> {
    let mut untidy = BTreeMap::new();
    for (place, wanted) in write::files(spec) {
        if fs::read_to_string(workspace.descriptors().join(&place))? != wanted {
            untidy.insert(place, wanted);
        }
    }
    Ok(untidy)
}
