//! Writes the page of an operation.

use wxpay_spec::model::{
    Body, Direction, Download, ErrorCode, ErrorSource, Idempotency, Input, Integrity, Lifecycle,
    Response, Role, Shape, Spec, Upload,
};

use super::page::{Pages, fact, footer, link, mark, of_lifecycle, official, remark};
use super::subject::{OperationPage, Subject};
use super::table::{self, Rows, module};
use crate::ir::{Layout, Source};
use crate::lower;
use crate::markdown::{code, inline};

pub(super) fn page(
    pages: &Pages<'_>,
    subject: &Subject<'_>,
    operation: &OperationPage<'_>,
    sample: &str,
) -> String {
    let mut rows = Rows::new(*pages);
    let described = operation.described;
    [
        mark(&Source::One(operation.endpoint.source.clone())),
        format!("# {}\n\n{}\n\n", inline(&described.title), code(&operation.wire())),
        warning(described.deprecated.as_deref()),
        facts(pages.spec, subject, operation),
        remark(described.note.as_ref()),
        table::fields(&mut rows, "Path · 路径参数", &described.path, Direction::Request),
        table::fields(&mut rows, "Query · 查询参数", &described.query, Direction::Request),
        table::fields(&mut rows, "Header · 请求头", &described.header, Direction::Request),
        request(&mut rows, &described.input),
        response(&mut rows, &described.response),
        errors(&described.errors),
        rust(pages.spec, operation, sample),
        footer(&subject.path),
    ]
    .concat()
}

/// Links to the lifecycles that the operation belongs to.
fn lifecycles(spec: &Spec, subject: &Subject<'_>, operation: &OperationPage<'_>) -> String {
    let names = |lifecycle: &Lifecycle| {
        let bindings = lifecycle.operations.iter().flat_map(|(_, rule)| &rule.on);
        bindings.into_iter().any(|binding| {
            binding.path == operation.endpoint.path && binding.method == operation.method
        })
    };
    let listed = spec.lifecycles.iter().filter(|(_, lifecycle)| names(lifecycle));
    let links = listed.map(|(place, lifecycle)| {
        format!("[{}]({})", inline(&lifecycle.title), link(&subject.path, &of_lifecycle(place)))
    });
    links.collect::<Vec<_>>().join(", ")
}

fn warning(reason: Option<&str>) -> String {
    let reason =
        reason.map(inline).map(|reason| format!("> **Deprecated · 已废弃**: {reason}\n\n"));
    reason.unwrap_or_default()
}

fn facts(spec: &Spec, subject: &Subject<'_>, operation: &OperationPage<'_>) -> String {
    let described = operation.described;
    let roles = Role::ALL.iter().filter(|(role, ..)| described.roles.contains(role));
    let roles: Vec<_> = roles.map(|(_, _, name)| *name).collect();
    let host = operation.endpoint.host.as_deref().map(code).unwrap_or_default();
    let updated = described.updated.as_deref().map(inline).unwrap_or_default();
    [
        fact("Host · 域名", &host),
        fact("For · 适用对象", &roles.join(", ")),
        fact("Product · 产品", &lower::product(spec, subject.family, Layout::Library)),
        fact("Retry · 重试", &retry(&described.idempotency)),
        fact("Lifecycle · 生命周期", &lifecycles(spec, subject, operation)),
        official(&described.docs),
        fact("Last changed · 更新时间", &updated),
    ]
    .concat()
}

/// Whether a retry is safe.
fn retry(idempotency: &Idempotency) -> String {
    let chinese = match idempotency {
        Idempotency::Safe => "不改变任何数据，可以重试。".to_owned(),
        Idempotency::Never => "重试可能重复执行。".to_owned(),
        Idempotency::NaturalKey(key) => format!("{} 相同则幂等，可以重试。", code(key)),
    };
    format!("{} · {chinese}", lower::retry(idempotency).trim_end_matches('.'))
}

fn request<'a>(rows: &mut Rows<'a>, input: &'a Input) -> String {
    match input {
        Input::None => String::new(),
        Input::Json(body) => table::body(rows, "Request · 请求参数", "", body, Direction::Request),
        Input::Upload(upload) => uploaded(rows, upload),
    }
}

fn uploaded<'a>(rows: &mut Rows<'a>, upload: &'a Upload) -> String {
    let part = code(&upload.file);
    [
        format!(
            "\n## File · 文件\n\nThe part {part} of a multipart body (`multipart/form-data`).\n"
        ),
        table::fields(rows, "Meta · 文件元信息", &upload.meta, Direction::Request),
        table::fields(rows, "Further parts · 其他表单项", &upload.parts, Direction::Request),
    ]
    .concat()
}

