//! From what a draft says differently to edits of its source: words go back into the text that they
//! came from, a stated figure becomes what was typed; all else is a doubt.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::amount::{Amount, like};
use super::super::{BAD_CELL, COMPUTED, Change, Changes, UNFIT};
use super::FORM_WORDS;
use super::added::Arrival;
use super::compare::Differences;
use super::form_words::FormWords;
use super::hunks::{Hunk, Unclear, hunks};
use super::patches::Patch;
use super::spots::{At, Base, brief};
use crate::budget::{Figure, Format, Measure, Origin as Source};
use crate::exchange::docx::plan::Site;
use crate::finding::Finding;
use crate::report::{Origin, Piece, plain};
use crate::source::edit::{Edit, Path, Step};
use crate::source::scalar::Place;
use crate::source::schema;
use crate::source::shape::resolve;

/// So many of the parts of a figure are named.
const MOST_PARTS: usize = 3;

/// What a change has to come to in print.
#[derive(Debug, Clone, PartialEq)]
pub struct Want {
    pub path: Path,
    pub at: At,
    pub piece: usize,
    pub text: String,
}

/// A change that only the rest of the changes can bring about: of a computed figure, of the form's
/// words. It is a doubt unless they do.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub at: At,
    pub piece: usize,
    pub text: String,
    pub doubt: Finding,
}

pub struct Resolver<'a> {
    pub base: &'a Base<'a>,
    pub form: FormWords<'a>,
    pub changes: Changes,
    /// New words by the text that they go into.
    pub patches: BTreeMap<Path, Vec<Patch>>,
    pub wants: Vec<Want>,
    pub claims: Vec<Claim>,
    /// Paragraphs as they are to be once what was taken out of them is gone.
    pub leaving: Vec<Arrival>,
}

