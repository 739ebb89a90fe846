//! 增减的说法: the words in which a change is told.

use std::ops::Range;

/// Which way a change goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// 增加
    Rise,
    /// 减少
    Fall,
}

const RISES: &[&str] = &["增加", "增长", "上升", "提高", "新增"];
const FALLS: &[&str] = &["减少", "下降", "降低", "压减", "压缩", "节约", "缩减"];
/// What may stand between the word and the number.
const BETWEEN: &[&str] = &["了", "约", "额", "额为", "额度", "幅度"];

impl Direction {
    /// The direction of a change, from its sign.
    pub fn of(sign: i32) -> Option<Self> {
        match sign {
            0 => None,
            sign => Some(if sign > 0 { Self::Rise } else { Self::Fall }),
        }
    }
}

fn all() -> impl Iterator<Item = (Direction, &'static str)> {
    let rises = RISES.iter().map(|word| (Direction::Rise, *word));
    rises.chain(FALLS.iter().map(|word| (Direction::Fall, *word)))
}

/// The word of change that a text ends with: …减少, …减少了约.
pub fn of_change(text: &str) -> Option<(Direction, &'static str)> {
    let text = text.trim_end().trim_end_matches(['：', ':', '（', '(']);
    let bare = BETWEEN.iter().find_map(|between| text.strip_suffix(between)).unwrap_or(text);
    all().find(|(_, word)| bare.ends_with(word))
}

/// The last word of change in a clause, and where it stands: 减少公务接待费.
pub fn last_of_change(clause: &str) -> Option<(Direction, Range<usize>)> {
    let found = all().filter_map(|(direction, word)| {
        let start = clause.rfind(word)?;
        Some((direction, start..start + word.len()))
    });
    found.max_by_key(|(_, range)| range.end)
}
