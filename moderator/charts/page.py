"""How a page of charts and tables looks that stands alone in a file, by light and by dark."""

from __future__ import annotations

from moderator.charts.svg import Markup

PAGE_STYLE = Markup("""\
:root {
  color-scheme: light dark;
  --ground: #f4f5f8; --card: #ffffff; --ink: #1b1f2a; --soft: #565e70; --line: #d9dde6;
  --bad: #b3173a; --good: #1d5c3f; --accent: #2f4fc9;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151c; --card: #1c212b; --ink: #eceff5; --soft: #a4adbf; --line: #343b4a;
    --bad: #ff8098; --good: #9be3c0; --accent: #9db2ff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h1, h2 { line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1875rem; }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1rem; margin-top: 1rem;
}
p { margin: 0 0 .5rem; max-width: 46rem; }
.title { font-weight: 600; margin: 0 0 .375rem; }
figure { margin: 0; min-width: 0; }
figcaption, caption { color: var(--soft); font-size: .875rem; text-align: left; }
caption { padding-bottom: .5rem; }
summary {
  cursor: pointer; min-height: 2.75rem; padding: .625rem 0; color: var(--accent);
  font-size: .9375rem;
}
table { border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; }
th, td {
  padding: .375rem .75rem .375rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line);
}
tbody th { font-weight: 400; }
thead th { color: var(--soft); font-weight: 600; }
@media print { section { break-inside: avoid; } }
""")
