//! Paragraphs, headings and titles: which are new, gone, moved or changed.

use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::words::{self, Word};
use super::{Change, TextChange};
use crate::report::{Address, Block, Chapter, Report, plain};

/// Texts less alike than this (of 100) are not one text that changed.
const ALIKE: usize = 40;
/// More pairs than this are not tried: such a chapter was written anew.
const MOST_PAIRS: usize = 10_000;

/// What stands between the cells of a table's row that is compared as one text.
pub const BETWEEN: &str = " | ";

/// A text and where it stands.
#[derive(Debug, Clone)]
pub struct Line {
    pub text: String,
    pub address: Option<Address>,
    /// The row of a table inside a part.
    pub row: Option<usize>,
}

impl Line {
    pub fn at(text: String, address: Address) -> Self {
        Self { text, address: Some(address), row: None }
    }
}

/// All texts outside the official tables.
pub fn compare(old: &Report, new: &Report) -> Vec<TextChange> {
    let cover = |report: &Report| -> Vec<Line> {
        let lines = report.title.iter().enumerate();
        lines.map(|(cover, line)| Line::at(plain(line), Address::Cover { cover })).collect()
    };
    let mut changes = lines("封面", &cover(old), &cover(new));
    let before: Vec<(usize, &Chapter)> = old.chapters().enumerate().collect();
    let after: Vec<(usize, &Chapter)> = new.chapters().enumerate().collect();
    let title = |chapter: &Chapter| plain(&chapter.title);
    let mut left: Vec<bool> = vec![true; before.len()];
    for (at, chapter) in &after {
        let name = title(chapter);
        let by_name = before.iter().position(|(b, other)| left[*b] && title(other) == name);
        let twin = by_name.or_else(|| {
            let known = after.iter().any(|(_, other)| {
                before.get(*at).is_some_and(|(_, twin)| title(twin) == title(other))
            });
            (*at < before.len() && left[*at] && !known).then_some(*at)
        });
        let old_lines = twin.map(|twin| chapter_lines(twin, before[twin].1)).unwrap_or_default();
        if let Some(twin) = twin {
            left[twin] = false;
        }
        changes.extend(lines(&name, &old_lines, &chapter_lines(*at, chapter)));
    }
    for (at, chapter) in before.iter().filter(|(at, _)| left[*at]) {
        changes.extend(lines(&title(chapter), &chapter_lines(*at, chapter), &[]));
    }
    changes
}

/// The title and the blocks of a chapter; a table in it is a text a row.
fn chapter_lines(number: usize, chapter: &Chapter) -> Vec<Line> {
    let mut lines = vec![Line::at(plain(&chapter.title), Address::Title { title: number })];
    for (block, value) in chapter.blocks.iter().enumerate() {
        let address = Address::Block { chapter: number, block };
        match value {
            Block::Heading(_, line) | Block::Paragraph(line) => {
                lines.push(Line::at(plain(line), address));
            }
            Block::Table(grid) => {
                lines.extend(grid.header.iter().chain(&grid.rows).enumerate().map(|(at, row)| {
                    let cells: Vec<String> =
                        row.cells.iter().map(|cell| plain(&cell.text)).collect();
                    Line { row: Some(at), ..Line::at(cells.join(BETWEEN), address) }
                }));
            }
        }
    }
    lines
}

/// How the lines of a part differ.
pub fn lines(part: &str, old: &[Line], new: &[Line]) -> Vec<TextChange> {
    let texts = |lines: &[Line]| lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
    let mut changes = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &texts(old), &texts(new)) {
        let (tag, before, after) = op.as_tag_tuple();
        if tag != DiffTag::Equal {
            changes.extend(pairs(part, &old[before], &new[after]));
        }
    }
    join_moved(&mut changes);
    changes
}

/// Of two runs of lines: those alike are one that changed, in their order; the others are new or gone.
fn pairs(part: &str, old: &[Line], new: &[Line]) -> Vec<TextChange> {
    let mut changes = Vec::new();
    let (mut at, mut to) = (0, 0);
    let texts = |lines: &[Line]| lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
    for (before, after) in alike(&texts(old), &texts(new)) {
        changes.extend(old[at..before].iter().map(|line| gone(part, line)));
        changes.extend(new[to..after].iter().map(|line| fresh(part, line)));
        changes.push(TextChange {
            part: part.to_owned(),
            change: Change::Changed,
            words: words::diff(&old[before].text, &new[after].text),
            old: old[before].address,
            new: new[after].address,
            row: new[after].row,
        });
        (at, to) = (before + 1, after + 1);
    }
    changes.extend(old[at..].iter().map(|line| gone(part, line)));
    changes.extend(new[to..].iter().map(|line| fresh(part, line)));
    changes
}

/// The pairing that keeps the order and has the most in common.
pub fn alike(old: &[impl AsRef<str>], new: &[impl AsRef<str>]) -> Vec<(usize, usize)> {
    if old.len() * new.len() > MOST_PAIRS {
        return (0..old.len().min(new.len())).map(|at| (at, at)).collect();
    }
    let like: Vec<Vec<usize>> = old
        .iter()
        .map(|a| new.iter().map(|b| words::likeness(a.as_ref(), b.as_ref())).collect())
        .collect();
    let worth = |a: usize, b: usize| if like[a][b] >= ALIKE { like[a][b] } else { 0 };
    let mut best = vec![vec![0; new.len() + 1]; old.len() + 1];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            let pair = if worth(a, b) > 0 { worth(a, b) + best[a + 1][b + 1] } else { 0 };
            best[a][b] = pair.max(best[a + 1][b]).max(best[a][b + 1]);
        }
    }
    let (mut a, mut b, mut pairs) = (0, 0, Vec::new());
    while a < old.len() && b < new.len() {
        if worth(a, b) > 0 && best[a][b] == worth(a, b) + best[a + 1][b + 1] {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if best[a][b] == best[a + 1][b] {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}

fn gone(part: &str, line: &Line) -> TextChange {
    TextChange {
        part: part.to_owned(),
        change: Change::Removed,
        words: words::whole(Word::Removed, &line.text),
        old: line.address,
        new: None,
        row: None,
    }
}

fn fresh(part: &str, line: &Line) -> TextChange {
    TextChange {
        part: part.to_owned(),
        change: Change::Added,
        words: words::whole(Word::Added, &line.text),
        old: None,
        new: line.address,
        row: line.row,
    }
}

/// A line that is gone here and new there was moved.
fn join_moved(changes: &mut Vec<TextChange>) {
    let mut at = 0;
    while at < changes.len() {
        let gone = match (changes[at].change, changes[at].words.as_slice()) {
            (Change::Removed, [Word::Removed(text)]) => text.clone(),
            _ => String::new(),
        };
        let added = [Word::Added(gone.clone())];
        let twin = changes.iter().position(|it| it.change == Change::Added && it.words == added);
        match twin.filter(|_| !gone.is_empty()) {
            Some(twin) => {
                changes[twin].change = Change::Moved;
                changes[twin].words = vec![Word::Same(gone)];
                changes[twin].old = changes[at].old;
                changes.remove(at);
            }
            None => at += 1,
        }
    }
}
