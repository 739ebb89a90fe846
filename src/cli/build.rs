//! `yusuan build`: sources in, reports out; one bad source stops none of the others.

use std::cell::OnceCell;
use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::args::{self, Target};
use super::files;
use super::outcome::{Code, Failure};
use super::say;
use super::stage::{self, Forms, Made, Stop};
use super::verdicts;
use crate::exchange::attach;
use crate::finding::{self, Finding};
use crate::typeset::{Faces, Pages, Times, Typesetter, Wishes, export};

/// Typst recurses deeply; the usual 2 MiB of a thread are few.
const STACK: usize = 16 * 1024 * 1024;

/// What became of one source.
struct Built {
    /// The written file or folder, and its pages.
    written: Option<(PathBuf, usize)>,
    findings: Vec<Finding>,
    failure: Option<Failure>,
    times: Vec<(&'static str, Duration)>,
}

pub fn run(args: &args::Build) -> Code {
    let jobs = match files::jobs(&args.jobs, ending(args.to)) {
        Ok(jobs) => jobs,
        Err(Failure(message)) => {
            say::failure(&message);
            return Code::Failed;
        }
    };
    files::sweep(jobs.iter().map(|(_, target)| target.as_path()));
    // Faces are parsed beside the reading of the first sources.
    let faces = LazyLock::new(|| {
        let start = Instant::now();
        (Faces::load(args.places.fonts.as_slice()), start.elapsed())
    });
    let built = std::thread::scope(|scope| {
        scope.spawn(|| LazyLock::force(&faces));
        build_all(args, &jobs, &|| faces.0.clone())
    });
    report(args, &jobs, &built, faces.1)
}

/// Gives the faces, as soon as they are there.
type Awaited<'a> = &'a (dyn Fn() -> Result<Faces, Vec<Finding>> + Sync);

fn ending(to: Target) -> &'static str {
    match to {
        Target::Pdf => ".pdf",
        Target::Svg => "-svg",
        Target::Png => "-png",
        Target::Typ => "-typ",
    }
}

/// Builds every source: one alone with all cores inside Typst, many side by side with a core each.
fn build_all(args: &args::Build, jobs: &[(PathBuf, PathBuf)], faces: Awaited<'_>) -> Vec<Built> {
    let forms = Forms::new(&args.places).balanced(args.rounding.balances());
    let bar = progress(jobs.len());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let next = AtomicUsize::new(0);
    let order = longest_first(jobs);
    let results: Vec<Mutex<Option<Built>>> = jobs.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        let typesetter = OnceCell::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(&at) = order.get(at) else { break };
            let (source, target) = &jobs[at];
            let tools = Tools { args, forms: &forms, faces, typesetter: &typesetter };
            let one = || build_one(&tools, source, target);
            // One report that breaks the program is not to take the others with it.
            let built = catch_unwind(AssertUnwindSafe(one)).unwrap_or_else(|_| broken());
            if let Ok(mut result) = results[at].lock() {
                *result = Some(built);
            }
            bar.inc(1);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let worker = || match workers {
                1 => work(),
                // A pool of its own keeps one document's work from stealing another document.
                _ => match rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(STACK).build()
                {
                    Ok(pool) => pool.install(work),
                    Err(_) => work(),
                },
            };
            let spawned = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker);
            spawned.expect("the system gives a few threads");
        }
    });
    bar.finish_and_clear();
    results
        .into_iter()
        .map(|result| result.into_inner().ok().flatten().unwrap_or_else(broken))
        .collect()
}

/// The order of work: a long report begun last would be waited for alone.
fn longest_first(jobs: &[(PathBuf, PathBuf)]) -> Vec<usize> {
    let length = |at: &usize| std::fs::metadata(&jobs[*at].0).map_or(0, |file| file.len());
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(length(at)));
    order
}

fn broken() -> Built {
    Built {
        written: None,
        findings: Vec::new(),
        failure: Some(Failure("程序内部出错，这一份没有做成".to_owned())),
        times: Vec::new(),
    }
}

/// A bar on a terminal, nothing in a pipe or for a single source.
fn progress(jobs: usize) -> ProgressBar {
    if jobs < 2 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} 份，还要 {eta}");
    ProgressBar::new(jobs as u64).with_style(style.expect("the template is valid"))
}

/// What a worker builds with.
struct Tools<'a> {
    args: &'a args::Build,
    forms: &'a Forms,
    faces: Awaited<'a>,
    /// Made when the first report needs it.
    typesetter: &'a OnceCell<Typesetter>,
}

impl Tools<'_> {
    fn typesetter(&self) -> Result<&Typesetter, Vec<Finding>> {
        match self.typesetter.get() {
            Some(typesetter) => Ok(typesetter),
            None => {
                let faces = (self.faces)()?;
                Ok(self.typesetter.get_or_init(|| Typesetter::new(faces)))
            }
        }
    }
}

fn build_one(tools: &Tools<'_>, source: &Path, target: &Path) -> Built {
    let mut built = Built { written: None, findings: Vec::new(), failure: None, times: Vec::new() };
    match pages_of(tools, source, &mut built) {
        Ok((made, pages)) => {
            let start = Instant::now();
            if built.findings.iter().any(Finding::blocks) && !tools.args.draft {
                return built;
            }
            let result = write(tools, &made, &pages, target);
            built.times.push(("输出", start.elapsed()));
            match result {
                Ok(()) => built.written = Some((target.to_owned(), pages.document.pages().len())),
                Err(stop) => stopped(&mut built, stop),
            }
        }
        Err(stop) => stopped(&mut built, stop),
    }
    built
}

fn stopped(built: &mut Built, stop: Stop) {
    match stop {
        Stop::Findings(findings) => built.findings.extend(findings),
        Stop::Failure(failure) => built.failure = Some(failure),
    }
}

