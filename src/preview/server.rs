//! The routes: the page, its events, and its questions. Everything is answered from the board; only
//! a draft's PDF and another source wait for the maker.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use axum::extract::{Path as UrlPath, Query, State};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use futures_util::{Stream, StreamExt, stream};
use rust_embed::RustEmbed;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::Settings;
use super::answer;
use super::board::{Board, Snapshot};
use super::compare;
use super::editor::{self, Target};
use super::find;
use super::guard::{Guard, guard};
use super::maker::{Order, Reply};
use super::origin;
use super::shown::Shown;
use crate::cli::files;
use crate::finding::Finding;

/// A quiet connection says something so often, so that nobody takes it for dead.
const PULSE: Duration = Duration::from_secs(15);
/// A page's look never changes under its hash.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

/// The page, its style and its script.
#[derive(RustEmbed)]
#[folder = "src/preview/page/"]
struct PageFiles;

/// What the routes work with.
#[derive(Clone)]
pub struct Desk {
    source: Arc<PathBuf>,
    editor: Option<String>,
    board: Arc<Board>,
    orders: Sender<Order>,
}

impl Desk {
    pub fn new(settings: &Settings, board: Arc<Board>, orders: Sender<Order>) -> Self {
        let source = Arc::new(settings.source.clone());
        Self { source, editor: settings.editor.clone(), board, orders }
    }

    /// The last good state.
    fn shown(&self) -> Result<Arc<Shown>, Refusal> {
        self.board.latest().shown.ok_or(Refusal::NotYet)
    }

    /// Asks the maker and waits for its answer.
    async fn ask<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.orders.send(order(reply)).map_err(|_| Refusal::NotYet)?;
        answer.await.map_err(|_| Refusal::NotYet)?.map_err(Refusal::Findings)
    }
}

/// Why there is no answer.
enum Refusal {
    /// No report could be made yet.
    NotYet,
    /// Nothing is there.
    Nothing(&'static str),
    Findings(Vec<Finding>),
    Failed(String),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::NotYet => {
                (StatusCode::SERVICE_UNAVAILABLE, json!({"message": "还没有排好的报告"}))
            }
            Self::Nothing(message) => (StatusCode::NOT_FOUND, json!({"message": message})),
            Self::Findings(findings) => {
                (StatusCode::UNPROCESSABLE_ENTITY, answer::findings(&findings, None))
            }
            Self::Failed(message) => (StatusCode::BAD_REQUEST, json!({"message": message})),
        };
        (status, Json(body)).into_response()
    }
}

type Answer = Result<Json<Value>, Refusal>;

pub fn routes(desk: Desk, keeper: Guard) -> Router {
    Router::new()
        .route("/", get(|| async { file("index.html") }))
        .route("/{file}", get(page_file))
        .route("/events", get(events))
        .route("/pages/{page}", get(svg))
        .route("/findings", get(findings))
        .route("/outline", get(outline))
        .route("/source-of", get(source_of))
        .route("/find", get(find))
        .route("/versions", get(versions))
        .route("/compare", get(compare))
        .route("/report.pdf", get(pdf))
        .route("/open", post(open))
        .with_state(desk)
        .layer(middleware::from_fn_with_state(keeper, guard))
}

async fn page_file(UrlPath(name): UrlPath<String>) -> Response {
    file(&name)
}