fn response<'a>(rows: &mut Rows<'a>, response: &'a Response) -> String {
    const HEADING: &str = "Response · 应答参数";
    match response {
        Response::None { statuses } => {
            let (english, chinese) = (several(statuses, " or "), several(statuses, " 或 "));
            format!(
                "\n## {HEADING}\n\nStatus {english}, without a body · 状态码 {chinese}，无应答包体。\n"
            )
        }
        Response::Json { statuses, body: Body::Fields(members) } if members.is_empty() => format!(
            "\n## {HEADING}\n\nStatus · 状态码 {}. A JSON object whose members are unknown · 应答为 JSON 对象，字段未知。\n",
            several(statuses, ", ")
        ),
        Response::Json { statuses, body } => table::body(
            rows,
            HEADING,
            &format!("Status · 状态码 {}.\n\n", several(statuses, ", ")),
            body,
            Direction::Response,
        ),
        Response::Download(download) => format!("\n## {HEADING}\n\n{}\n", downloaded(download)),
    }
}

fn several(statuses: &[u16], joint: &str) -> String {
    statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(joint)
}

/// The error codes of the operation, each with the best source that names it.
fn errors(errors: &[ErrorCode]) -> String {
    if errors.is_empty() {
        return String::new();
    }
    let row = |error: &ErrorCode| {
        let status = error.status.map(|status| status.to_string()).unwrap_or_default();
        let when = error.when.as_deref().map(table::text).unwrap_or_default();
        table::row(&[&table::code(&error.code), &status, &when, error.source.map_or("", source)])
    };
    let rows: String = errors.iter().map(row).collect();
    let head = table::head(&["Code · 错误码", "Status · 状态码", "When · 说明", "Source · 来源"]);
    format!(
        "\n## Error codes · 错误码\n\nOther codes may come, and not each of these need occur · 可能返回其他错误码，以下错误码也不一定都会出现：\n\n{head}{rows}"
    )
}

fn source(source: ErrorSource) -> &'static str {
    match source {
        ErrorSource::Official => "official page · 官方文档",
        ErrorSource::Sdk => "official SDK · 官方 SDK",
        ErrorSource::Samples => "official samples · 官方示例",
        ErrorSource::Real => "real response · 真实应答",
        ErrorSource::ThirdParty => "third party · 第三方",
        ErrorSource::Assumed => "assumed · 推测",
    }
}

fn downloaded(download: &Download) -> String {
    let media: Vec<_> = download.media.iter().map(|media| code(media)).collect();
    let integrity = match download.integrity {
        Integrity::None => "The client compares no digest · 此调用不校验摘要。",
        Integrity::Sha1 => {
            "The file is not signed. Pass `sha1` the digest (`hash_value`) from the response with the \
             link; the client compares it · 文件没有签名：将获取链接的接口返回的 `hash_value` \
             传给 `sha1`，由客户端校验。"
        }
        Integrity::SignedDigest => {
            "The client compares the file with a signed digest · 客户端用已签名的摘要校验。"
        }
    };
    let link = match download.integrity {
        Integrity::SignedDigest => "",
        Integrity::None | Integrity::Sha1 => {
            "\n\nIf a response contains the link to the file, pass the whole link to `wx.download_url`; there is no \
             need to take parameters out of it · 如果下载链接来自应答，请把整个链接原样交给 `wx.download_url`，不必从中拆出参数。"
        }
    };
    let media = media.join(", ");
    format!("Status · 状态码 200, a raw file · 文件原文: {media}. {integrity}{link}")
}

const PAGES: &str = "\n\nThe list comes in pages. In place of `.await`, `.items()` reads all of it · 列表分页返回，用 `.items()` 代替 `.await` 可读取全部：\n\n\
    ```rust,ignore\nlet mut items = call.items();\nwhile let Some(item) = items.next().await {\n    let item = item?;\n}\n```";

fn rust(spec: &Spec, operation: &OperationPage<'_>, sample: &str) -> String {
    let hint = match (has_optional(spec, operation), operation.lowered.needs_request) {
        (false, _) => "",
        (true, true) => {
            "\n\nSet optional inputs anywhere among the required ones, or with `.with(|r| …)` · 选填参数可以写在必填参数之间的任何位置，或用 `.with(|r| …)` 传入。"
        }
        (true, false) => {
            "\n\nSet optional inputs with `.with(|r| …)` · 选填参数用 `.with(|r| …)` 传入。"
        }
    };
    let types = module(&operation.lowered.module);
    let pages = operation.lowered.paging.as_ref().map_or("", |_| PAGES);
    let what = format!(
        "`wx` is a `Client`; the types are in {types} · `wx` 是 `Client`，类型见 {types}。{hint}{pages}"
    );
    format!("\n## Rust · 示例代码\n\n```rust\n{sample}```\n\n{what}\n")
}

/// Whether the sample leaves out optional inputs.
fn has_optional(spec: &Spec, operation: &OperationPage<'_>) -> bool {
    let described = operation.described;
    let (body, parts): (&[_], &[_]) = match &described.input {
        Input::None => (&[], &[]),
        Input::Json(Body::Fields(fields)) => (fields, &[]),
        Input::Json(Body::Named(id)) => match spec.types.get(id).map(|named| &named.shape) {
            Some(Shape::Object { fields, .. }) => (fields, &[]),
            Some(Shape::Enum { .. }) | None => (&[], &[]),
        },
        Input::Upload(upload) => (&upload.meta, &upload.parts),
    };
    [&described.query, &described.header, body, parts].into_iter().flatten().any(|one| one.optional)
}
