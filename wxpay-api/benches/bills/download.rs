//! One download, in a process that does nothing else.

use std::time::Instant;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::fs::File as Writer;
use tokio::runtime::Builder;
use wxpay_api::bills::{Bill, FundFlowBill, RowStream, TradeBill};
use wxpay_api::{
    Client, DigestCheck, DownloadStream, EncryptedBill, EncryptedFile, FileLink, Merchant,
};

use crate::arguments::{File, Goal, Kind, Side};
use crate::gcm::{KEY, NONCE};
use crate::usage::{Usage, cpu, peak_memory};
use crate::{Failure, bare};

/// A download, and what must come of it.
#[derive(Debug)]
pub(crate) struct Download {
    pub(crate) file: File,
    pub(crate) goal: Goal,
    pub(crate) port: u16,
    pub(crate) sha1: String,
    pub(crate) rows: u64,
}

impl Download {
    /// The arguments of the process that downloads.
    pub(crate) fn arguments(&self, side: Side) -> [String; 6] {
        [
            side.to_string(),
            self.file.name().to_owned(),
            self.goal.name().to_owned(),
            self.port.to_string(),
            self.sha1.clone(),
            self.rows.to_string(),
        ]
    }

    fn read(arguments: &[String]) -> Result<(Side, Self), Failure> {
        let [side, file, goal, port, sha1, rows] = arguments else {
            return Err("a download has six arguments".into());
        };
        let (port, rows) = (port.parse()?, rows.parse()?);
        let (file, goal) = (file.parse()?, goal.parse()?);
        Ok((side.parse()?, Self { file, goal, port, sha1: sha1.clone(), rows }))
    }

    fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn url(&self) -> String {
        self.base_url() + &self.file.target()
    }
}

/// Downloads, and prints what it took.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let (side, download) = Download::read(arguments)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let usage = runtime.block_on(async {
        // It takes what is written and keeps nothing, so that no disk is measured.
        let writer = Writer::create("/dev/null").await?;
        let (client, reqwest) = (client(&download)?, reqwest::Client::builder().build()?);
        let idle = peak_memory()?;
        let (begun, before) = (Instant::now(), cpu()?);
        match side {
            Side::Bare => bare::download(reqwest, &download, writer).await?,
            Side::Client => by_client(&client, &download, writer).await?,
        }
        let wall = begun.elapsed().as_secs_f64();
        Ok::<_, Failure>(Usage { wall, cpu: cpu()? - before, memory: peak_memory()? - idle })
    })?;
    println!("{usage}");
    Ok(())
}

/// A client with new keys. Files are not signed, so that the key of WeChat Pay is any.
fn client(download: &Download) -> Result<Client, Failure> {
    let (own, other) = (KeyPair::generate(KeySize::Rsa2048)?, KeyPair::generate(KeySize::Rsa2048)?);
    let private = pem("PRIVATE KEY", AsDer::<Pkcs8V1Der<'_>>::as_der(&own)?.as_ref());
    let public = AsDer::<PublicKeyX509Der<'_>>::as_der(other.public_key())?;
    let public = pem("PUBLIC KEY", public.as_ref());
    let serial = "5157F09EFDC096DE15EBE81A47057A72";
    let merchant = Merchant::from_private_key("1900000109", serial, private)?;
    let builder = Client::builder(merchant).base_url(download.base_url());
    let id = "PUB_KEY_ID_0119000001092025030100000000000000";
    Ok(builder.wechatpay_public_key(id, public).build()?)
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

async fn by_client(client: &Client, download: &Download, writer: Writer) -> Result<(), Failure> {
    let stream = open(client, download).await?;
    match (download.goal, download.file.kind) {
        (Goal::Writing, _) => write(stream, download, writer).await,
        (Goal::Rows, Kind::Trade) => {
            read::<TradeBill>(stream, download, |row| row.order_amount.is_some()).await
        }
        (Goal::Rows, Kind::FundFlow) => {
            read::<FundFlowBill>(stream, download, |row| row.amount.is_some()).await
        }
    }
}

async fn open(client: &Client, download: &Download) -> Result<DownloadStream, Failure> {
    if !download.file.is_encrypted() {
        let link = FileLink::new(download.url()).hash("SHA1", &download.sha1);
        return Ok(client.download_url(link).stream().await?);
    }
    let file = EncryptedFile::new(download.url(), KEY.into(), NONCE).hash("SHA1", &download.sha1);
    Ok(client.download_encrypted(EncryptedBill::new([file])).stream().await?)
}

async fn write(
    mut stream: DownloadStream,
    download: &Download,
    mut writer: Writer,
) -> Result<(), Failure> {
    stream.copy_to(&mut writer).await?;
    is_checked(&stream, download)
}

/// Reads every row. `has_amount` says whether a row has its amount, as each of them must.
async fn read<B: Bill>(
    stream: DownloadStream,
    download: &Download,
    has_amount: fn(&B::Row) -> bool,
) -> Result<(), Failure> {
    let mut rows = RowStream::<B, _>::new(stream);
    while let Some(row) = rows.next().await {
        if !has_amount(&row?) {
            return Err("a row has no amount".into());
        }
    }
    if rows.rows_read() != download.rows {
        return Err(format!("{} rows instead of {}", rows.rows_read(), download.rows).into());
    }
    is_checked(rows.source(), download)?;
    rows.finish_complete().await?;
    Ok(())
}

fn is_checked(stream: &DownloadStream, download: &Download) -> Result<(), Failure> {
    match stream.digest_checks() {
        [DigestCheck::PlainText] => Ok(()),
        checks => Err(format!("the digest of {download:?} is {checks:?}").into()),
    }
}
