//! A new source for detail lines: what they say of year and units, the rest to be filled in.

use super::super::book::Book;
use super::super::{Changes, UNFIT, year};
use super::aliases::Aliases;
use super::ask::Answers;
use super::lines;
use crate::finding::Finding;
use crate::source;
use crate::source::edit::{self, Edit, Path};
use crate::source::leaves::TO_DO;

/// The text of a source without figures, which stands until they are put in.
pub fn fresh(
    book: &Book,
    aliases: &Aliases,
    answers: &Answers,
    form: &str,
) -> Result<String, Vec<Finding>> {
    // What is wrong with lines is told when their figures are put in.
    let mut unheard = Changes::default();
    let lines = match lines::read(book, aliases, answers, &mut unheard) {
        Ok(lines) => lines,
        Err(finding) => return Err(super::instead(unheard, finding)),
    };
    if lines.lines.is_empty() {
        return Err(unheard.remarks.into_iter().chain(unheard.doubts).collect());
    }
    let Some(year) = year::first(book).or_else(|| lines.years.first().copied()) else {
        return Err(vec![
            Finding::error(UNFIT, "明细里没有写是哪一年的")
                .help("在标题里写上，例如“2023年部门预算明细”；或用 --into 写进已有的数据文件"),
        ]);
    };
    let mut units: Vec<&str> = Vec::new();
    for line in lines.lines.iter().filter(|line| !line.unit.is_empty()) {
        if !units.contains(&line.unit.as_str()) {
            units.push(&line.unit);
        }
    }
    let department = match units.as_slice() {
        [only] => only,
        _ => "部门",
    };
    let mut text = format!(
        "# 由预算平台的明细导入；写着“待填”的请填上，全部的键用 yusuan schema --markdown 看\n\
         表式: {form}\n年度: {year}\n\n金额:\n  单位: 元\n  小数: 2\n\n\
         部门:\n  名称: {}\n\n预算单位:\n",
        quoted(department)
    );
    if units.len() > 1 {
        for unit in units {
            text += &format!(
                "  - 名称: {}\n    性质: 事业单位    # 行政单位、参公单位 或 事业单位\n",
                quoted(unit)
            );
        }
    } else {
        text += "  - 性质: 事业单位    # 行政单位、参公单位 或 事业单位\n";
    }
    Ok(text)
}

/// What such a source only supposes, marked to be filled in.
pub fn unfilled(name: &str, bytes: &[u8]) -> Result<Vec<u8>, Vec<Finding>> {
    let source = source::read(name, bytes)?.value;
    let top = Path::default();
    let units =
        (0..source.units.len()).map(|at| Edit::Empty(top.key("预算单位").item(at).key("性质")));
    let department = top.key("部门").key("名称");
    let supposed = (source.units.len() > 1).then(|| Edit::Set(department, TO_DO.to_owned()));
    edit::apply(name, bytes, &units.chain(supposed).collect::<Vec<_>>())
}

/// A text as YAML keeps it whatever it holds.
fn quoted(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '（' | '）' | '、'));
    match plain && !text.is_empty() {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}
