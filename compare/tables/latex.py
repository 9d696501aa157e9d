"""Tables as LaTeX: booktabs rules in a longtable, for XeLaTeX, LuaLaTeX or pdfLaTeX with the T5 encoding."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from compare.tables.cells import is_numeric, one_line, shown
from compare.tables.headings import heading, word
from compare.tables.table import Table, plain

_PREAMBLE = r"""% Needs in the preamble: \usepackage{array,booktabs,longtable,pdflscape}
% XeLaTeX, LuaLaTeX: \usepackage{fontspec} with a font that has Vietnamese; pdfLaTeX: \usepackage[T5]{fontenc}
"""
# Brackets and asterisks stand in braces because the row end \\ would take them for its options.
_ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "`": r"\textasciigrave{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "[": "{[}", "]": "{]}", "*": "{*}",
    "_": r"\_\allowbreak{}", "/": r"/\allowbreak{}", ";": r";\allowbreak{}",
    "≥": r"$\geq$", "≤": r"$\leq$", "≈": r"$\approx$", "→": r"$\rightarrow$", "×": r"$\times$", "±": r"$\pm$",
    "−": "$-$", "²": r"\textsuperscript{2}", "³": r"\textsuperscript{3}", "‰": r"\textperthousand{}",
    "°": r"\textdegree{}", "•": r"\textbullet{}", "…": r"\ldots{}", "\u00ad": r"\-", "\u200b": "", "\ufeff": "",
})  # fmt: skip
# Sizes of type, upright and then on a page on its side, and how many characters a line of the article class holds.
_PAGES = (
    (r"\footnotesize", 80.0, False),
    (r"\scriptsize", 92.0, False),
    (r"\scriptsize", 160.0, True),
    (r"\tiny", 195.0, True),
)
_GAP = 1.6  # the space between two columns, in characters
_TEXT = 20.0  # what a column of texts should have beyond its longest word
_BREAKS = re.compile(r"[\s/;_-]")
# Doubled, these would join into dashes and quotation marks.
_LIGATURE = re.compile(r"(?<=([-,'!?]))(?=\1)")


def escape(text: str) -> str:
    """The text on one line with every character that TeX would take for a command made safe."""
    return _LIGATURE.sub("{}", unicodedata.normalize("NFC", one_line(text)).translate(_ESCAPES))


def as_latex(table: Table, lang: str = "en") -> str:
    """A fragment to ``\\input``: caption, head repeated on each page, one line a row, note below; many columns turn
    the page on its side."""
    columns = table.columns
    size, turned, widths = _layout(table, lang)
    numeric = {c for c in columns if is_numeric(table, c)}
    head = " & ".join(rf"\textbf{{{escape(heading(table.name, c, lang))}}}" for c in columns) + r" \\"
    body = [_row(table, row, numeric, lang) for row in table.rows]
    if not body:
        body = [rf"\multicolumn{{{max(1, len(columns))}}}{{@{{}}l@{{}}}}{{{escape(word('none', lang))}}} \\"]
    lines = [
        *([r"\begin{landscape}"] if turned else []),
        rf"\begingroup{size}\setlength{{\tabcolsep}}{{3pt}}",
        rf"\begin{{longtable}}{{{_specification(table, widths, numeric)}}}",
        *([rf"\caption{{{escape(table.title)}}}\\"] if table.title.strip() else []),
        r"\toprule", head, r"\midrule", r"\endfirsthead",
        r"\toprule", head, r"\midrule", r"\endhead",
        r"\bottomrule", r"\endfoot",
        *body,
        r"\end{longtable}",
        *([rf"\noindent {escape(table.note)}\par"] if table.note.strip() else []),
        r"\endgroup",
        *([r"\end{landscape}"] if turned else []),
    ]  # fmt: skip
    return _PREAMBLE + "\n".join(lines) + "\n"


def _row(table: Table, row: dict[str, Any], numeric: set[str], lang: str) -> str:
    cells = []
    for value, column in zip(table.cells(row), table.columns, strict=True):
        text = escape(shown(value, column, lang))
        cells.append(re.sub(r"^-", "$-$", text) if column in numeric else text)
    return " & ".join(cells) + r" \\"


def _layout(table: Table, lang: str) -> tuple[str, bool, list[float]]:
    """The size of type, whether the page lies on its side, and each column's share of the line.

    The first page is taken that leaves words whole and texts some room, else the largest.
    """
    texts = [_texts(table, c, lang) for c in table.columns]
    least = [max(1.1 * len(word) for text in t for word in [*_BREAKS.split(text), ""]) + _GAP for t in texts]
    wanted = [max(0.0, 1.1 * max(map(len, t)) + _GAP - low) for t, low in zip(texts, least, strict=True)]
    cells = [1.1 * max(map(len, t[1:]), default=0) for t in texts]  # headings may run over lines
    needed = sum(least) + sum(min(_TEXT, max(0.0, c - low)) for c, low in zip(cells, least, strict=True))
    size, line, turned = next((page for page in _PAGES if needed <= page[1]), _PAGES[-1])
    spare = max(0.0, line - sum(least))
    if sum(wanted) > spare:  # long texts run over several lines: by the square root, each gets its part
        roots = [want**0.5 for want in wanted]
        wanted = [min(want, spare * root / sum(roots)) for want, root in zip(wanted, roots, strict=True)]
    widths = [low + want for low, want in zip(least, wanted, strict=True)]
    return size, turned, [width / max(line, sum(widths)) for width in widths]


def _texts(table: Table, column: str, lang: str) -> list[str]:
    return [heading(table.name, column, lang), *(shown(plain(r.get(column, "")), column, lang) for r in table.rows)]


def _specification(table: Table, widths: list[float], numeric: set[str]) -> str:
    """A paragraph column each, numbers set to the right."""
    specification = []
    for column, width in zip(table.columns, widths, strict=True):
        side = r"\raggedleft" if column in numeric else r"\raggedright"
        specification.append(rf">{{{side}\arraybackslash}}p{{\dimexpr {width:.4f}\linewidth-2\tabcolsep\relax}}")
    return "@{}" + "".join(specification) + "@{}"
