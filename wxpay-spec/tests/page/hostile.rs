//! Pages that want to take much time or memory end soon, with an error that says what and where.

use std::time::{Duration, Instant};

use wxpay_spec::import::{ImportError, Imported, read_page};
use wxpay_spec::model::Families;

/// Much more than any page takes, for a slow machine that runs other tests too.
const LIMIT: Duration = Duration::from_secs(20);

fn block(code: &str) -> String {
    format!("---\ntitle: 试\n---\n```js twoslash\n{code}\n```\n")
}

/// A page with one operation, whose declarations begin on line 6.
fn operation(declarations: &str) -> String {
    block(&format!("namespace WeChatPay.OpenAPI.V3.A.PostHttpMethod {{\n{declarations}\n}}"))
}

fn read(page: &str) -> Result<Imported, ImportError> {
    let start = Instant::now();
    let read = read_page(page, &Families::default());
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    read
}

fn refused(page: &str) -> String {
    read(page).map(|imported| imported.endpoints.len()).unwrap_err().to_string()
}

/// Types that name the next one twice.
fn doubling(count: usize, body: impl Fn(usize) -> String) -> String {
    (0..count).map(|at| body(at) + "\n").collect()
}

#[test]
fn types_that_double_are_refused_with_their_place() {
    let interfaces =
        doubling(18, |at| format!("interface T{at} {{ a: T{next}, b: T{next} }}", next = at + 1));
    let end = "interface T18 { x: string }\ninterface JsonDataRequest { r: T0 }";
    let page = operation(&format!("{interfaces}{end}"));
    assert!(page.len() < 1000, "{}", page.len());
    let told = refused(&page);
    assert!(told.starts_with("17:"), "{told}");
    assert!(told.contains("too large"), "{told}");

    let wide: Vec<String> = (0..9).map(|at| format!("m{at}: T{{next}}")).collect();
    let wide = doubling(6, |at| {
        let members = wide.join(", ").replace("{next}", &(at + 1).to_string());
        format!("interface T{at} {{ {members} }}")
    });
    let told = refused(&operation(&format!(
        "{wide}interface T6 {{ x: string }}\n{}",
        "interface JsonDataRequest { r: T0 }"
    )));
    assert!(told.contains("one operation may have 50000 members and values"), "{told}");
}

#[test]
fn aliases_and_bases_that_double_are_refused() {
    let aliases = doubling(30, |at| format!("type T{at} = T{next} | T{next}", next = at + 1));
    let told = refused(&operation(&format!(
        "{aliases}type T30 = 'a'\ninterface JsonDataRequest {{ r: T0 }}"
    )));
    assert!(told.contains("too large"), "{told}");
    let bases =
        doubling(30, |at| format!("interface T{at} extends T{next}, T{next} {{}}", next = at + 1));
    let told = refused(&operation(&format!(
        "{bases}interface T30 {{ x: string }}\ninterface JsonDataRequest extends T0 {{}}"
    )));
    assert!(told.contains("too large"), "{told}");
}

#[test]
fn a_long_title_counts_where_it_is_written_out() {
    let members: String = (0..9_000).map(|at| format!("m{at}: T\n")).collect();
    let title = "t".repeat(100_000);
    let told = refused(&operation(&format!(
        "interface T {{\n/** {title} */\nx: string }}\ninterface JsonDataRequest {{ {members} }}"
    )));
    assert!(told.contains("too large"), "{told}");
}

