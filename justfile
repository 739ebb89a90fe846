# The chores. `just` alone lists them.
_:
    @just --list

# Format everything.
fmt:
    cargo fmt

# Lints, as CI sees them.
lint:
    cargo fmt --check
    cargo clippy --release --all-targets -- -D warnings

# All tests.
test:
    cargo test --release

# The tests of one concern, compiled incrementally: just try rules
try concern:
    CARGO_INCREMENTAL=1 cargo test --release --test drivers {{concern}}::

# Rewrite what tests compare with: schemas, docs/rules.md, expected messages.
accept:
    UPDATE=1 cargo test --release

# The documentation of the code.
docs:
    RUSTDOCFLAGS='-D warnings -A rustdoc::private_intra_doc_links' cargo doc --release --no-deps --document-private-items

# Measure against the stock Typst compiler, the preview's edits, and workbooks. Needs hyperfine, Python and openpyxl.
bench: bench-exchange
    python3 bench/bench.py
    python3 bench/preview.py

# The preview in a real Chromium. Needs node, npm and chromium.
browser:
    cargo build --release
    cd tests/browser && npm ci --no-audit --no-fund && npm test

# Screenshots of the preview, to be looked at: just shots /tmp/shots
shots folder:
    cd tests/browser && npm ci --no-audit --no-fund && node shots.mjs {{folder}}

# PDF/A-2a and PDF/UA-1, by an independent validator: pip install page-validation
validate:
    cargo run --release -- build
    python3 tests/validate.py output/2023.pdf

# Export against check, import against calamine alone. Needs openpyxl.
bench-exchange:
    cargo build --release
    cargo build --release --example calamine
    python3 bench/exchange.py

# LibreOffice computes every formula of the workbook anew. Needs soffice and openpyxl.
libreoffice:
    cargo build --release
    python3 tests/libreoffice.py

# What CI runs.
ci:
    bash .ci/run
