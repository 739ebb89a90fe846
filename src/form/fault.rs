//! Template errors in the words of the people who wrote the template.

use std::ops::Range;
use std::sync::Arc;

use minijinja::{Error, ErrorKind};

use super::operators::{self, Exact};
use crate::finding::{File, Finding};
use crate::source::excerpt::{brief, place_within};
use crate::source::scalar::Text;

/// An error in a template of the form.
pub fn in_template(error: &Error, file: Option<&Arc<File>>) -> Finding {
    let error = innermost(error);
    let range = file.and_then(|file| range_in(error, &operators::exact(&file.text), &file.text));
    let expression = file.zip(range.clone()).map(|(file, range)| file.text[range].to_owned());
    let template = file.map_or("", |file| &file.text[..]);
    let (message, help) = explain(error, expression.as_deref(), template);
    let finding = Finding::error("F01", format!("模板{message}")).help(help);
    match file {
        Some(file) => finding.at(file, range.unwrap_or(0..0)),
        None => finding,
    }
}

/// An error in a text of the source.
pub fn in_prose(error: &Error, exact: &Exact, file: &Arc<File>, text: &Text) -> Finding {
    let range = range_in(error, exact, &text.text);
    let expression = range.clone().map(|range| &text.text[range]);
    let (message, help) = explain(error, expression, &text.text);
    let place = place_within(file, &text.place, &text.text, range.unwrap_or(0..0));
    Finding::error("S13", format!("文字里的表达式{message}")).at(file, place).help(help)
}

/// An error in an expression of a rule.
pub fn in_words(error: &Error, expression: &str) -> String {
    let exact = operators::exact_expression(expression);
    let name = range_in(error, &exact, expression).and_then(|range| expression.get(range));
    let (message, help) = explain(error, name, expression);
    format!("{message}；{help}")
}

/// The template without the `{{ … }}` that an error stands in, everything else in its place.
pub fn without_expression(error: &Error, exact: &Exact, template: &str) -> Option<String> {
    let range = range_in(error, exact, template)?;
    let start = template[..range.start].rfind("{{")?;
    let end = range.end + template[range.end..].find("}}")? + 2;
    let inside = &template[start + 2..end - 2];
    let alone = !["{{", "}}", "%}"].iter().any(|braces| inside.contains(braces));
    alone.then(|| template[..start].to_owned() + &" ".repeat(end - start) + &template[end..])
}

fn explain(error: &Error, expression: Option<&str>, template: &str) -> (String, String) {
    let what = expression.map(|text| format!("“{}”", brief(text))).unwrap_or_default();
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError if expression.is_some_and(is_rate) => {
            (format!("算不出来{what}"), "上年数是零，没有增减率".to_owned())
        }
        ErrorKind::UndefinedError if expression.is_some_and(|text| text.contains(' ')) => (
            format!("里有一个不认识的名字：{what}"),
            "查一查名字；可用的名字见 docs/source.md".to_owned(),
        ),
        ErrorKind::UndefinedError => {
            (format!("里没有{what}这个名字"), "查一查名字；可用的名字见 docs/source.md".to_owned())
        }
        ErrorKind::OutOfFuel => {
            ("算不完（多半是循环没有尽头）".to_owned(), "文字里只引用数，不写循环".to_owned())
        }
        ErrorKind::TemplateNotFound | ErrorKind::BadInclude => (
            "引用了不存在的文件".to_owned(),
            "文字里不能引用别的文件；模板只能引用本表式的文件".to_owned(),
        ),
        ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
            (format!("里没有{what}这个用法"), "可用的用法见 docs/forms.md".to_owned())
        }
        ErrorKind::SyntaxError => (format!("写法不对{what}"), unpaired(template).to_owned()),
        _ if detail.chars().any(|c| c > '\u{2E80}') => {
            (format!("算不出来{what}"), detail.to_owned())
        }
        _ => (format!("算不出来{what}"), "检查这里用的名字和符号".to_owned()),
    }
}

/// What is likely to lack its other half in a template that cannot be read.
fn unpaired(template: &str) -> &'static str {
    let pairs = |open, close| template.matches(open).count() == template.matches(close).count();
    if template.contains("{#") && !pairs("{#", "#}") {
        "{# 后面要有 #}；{# … #} 里的字不会印，文字里不要写：要印的去掉 {# #}，不印的删掉"
    } else if !pairs("{%", "%}") {
        "{% 与 %} 要成对"
    } else if template.contains("{%") && pairs("{{", "}}") {
        "{% if … %} 后面要有 {% endif %}，{% for … %} 后面要有 {% endfor %}，里面的名字和符号要写全"
    } else if template.contains("{{") && pairs("{{", "}}") {
        "{{ }} 里要写全：名字照 docs/source.md 抄，点、逗号、括号、引号都用半角"
    } else {
        "{{ 与 }} 要成对；要印出两个大括号本身，写 {{ \"{{\" }}"
    }
}

/// The error that the others wrap: an error in an included template or a macro.
fn innermost(error: &Error) -> &Error {
    let mut inner = error;
    while let Some(source) = std::error::Error::source(inner).and_then(|e| e.downcast_ref()) {
        inner = source;
    }
    inner
}

/// The name of the template in which the innermost error stands.
pub fn template_name(error: &Error) -> Option<&str> {
    innermost(error).name()
}

/// 率 of a 变动 is undefined for one reason only.
fn is_rate(expression: &str) -> bool {
    expression.contains("变动") && expression.ends_with(".率")
}

/// Where an error stands. A name is pointed at from the start of its path.
fn range_in(error: &Error, exact: &Exact, text: &str) -> Option<Range<usize>> {
    let range = exact.written(error.range()?);
    text.get(range.clone())?;
    let in_path = |c: char| c.is_alphanumeric() || "_.[]'\"".contains(c);
    if text[range.clone()].starts_with(['.', '[']) {
        let start = text[..range.start].trim_end_matches(in_path).len();
        return Some(start..range.end);
    }
    // An undefined value is noticed in the filter behind it, which is not to blame.
    let filtered = text[..range.start].trim_end().strip_suffix('|').map(str::trim_end);
    let name = filtered.map(|text| text.trim_end_matches(in_path).len()..text.len());
    let name = name.filter(|name| !name.is_empty() && error.kind() == ErrorKind::UndefinedError);
    Some(name.unwrap_or(range))
}
