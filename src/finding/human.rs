//! Findings for people: the source line, a caret under the right character, what to do.

use std::collections::{BTreeMap, BTreeSet};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Checked, Finding, Severity};

/// Further places are shown up to this many; JSON has all.
const MOST_SHOWN: usize = 4;

/// Renders one finding, coloured for a terminal or plain. What nobody has to mend takes one line.
pub fn render(finding: &Finding, colour: bool) -> String {
    if finding.severity == Severity::Info || finding.reason.is_some() {
        return in_one_line(finding);
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let text = renderer.decor_style(DecorStyle::Ascii).render(&[group(finding)]);
    // Without a source line, the bar that would lead to it leads nowhere.
    if finding.spot.is_some() { text } else { text.replacen("\n |\n", "\n", 1) }
}

/// Renders findings one after the other, those that the same lines feed with the same difference
/// together: one wrong number breaks many sums.
pub fn render_all(findings: &[Finding], colour: bool) -> String {
    let mut text = String::new();
    let mut by_cause: BTreeMap<Cause<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        if let Some(cause) = cause(finding) {
            by_cause.entry(cause).or_default().push(finding);
        }
    }
    for finding in findings {
        let together = cause(finding).and_then(|cause| by_cause.remove(&cause));
        match (cause(finding), together) {
            (Some(_), None) => continue,
            (_, together) => {
                text += &render(finding, colour);
                text += "\n";
                for other in together.iter().flatten().skip(1) {
                    text += &format!("同一处[{}]: {}", other.code, other.message);
                    text +=
                        &shown(other).map(|place| format!("；{place}\n")).unwrap_or("\n".into());
                }
                text += if finding.blocks() { "\n" } else { "" };
            }
        }
    }
    text
}

/// The file and places that feed an open finding, and by how much its sides differ.
type Cause<'f> = (&'f str, Vec<usize>, String);

fn cause(finding: &Finding) -> Option<Cause<'_>> {
    let difference = finding.sides.as_ref()?.difference.trim_start_matches('-').to_owned();
    let file = finding.spot.as_ref()?.file.name.as_str();
    let spots = finding.spot.iter().chain(&finding.feeds);
    let mut places: Vec<usize> = spots.map(|spot| spot.range.start).collect();
    places.sort_unstable();
    finding.blocks().then_some((file, places, difference))
}

/// 错误 2 处，警告 3 处（已说明 1 处），提示 5 处
pub fn summary_line(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
    let (allowed, explained): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().filter(|found| found.reason.is_some()).partition(|it| it.is_allowed());
    let passed = [("已说明", explained.len()), ("--allow 略过", allowed.len())];
    let passed = passed.iter().filter(|(_, many)| *many > 0);
    let passed: Vec<String> = passed.map(|(how, many)| format!("{how} {many} 处")).collect();
    let passed =
        if passed.is_empty() { String::new() } else { format!("（{}）", passed.join("，")) };
    format!(
        "错误 {} 处，警告 {} 处{passed}，提示 {} 处",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info)
    )
}

/// The summary of a run, and which sources were not audited.
pub fn conclusion(checked: &[Checked], findings: &[Finding]) -> String {
    let open: Vec<&str> =
        checked.iter().filter(|one| !one.audited).map(|one| one.source.as_str()).collect();
    let rest = match open.as_slice() {
        [] => String::new(),
        names => format!(
            "\n还没有审核：{}。有上面的错，做不出报告；改好以后再查一遍，才查得出其余的",
            names.join("、")
        ),
    };
    summary_line(findings) + &rest
}

fn in_one_line(finding: &Finding) -> String {
    let level = match &finding.reason {
        Some(_) if finding.is_allowed() => "略过",
        Some(_) => "已说明",
        None => "提示",
    };
    let mut line = format!("{level}[{}]: {}", finding.code, finding.message);
    if let Some(place) = shown(finding).filter(|place| !finding.message.contains(place.as_str())) {
        line += &format!("；{place}");
    }
    if let Some(spot) = &finding.spot {
        let (row, column) = spot.file.line_column(spot.range.start);
        line += &format!("（{}:{row}:{column}）", spot.file.name);
    }
    if let Some(reason) = &finding.reason {
        line += &format!("\n  说明: {reason}");
    }
    line
}

fn group(finding: &Finding) -> Group<'_> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR.with_name("错误"),
        Severity::Warning => Level::WARNING.with_name("警告"),
        Severity::Info => Level::INFO.with_name("提示"),
    };
    let mut group =
        Group::with_title(level.primary_title(&finding.message).id(finding.code.as_str()));
    if let Some(spot) = &finding.spot {
        let primary =
            AnnotationKind::Primary.span(spot.range.clone()).label(finding.label.as_deref());
        let others = finding.feeds.iter().filter(|feed| feed.file == spot.file).take(MOST_SHOWN);
        group = group.element(
            Snippet::source(spot.file.text.as_str())
                .path(spot.file.name.as_str())
                .annotation(primary)
                .annotations(others.map(|feed| AnnotationKind::Context.span(feed.range.clone()))),
        );
    }
    if let Some(lines) = further_lines(finding) {
        group = group.element(Level::NOTE.with_name("还有").message(lines));
    }
    if let Some(place) = shown(finding) {
        group = group.element(Level::NOTE.with_name("位置").message(place));
    }
    match &finding.help {
        Some(help) => group.element(Level::HELP.with_name("办法").message(help)),
        None => group,
    }
}

/// The lines of places that are not drawn: 第 75、76 行.
fn further_lines(finding: &Finding) -> Option<String> {
    let spot = finding.spot.as_ref()?;
    let here = finding.feeds.iter().filter(|feed| feed.file == spot.file).skip(MOST_SHOWN);
    let lines: BTreeSet<usize> =
        here.map(|feed| feed.file.line_column(feed.range.start).0).collect();
    let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
    (!lines.is_empty()).then(|| format!("第 {} 行", lines.join("、")))
}

/// 表3 第 17 页 “2080150 事业运行”的“支出总计”
fn shown(finding: &Finding) -> Option<String> {
    let shown = finding.shown.as_ref()?;
    let mut text = shown.part.clone();
    if let Some(page) = shown.page {
        text += &format!(" 第 {page} 页");
    }
    if let Some(row) = &shown.row {
        text += &format!(" “{row}”");
    }
    if let Some(column) = shown.column.as_ref().filter(|column| !column.is_empty()) {
        text += &format!("的“{column}”");
    }
    Some(text)
}