impl Resolver<'_> {
    pub fn lines(&mut self, found: &Differences) {
        for (at, text) in &found.changed {
            self.line(*at, text);
        }
        let mut unclear: BTreeMap<Site, Vec<String>> = BTreeMap::new();
        for (site, row) in &found.unclear {
            unclear.entry(*site).or_default().push((row + 1).to_string());
        }
        for (site, rows) in unclear {
            let (table, count) = (self.base.called((site, None)), rows.len());
            let first = rows.into_iter().take(MOST_PARTS).collect::<Vec<_>>().join("、");
            let more =
                if count > MOST_PARTS { format!("等 {count} 行") } else { " 行".to_owned() };
            self.changes.doubt(
                UNFIT,
                format!("{table} 第 {first}{more}的栏与导出时不同，没有取"),
                "不要加栏、删栏、合并或拆分单元格；恢复原来的样子再导入",
            );
        }
        for at in &found.moved {
            let called = self.base.called_whole(*at);
            self.changes.doubt(
                UNFIT,
                format!("{called} 挪了位置，没有取"),
                "次序由表式和数据文件定：挪回去；或在数据文件里换次序",
            );
        }
        for words in &found.tables {
            self.changes.doubt(
                UNFIT,
                format!("有一张表加了、删了或对不上：“{}”", brief(words)),
                "表由表式定；恢复原来的样子再导入",
            );
        }
    }

    fn line(&mut self, at: At, new: &str) {
        let Some(line) = self.base.line(at) else { return };
        let old = plain(line);
        // White space around the words is as it was.
        let lead = &old[..old.len() - old.trim_start().len()];
        let trail = if old.trim().is_empty() { "" } else { &old[old.trim_end().len()..] };
        let new = format!("{lead}{new}{trail}");
        let called = self.base.called(at);
        let mut texts: Vec<String> = line.iter().map(|piece| piece.text.clone()).collect();
        let hunks = hunks(line, &new);
        // From the last to the first, so that places before a change stay where they are.
        for hunk in hunks.iter().rev().flatten() {
            texts[hunk.piece].replace_range(hunk.range.clone(), &hunk.text);
        }
        for hunk in hunks {
            match hunk {
                Ok(hunk) => self.hunk(at, &called, line, &hunk),
                Err(Unclear { range, new: words, .. })
                    if words.is_empty() && self.taken_out(at, line, &range, &new) => {}
                Err(Unclear { old, new, .. }) => self.changes.doubt(
                    UNFIT,
                    format!("{called}：“{}”改成了“{}”，里面有几处不同来源的文字和数，不知道改的是哪一处", brief(&old), brief(&new)),
                    "在数据文件里改；或在文档里一处一处地改",
                ),
            }
        }
        for want in self.wants.iter_mut().filter(|want| want.at == at) {
            want.text.clone_from(&texts[want.piece]);
        }
        for claim in self.claims.iter_mut().filter(|claim| claim.at == at) {
            claim.text.clone_from(&texts[claim.piece]);
        }
    }

    fn hunk(&mut self, at: At, called: &str, line: &[Piece], hunk: &Hunk) {
        let piece = &line[hunk.piece];
        match &piece.origin {
            Origin::Form => self.form_words(at, called, piece, hunk),
            Origin::Text(place) => self.words(at, called, piece, place, hunk),
            Origin::Figure(figure, format) => {
                let text = spliced(&piece.text, &hunk.range, &hunk.text);
                self.figure(at, called, (figure, format), piece, hunk.piece, &text);
            }
        }
    }

    fn form_words(&mut self, at: At, called: &str, piece: &Piece, hunk: &Hunk) {
        let old = &piece.text[hunk.range.clone()];
        let message = format!(
            "{called}：“{}”改成了“{}”，这是表式的文字，没有取",
            brief(old),
            brief(&hunk.text)
        );
        let doubt = Finding::error(FORM_WORDS, message)
            .help("要改的，改表式的这一处，用这个表式的各部门都会变；不改的，在文档里恢复原样");
        let place = self.form.find(at.0, &piece.text, &hunk.range);
        let doubt = match place {
            Some((file, range)) => doubt.at(&file, range),
            None => doubt,
        };
        self.claims.push(Claim { at, piece: hunk.piece, text: String::new(), doubt });
    }

    fn words(&mut self, at: At, called: &str, piece: &Piece, place: &Place, hunk: &Hunk) {
        let base = self.base;
        let found = base.scalar(place).zip(base.offset(at, hunk.piece));
        let old = brief(&piece.text[hunk.range.clone()]);
        let Some(((path, _), offset)) = found else {
            let name = base.name(place);
            return self.changes.doubt(
                UNFIT,
                format!(
                    "{called}：“{old}”改成了“{}”，它由{name}写出，但对不上原文",
                    brief(&hunk.text)
                ),
                "在数据文件里改这一处",
            );
        };
        if is_year(&path) {
            return self.changes.doubt(
                UNFIT,
                format!(
                    "{called}：“{old}”改成了“{}”，这是整份报告的年度，没有取",
                    brief(&hunk.text)
                ),
                "真要换年度的，用 yusuan new，或在数据文件里改",
            );
        }
        if is_template(&hunk.text) {
            return self.changes.doubt(
                BAD_CELL,
                format!("{called}：新写的“{}”里有 {{{{、{{% 或 {{#，会当成算式", brief(&hunk.text)),
                "文档里不能写算式；要写，在数据文件里写",
            );
        }
        let range = offset + hunk.range.start..offset + hunk.range.end;
        let text = hunk.text.clone();
        self.wants.push(Want { path: path.clone(), at, piece: hunk.piece, text });
        let patch = Patch { range, text: hunk.text.clone(), cell: called.to_owned() };
        self.patches.entry(path).or_default().push(patch);
    }

    fn figure(
        &mut self,
        at: At,
        called: &str,
        (figure, format): (&Figure, &Format),
        piece: &Piece,
        number: usize,
        text: &str,
    ) {
        let was = Amount::typed(&piece.text);
        let typed = Amount::typed(text);
        if typed.is_some() && typed == was {
            return;
        }
        let Source::Stated(place) = figure.origin() else {
            let doubt = self.computed(called, figure, &piece.text, text);
            return self.claims.push(Claim { at, piece: number, text: text.to_owned(), doubt });
        };
        let Some(amount) = typed else {
            let now = if text.trim().is_empty() { "空白" } else { text };
            return self.changes.doubt(
                BAD_CELL,
                format!("{called}：{} 改成了“{}”，不是数", piece.text, brief(now)),
                "只改数字；是零就写 0",
            );
        };
        let Some((path, stated)) = self.base.scalar(place) else { return };
        let after = match figure.measure() {
            Measure::Money => format.held(amount.shown).normalize().to_string(),
            _ => amount.shown.to_string(),
        };
        let after = like(Some(stated), &after);
        let want = Want { path: path.clone(), at, piece: number, text: text.to_owned() };
        self.wants.push(want);
        self.changes.changes.push(Change {
            what: self.base.name(place),
            edit: Edit::Set(path, after.clone()),
            cell: called.to_owned(),
            before: Some(stated.to_owned()),
            after: Some(after),
        });
    }

    /// A figure that is computed does not change by being typed over.
    fn computed(&self, called: &str, figure: &Figure, was: &str, now: &str) -> Finding {
        let places = figure.places();
        let named = places.iter().take(MOST_PARTS).map(|place| self.base.name(place));
        let named = named.collect::<Vec<_>>().join("、");
        let help = match places.len() {
            0 => "数据文件里没有填过这个数：在数据文件里加上它".to_owned(),
            count if count > MOST_PARTS => {
                format!("它由 {count} 个数算出：{named}等；改要改的那一个")
            }
            count => format!("它由 {count} 个数算出：{named}；改要改的那一个"),
        };
        let now = brief(now);
        let message = format!("{called}：{was} 改成了“{now}”，但它是算出来的，改了没有用");
        Finding::error(COMPUTED, message).help(help)
    }
}

/// A text with a stretch of it replaced.
fn spliced(text: &str, range: &Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

/// Whether a path leads to the year of the budget.
fn is_year(path: &Path) -> bool {
    let [Step::Key(key)] = path.0.as_slice() else { return false };
    resolve(schema(), &schema()["properties"][key.as_str()])["format"] == "year"
}

/// Whether something in a text would be read as an expression.
pub fn is_template(text: &str) -> bool {
    ["{{", "{%", "{#", "}}", "%}", "#}"].iter().any(|mark| text.contains(mark))
}
