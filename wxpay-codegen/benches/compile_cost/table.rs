use crate::measure::Cost;
use crate::subject::Subject;

const HEAD: &str = "\
| Crate | check, CPU | build, CPU | build, above bare | build, of naive | peak memory | memory, of naive |
|---|--:|--:|--:|--:|--:|--:|
";

/// The table; what compares with a crate that was not built stays empty.
pub(crate) fn markdown(rows: &[(Subject, Cost)]) -> String {
    let of = |wanted| rows.iter().find(|(subject, _)| *subject == wanted).map(|(_, cost)| cost);
    let lines = rows.iter().map(|(subject, cost)| {
        let above = of(Subject::Bare).map(|bare| seconds(cost.build.cpu - bare.build.cpu));
        let time = of(Subject::Naive).map(|naive| percent(cost.build.cpu, naive.build.cpu));
        let memory = of(Subject::Naive).map(|naive| percent(cost.build.memory, naive.build.memory));
        format!(
            "| {} | {} | {} | {} | {} | {:.0} MiB | {} |\n",
            label(*subject),
            seconds(cost.check.cpu),
            seconds(cost.build.cpu),
            above.unwrap_or_default(),
            time.unwrap_or_default(),
            cost.build.memory,
            memory.unwrap_or_default(),
        )
    });
    HEAD.chars().chain(lines.collect::<String>().chars()).collect()
}

fn label(subject: Subject) -> &'static str {
    match subject {
        Subject::Naive => "naive emission",
        Subject::All => "`wxpay-api`, all features",
        Subject::Default => "`wxpay-api`, default features",
        Subject::Payscore => "`wxpay-api`, `payscore`",
        Subject::Bare => "`wxpay-api`, bare",
    }
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.1} s")
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.0} %", 100.0 * part / whole)
}
