"""Figures as a table for docs/benchmarks.md, with a reason for each bar that is not met."""
import os
import tomllib

from measure import median

here = os.path.dirname(os.path.abspath(__file__))
begins, ends = "<!-- bench begins -->", "<!-- bench ends -->"


def number(value, unit):
    if unit == "instructions":
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def told(values, unit):
    """The median and its spread."""
    if not values:
        return ""
    text = number(median(values), unit)
    if unit != "instructions":
        low, *_, high = quantiles(values)
        text += f" {unit} ({number(low, unit)} to {number(high, unit)})"
    return text


def quantiles(values):
    """Least and most of few values, the fifth and the ninety-fifth of a hundred of many."""
    ordered = sorted(values)
    cut = len(ordered) // 20
    return ordered[cut], ordered[len(ordered) - 1 - cut]


def misses(figures):
    found = []
    for figure in figures:
        if not all(check["met"] for check in figure["checks"]) and figure["row"] not in found:
            found.append(figure["row"])
    return found


def line(figure):
    checks = figure["checks"]
    bars = "; ".join(check["bar"] for check in checks)
    met = "; ".join(check["said"] if check["met"] else f"**{check['said']}**" for check in checks)
    verdict = "" if not checks else "yes" if all(check["met"] for check in checks) else "**no**"
    unit = figure["unit"]
    ratio = f"{figure['ratio']:.2f}" if figure["ratio"] else ""
    cells = [figure["what"], bars, told(figure["ours"], unit), told(figure["floor"], unit), told(figure["usual"], unit), ratio, met, verdict]
    return "| " + " | ".join(cells) + " |"


def reasons():
    with open(here + "/reasons.toml", "rb") as file:
        return tomllib.load(file)


def unexplained(figures):
    return [row for row in misses(figures) if row not in reasons()]


def render(result):
    machine = result["machine"]
    figures = [figure for row in result["rows"].values() for figure in row["figures"]]
    lines = [
        f"Measured on {machine['processor']}, {machine['cores']} cores, {machine['memory']}, {machine['system']}, Linux {machine['kernel']}, "
        f"{machine['engine']} ({machine['storage']}), PostgreSQL {' and '.join(machine['postgres'])}, version {machine['plugin']} of the plugin.",
        "",
        "| what | bar | ours | floor | usual way | ours / floor | measured against the bar | met |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(line(figure) for figure in figures),
    ]
    notes = list(dict.fromkeys(note for figure in figures for note in figure["notes"]))
    if notes:
        lines += ["", *(f"- {note}" for note in notes)]
    missed = misses(figures)
    if missed:
        lines += ["", "Where a bar is not met:", ""]
        known = reasons()
        for row in missed:
            facts = {**machine, **result["rows"][row]["figures"][0]["facts"]}
            lines.append(f"- {row}: {known.get(row, 'no reason is known.').format_map(facts)}")
    return "\n".join(lines) + "\n"


def write_page(path, text):
    with open(path) as file:
        old = file.read()
    before, rest = old.split(begins + "\n", 1)
    after = rest.split(ends, 1)[1]
    with open(path, "w") as file:
        file.write(f"{before}{begins}\n{text}{ends}{after}")
