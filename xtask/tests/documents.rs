//! What the documents say of the code is there.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What stands between single back-ticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn wxpay_api() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wxpay-api")
}

/// Whether a file of tests has a test function of this name.
fn has_test(file: &Path, function: &str) -> bool {
    let Ok(text) = fs::read_to_string(file) else { return false };
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let is_function = |line: &str| {
        let name = line.trim_start_matches("async ").strip_prefix("fn ");
        name.and_then(|rest| rest.split_once('(')).is_some_and(|(name, _)| name == function)
    };
    lines.iter().position(|line| is_function(line)).is_some_and(|at| {
        let attributes = lines.iter().take(at).rev().take_while(|line| line.starts_with('#'));
        let is_test = |line: &str| line == "#[test]" || line.starts_with("#[tokio::test");
        attributes.into_iter().any(|line| is_test(line))
    })
}

/// What is wrong with a row of the table: what it holds, modules, tests.
fn mistakes(row: &str) -> Vec<String> {
    let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
    let [_, modules, tests] = cells.as_slice() else { return vec!["not three cells".to_owned()] };
    let root = wxpay_api();
    let modules: Vec<_> = code(modules).collect();
    let tests: Vec<_> = code(tests).collect();
    let mut mistakes = Vec::new();
    if modules.is_empty() || tests.is_empty() {
        mistakes.push("no module or no test".to_owned());
    }
    for module in modules {
        if !root.join("src").join(module).exists() {
            mistakes.push(format!("no module {module}"));
        }
    }
    for test in tests {
        let found = test.split_once("::").is_some_and(|(file, function)| {
            ["tests", "src"].iter().any(|folder| has_test(&root.join(folder).join(file), function))
        });
        if !found {
            mistakes.push(format!("no test {test}"));
        }
    }
    mistakes
}

/// The pages about the protocol: path below `docs`, and text.
fn protocol_pages() -> Vec<(String, String)> {
    let docs = wxpay_api().join("../docs");
    let mut names = vec!["protocol.md".to_owned()];
    for entry in fs::read_dir(docs.join("protocol")).unwrap() {
        names.push(format!("protocol/{}", entry.unwrap().file_name().to_str().unwrap()));
    }
    names.sort();
    let read = |name: String| {
        let text = fs::read_to_string(docs.join(&name)).unwrap();
        (name, text)
    };
    names.into_iter().map(read).collect()
}

/// The rows of the tables that lead to modules and tests.
fn rows(text: &str) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut lines = text.lines();
    while lines.any(|line| line == "| What holds | Module | Test |") {
        rows.extend(lines.by_ref().skip(1).take_while(|line| line.starts_with("| ")));
    }
    rows
}

