//! The lines of the library's `lib.rs` that declare the generated modules.

use std::collections::BTreeSet;

const START: &str = "// Generated modules. `cargo xtask regen` writes these lines.\n";
const END: &str = "// The end of the generated modules.\n";

/// Writes `lib.rs` with one public module per first segment of the URLs, and the notifications.
///
/// `files` are the paths below the folder of generated code.
///
/// # Errors
///
/// `lib.rs` lacks the comments that mark the lines.
pub(crate) fn with_modules<'a>(
    lib: &str,
    files: impl IntoIterator<Item = &'a str>,
) -> Result<String, String> {
    let (before, rest) = lib.split_once(START).ok_or_else(|| missing(START))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| missing(END))?;
    let names = files.into_iter().filter_map(|path| path.strip_suffix("/mod.rs"));
    let names: BTreeSet<_> = names.filter(|name| !name.contains('/')).collect();
    let lines: String = names.into_iter().map(declaration).collect();
    Ok(format!("{before}{START}{lines}{END}{after}"))
}

fn declaration(name: &str) -> String {
    let raw = if syn::parse_str::<syn::Ident>(name).is_ok() { "" } else { "r#" };
    format!("#[rustfmt::skip]\n#[path = \"generated/{name}/mod.rs\"]\npub mod {raw}{name};\n")
}

fn missing(line: &str) -> String {
    format!(
        "wxpay-api/src/lib.rs lacks the line `{}`, beside which regen declares modules",
        line.trim()
    )
}

#[cfg(test)]
mod tests {
    use super::{END, START, with_modules};

    #[test]
    fn modules_come_and_go_with_their_files() {
        let lib = format!("mod client;\n\n{START}pub mod gone;\n{END}\nmod wire;\n");
        let files =
            ["mod.rs", "sandbox.rs", "v3/mod.rs", "v3/pay.rs", "v3/pay/mod.rs", "type/mod.rs"];
        let expected = format!(
            "mod client;\n\n{START}\
             #[rustfmt::skip]\n#[path = \"generated/type/mod.rs\"]\npub mod r#type;\n\
             #[rustfmt::skip]\n#[path = \"generated/v3/mod.rs\"]\npub mod v3;\n\
             {END}\nmod wire;\n"
        );
        assert_eq!(with_modules(&lib, files), Ok(expected.clone()));
        assert_eq!(with_modules(&expected, files), Ok(expected));
    }

    #[test]
    fn a_file_without_the_marks_is_an_error() {
        for lib in [String::new(), START.to_owned(), END.to_owned(), format!("{END}{START}")] {
            let written = with_modules(&lib, []);
            let lacks = |error: &String| error.contains("lib.rs lacks the line `// ");
            assert!(written.as_ref().is_err_and(lacks), "{written:?}");
        }
    }
}
