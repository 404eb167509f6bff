//! The bodies of the pages.

use serde_json::Value;

use super::html::Html;
use super::texts::Texts;
use crate::sandbox::control::BASE;
use crate::sandbox::front_end::check::Verified;
use crate::sandbox::front_end::error::FrontEndError;
use crate::sandbox::front_end::open::amount;
use crate::sandbox::lifecycle::world::ResourceView;

/// Shows an order with its buttons, or what became of it.
pub(super) fn order(
    texts: &Texts,
    verified: &Verified,
    resource: Option<&ResourceView>,
    done: Option<&str>,
    query: &str,
) -> Html {
    let mut body = Html::new();
    body.raw("<h1>").text(texts.title).raw("</h1>");
    if let Some(amount) = resource.and_then(|resource| amount(&resource.object)) {
        body.raw("<p class=\"amount\">").text(&yuan(amount)).raw("</p>");
    }
    body.raw("<dl>").row(texts.merchant, &verified.account).row(texts.kind, verified.kind.name());
    if let Some(resource) = resource {
        if let Some(description) = verified.description() {
            body.row(texts.description, description);
        }
        let number = resource.keys.values().find_map(Value::as_str).unwrap_or_default();
        body.row(texts.number, number);
        body.row(texts.state, &format!("{} {}", resource.state, resource.state_title));
    } else if let Some((_, number)) =
        verified.credential.as_ref().and_then(|credential| credential.numbers.first())
    {
        body.row(texts.number, number);
    }
    body.raw("</dl>");
    let is_payable = resource.is_some_and(is_payable);
    let outcome = match done {
        // The URL may say it of an order that nobody paid.
        Some("pay") if !is_payable => Some(("pay", texts.paid)),
        Some("fail") => Some(("fail", texts.failed)),
        Some("cancel") => Some(("cancel", texts.cancelled)),
        _ => None,
    };
    if let Some((class, outcome)) = outcome {
        body.raw("<p role=\"status\" class=\"outcome ").text(class).raw("\">");
        body.text(outcome).raw("</p>");
    } else if resource.is_none() {
        body.paragraph(texts.unknown);
    } else if !is_payable {
        body.paragraph(texts.not_payable);
    }
    if is_payable {
        buttons(&mut body, texts, query);
    }
    if let Some(url) = &verified.return_url {
        body.raw("<p><a class=\"return\" rel=\"noreferrer\" href=\"").text(url).raw("\">");
        body.text(texts.return_to_shop).raw("</a></p>");
    }
    body
}

fn is_payable(resource: &ResourceView) -> bool {
    const USERS: [&str; 4] = ["pay", "confirm", "sign", "authorise"];
    resource.events.iter().any(|event| USERS.contains(&event.name.as_str()))
}

fn buttons(body: &mut Html, texts: &Texts, query: &str) {
    for (action, name) in [("pay", texts.pay), ("fail", texts.fail), ("cancel", texts.cancel)] {
        body.raw("<form method=\"post\" action=\"").text(BASE).raw("/pay?").text(query);
        body.raw("&amp;do=").text(action).raw("\"><button class=\"").text(action).raw("\">");
        body.text(name).raw("</button></form>");
    }
}

/// Shows why WeChat would refuse what the page was opened with.
pub(super) fn refused(texts: &Texts, error: &FrontEndError) -> Html {
    let mut body = Html::new();
    body.raw("<h1>").text(texts.refused).raw("</h1><ul class=\"problems\">");
    for problem in error.problems() {
        body.raw("<li><code>")
            .text(&problem.member)
            .raw("</code> ")
            .text(&problem.issue)
            .raw("</li>");
    }
    body.raw("</ul>");
    body
}

/// Shows an error.
pub(super) fn failure(texts: &Texts, message: &str) -> Html {
    let mut body = Html::new();
    body.raw("<h1>").text(texts.failure).raw("</h1>").paragraph(message);
    body
}

/// Asks for the token. A link that was followed from another site has no cookie; one from here has.
pub(super) fn token(texts: &Texts, path: &str, target: &str, pairs: &[(String, String)]) -> Html {
    let mut body = Html::new();
    body.raw("<h1>").text(texts.token).raw("</h1>").paragraph(texts.token_needed);
    body.raw("<form method=\"get\" action=\"").text(path).raw("\">");
    for (name, value) in pairs.iter().filter(|(name, _)| name != "token") {
        body.raw("<input type=\"hidden\" name=\"")
            .text(name)
            .raw("\" value=\"")
            .text(value)
            .raw("\">");
    }
    body.raw("<label>")
        .text(texts.token)
        .raw(" <input type=\"password\" name=\"token\" required></label>");
    body.raw("<button class=\"pay\">").text(texts.go_on).raw("</button></form>");
    if !pairs.iter().any(|(name, _)| name == "token") {
        body.raw("<p><a href=\"").text(target).raw("\">").text(texts.go_on).raw("</a></p>");
    }
    body
}

/// The frame over a shop's page. Its script fills it.
pub(super) fn frame(texts: &Texts) -> Html {
    let mut body = Html::new();
    body.raw("<main id=\"frame\"><p id=\"wait\">").text(texts.wait).raw("</p>");
    body.raw("<section id=\"order\" hidden><h1>").text(texts.title).raw("</h1>");
    body.raw("<p class=\"amount\" id=\"amount\"></p><dl><dt>").text(texts.merchant);
    body.raw("</dt><dd id=\"merchant\"></dd><dt>").text(texts.number);
    body.raw("</dt><dd id=\"number\"></dd><dt>").text(texts.description);
    body.raw("</dt><dd id=\"description\"></dd><dt>").text(texts.state);
    body.raw("</dt><dd id=\"state\"></dd></dl>");
    for (action, name) in [("pay", texts.pay), ("fail", texts.fail), ("cancel", texts.cancel)] {
        body.raw("<button type=\"button\" class=\"").text(action).raw("\" data-do=\"").text(action);
        body.raw("\">").text(name).raw("</button>");
    }
    body.raw("</section><section id=\"refused\" hidden><h1>").text(texts.refused);
    body.raw("</h1><ul class=\"problems\" id=\"problems\"></ul><div id=\"signed\" hidden><p>");
    body.text(texts.must_sign).raw("</p><pre id=\"message\"></pre></div>");
    body.raw("<button type=\"button\" class=\"cancel\" data-do=\"close\">").text(texts.close);
    body.raw("</button></section><p class=\"sandbox\">").text(texts.sandbox).raw("</p></main>");
    body
}

/// Writes an amount of fen in yuan.
fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}¥{}.{:02}", fen / 100, fen % 100)
}
