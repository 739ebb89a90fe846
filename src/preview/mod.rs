//! The editor's desk: the pages of one source in a browser, made again whenever a file changes.
//!
//! ```text
//! files ─watch─▶ maker ─▶ board ─▶ server ─▶ page/ (in the browser)
//! ```
//!
//! The maker is one thread with a warm typesetter. It puts each state of the report on the board;
//! the server reads only the board. `docs/preview.md` describes the interface.

mod answer;
mod board;
mod compare;
mod editor;
mod find;
mod guard;
mod maker;
mod origin;
mod server;
mod shown;
mod trail;
mod watch;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::cli::args::Places;
use crate::cli::outcome::Failure;
use crate::cli::say;
use board::Board;
use guard::Guard;
use maker::{Maker, Order};
use server::Desk;

/// How long open connections may keep the program from ending.
const FAREWELL: Duration = Duration::from_millis(200);

/// What a preview is of, and how it is served.
#[derive(Debug, Clone)]
pub struct Settings {
    pub source: PathBuf,
    pub places: Places,
    /// 舍位平衡 in every table, whatever the source says.
    pub balance: bool,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// Whether the browser is opened.
    pub open: bool,
    /// Whether files are looked at again and again, for drives that tell of no changes.
    pub poll: bool,
    /// The command that opens the editor.
    pub editor: Option<String>,
}

/// Serves the preview until it is told to stop.
pub fn run(settings: &Settings) -> Result<(), Failure> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure(format!("预览开不起来：{error}")))?;
    let served = runtime.block_on(serve(settings));
    runtime.shutdown_timeout(FAREWELL);
    served
}

async fn serve(settings: &Settings) -> Result<(), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)).await;
    let listener = listener.map_err(|error| taken(settings.port, &error))?;
    let address = listener.local_addr().map_err(|error| taken(settings.port, &error))?;
    let guard = Guard::new(address.port())?;
    let board = Arc::new(Board::new());
    let (orders, waiting) = std::sync::mpsc::channel();
    let _watch = watch::watch(settings, orders.clone())?;
    Maker::start(settings.clone(), board.clone(), waiting)?;
    let _ = orders.send(Order::first());
    say::tell!("预览：{}", guard.address());
    say::tell!("改动数据文件，页面就会更新；按 Ctrl-C 结束。");
    if settings.open && open::that_detached(guard.address()).is_err() {
        say::aside!("没能打开浏览器，请把上面的地址复制到浏览器里");
    }
    let app = server::routes(Desk::new(settings, board, orders), guard);
    tokio::select! {
        served = axum::serve(listener, app) => {
            served.map_err(|error| Failure(format!("预览中断：{error}")))
        }
        () = told_to_stop() => Ok(()),
    }
}

fn taken(port: u16, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            Failure(format!("端口 {port} 正被别的程序用着；换一个 --port，或不写 --port"))
        }
        _ => Failure(format!("端口 {port} 打不开：{error}")),
    }
}

/// Ctrl-C, or the system's polite request.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
