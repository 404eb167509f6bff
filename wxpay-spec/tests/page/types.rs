//! What TypeScript's types become: unions, times, lists and forms.

use crate::support::{remarks, text};

/// A page with these members in its path, its query and its body.
fn page(path: &str, query: &str, body: &str, more: &str) -> String {
    format!(
        "---\ntitle: 试\n---\n```js twoslash
namespace WeChatPay.OpenAPI.V3.Shop._id_.PostHttpMethod {{
  {more}
  interface RequestConfig {{ id: {path}, params: {{ {query} }}, data?: JsonDataRequest }}
  interface JsonDataRequest {{ {body} }}
  interface WellformedResponse {{ ok: string }}
}}
```
"
    )
}

/// The line of the descriptor about a member of the body, and the remarks.
fn member(ty: &str, more: &str) -> (String, String) {
    let page = page("string", "q: string", &format!("it: {ty}"), more);
    let (written, remarks) = (text(&page), remarks(&page));
    let at = written.find("    it").unwrap_or_default();
    let end = written.find("  response:").unwrap_or_default();
    (written[at..end].trim().replace("\n      ", " "), remarks)
}

#[test]
fn unions_become_the_type_that_holds_their_parts() {
    let time = "{ type: string, format: date-time }";
    for (ty, expected) in [
        ("Date", format!("it: {time}")),
        ("string | Date", format!("it: {time}")),
        ("Date | string | null", format!("it?: {time}")),
        ("(string | Date) | undefined", format!("it?: {time}")),
        ("Time", format!("it?: {time}")),
        ("(string | Date)[]", format!("it: {{ type: list, items: {time} }}")),
        ("Array<Date | string>", format!("it: {{ type: list, items: {time} }}")),
        ("string | null", "it?: { type: string }".to_owned()),
        ("number | bigint", "it: { type: integer }".to_owned()),
        ("true | false", "it: { type: boolean }".to_owned()),
        ("`a-${string}`", "it: { type: string }".to_owned()),
        ("'A' | 'B' | 'A'", "it: { type: string, enum: { A, B } }".to_owned()),
        ("'A' | string", "it: { type: string, enum: { A } }".to_owned()),
        ("1 | 2 | null", "it?: { type: integer, enum: { 1, 2 } }".to_owned()),
        ("State | 'C'", "it: { type: string, enum: { A, B, C } }".to_owned()),
        ("('A' | 'B')[]", "it: { type: list, items: { type: string, enum: { A, B } } }".to_owned()),
        (
            "Partial<Pair>",
            "it: type: object fields: a?: { type: string } b?: { type: integer }".to_owned(),
        ),
        ("Required<Loose>", "it: type: object fields: a: { type: string }".to_owned()),
    ] {
        let declared = "type Time = string | Date | null\ntype State = 'A' | 'B'\n\
                        interface Pair { a: string, b: number }\ninterface Loose { a?: string }";
        let (line, remarks) = member(ty, declared);
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(line, expected, "{ty}");
        let remarks = remarks.lines().filter(|remark| !remark.contains("does not use"));
        assert_eq!(remarks.collect::<Vec<_>>(), [""; 0], "{ty}");
    }
}

#[test]
fn unions_without_such_a_type_are_remarked() {
    for (ty, expected) in [
        ("string | number", "json"),
        ("'A' | 1", "json"),
        ("boolean | 'x'", "json"),
        ("{ a: string } | string", "json"),
        ("'now' | Date", "string"),
        ("number | Date", "date-time"),
        ("string | string[]", "list"),
        ("{ a: string, b: string } | { a: string, c: string }", "b?:"),
        ("null", "json"),
    ] {
        let (line, remarks) = member(ty, "");
        assert!(line.contains(expected), "{ty}: {line}");
        assert!(remarks.contains("taken as"), "{ty}: {remarks}");
    }
}

#[test]
fn what_travels_as_a_text_is_one() {
    let written = text(&page(
        "string | number",
        "n: number, l: string[], d: string | Date, o: { a: string }, s: 'A' | 'B', m: string | number, b?: boolean",
        "a: string",
        "",
    ));
    insta::assert_snapshot!(written);
}

/// A page of an upload with this form.
fn upload(form: &str, config: &str, sample: &str) -> String {
    format!(
        "---\ntitle: 上传\n---\n```js twoslash
import {{ ReadStream }} from 'fs'
namespace WeChatPay.OpenAPI.V3.Shop.Images.PostHttpMethod {{
  {form}
  export interface RequestConfig extends AxiosRequestConfig {{ {config} }}
  export interface WellformedResponse {{ media_id: string }}
}}
{sample}
```
"
    )
}

#[test]
fn forms_become_uploads() {
    let data = "data?: BinaryDataRequest";
    let usual = "filename: { type: string, computed: file-name }\n      sha256: { type: string, computed: sha256 }";
    for form in [
        "interface BinaryDataRequest { meta: string\n file: ReadStream }",
        "interface BinaryDataRequest { meta: string\n file: fs.ReadStream | Buffer }",
        "interface BinaryDataRequest extends Multipart { }",
        "interface BinaryDataRequest { meta: { filename: string, sha256: string }, file: Blob }",
        "type BinaryDataRequest = { file?: File }",
        "type Form = { file: Buffer }\n type BinaryDataRequest = Form",
        "interface JsonDataRequest { file: ReadStream, meta: string }",
    ] {
        let config = if form.contains("Json") { "data?: JsonDataRequest" } else { data };
        let written = text(&upload(form, config, ""));
        assert!(written.contains("  upload:\n    meta:\n"), "{form}: {written}");
        assert!(written.contains(usual), "{form}: {written}");
        assert!(!written.contains("request:"), "{form}: {written}");
        assert_eq!(written.contains("`meta` is not declared"), !form.contains("sha256"), "{form}");
    }
}

#[test]
fn a_form_takes_the_members_of_meta_from_the_sample() {
    let form =
        "interface BinaryDataRequest { meta: string, picture: ReadStream, kind: number, at: Date }";
    let sample = "const meta = { bank_type: 'ICBC', file_name: basename(path), size: 3, file_digest }\n\
                  wxpay.v3.shop.images.post({ meta: JSON.stringify(meta), picture }, { meta, headers })";
    insta::assert_snapshot!(text(&upload(form, "data?: BinaryDataRequest", sample)));
}

#[test]
fn an_empty_segment_is_a_slash_at_the_end() {
    let page = "---\ntitle: 提交\n---\n```js twoslash
namespace WeChatPay.OpenAPI.V3.Shop.Applyment._empty_.PostHttpMethod {
  export interface JsonDataRequest { code: string }
  export interface RequestConfig { data?: JsonDataRequest, empty: '', headers: { 'Wechatpay-Serial': string } }
  export interface WellformedResponse { id: number }
}
wxpay.v3.shop.applyment._empty_.post({ code: 'A1' }, { empty, headers, })
```
";
    insta::assert_snapshot!(text(page));
}

#[test]
fn only_official_pages_become_docs() {
    let page = "---\ntitle: 试\n---\n```js twoslash
namespace WeChatPay.OpenAPI.V3.Shop.PostHttpMethod {
  export interface JsonDataRequest { code: string }
  export interface WellformedResponse { ok: string }
}
namespace WeChatPay.OpenAPI.V3 {
  export interface Shop {
    /**
     * @link
     * @link 见官方文档
     * @see javascript:alert(1)
     * @link https://pay.weixin.qq.com.evil.example/doc
     * {@link https://pay.weixin.qq.com/doc/v3/merchant/2 文档}
     * @link http://pay.wechatpay.cn/wiki/doc/apiv3/1.shtml
     */
    post(data: Shop.PostHttpMethod.JsonDataRequest): AxiosPromise<Shop.PostHttpMethod.WellformedResponse>
  }
}
```
";
    let written = text(page);
    let docs = "  docs:\n    - https://pay.wechatpay.cn/wiki/doc/apiv3/1.shtml\n    - https://pay.weixin.qq.com/doc/v3/merchant/2\n";
    assert!(written.contains(docs), "{written}");
    assert_eq!(remarks(page).matches("is not an official page").count(), 4, "{}", remarks(page));
}

#[test]
fn a_description_becomes_a_note_when_asked_for() {
    use wxpay_spec::import::read_page;
    use wxpay_spec::model::{Families, Note};
    let mut imported = read_page(crate::support::CLOSE, &Families::default()).unwrap();
    let note = |imported: &wxpay_spec::import::Imported| {
        let mut operations = imported.endpoints.iter().flat_map(|e| e.operations.values());
        operations.next().unwrap().note.clone()
    };
    assert_eq!(note(&imported), None);
    imported.take_descriptions();
    let expected = Note::Text("示例订单不再需要支付时调用".to_owned());
    assert_eq!(note(&imported), Some(expected));
}
