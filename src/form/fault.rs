//! Template errors in the words of the people who wrote the template.

use std::ops::Range;
use std::sync::Arc;

use minijinja::{Error, ErrorKind};

use crate::finding::{File, Finding};
use crate::source::scalar::Text;

/// An error in a template of the form.
pub fn in_template(error: &Error, file: Option<&Arc<File>>) -> Finding {
    let error = innermost(error);
    let range = file.and_then(|file| range_in(error, &file.text));
    let expression = file.zip(range.clone()).map(|(file, range)| file.text[range].to_owned());
    let (message, help) = explain(error, expression.as_deref());
    let finding = Finding::error("F01", format!("模板{message}")).help(help);
    match file {
        Some(file) => finding.at(file, range.unwrap_or(0..0)),
        None => finding,
    }
}

/// An error in a text of the source.
pub fn in_prose(error: &Error, file: &Arc<File>, text: &Text) -> Finding {
    let range = range_in(error, &text.text);
    let expression = range.map(|range| text.text[range].to_owned());
    let (message, help) = explain(error, expression.as_deref());
    // The expression stands somewhere in the source's own lines; quoting and folding move it.
    let raw = &file.text[text.place.clone()];
    let place = expression
        .filter(|expression| !expression.is_empty())
        .and_then(|expression| {
            let start = text.place.start + raw.find(&expression)?;
            Some(start..start + expression.len())
        })
        .unwrap_or_else(|| {
            let first_line = raw.find('\n').unwrap_or(raw.len());
            text.place.start..text.place.start + first_line
        });
    Finding::error("S13", format!("文字里的表达式{message}")).at(file, place).help(help)
}

fn explain(error: &Error, expression: Option<&str>) -> (String, String) {
    let what = expression.map(|text| format!("“{text}”")).unwrap_or_default();
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
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
        ErrorKind::SyntaxError => (
            format!("写法不对{what}"),
            "{{ 与 }} 要成对；要印出两个大括号本身，写 {{ \"{{\" }}".to_owned(),
        ),
        _ if detail.chars().any(|c| c > '\u{2E80}') => {
            (format!("算不出来{what}"), detail.to_owned())
        }
        _ => (format!("算不出来{what}"), "检查这里用的名字和符号".to_owned()),
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

fn range_in(error: &Error, text: &str) -> Option<Range<usize>> {
    error.range().filter(|range| text.get(range.clone()).is_some())
}