fn pages_of(tools: &Tools<'_>, source: &Path, built: &mut Built) -> Result<(Made, Pages), Stop> {
    let args = tools.args;
    let start = Instant::now();
    let bytes = files::read(source)?;
    let made = tools.forms.make_of(&source.display().to_string(), &bytes)?;
    verdicts::known(&args.verdicts, &made.form)?;
    built.times.push(("读取和成文", start.elapsed()));
    let start = Instant::now();
    built.findings = made.findings();
    verdicts::apply(&args.verdicts, &mut built.findings);
    built.times.push(("审核", start.elapsed()));
    let open = built.findings.iter().filter(|finding| finding.blocks()).count();
    if open > 0 && !args.draft {
        return Err(Stop::Findings(Vec::new()));
    }
    let word = args.draft.then(|| stage::watermark(&built.findings));
    let chosen = &made.budget.source.value.fonts;
    let attachments = match args.attach {
        true => attach::attachments(&made.subject(), &bytes, args.rounding.balances())
            .map_err(|trouble| Failure(format!("附不了工作簿：{trouble}")))?,
        false => Vec::new(),
    };
    let wishes = Wishes {
        watermark: word.as_deref(),
        attachments: &attachments,
        stock: args.to == Target::Typ,
        ..Wishes::default()
    };
    let (pages, times) =
        tools.typesetter()?.typeset_with(&made.form, &made.report, chosen, wishes)?;
    let Times { markup, layout, reading } = times;
    built.times.extend([("写成 Typst", markup), ("排版", layout), ("核对页面", reading)]);
    built.findings.extend(pages.missing_glyphs(&made.report));
    let start = Instant::now();
    built.findings.extend(pages.misplaced(&made.report));
    built.times.push(("核对位置", start.elapsed()));
    Ok((made, pages))
}

fn write(tools: &Tools<'_>, made: &Made, pages: &Pages, target: &Path) -> Result<(), Stop> {
    let standards = pages.missing.is_empty();
    let numbered = |files: Vec<Vec<u8>>, ending: &str| {
        let files = files.into_iter().enumerate();
        files.map(|(at, bytes)| (format!("{:03}.{ending}", at + 1), bytes)).collect::<Vec<_>>()
    };
    match tools.args.to {
        Target::Pdf => files::write(target, &export::pdf(pages, &made.report, standards)?)?,
        Target::Svg => {
            let pages = export::svg(pages).into_iter().map(String::into_bytes).collect();
            files::write_folder(target, &numbered(pages, "svg"))?;
        }
        Target::Png => {
            let pages = export::png(pages).map_err(Failure)?;
            files::write_folder(target, &numbered(pages, "png"))?;
        }
        Target::Typ => files::write_folder(target, &tools.typesetter()?.files(&made.form, pages))?,
    }
    Ok(())
}

fn report(
    args: &args::Build,
    jobs: &[(PathBuf, PathBuf)],
    built: &[Built],
    fonts: Duration,
) -> Code {
    if args.json {
        say::tell!("{:#}", to_json(jobs, built));
    } else {
        let colour = std::io::stderr().is_terminal();
        for ((source, _), built) in jobs.iter().zip(built) {
            // A build says what has to be mended; `check` says the rest.
            for finding in built.findings.iter().filter(|finding| finding.blocks()) {
                say::aside!("{}\n", finding::render(finding, colour));
            }
            if let Some(Failure(message)) = &built.failure {
                say::failure(message);
            }
            match &built.written {
                Some((path, pages)) => {
                    let draft = if args.draft { "草稿，" } else { "" };
                    say::tell!(
                        "{}（{draft}{pages} 页）；{}",
                        path.display(),
                        finding::summary_line(&built.findings)
                    );
                }
                // A failure has said so itself.
                None if built.failure.is_some() => {}
                None => say::aside!("{} 没有生成，原有的文件没有动", source.display()),
            }
        }
        if jobs.len() > 1 {
            let done = built.iter().filter(|built| built.written.is_some()).count();
            say::tell!("共 {} 份，生成 {done} 份，没有生成 {} 份", jobs.len(), jobs.len() - done);
        }
    }
    if args.timings {
        print_times(jobs, built, fonts);
    }
    built.iter().map(code).max().unwrap_or(Code::Fine)
}

fn code(built: &Built) -> Code {
    match built {
        Built { failure: Some(_), .. } => Code::Failed,
        Built { written: None, .. } => Code::Findings,
        Built { findings, .. } if findings.iter().any(|f| f.blocks()) => Code::Findings,
        _ => Code::Fine,
    }
}

fn to_json(jobs: &[(PathBuf, PathBuf)], built: &[Built]) -> serde_json::Value {
    let all: Vec<Finding> = built.iter().flat_map(|built| built.findings.clone()).collect();
    let mut json = finding::to_json(&all);
    let reports = jobs.iter().zip(built).map(|((source, _), built)| {
        json!({
            "source": source.display().to_string(),
            "output": built.written.as_ref().map(|(path, _)| path.display().to_string()),
            "pages": built.written.as_ref().map(|(_, pages)| pages),
            "failure": built.failure.as_ref().map(|failure| failure.0.as_str()),
        })
    });
    json["reports"] = reports.collect();
    json
}

fn print_times(jobs: &[(PathBuf, PathBuf)], built: &[Built], fonts: Duration) {
    let line = |name: &str, time: Duration| {
        say::aside!("{:>8.1} 毫秒  {name}", time.as_secs_f64() * 1000.0);
    };
    line("字体", fonts);
    for ((source, _), built) in jobs.iter().zip(built) {
        if jobs.len() > 1 {
            say::aside!("{}", source.display());
        }
        for (name, time) in &built.times {
            line(name, *time);
        }
    }
}