#[test]
fn the_protocols_tables_name_modules_and_tests_that_exist() {
    let pages = protocol_pages();
    let rows: Vec<_> = pages.iter().flat_map(|(_, text)| rows(text)).collect();
    assert!(rows.len() > 200, "{} rows", rows.len());
    let wrong: Vec<_> = rows
        .into_iter()
        .flat_map(|row| mistakes(row).into_iter().map(move |mistake| format!("{mistake}: {row}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_security_review_names_tests_that_exist() {
    let root = wxpay_api();
    let text = fs::read_to_string(root.join("../docs/security.md")).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| "));
    let named: Vec<_> = rows.flat_map(code).filter(|name| name.contains(".rs")).collect();
    assert!(named.len() > 40, "{} names", named.len());
    let exists = |name: &str| {
        let tests = [root.join("tests"), root.join(".."), root.join("src"), root.clone()];
        match name.split_once("::") {
            Some((file, function)) => tests.iter().any(|root| has_test(&root.join(file), function)),
            None => tests.iter().any(|root| root.join(name).exists()),
        }
    };
    let wrong: Vec<_> = named.into_iter().filter(|name| !exists(name)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The anchors of a page's headings, as GitHub and rustdoc both derive them.
fn anchors(text: &str) -> Vec<String> {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let mut fenced = false;
    let mut anchors = Vec::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        let title = line.trim_start_matches('#');
        if !fenced && title.len() < line.len() && title.starts_with(' ') {
            let anchor: String = title.trim().to_lowercase().chars().filter(kept).collect();
            anchors.push(anchor.replace(' ', "-"));
        }
    }
    anchors
}

/// The sections that a page refers to, with their targets: `[§1.1]: signing.md#11-the-message`.
fn definitions(text: &str) -> Vec<(&str, &str)> {
    text.lines()
        .filter(|line| line.starts_with("[§"))
        .filter_map(|line| line.split_once(": "))
        .collect()
}

/// Whether the pages have what a link leads to: a page by its path below `docs`, or a heading of it.
fn opens(pages: &[(String, String)], page: &str, anchor: Option<&str>) -> bool {
    pages.iter().any(|(name, text)| {
        name == page
            && anchor.is_none_or(|anchor| anchors(text).iter().any(|found| found == anchor))
    })
}

/// Page and anchor of a link in rustdoc, such as `crate::docs::protocol::signing#11-the-message`.
fn rustdoc_target(link: &str) -> (String, Option<&str>) {
    let (path, anchor) =
        link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let path = path.trim_start_matches("crate::docs::").replace("::", "/");
    (format!("{path}.md"), anchor)
}

#[test]
fn links_between_the_protocols_pages_open() {
    let pages = protocol_pages();
    let mut wrong = Vec::new();
    for (name, text) in &pages {
        for reference in text.split("[§").skip(1).filter_map(|rest| rest.split(']').next()) {
            if !text.contains(&format!("\n[§{reference}]: ")) {
                wrong.push(format!("{name}: [§{reference}] has no target"));
            }
        }
        for (_, target) in definitions(text) {
            let (file, anchor) =
                target.split_once('#').map_or((target, None), |(f, a)| (f, Some(a)));
            let page = match (file.strip_prefix("../"), name.rsplit_once('/')) {
                (Some(above), _) => above.to_owned(),
                (None, _) if file.is_empty() => name.clone(),
                (None, Some((folder, _))) => format!("{folder}/{file}"),
                (None, None) => file.to_owned(),
            };
            if !opens(&pages, &page, anchor) {
                wrong.push(format!("{name}: {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rustdoc_has_a_target_for_every_section() {
    let pages = protocol_pages();
    let links = fs::read_to_string(wxpay_api().join("src/docs/links.md")).unwrap();
    let known = definitions(&links);
    assert!(known.len() > 50, "{} sections", known.len());
    for (section, target) in &known {
        let (page, anchor) = rustdoc_target(target);
        assert!(opens(&pages, &page, anchor), "{section}: {target}");
    }
    for (section, _) in pages.iter().flat_map(|(_, text)| definitions(text)) {
        assert!(known.iter().any(|(name, _)| *name == section), "{section} is not in links.md");
    }
}

#[test]
fn the_package_contains_the_protocols_pages() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let list = ["package", "--list", "--allow-dirty", "--offline", "--package", "wxpay-api"];
    let output = Command::new(cargo).args(list).current_dir(wxpay_api()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    for (name, _) in protocol_pages() {
        assert!(listed.lines().any(|line| line == format!("docs/{name}")), "{name}");
    }
    assert!(listed.lines().any(|line| line == "src/docs/links.md"));
}

/// All files with this ending below a folder.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
    found
}

/// The links in a text that begin with `start`.
fn links(text: &str, start: &str) -> Vec<String> {
    let ends = |c: char| !(c.is_alphanumeric() || matches!(c, ':' | '#' | '-' | '_' | '/' | '.'));
    let rests = text.split(start).skip(1).filter_map(|rest| rest.split(ends).next());
    rests.map(|rest| format!("{start}{rest}")).collect()
}

#[test]
fn citations_of_the_protocol_in_the_code_open() {
    let pages = protocol_pages();
    let root = wxpay_api().join("..");
    let mut wrong = Vec::new();
    let mut cited = 0;
    for folder in ["wxpay-api/src", "wxpay-api/tests", "wxpay-spec/src", "wxpay-codegen/src"] {
        for file in files(&root.join(folder), "rs") {
            let text = fs::read_to_string(&file).unwrap();
            let (rustdoc, paths) =
                (links(&text, "crate::docs::protocol"), links(&text, "docs/protocol"));
            let rustdoc = rustdoc.iter().map(|link| rustdoc_target(link));
            let paths = paths.iter().map(|path| {
                let page = path.trim_start_matches("docs/").trim_end_matches('.');
                (page.to_owned(), None)
            });
            for (page, anchor) in rustdoc.chain(paths) {
                cited += 1;
                if !opens(&pages, &page, anchor) {
                    wrong.push(format!("{}: {page} {anchor:?}", file.display()));
                }
            }
            if text.contains("PROTOCOL §") || text.contains("PROTOCOL,") {
                wrong.push(format!("{}: a citation that leads nowhere", file.display()));
            }
        }
    }
    assert!(cited > 100, "{cited} citations");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_missing_is_noticed() {
    let module = "`protocol/sign/message.rs`";
    let test = "`protocol/authorization.rs::the_message_ends_every_line`";
    assert!(mistakes(&format!("| Five lines | {module} | {test} |")).is_empty());
    for (modules, tests) in [
        ("", test),
        (module, ""),
        ("`protocol/messages.rs`", test),
        (module, "`protocol/authorization.rs::another`"),
        // A function, but no test.
        (module, "`protocol/authorization.rs::authorization`"),
        (module, "`protocol/another.rs::the_message_ends_every_line`"),
    ] {
        let row = format!("| Five lines | {modules} | {tests} |");
        assert_eq!(mistakes(&row).len(), 1, "{row}");
    }
}

/// The names of the examples: `blocking.rs` and `shop/main.rs`.
fn examples() -> Vec<(String, String)> {
    let root = wxpay_api().join("examples");
    let mut found = Vec::new();
    for entry in fs::read_dir(&root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.join("main.rs").is_file() {
            found.push((name.clone(), format!("{name}/main.rs")));
        } else if path.is_file() {
            found.push((name.clone(), format!("{name}.rs")));
        }
    }
    found
}

#[test]
fn the_front_pages_list_every_example() {
    let examples = examples();
    assert!(examples.len() > 5, "{examples:?}");
    for page in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(wxpay_api().join("..").join(page)).unwrap();
        for (name, file) in &examples {
            let link = format!("| [`{name}`](wxpay-api/examples/{file}) | ");
            assert!(text.contains(&link), "{page} does not list {name}");
        }
    }
}

#[test]
fn links_to_the_examples_open() {
    let root = wxpay_api().join("..");
    let pages = [
        ("README.md", "wxpay-api/examples"),
        ("README.zh-CN.md", "wxpay-api/examples"),
        ("docs/guide.md", "../wxpay-api/examples"),
        ("docs/guide.zh-CN.md", "../wxpay-api/examples"),
    ];
    for (page, start) in pages {
        let file = root.join(page);
        let text = fs::read_to_string(&file).unwrap();
        let links = links(&text, &format!("]({start}/"));
        assert!(!links.is_empty(), "{page}");
        for link in links {
            let target = link.trim_start_matches("](");
            assert!(file.with_file_name(target).is_file(), "{page}: {target}");
        }
    }
}
