//! Findings for people: the source line, a caret under the right character, what to do.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Finding, Severity};

/// Renders one finding, coloured for a terminal or plain.
pub fn render(finding: &Finding, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group(finding)])
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
        let annotation =
            AnnotationKind::Primary.span(spot.range.clone()).label(finding.label.as_deref());
        group = group.element(
            Snippet::source(spot.file.text.as_str())
                .path(spot.file.name.as_str())
                .annotation(annotation),
        );
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.with_name("办法").message(help));
    }
    group
}
