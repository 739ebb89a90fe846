//! `yusuan rules` and `yusuan explain`: what is checked, and why.

use std::path::Path;
use std::sync::Arc;

use super::Code;
use super::args;
use super::say;
use super::stage::Forms;
use crate::audit::rules::Entry;
use crate::audit::{self, Tally, rules::Level};
use crate::finding;
use crate::form::Form;
use crate::source::near;
use crate::source::scalar::Text;

pub fn list(args: &args::Rules) -> Code {
    if let Some(source) = &args.used {
        return used(&Forms::new(&args.places), source);
    }
    let Some(form) = form(&Forms::new(&args.places), &args.form) else { return Code::Findings };
    let text = if args.markdown { markdown(&form) } else { table(&form) };
    say::tell!("{}", text.trim_end());
    Code::Fine
}

/// How often each formula was applied to the report of a source.
fn used(forms: &Forms, source: &Path) -> Code {
    let made = match forms.make(source) {
        Ok(made) => made,
        Err(stop) => return stop.tell("没有审核：上面的要先改好"),
    };
    for (code, usage) in audit::usage(&made.form, &made.budget, &made.report) {
        let times = match usage {
            Ok(Tally { applied, excused: 0 }) => format!("{applied:>4} 次"),
            Ok(Tally { applied, excused }) => {
                format!("{applied:>4} 次，另有 {excused} 次不合“当”的条件")
            }
            Err(why) => format!("   用不了：{why}"),
        };
        say::tell!("{code:<7} {times}");
    }
    Code::Fine
}

pub fn explain(args: &args::Explain) -> Code {
    let Some(form) = form(&Forms::new(&args.places), &args.form) else { return Code::Findings };
    let wanted = args.code.trim().to_uppercase();
    if let Some(entry) = entries(&form).iter().find(|entry| entry.code.text == wanted) {
        say::tell!("{}", described(entry));
        return Code::Fine;
    }
    if let Some((code, text)) = audit::codes::GENERAL.iter().find(|(code, _)| *code == wanted) {
        say::tell!("{code}\n  {text}");
        return Code::Fine;
    }
    let codes = entries(&form).iter().map(|entry| entry.code.text.as_str());
    let codes = codes.chain(audit::codes::GENERAL.iter().map(|(code, _)| *code));
    let near = near::nearest(&wanted, codes)
        .map(|code| format!("，是不是 {code}？"))
        .unwrap_or("。".to_owned());
    say::aside!("错误：没有 {} 这个代码{near}全部规则见 yusuan rules", args.code);
    Code::Findings
}

/// The rules as `docs/rules.md` keeps them.
pub fn markdown(form: &Form) -> String {
    let mut text = format!(
        "# 审核规则\n\n{}。由 `yusuan rules --markdown` 生成，不要手改。\n\n\
         | 代码 | 级别 | 要求 | 公式或检查 | 办法 | 依据 |\n|---|---|---|---|---|---|\n",
        form.manifest.value.name.text
    );
    for entry in entries(form) {
        let said = |text: &Option<Text>| {
            text.as_ref().map_or(String::new(), |it| it.text.replace('|', "\\|"))
        };
        let (help, ground) = (said(&entry.help), said(&entry.ground));
        let rule = what(entry).replace('|', "\\|");
        text += &format!(
            "| {} | {} | {} | `{rule}` | {help} | {ground} |\n",
            entry.code.text,
            level(entry.level),
            entry.sentence.text
        );
    }
    text += "\n## 其他代码\n\n| 代码 | 说明 |\n|---|---|\n";
    for (code, meaning) in audit::codes::GENERAL {
        text += &format!("| {code} | {meaning} |\n");
    }
    text
}

fn table(form: &Form) -> String {
    let lines = entries(form).iter().map(|entry| {
        format!(
            "{:<7} {}  {}\n        {}\n",
            entry.code.text,
            level(entry.level),
            entry.sentence.text,
            what(entry)
        )
    });
    lines.collect()
}

fn described(entry: &Entry) -> String {
    let mut text = format!(
        "{}（{}）\n  {}\n  {}",
        entry.code.text,
        level(entry.level),
        entry.sentence.text,
        what(entry)
    );
    if let Some(ground) = &entry.ground {
        text += &format!("\n  依据：{}", ground.text);
    }
    if let Some(help) = &entry.help {
        text += &format!("\n  办法：{}", help.text);
    }
    if entry.level == Level::Warning {
        text += &format!(
            "\n  有原因的，在数据文件里写（几处的写处数，如“{0} 3处”）：\n    说明:\n      {0}: 原因",
            entry.code.text
        );
    }
    text
}

/// The formula, the kind of check, or what must be stated; and its words.
fn what(entry: &Entry) -> String {
    if let Some(formula) = &entry.formula {
        return formula.0.text.clone();
    }
    let said = |what: &str, text: &Option<Text>| {
        text.as_ref().map(|text| format!("{what}：{}", text.text))
    };
    let has: Vec<&str> = entry.has.iter().map(|path| path.text.as_str()).collect();
    let has = (!has.is_empty()).then(|| format!("要有：{}", has.join("、")));
    let check = entry.check.map(|check| format!("检查：{}", check.name()));
    let parts = [check, said("每", &entry.each), has, said("成立", &entry.holds)];
    let text: Vec<String> = parts.into_iter().chain([said("当", &entry.when)]).flatten().collect();
    let words: Vec<&str> = entry.words.iter().map(|word| word.0.text.as_str()).collect();
    let words =
        if words.is_empty() { String::new() } else { format!("（{}）", words.join("、")) };
    text.join("，") + &words
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "错误",
        Level::Warning => "警告",
        Level::Info => "提示",
    }
}

fn entries(form: &Form) -> &[Entry] {
    form.rules.as_ref().map_or(&[], |rules| &rules.value.rules)
}

fn form(forms: &Forms, name: &str) -> Option<Arc<Form>> {
    match forms.get(name) {
        Ok(form) => Some(form),
        Err(findings) => {
            for found in &findings {
                say::aside!("{}\n", finding::render(found, false));
            }
            None
        }
    }
}
