//! A lifecycle of very many entries takes time in proportion to them.
//!
//! Nothing is timed. The sizes are such that comparing all entries with each other would take minutes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop anywhere"
)]

use std::fmt::Write as _;

use wxpay_spec::{Diagnostic, Diagnostics, SourceFile, model::Spec, read};

/// How many of each entry there are.
const MANY: usize = 8_000;
/// How many of each entry have mistakes. For each, close names are looked for among 1,000.
const MANY_MISTAKES: usize = 1_000;
/// How many members a notification has.
const MEMBERS: usize = 1_000;
/// Too long to be like any name.
const TYPO: &str = "_a_name_of_nothing";

const ENDPOINTS: &str = "
path: /v3/shop/orders
post:
  title: 下单
  repeat: out_no
  request:
    out_no: { type: string }
    amount: { type: object, fields: { total: { type: integer } } }
    rows: { type: list, items: { type: object, fields: { row_no: { type: string } } } }
  response: { out_no: { type: string }, state: { type: string } }
";

/// A descriptor folder with one operation, one notification and this lifecycle.
fn read_shop(lifecycle: String) -> Result<Spec, Diagnostics> {
    let file = |path: &str, text: String| SourceFile { path: path.to_owned(), text };
    let members = (0..MEMBERS).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "  m{at}?: {{ type: string }}");
        text
    });
    let notification =
        format!("title: 通知\nfamily: shop\nevents: [SHOP.PAID]\nresource:\n{members}");
    let files = [
        file(
            "families.yaml",
            "shop: { title: 商店, default: true, paths: [/v3/shop] }\n".to_owned(),
        ),
        file("endpoints/v3/shop/orders.yaml", ENDPOINTS.to_owned()),
        file("notifications/shop/paid.yaml", notification),
        file("lifecycles/shop/order.yaml", lifecycle),
        file("lifecycles/shop/row.yaml", ROW.to_owned()),
    ];
    read(files)
}

const ROW: &str = "
title: 行
family: shop
keys: [row_no]
states: { OPEN: { title: 甲 } }
events: { close: { title: 关闭, internal: true, takes: { why: none }, from: { OPEN: OPEN } } }
";

/// Writes a lifecycle whose states follow each other, each with its event, members, refusal, setting and timer.
///
/// `typo` stands in every name that another entry names.
fn lifecycle(many: usize, typo: &str) -> String {
    let mut text = String::from(
        "title: 订单\nfamily: shop\nkeys: [out_no]\nstate: state\nparts: { rows: { of: shop/row, state: OPEN } }\n",
    );
    let mut section = |name: &str, entry: &dyn Fn(usize) -> String| {
        let _ = writeln!(text, "{name}:");
        for at in 0..many {
            let _ = writeln!(text, "  {}", entry(at));
        }
    };
    section("states", &|at| format!("S{at}: {{ title: 甲, shows: {{ m{at}: 1 }} }}"));
    section("only_in", &|at| format!("m{at}{typo}: [S{at}]"));
    section("settings", &|at| format!("limit{at}: {{ title: 限额, value: none }}"));
    section("refusals", &|at| format!("no{at}: {{ status: 400, code: NO, message: 不 }}"));
    section("events", &|at| {
        format!(
            "go{at}: {{ title: 去, takes: {{ in{at}: none }}, from: {{ S{at}: S{} }}, \
             guards: [{{ at_most: [own.m{at}{typo}, setting.limit{at}{typo}], refuse: no{at}{typo} }}], \
             sets: {{ m{at}: input.in{at}{typo} }}, \
             effects: [{{ on: rows, do: close{typo}, with: {{ why: 1 }} }}], \
             notifies: {{ event: SHOP.PAID, sends: {{ m{}{typo}: own.m{at} }} }} }}",
            (at + 1) % many,
            at % MEMBERS
        )
    });
    section("timers", &|at| format!("- {{ in: [S{at}], after: 1d, do: go{at}{typo} }}"));
    text.push_str("operations:\n  make:\n    title: 下单\n    on: [POST /v3/shop/orders]\n    creates: S0\n    repeat:\n      in:\n");
    for at in 0..many {
        let _ = writeln!(text, "        S{at}: S{at}");
    }
    text.push_str("    guards:\n");
    for at in 0..many {
        let _ = writeln!(
            text,
            "      - {{ equal: [request.amount.total, {{ count_of: {{ in: shop/order, by: caller, \
             states: [S{at}{typo}], where: {{ present: item.m{at}{typo} }} }} }}], refuse: no{at} }}"
        );
    }
    text
}

#[test]
fn very_many_entries_are_checked() {
    let spec = read_shop(lifecycle(MANY, "")).unwrap_or_else(|error| panic!("{error}"));
    let order = &spec.lifecycles["shop/order"];
    assert_eq!(order.states.len(), MANY);
    assert_eq!((order.events.len(), order.timers.len()), (MANY, MANY));
}

#[test]
fn very_many_mistakes_are_reported() {
    let Err(diagnostics) = read_shop(lifecycle(MANY_MISTAKES, TYPO)) else {
        panic!("no diagnostics")
    };
    let count = |path: &str| {
        let starts = |it: &&Diagnostic| it.key_path.starts_with(path);
        diagnostics.iter().filter(starts).count()
    };
    assert_eq!(count("only_in."), MANY_MISTAKES);
    assert_eq!(count("timers["), MANY_MISTAKES);
    // A member, a setting, a refusal, an input, an event of parts, and a sent member.
    assert_eq!(count("events.go"), 7 * MANY_MISTAKES);
}
