//! Shows an operation.

use serde_json::Value;

use super::{command_line, fields, lifecycle};
use crate::catalogue::example::{self, ExampleRequest};
use crate::catalogue::model::{ErrorCode, Integrity, OperationEntry};
use crate::catalogue::{Catalogue, Operation};
use crate::language::Language;
use crate::output::Failure;
use crate::terminal::{FACT, HEADING, NAME, Page, WARNING, styled};

pub(super) fn write(
    page: &mut Page,
    language: Language,
    catalogue: &'static Catalogue,
    entry: &OperationEntry,
    operation: Operation,
) -> Result<(), Failure> {
    head(page, language, catalogue, entry, operation);
    request(page, language, operation);
    response(page, language, operation);
    examples(page, language, operation)?;
    errors(page, language, &operation.facts.errors);
    let name = operation.name();
    for entry in &catalogue.index.lifecycles {
        if entry.operations.contains(&name) {
            let lifecycle = catalogue.lifecycle(&entry.name)?;
            lifecycle::of_operation(page, language, catalogue, &entry.name, lifecycle, &name);
        }
    }
    page.heading(language.pick("命令行", "On the command line"));
    page.line(command_line::of(operation));
    page.heading("Rust");
    operation.facts.sample.lines().for_each(|line| page.line(line));
    Ok(())
}

fn head(
    page: &mut Page,
    language: Language,
    catalogue: &Catalogue,
    entry: &OperationEntry,
    operation: Operation,
) {
    let facts = operation.facts;
    page.line(styled(HEADING, &facts.title));
    page.line(styled(NAME, &operation.name()));
    if let Some(reason) = &facts.deprecated {
        let deprecated = language.pick("已废弃", "Deprecated");
        page.text(0, &styled(WARNING, &format!("{deprecated}: {reason}")));
    }
    page.line("");
    let roles: Vec<_> = facts.roles.iter().map(|role| self::role(language, role)).collect();
    page.fact(language.pick("适用对象", "For"), &roles.join(", "));
    let product = format!("{} {}", entry.family, catalogue.product(&entry.family));
    page.fact(language.pick("产品", "Product"), product.trim_end());
    page.fact(language.pick("域名", "Host"), facts.host.as_deref().unwrap_or_default());
    page.fact(language.pick("重试", "Retry"), &retry(language, operation));
    page.fact(language.pick("更新时间", "Updated"), facts.updated.as_deref().unwrap_or_default());
    for docs in &facts.docs {
        page.fact(language.pick("官方文档", "Docs"), docs);
    }
    let note = language.note(facts.note.as_ref());
    if !note.is_empty() {
        page.line("");
        page.text(0, note);
    }
}

fn role(language: Language, role: &str) -> &str {
    let known = [
        ("merchant", "普通商户"),
        ("partner", "服务商"),
        ("ecommerce", "电商平台"),
        ("channel", "渠道商"),
        ("institution", "从业机构"),
        ("brand", "品牌商户"),
    ];
    let chinese = known.iter().find(|(key, _)| *key == role).map_or(role, |(_, name)| *name);
    language.pick(chinese, role)
}

/// Says whether a retry is safe.
pub(super) fn retry(language: Language, operation: Operation) -> String {
    match operation.facts.repeat.as_str() {
        "safe" => language
            .pick("不改变任何数据，可以重试", "it changes nothing; a retry is safe")
            .to_owned(),
        "never" => language
            .pick("重试可能重复执行，结果未知时先查询", "a retry may execute it twice; query first")
            .to_owned(),
        key => match language {
            Language::Zh => format!("{key} 相同则幂等，可以重试"),
            Language::En => format!("a retry is safe by {key}: the same number is executed once"),
        },
    }
}

fn request(page: &mut Page, language: Language, operation: Operation) {
    let Operation { facts, part } = operation;
    let mut section = |heading: &str, members| {
        fields::section(page, language, part, heading, members);
    };
    section(language.pick("路径参数", "Path"), &facts.parameters);
    section(language.pick("查询参数", "Query"), &facts.query);
    section(language.pick("请求头", "Headers"), &facts.header);
    if let Some(upload) = &facts.upload {
        section(language.pick("文件元信息 meta", "Meta of the file"), &upload.meta);
        section(language.pick("其他表单项", "Further parts"), &upload.parts);
        page.heading(language.pick("文件", "File"));
        page.text(0, &format!("{} (multipart/form-data)", upload.file));
    }
    if let Some(body) = &facts.body {
        fields::body(page, language, part, language.pick("请求参数", "Request"), body);
    }
}

fn response(page: &mut Page, language: Language, operation: Operation) {
    let Operation { facts, part } = operation;
    let statuses: Vec<_> = facts.response.statuses.iter().map(u16::to_string).collect();
    let heading = format!("{} {}", language.pick("应答参数", "Response"), statuses.join(", "));
    match (&facts.response.body, &facts.response.download) {
        (Some(body), _) => fields::body(page, language, part, &heading, body),
        (None, Some(download)) => {
            page.heading(&heading);
            let proof = match download.integrity {
                Integrity::None => language.pick("不校验摘要", "no digest proves it"),
                Integrity::Sha1 => language.pick(
                    "用获取链接时返回的 hash_value 校验：--sha1",
                    "proved by the hash_value that came with the link: --sha1",
                ),
                Integrity::SignedDigest => {
                    language.pick("用已签名的摘要校验", "proved by a signed digest")
                }
            };
            page.text(0, &format!("{}: {proof}", download.media.join(", ")));
        }
        (None, None) => {
            page.heading(&heading);
            page.text(0, language.pick("无应答包体", "no body"));
        }
    }
    if facts.response.body.is_some() && facts.paged {
        page.text(0, language.pick("列表分页返回", "The list comes in pages."));
    }
}

fn examples(page: &mut Page, language: Language, operation: Operation) -> Result<(), Failure> {
    let request = ExampleRequest::of(operation);
    if let Some(body) = &request.body
        && operation.facts.upload.is_none()
    {
        page.heading(language.pick("请求示例", "Example request"));
        pretty(page, body)?;
    }
    if let Some(body) = &operation.facts.response.body {
        page.heading(language.pick("应答示例", "Example response"));
        pretty(page, &example::of_schema(operation.part, body))?;
    }
    Ok(())
}

/// Writes JSON over several lines.
pub(super) fn pretty(page: &mut Page, json: &Value) -> Result<(), Failure> {
    serde_json::to_string_pretty(json)?.lines().for_each(|line| page.line(line));
    Ok(())
}

fn errors(page: &mut Page, language: Language, errors: &[ErrorCode]) {
    if errors.is_empty() {
        return;
    }
    page.heading(language.pick("错误码", "Error codes"));
    for error in errors {
        let status = error.status.map(|status| status.to_string()).unwrap_or_default();
        let head = format!("{}  {}  ", styled(NAME, &error.code), styled(FACT, &status));
        page.hanging(0, &head, error.when.as_deref().unwrap_or_default());
    }
}
