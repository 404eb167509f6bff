//! The report of the soak of notifications: what was promised, and what was found.

use std::fs;
use std::time::Duration;

use super::judge;
use super::plan::{Forgery, Kind};
use super::records::Records;
use super::wechat_pay::OPENID;
use super::{Options, PASSWORD, SERVERS, Soak};
use crate::report::{Failure, Report};

/// How much more memory a server may have at the end, in KiB. Short runs only warm up.
const GROWTH: u64 = 16 << 10;
const WARM: usize = 10_000;

impl Soak<'_> {
    /// Ends the servers, and prints what they did. Returns whether every promise held.
    pub(super) fn report(mut self, options: &Options) -> Result<bool, Failure> {
        let took = self.begun.elapsed();
        let mut ended = Vec::new();
        for server in &mut self.servers {
            if server.pid()?.is_none() {
                ended.push(format!("{server:?} ended by itself"));
            }
            server.kill()?;
        }
        let logs = self.servers.iter().map(|server| fs::read_to_string(server.log()));
        let logs = logs.collect::<Result<Vec<_>, _>>()?;
        let records = Records::read(self.folder.path(), SERVERS, logs)?;
        let mut report = Report::default();
        self.report_sent(&mut report, &records, took);
        self.report_kills(&mut report, &records);
        self.report_certificates(&mut report, took)?;
        self.report_servers(&mut report, &records, ended, options.count)?;
        Ok(report.print())
    }

    fn report_sent(&self, report: &mut Report, records: &Records, took: Duration) {
        let sent = &self.sent;
        let attempts: usize = sent.iter().map(|one| one.attempts.len()).sum();
        let genuine = sent.iter().filter(|one| one.item.kind.is_genuine()).count();
        report.fact("notifications, in attempts", format!("{} in {attempts}", sent.len()));
        report.fact("time", format!("{} s", took.as_secs()));
        report.promise(
            "every genuine notification and each of its copies is acknowledged",
            genuine,
            judge::unacknowledged(sent, records),
        );
        report.promise(
            "each of them has its effect once, and nothing else has one",
            records.effects.len(),
            judge::wrong_effects(sent, records),
        );
        let refused =
            sent.iter().filter(|one| matches!(one.item.kind, Kind::Forged(_) | Kind::Probed));
        report.promise(
            "forgeries and probes are refused with 401",
            refused.count(),
            judge::accepted_forgeries(sent, records),
        );
    }

    fn report_kills(&self, report: &mut Report, records: &Records) {
        let sent = &self.sent;
        let repeated = judge::repeated(sent, records).len();
        report.promise(
            "a handler runs again only after a kill, of its server or of Redis before the record",
            format!("{repeated} ran again"),
            judge::unexplained_runs(sent, records),
        );
        let stalled = sent.iter().filter(|one| matches!(one.item.kind, Kind::Stalled(_))).count();
        report.promise(
            "a server killed inside a handler leads to one more attempt",
            format!("{stalled} handlers"),
            judge::silent_kills(sent, records),
        );
        let without =
            self.found.away.map(|away| judge::sent_without_redis(sent, away)).unwrap_or_default();
        let acknowledged = without.iter().filter(|attempt| attempt.is_acknowledged());
        let acknowledged: Vec<_> = acknowledged.map(|attempt| format!("{attempt:?}")).collect();
        report.promise(
            "while Redis is away nothing is acknowledged",
            format!("{} attempts", without.len()),
            acknowledged,
        );
        report.condition(
            "copies were sent while Redis was away",
            without.len(),
            !without.is_empty(),
        );
    }

    fn report_certificates(&self, report: &mut Report, took: Duration) -> Result<(), Failure> {
        report.condition(
            "the first signatures by a new certificate cause one download by each server",
            self.found.downloads_of_rotation,
            self.found.downloads_of_rotation == SERVERS,
        );
        let burst = self.found.after_rotation.clone();
        report.promise("and none of them is refused", "all at the first attempt", burst);
        let unknown =
            self.sent.iter().filter(|one| one.item.kind == Kind::Forged(Forgery::UnknownSerial));
        // One by age for each start, and one for unknown serials in each pause.
        let starts: usize = self.servers.iter().map(|server| server.starts).sum();
        let pauses = usize::try_from(took.as_secs() / self.pause.as_secs().max(1))? + 1;
        let most = starts + SERVERS * pauses;
        let downloads = self.wechat_pay.downloads()?;
        report.condition(
            "forged serials cause no storm of downloads",
            format!("{downloads} downloads, {} forged serials, at most {most}", unknown.count()),
            downloads <= most,
        );
        Ok(())
    }

    fn report_servers(
        &self,
        report: &mut Report,
        records: &Records,
        ended: Vec<String>,
        count: usize,
    ) -> Result<(), Failure> {
        let starts: Vec<_> = self.servers.iter().map(|server| server.starts).collect();
        report.promise("no server ends by itself", format!("started {starts:?} times"), ended);
        let lines = || records.logs.iter().flat_map(|log| log.lines());
        let panicked =
            lines().filter(|line| line.contains("panicked")).map(str::to_owned).collect();
        report.promise("no panic", format!("{} lines of logs", lines().count()), panicked);
        report.promise("no secret in the logs", "keys, password, openid", self.leaks(records)?);
        let (before, after) = self.found.memory;
        let measured = format!("{} MiB, then {} MiB", before >> 10, after >> 10);
        let is_measured = count >= WARM && starts.first() == Some(&1);
        match is_measured {
            true => report.condition(
                "the memory of a server is flat",
                measured,
                after <= before + GROWTH,
            ),
            false => report.fact("memory of a server, too short for a promise", measured),
        }
        Ok(())
    }

    /// The lines of the logs that have a secret.
    fn leaks(&self, records: &Records) -> Result<Vec<String>, Failure> {
        let (_, private_key) = self.wechat_pay.sandbox.merchant_pem()?;
        let key_line = private_key.lines().nth(1).unwrap_or_default();
        let secrets = [self.wechat_pay.sandbox.apiv3_key(), key_line, PASSWORD, OPENID];
        let has_secret = |line: &&str| secrets.iter().any(|secret| line.contains(secret));
        let lines = records.logs.iter().flat_map(|log| log.lines());
        Ok(lines.filter(has_secret).map(str::to_owned).collect())
    }
}
