//! The template engine of a form, and the narrower one for the prose of a source.

use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::arithmetic::refuse;
use super::pen::Pen;
use super::values::{FigureValue, TextValue};
use super::{fault, operators, words};
use crate::budget::{Format, Measure};
use crate::finding::{File, Finding};
use crate::marks;
use crate::report::Origin;
use crate::source::scalar::Text;
use crate::source::text::is_control;

/// What templates and texts call the unit that is printed.
pub const UNIT: &str = "金额单位";

/// Steps that one text of a source may take: plenty for any sentence, and it ends endless loops.
const PROSE_FUEL: u64 = 20_000;

/// Filters that print what is no text, or print past the marks: prose has no use for them.
const UNMARKING_FILTERS: [&str; 6] = ["tojson", "pprint", "safe", "escape", "e", "string"];

/// The engine for a form's templates, and the pen that it prints with. What it has compiled serves
/// report after report, one at a time.
#[derive(Debug)]
pub struct Engine {
    pub env: Environment<'static>,
    pub pen: Pen,
}

impl Engine {
    /// `load` gives the text of a file of the form.
    pub fn new(
        format: Format,
        load: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let pen = Pen::new(format);
        let mut env = with_pen(&pen);
        env.set_loader(move |name| Ok(load(name).map(|template| operators::exact(&template).text)));
        words::add_form_words(&mut env);
        Self { env, pen }
    }

    /// Begins a report: no marks of an earlier one are left.
    pub fn begin(&mut self, format: Format) {
        self.pen.begin(format);
        self.print_in(format);
    }

    /// Prints in this format from here on.
    pub fn print_in(&mut self, format: Format) {
        self.pen.set_format(format);
        self.env.add_global(UNIT, format.unit_name());
    }
}

/// The engine for prose: figures only, no other files, and a limit to its steps.
pub fn for_prose(pen: &Pen) -> Environment<'static> {
    let mut env = with_pen(pen);
    for filter in UNMARKING_FILTERS {
        env.remove_filter(filter);
    }
    env.add_global(UNIT, pen.format().unit_name());
    env.set_fuel(Some(PROSE_FUEL));
    env.set_recursion_limit(32);
    env
}

fn with_pen(pen: &Pen) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_debug(true);
    env.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .expect("standard delimiters are valid"),
    );
    // Whatever is printed passes the formatter; there is no unescaped way around it.
    env.set_auto_escape_callback(|_| AutoEscape::Custom("mark".into()));
    let formatter = pen.clone();
    env.set_formatter(move |out, _state, value| {
        let text = written(&formatter, value)?;
        out.write_str(&text).map_err(Error::from)
    });
    words::add_figure_words(&mut env, pen);
    env
}

/// A value as it enters the page: marked, unless it already is or is a bare number.
fn written(pen: &Pen, value: &Value) -> Result<String, Error> {
    if let Some(figure) = value.downcast_object_ref::<FigureValue>() {
        if figure.endless && figure.figure.measure() != Measure::Money {
            return refuse("除不尽，印不出来：先写 |round(小数位数)");
        }
        return Ok(pen.mark_figure(&figure.figure, figure.format));
    }
    if let Some(text) = value.downcast_object_ref::<TextValue>() {
        return Ok(pen.mark_text(&text.0));
    }
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    match value.as_str() {
        Some(text) if text.contains(marks::is_part) && !pen.wrote(text) => {
            refuse("文字里不能有控制字符，数也只能整个地印（写法用 |分节、|round 等）")
        }
        Some(text) if value.is_safe() => Ok(text.to_owned()),
        Some(text) if text.chars().any(|c| is_control(c) && !marks::is_part(c)) => {
            refuse("文字里不能有控制字符")
        }
        Some(text) => Ok(pen.mark_rest(text, &Origin::Form)),
        None if value.is_integer() => Ok(value.to_string()),
        None => refuse("这里印不出来：不是文字，也不是数"),
    }
}

/// Renders a text of the source: its own words marked with their place, figures with theirs.
/// Or says what is wrong, in every expression.
///
/// Line ends stay as they are, inside the marks.
pub fn render_prose(
    env: &Environment<'_>,
    pen: &Pen,
    file: &Arc<File>,
    text: &Text,
    context: &Value,
) -> Result<Value, Vec<Finding>> {
    let origin = Origin::Text(text.place.clone());
    if !text.text.contains('{') {
        return Ok(Value::from_safe_string(
            pen.mark_rest(without_last_line_end(&text.text), &origin),
        ));
    }
    let mut template = text.text.clone();
    let mut findings = Vec::new();
    loop {
        let exact = operators::exact(&template);
        match env.render_named_str("说明文字", &exact.text, context.clone()) {
            Ok(rendered) if findings.is_empty() => {
                return Ok(Value::from_safe_string(pen.mark_rest(&rendered, &origin)));
            }
            Ok(_) => return Err(findings),
            Err(error) => {
                findings.push(fault::in_prose(&error, &exact, file, text));
                match fault::without_expression(&error, &exact, &template) {
                    Some(rest) => template = rest,
                    None => return Err(findings),
                }
            }
        }
    }
}

/// Nothing to fill in: the text as the engine would give it back.
fn without_last_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}
