//! Tests what rustdoc and the compiler show of the library: samples, products, search words,
//! features.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use wxpay_codegen::Output;

use crate::support::{file, library, real};

static LIBRARY: LazyLock<Output> = LazyLock::new(|| library(&real()));

fn sources() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = LIBRARY.files.iter().filter(|(path, _)| path.ends_with(".rs"));
    files.map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).expect("text")))
}

/// The numbers of modules and of operations that each alias finds.
fn aliases() -> BTreeMap<&'static str, (usize, usize)> {
    let mut found: BTreeMap<_, (usize, usize)> = BTreeMap::new();
    for (_, text) in sources() {
        let mut lines = text.lines().map(str::trim);
        while let Some(line) = lines.next() {
            let Some(alias) = line.strip_prefix("#[doc(alias = \"") else { continue };
            let alias = alias.strip_suffix("\")]").expect("the end of an alias");
            let mut after = lines.clone().filter(|line| !line.starts_with("#["));
            let item = after.next().expect("an item");
            let (modules, operations) = found.entry(alias).or_default();
            *if item.starts_with("pub mod ") { modules } else { operations } += 1;
        }
    }
    found
}

#[test]
fn chinese_words_find_products_and_operations() {
    let found = aliases();
    for (word, modules, operations) in [
        ("投诉", 1, 10),
        ("账单", 1, 10),
        ("进件", 1, 5),
        ("退款", 1, 20),
        ("分账", 1, 20),
        ("转账", 1, 20),
        ("发票", 1, 10),
        ("代金券", 1, 5),
    ] {
        let (in_modules, in_operations) = found.get(word).copied().unwrap_or_default();
        assert!(in_modules >= modules, "{word}: {in_modules} modules");
        assert!(in_operations >= operations, "{word}: {in_operations} operations");
    }
    // Whole titles of products and of operations.
    for title in ["消费者投诉", "特约商户进件", "申请退款"] {
        assert!(found.contains_key(title), "{title}");
    }
}

#[test]
fn aliases_are_words_with_few_results() {
    let found = aliases();
    for text in ["查询", "付通", "员卡", "付分"] {
        assert!(!found.contains_key(text), "{text}");
    }
    let too_many = found.iter().filter(|(_, (_, operations))| *operations > 200);
    assert_eq!(too_many.count(), 0);
}

/// The doc comment and the attributes of each method that makes a call.
fn calls() -> Vec<(String, String)> {
    let mut calls = Vec::new();
    for (path, text) in sources() {
        for (before, _) in text.split("    pub fn ").zip(text.split("    pub fn ").skip(1)).filter(
            |(_, method)| {
                let signature = method.split('{').next().unwrap_or_default();
                signature.contains("codegen::Call<") || signature.contains("codegen::DownloadCall<")
            },
        ) {
            let docs = before.rsplit("\n\n").next().unwrap_or_default();
            calls.push((path.to_owned(), docs.to_owned()));
        }
    }
    calls
}

#[test]
fn each_operation_shows_its_call_its_product_and_its_feature() {
    let calls = calls();
    assert_eq!(calls.len(), LIBRARY.counts.operations);
    for (path, docs) in calls {
        assert!(docs.contains("Product: "), "{path}:\n{docs}");
        assert!(
            docs.contains("cargo feature `") || docs.contains("in every build"),
            "{path}:\n{docs}"
        );
        // Doctests see a longer fence around the sample's own fence, so that they skip the sample.
        let (_, sample) = docs
            .split_once("    #[cfg_attr(doctest, doc = \"````text\")]\n    /// ```\n    /// ")
            .unwrap_or_else(|| panic!("{path}:\n{docs}"));
        let (sample, _) = sample.split_once("    /// ```\n").expect("the end of the sample");
        assert!(sample.contains("wx") && sample.contains(".await?"), "{path}:\n{sample}");
        assert!(
            sample.lines().skip(1).all(|line| line.starts_with("    ///")),
            "{path}:\n{sample}"
        );
    }
}

#[test]
fn modules_carry_the_title_of_their_product() {
    let root = file(&LIBRARY, "v3/mod.rs");
    let docs = "/// 分账: `/v3/profitsharing`\n///\n/// Product: 分账 (cargo feature `profitsharing`).\n\
                #[doc(alias = \"分账\")]\n#[cfg(feature = \"profitsharing\")]\npub mod profitsharing;\n";
    assert!(root.contains(docs));
    assert!(
        root.contains("/// 营销与经营工具: `/v3/marketing`\n"),
        "several families are below it"
    );
}

/// Compiles the library's methods for features that are off, together with a caller.
fn compile(caller: &str) -> String {
    let root = file(&LIBRARY, "mod.rs");
    let (_, behind) = root.split_once("pub mod behind {\n").expect("the messages");
    let (behind, _) = behind.split_once("\n}\n").expect("the end of the messages");
    let node = |path: &str, feature: &str| {
        let text = file(&LIBRARY, path);
        let attribute = format!("    #[cfg(not({feature}))]\n");
        let (_, method) =
            text.split_once(&attribute).unwrap_or_else(|| panic!("{path}: {feature}"));
        let (method, _) = method.split_once("\n    }\n").expect("the end of the method");
        format!("{method}\n    }}\n")
    };
    let profitsharing = node("v3/mod.rs", "feature = \"profitsharing\"");
    let brand = node("v3/mod.rs", "any(feature = \"brand\", feature = \"brand-partner\")");
    let source = format!(
        "#![allow(non_camel_case_types)]\npub mod behind {{\n{behind}\n}}\npub mod v3 {{\npub struct V3;\nimpl V3 \
         {{\n{profitsharing}{brand}}}\n}}\n{caller}\n"
    );
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut rustc = Command::new(rustc)
        .args([
            "--edition=2024",
            "--crate-type=lib",
            "--crate-name=caller",
            "--emit=metadata=-",
            "-",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the compiler starts");
    let mut stdin = rustc.stdin.take().expect("its input");
    stdin.write_all(source.as_bytes()).expect("it reads");
    drop(stdin);
    let output = rustc.wait_with_output().expect("it ends");
    assert!(
        caller.is_empty() == output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stderr).expect("messages are text")
}

#[test]
fn the_compiler_names_only_the_missing_feature() {
    compile("");
    let call = "pub async fn split(wx: v3::V3) { let order = wx.profitsharing().orders().post(|r| \
                r.appid(\"1\").receivers(|list| list.push(|r| r.amount(1)))).await; \
                println!(\"{}\", order.order_id); }";
    let stderr = compile(call);
    assert!(
        stderr.starts_with("error[E0277]: 分账 is behind the cargo feature `profitsharing`\n"),
        "{stderr}"
    );
    assert!(stderr.contains("enable the feature `profitsharing` of `wxpay-api`"), "{stderr}");
    assert!(stderr.contains("`cargo add wxpay-api --features profitsharing`"), "{stderr}");
    assert_eq!(stderr.matches("error[").count(), 1, "{stderr}");

    let stderr = compile("pub fn brand(wx: v3::V3) { wx.brand().partner(); }");
    assert!(stderr.contains("behind the cargo features `brand`, `brand-partner`"), "{stderr}");
    assert_eq!(stderr.matches("error[").count(), 1, "{stderr}");
}
