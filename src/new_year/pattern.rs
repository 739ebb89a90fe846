//! Paths with holes: `预算单位[].项目[].预算`, `预算单位[].三公经费.*.上年`.

use crate::source::edit::{Path, Step};
use crate::source::tree::{Kind, Node};

/// A path in which some steps are open.
#[derive(Debug, Clone)]
pub struct Pattern(Vec<Part>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Key(String),
    AnyKey,
    AnyItem,
    /// `[有下级]`: a class of which the list has lower ones.
    WithLower,
}

impl Pattern {
    /// Reads a pattern, or says why it is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        for word in text.split('.') {
            let (key, brackets) = word.split_at(word.find('[').unwrap_or(word.len()));
            match key {
                "" => return Err(format!("读不懂路径“{text}”")),
                "*" => parts.push(Part::AnyKey),
                key => parts.push(Part::Key(key.to_owned())),
            }
            match brackets {
                "" => {}
                "[]" => parts.push(Part::AnyItem),
                "[有下级]" => parts.push(Part::WithLower),
                _ => return Err(format!("读不懂路径“{text}”：方括号里不写，或写“有下级”")),
            }
        }
        Ok(Self(parts))
    }

    /// What stands in the holes, when the path fits.
    pub fn captures(&self, path: &Path, tree: &Node) -> Option<Vec<Step>> {
        if path.0.len() != self.0.len() {
            return None;
        }
        let mut captures = Vec::new();
        for (at, (part, step)) in self.0.iter().zip(&path.0).enumerate() {
            match (part, step) {
                (Part::Key(want), Step::Key(have)) if want == have => {}
                (Part::AnyKey, Step::Key(_)) | (Part::AnyItem, Step::Item(_)) => {
                    captures.push(step.clone());
                }
                (Part::WithLower, Step::Item(item)) => {
                    let list = Path(path.0[..at].to_vec());
                    has_lower(list.find(tree)?, *item).then_some(())?;
                    captures.push(step.clone());
                }
                _ => return None,
            }
        }
        Some(captures)
    }

    /// The path with the holes filled, where there are as many.
    pub fn filled(&self, captures: &[Step]) -> Option<Path> {
        let mut captures = captures.iter();
        let steps = self.0.iter().map(|part| match part {
            Part::Key(key) => Some(Step::Key(key.clone())),
            _ => captures.next().cloned(),
        });
        steps.collect::<Option<Vec<Step>>>().map(Path)
    }

    /// The pattern of what holds this, and the last key.
    pub fn parent(&self) -> Option<(Self, String)> {
        match self.0.split_last()? {
            (Part::Key(key), rest) => Some((Self(rest.to_vec()), key.clone())),
            _ => None,
        }
    }

    /// Whether there is nothing open in it.
    pub fn is_closed(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Key(_)))
    }
}

/// Whether a line of a list of classes has lower ones: 20805 has 2080502.
fn has_lower(list: &Node, item: usize) -> bool {
    let Kind::List(items) = &list.kind else { return false };
    let code = |node: &Node| node.get("编码").and_then(Node::scalar).map(str::to_owned);
    let Some(own) = items.get(item).and_then(code) else { return false };
    items.iter().filter_map(code).any(|it| it.len() > own.len() && it.starts_with(&own))
}
