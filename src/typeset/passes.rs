//! Layout, pass after pass, until the page numbers in the text are the pages' own.
//!
//! As `typst::compile`, but the first pass may know the pages of an earlier document: where an
//! edit moves no heading to another page, one pass is enough.

use typst::World;
use typst::comemo::{Constraint, Track};
use typst::diag::SourceResult;
use typst::engine::{Engine, Route, Sink, Traced};
use typst::foundations::{Output, StyleChain, Target, TargetElem};
use typst::introspection::{EmptyIntrospector, Introspector};
use typst::utils::Protected;
use typst_layout::PagedDocument;

/// Passes after which Typst, too, takes what there is.
const MOST: usize = 5;

/// Lays out the main file of a world, at first with the page numbers of `known`.
pub fn lay_out(world: &dyn World, known: Option<PagedDocument>) -> SourceResult<PagedDocument> {
    let library = world.library();
    let traced = Traced::default();
    let mut sink = Sink::new();
    let main = world.source(world.main()).expect("the main file is put before it is laid out");
    let content = typst_eval::eval(
        world.track(),
        library,
        traced.track(),
        sink.track_mut(),
        Route::default().track(),
        &main,
    )?
    .content();
    let target = TargetElem::target.set(Target::Paged).wrap();
    let base = StyleChain::new(&library.styles);
    let styles = base.chain(&target);

    let mut known = known;
    let mut passes = 1;
    loop {
        let introspector: &dyn Introspector = match &known {
            Some(document) => Output::introspector(document),
            None => &EmptyIntrospector,
        };
        let constraint = Constraint::new();
        let mut sink = Sink::new();
        let mut engine = Engine {
            library,
            world: world.track(),
            introspector: Protected::new(introspector.track_with(&constraint)),
            traced: traced.track(),
            sink: sink.track_mut(),
            route: Route::default(),
        };
        let document = PagedDocument::create(&mut engine, &content, styles)?;
        if constraint.validate(Output::introspector(&document)) || passes == MOST {
            let delayed = sink.delayed();
            return if delayed.is_empty() { Ok(document) } else { Err(delayed) };
        }
        known = Some(document);
        passes += 1;
    }
}
