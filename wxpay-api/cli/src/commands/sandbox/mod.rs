//! Runs a WeChat Pay on this machine.

mod announce;
mod start;
mod stop;
mod unknown;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use wxpay_api::sandbox::{KeyMode, OfficialHost, Sandbox};

use crate::control::Control;
use crate::folder::{Folder, IdWishes, Reach};
use crate::language::Language;
use crate::output::{Failure, Output};
use crate::page::Pages;
use crate::proxy::{self, Proxy, ProxySettings};
use announce::Announcement;

/// The arguments of the command.
#[derive(Args, Debug)]
pub(crate) struct SandboxArguments {
    /// The folder of keys, certificates and ids. The first start makes it; further starts use the same keys.
    #[arg(long, env = "WXPAY_SANDBOX_DIR", default_value = "sandbox", value_name = "FOLDER")]
    dir: PathBuf,
    /// The port of the sandbox; 0 is any free port.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The port of the proxy, for `HTTPS_PROXY`; 0 is any free port.
    #[arg(long, default_value_t = 8443, value_name = "PORT")]
    proxy: u16,
    /// Runs without the proxy.
    #[arg(long, conflicts_with = "proxy")]
    no_proxy: bool,
    /// A port that takes TLS for WeChat Pay's hosts at once, for an entry in the hosts file; 0 is any free port.
    #[arg(long, value_name = "PORT")]
    tls: Option<u16>,
    /// The address to listen on. On other than loopback, other machines reach the sandbox.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_name = "ADDRESS")]
    bind: IpAddr,
    #[command(flatten)]
    ids: IdWishes,
    /// The keys of WeChat Pay that the merchant has. Without it, a new merchant has both kinds.
    #[arg(long, value_enum)]
    keys: Option<KeyChoice>,
    /// Remembers at most so many resources, and entries of each journal. The oldest go first.
    #[arg(long, default_value_t = 100_000, value_name = "NUMBER")]
    keep: usize,
    /// Repeats notifications this many times faster than WeChat Pay, which repeats them for a day.
    #[arg(long, default_value_t = 1, value_name = "FACTOR")]
    notification_speed: u32,
    /// Also sends notifications to this host. Others must be on this machine or in a private network.
    #[arg(long, value_name = "HOST")]
    allow_webhook_host: Vec<String>,
    /// Trusts the certificates of this authority at https URLs of notifications.
    #[arg(long, value_name = "FILE")]
    webhook_root: Vec<PathBuf>,
    /// Lets the page of a shop, such as `https://shop.test`, open the pay frame.
    #[arg(long, value_name = "ORIGIN")]
    shop_origin: Vec<String>,
    /// Another name of this machine under which the control surface answers, such as that of a container.
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,
    /// The language of what it prints. Without it, the environment decides (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    language: Option<Language>,
    /// Refuses texts and lists of other lengths than documented, which WeChat Pay may accept.
    #[arg(long)]
    refuse_lengths: bool,
}

/// The keys of WeChat Pay that a merchant has.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum KeyChoice {
    /// Platform certificates only, like merchants before 2024.
    Certificates,
    /// Platform certificates and the public key, like merchants who switch.
    Migrating,
    /// The public key only, like new merchants.
    PublicKey,
}

impl From<KeyChoice> for KeyMode {
    fn from(choice: KeyChoice) -> Self {
        match choice {
            KeyChoice::Certificates => Self::Certificates,
            KeyChoice::Migrating => Self::Migrating,
            KeyChoice::PublicKey => Self::PublicKey,
        }
    }
}

pub(crate) async fn run(arguments: SandboxArguments, output: &mut Output) -> Result<(), Failure> {
    // A signal from now on ends the program cleanly.
    let stop = stop::Stop::new()?;
    let folder = Arc::new(Folder::open(&arguments.dir, &arguments.ids)?);
    let pages = Pages::default();
    let sandbox = start::start(&arguments, &folder, &pages).await?;
    let proxy = start_proxy(&arguments, &folder, &sandbox).await?;
    let environment = folder.publish(reach(&sandbox, proxy.as_ref()))?;
    pages.connect(Control::new(&environment)?, environment.clone(), folder.path());
    let language = arguments.language.unwrap_or_else(Language::of_environment);
    Announcement { folder: folder.path(), environment: &environment, language }
        .print(arguments.bind, output)?;
    stop.wait().await;
    output.line(language.pick("已停止", "stopped"))?;
    Ok(())
}

/// Starts the proxy, if there is to be one. Its certificates are in the folder.
async fn start_proxy(
    arguments: &SandboxArguments,
    folder: &Folder,
    sandbox: &Sandbox,
) -> Result<Option<Proxy>, Failure> {
    let address = |port| SocketAddr::from((arguments.bind, port));
    let proxy = (!arguments.no_proxy).then(|| address(arguments.proxy));
    let tls = arguments.tls.map(address);
    if proxy.is_none() && tls.is_none() {
        return Ok(None);
    }
    let settings = ProxySettings { proxy, tls, ..ProxySettings::default() };
    let connections = sandbox.connections().await;
    Ok(Some(proxy::start(folder.path(), settings, connections).await?))
}

/// Says how clients reach the sandbox.
fn reach(sandbox: &Sandbox, proxy: Option<&Proxy>) -> Reach {
    let reach = Reach {
        url: sandbox.url().to_owned(),
        control_token: sandbox.control_token().map(str::to_owned),
        ..Reach::default()
    };
    let Some(proxy) = proxy else {
        return reach;
    };
    let reachable = |address: SocketAddr| match address.ip().is_unspecified() {
        // No client can connect to “all addresses”, but to this one of them.
        true => SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())),
        false => address,
    };
    Reach {
        proxy: proxy.address().map(|address| format!("http://{}", reachable(address))),
        tls: proxy.tls_address().map(|address| reachable(address).to_string()),
        ca_file: proxy.ca_file().file_name().map(PathBuf::from),
        hosts: OfficialHost::all().map(|host| host.to_string()).collect(),
        ..reach
    }
}