#[test]
fn deep_nesting_is_refused_where_it_is_too_deep() {
    for (opening, closing) in [("{ a: ", " }"), ("[", "]"), ("(", ")"), ("${", "}")] {
        let ty = format!("{}string{}", opening.repeat(40_000), closing.repeat(40_000));
        let told = refused(&operation(&format!("type JsonDataRequest = {ty}")));
        assert!(told.contains("nested too deep"), "{told}");
        assert!(told.starts_with("6:"), "{told}");
    }
    for (opening, closing) in [("Readonly<", ">"), ("", "[]")] {
        let ty = format!("{}string{}", opening.repeat(30_000), closing.repeat(30_000));
        let told = refused(&operation(&format!("interface JsonDataRequest {{ a: {ty} }}")));
        assert!(told.contains("inside each other"), "{told}");
    }
    let told = refused(&format!("---\na: {}\n---\n", "[".repeat(100_000)));
    assert!(told.contains("front matter"), "{told}");
}

#[test]
fn what_does_not_end_is_refused() {
    for opening in ["/* ", "const a = '", "const a = `", "const a = `${"] {
        let told = refused(&block(&format!("{opening}{}", "a ".repeat(150_000))));
        assert!(told.starts_with("5:"), "{told}");
    }
    let told = refused(&block(&format!("const a = `{}", "${".repeat(200_000))));
    assert!(told.starts_with("5:"), "{told}");
    let told = refused(&block(&"<".repeat(500_000)));
    assert!(told.starts_with("5:"), "{told}");
}

#[test]
fn a_page_of_ten_megabytes_is_refused_by_its_size() {
    let told = refused(&"a".repeat(10_000_000));
    assert_eq!(told, "too large: a page may have 512 KiB, this one has 9766 KiB; split it");
}

#[test]
fn control_characters_are_refused_at_their_place() {
    let told = refused(&block("a\nb: \u{0}"));
    assert_eq!(told, "6:4: a control character (U+0000): not a page");
    assert!(refused("\u{feff}text\u{1b}").starts_with("1:5: "));
}

#[test]
fn many_members_are_read_in_linear_time() {
    let members: String = (0..10_000).map(|at| format!("  m{at}: string // 名{at}\n")).collect();
    let values: String = (0..10_000).map(|at| format!(" | 'V{at}'")).collect();
    let sample: String = (0..10_000).map(|at| format!("m{at}: 'a',")).collect();
    let calls = format!("wxpay.v3.a.post({{ {sample} }})");
    for page in [
        operation(&format!("interface WellformedResponse {{\n{members} }}")),
        operation(&format!("interface JsonDataRequest {{ state: {values} }}")),
        operation(&format!("interface JsonDataRequest {{\n{members} }}"))
            .replace("}\n```", &format!("}}\n{calls}\n```")),
        operation(&format!(
            "interface JsonDataRequest {{ {} }}",
            members.replace("// ", "/** ").replace('\n', " */, ")
        )),
    ] {
        let imported = read(&page).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(imported.endpoints.len(), 1);
    }
}

#[test]
fn names_that_no_descriptor_has_are_left_out() {
    let long = "n".repeat(10_000);
    let page = operation(&format!(
        "interface JsonDataRequest {{ {long}: string, '': string, 'a b': string, 'a?': string, \
         '-': string, '\\u0000': string, __proto__: string, constructor: string, self: string, \
         type: string, ok: string, ok: number }}"
    ));
    let imported = read(&page).unwrap();
    let written = crate::support::text(&page);
    let described = written.split("\n5:1: ").next().unwrap();
    assert!(!described.contains("nnnnn"), "{written}");
    for name in ["__proto__", "constructor", "self", "type", "ok"] {
        assert!(written.contains(&format!("    {name}: {{ type: ")), "{written}");
    }
    assert_eq!(imported.remarks.iter().filter(|r| r.what.contains("no plain name")).count(), 6);
}

#[test]
fn a_url_that_cannot_be_a_file_is_left_out() {
    for chain in ["A".repeat(10_000), "A._empty_.B".to_owned(), "A.$".to_owned(), "你".to_owned()]
    {
        let page = block(&format!("namespace WeChatPay.OpenAPI.V3.{chain}.PostHttpMethod {{}}"));
        assert!(refused(&page).contains("not a page with an operation"), "{chain}");
    }
}