fn file(name: &str) -> Response {
    let kind = match Path::new(name).extension().and_then(|ending| ending.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "text/html; charset=utf-8",
    };
    match PageFiles::get(name) {
        Some(file) => ([(CONTENT_TYPE, kind)], file.data).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn events(
    State(desk): State<Desk>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let start = (desk.board.subscribe(), true);
    let events = stream::unfold(start, |(mut board, first)| async move {
        if !first {
            board.changed().await.ok()?;
        }
        let snapshot = board.borrow_and_update().clone();
        let events = told(&snapshot, first).into_iter().map(Ok);
        Some((stream::iter(events), (board, false)))
    });
    Sse::new(events.flatten()).keep_alive(KeepAlive::new().interval(PULSE))
}

/// What a snapshot has to tell; who has just come is told of the last good state under a failure.
fn told(snapshot: &Snapshot, first: bool) -> Vec<Event> {
    let report = snapshot.shown.as_ref().filter(|_| first || snapshot.failure.is_none());
    let report = report.map(|shown| ("report", answer::event(shown)));
    let failure = snapshot.failure.as_ref();
    let failure = failure.map(|findings| ("failure", answer::findings(findings, None)));
    let events = report.into_iter().chain(failure);
    events.map(|(name, data)| Event::default().event(name).data(data.to_string())).collect()
}

/// `17.svg?hash=…`
#[derive(Deserialize)]
struct Look {
    hash: String,
}

async fn svg(
    State(desk): State<Desk>,
    UrlPath(page): UrlPath<String>,
    Query(look): Query<Look>,
) -> Result<Response, Refusal> {
    let page = page.strip_suffix(".svg").and_then(|page| page.parse::<usize>().ok());
    let page = page.and_then(|page| page.checked_sub(1)).ok_or(Refusal::Nothing("没有这一页"))?;
    let svg = aside(move || desk.board.svg(page, &look.hash)).await?;
    let svg = svg.ok_or(Refusal::Nothing("这一页已经变了"))?;
    Ok(([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, FOR_EVER)], svg).into_response())
}

async fn findings(State(desk): State<Desk>) -> Answer {
    let shown = desk.shown()?;
    let revision = shown.revision;
    let mut json =
        aside(move || answer::findings(&shown.numbered_findings(), Some(&shown))).await?;
    json["revision"] = revision.into();
    Ok(Json(json))
}

async fn outline(State(desk): State<Desk>) -> Answer {
    let shown = desk.shown()?;
    aside(move || answer::outline(&shown)).await.map(Json)
}

#[derive(Deserialize)]
struct Spot {
    page: usize,
    x: f64,
    y: f64,
}

async fn source_of(State(desk): State<Desk>, Query(spot): Query<Spot>) -> Answer {
    let shown = desk.shown()?;
    let page = spot.page.checked_sub(1).ok_or(Refusal::Nothing("没有这一页"))?;
    let found = aside(move || origin::source_of(&shown, page, spot.x, spot.y)).await?;
    found.map(Json).ok_or(Refusal::Nothing("这里没有文字"))
}

#[derive(Deserialize)]
struct Wanted {
    q: String,
}

async fn find(State(desk): State<Desk>, Query(wanted): Query<Wanted>) -> Answer {
    let shown = desk.shown()?;
    aside(move || find::find(&shown, &wanted.q)).await.map(Json)
}

/// What the report can be compared with: earlier states, and the other sources beside it.
async fn versions(State(desk): State<Desk>) -> Answer {
    let shown = desk.shown()?;
    let earlier = desk.board.states();
    let states = earlier.iter().filter(|state| state.revision < shown.revision).map(
        |state| json!({"revision": state.revision, "seconds": state.born.elapsed().as_secs()}),
    );
    let files = files::beside(&desk.source);
    Ok(Json(json!({
        "revision": shown.revision,
        "states": states.collect::<Vec<_>>(),
        "files": files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>(),
    })))
}

/// One of `/versions`.
#[derive(Deserialize)]
struct Version {
    revision: Option<u64>,
    file: Option<String>,
}

async fn compare(State(desk): State<Desk>, Query(version): Query<Version>) -> Answer {
    let shown = desk.shown()?;
    let before = match version {
        Version { revision: Some(revision), .. } => {
            let states = desk.board.states();
            states.into_iter().find(|state| state.revision == revision)
        }
        Version { file: Some(name), .. } => {
            let mut files = files::beside(&desk.source).into_iter();
            match files.find(|file| file.display().to_string() == name) {
                Some(file) => Some(desk.ask(|reply| Order::Other(file, reply)).await?),
                None => None,
            }
        }
        Version { .. } => None,
    };
    let before = before.ok_or(Refusal::Nothing("没有这一份可以对比"))?;
    let revision = shown.revision;
    let mut json = aside(move || compare::compare(&before, &shown)).await?;
    json["revision"] = revision.into();
    Ok(Json(json))
}

/// The final PDF, or a draft while something keeps it from being final.
async fn pdf(State(desk): State<Desk>) -> Result<Response, Refusal> {
    let shown = desk.shown()?;
    let bytes = if shown.open() > 0 {
        desk.ask(Order::Draft).await?
    } else {
        aside(move || shown.pdf()).await?.map_err(Refusal::Findings)?
    };
    let name = desk.source.file_stem().unwrap_or_default().to_string_lossy();
    let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let disposition = format!("inline; filename*=UTF-8''{name}.pdf");
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, disposition),
        // The browser's own PDF reader needs more than the page may.
        (CONTENT_SECURITY_POLICY, "frame-ancestors 'none'".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

#[derive(Deserialize)]
struct Place {
    file: String,
    line: usize,
    column: usize,
}

/// Opens the editor; only on files that the report is made from.
async fn open(State(desk): State<Desk>, Query(place): Query<Place>) -> Answer {
    let snapshot = desk.board.latest();
    let shown = snapshot.shown.iter().flat_map(|shown| &shown.findings);
    let failed = snapshot.failure.iter().flat_map(|findings| findings.iter());
    let mut files = shown.chain(failed).filter_map(|found| Some(&found.spot.as_ref()?.file.name));
    let own = desk.source.display().to_string();
    if place.file != own && !files.any(|file| *file == place.file) {
        return Err(Refusal::Nothing("报告没有用到这个文件"));
    }
    let template = desk.editor.clone();
    let opened = aside(move || {
        let target = Target { file: &place.file, line: place.line, column: place.column };
        editor::open_at(template.as_deref(), &target)
    });
    let editor = opened.await?.map_err(Refusal::Failed)?;
    Ok(Json(json!({"editor": editor})))
}

/// Does what takes a while where it keeps nobody waiting.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Refusal::Failed("程序内部出错".to_owned()))
}
