"""A page of all widgets and charts on made-up arrays for the browser tests; it shows nothing of the world."""

import csv
import json
from pathlib import Path

import numpy as np
import solara
import solara.lab

from sim.dashboard.charts import (
    Axis,
    BandLine,
    Edge,
    Node,
    areas_option,
    bands_option,
    flows_option,
    network_option,
    surface_option,
)
from sim.dashboard.components import Chart, Guard
from sim.dashboard.widgets import (
    FileUpload,
    PageSetup,
    Partition,
    Positions,
    ShareLink,
    Shortcuts,
    Waterfall,
    WorldMap,
    describe_axes,
    describe_states,
    encode_probabilities,
)
from sim.figures.palette import state_colours
from sim.inputs.memberships import state_labels
from sim.labels.partition import end_words, part_order, rounded_parts
from sim.measures import Band

STATES = ("non_aligned", "us", "china", "us+china")
QUARTERS = [f"{2025 + (q + 2) // 4}Q{(q + 2) % 4 + 1}" for q in range(42)]
with (Path(__file__).parents[2] / "tools" / "data" / "map" / "places.csv").open(
    encoding="utf-8", newline=""
) as file:
    PLACES = list(csv.DictReader(file))
ISO = [row["iso3"] for row in PLACES]
SIZES = (
    (np.linspace(0.02, 1.0, len(ISO)) ** 6)[np.random.default_rng(8).permutation(len(ISO))].round(4).tolist()
)


def event(key, lane, date, label, **more):
    plain = {"until": "", "median": "", "over": 0, "lasts": 0, "chance": "", "random": False, "window": False,
             "state": "scenario", "when": date, "note": "", "acts": "", "source": "none"}  # fmt: skip
    return {**plain, "key": key, "lane": lane, "date": date, "label": label, **more}


LANES = [
    {"key": "us", "label": "US-led", "state": 1},
    {"key": "china", "label": "China-led", "state": 2},
    {"key": "world", "label": "World", "state": -1},
]
EVENTS = [
    event("signed", "china", "2026-07-16", "Agreement signed", window=True, until="2026-10-01"),
    event("tiers", "us", "2027-01-01", "Access tiers change", over=4),
    event("letter", "us", "2027-01-01", "Letter", chance="50 %", random=True),
    event("summit", "world", "2030-07-01", "Summit"),
    event(
        "left", "us", "2035-10-01", "An event with a name much longer than a lane has room for", state="out"
    ),
]
TERMS = [
    "Standing appeal",
    "Voting affinity",
    "Regime",
    "Security",
    "Trade",
    "Chips",
    "Aid",
    "Digital divide",
    "Peers",
]


def probabilities(push: float) -> np.ndarray:
    """Return made-up [quarters, countries, states] that vary with ``push`` and drift over time."""
    random = np.random.default_rng(5)
    lat = np.array([float(row["lat"]) for row in PLACES])
    lon = np.array([float(row["lon"]) for row in PLACES])
    west = np.cos(np.radians(lon + 60)) + 0.01 * lat + random.normal(0, 0.7, len(ISO))
    east = np.cos(np.radians(lon - 80)) - 0.01 * lat + random.normal(0, 0.7, len(ISO))
    time = np.linspace(0, 1, len(QUARTERS))[:, None]
    us = 1.3 * west[None] - 0.4 + 1.5 * (1 - push) * time
    china = 1.3 * east[None] - 0.7 + 2.5 * push * time
    utility = np.stack([np.zeros_like(us), us, china, us + china + 0.2], axis=-1)
    weight = np.exp(1.5 * utility)
    return weight / weight.sum(-1, keepdims=True)


push = solara.reactive(0.4)
quarter = solara.reactive(10)
selected = solara.reactive("KEN")
view = solara.reactive("map")
pinned = solara.reactive(False)
uploaded = solara.reactive("")
pressed = solara.reactive("")
broken = solara.reactive(False)
acted = solara.reactive({})
begun = solara.reactive(0)
there = solara.reactive(True)


def begin_again():
    """Put everything back to where it was, in new widgets: the old ones go first."""
    there.set(False)
    for one, value in (
        (push, 0.4), (quarter, 10), (selected, "KEN"), (view, "map"), (pinned, False), (uploaded, ""),
        (pressed, ""), (broken, False), (acted, {}), (begun, begun.value + 1), (there, True),
    ):  # fmt: skip
        one.set(value)


def partition_bar(p: np.ndarray, reference: np.ndarray | None) -> dict:
    mean = 100 * p.mean(1)
    parts = rounded_parts(mean)
    return {
        "states": describe_states(STATES),
        "order": list(part_order(2)),
        "shares": parts.astype(int).tolist(),
        "low": (0.8 * parts).round().astype(int).tolist(),
        "high": (1.2 * parts).round().astype(int).tolist(),
        "change": None
        if reference is None
        else rounded_parts(mean - 100 * reference.mean(1), 1).round(1).tolist(),
        "ends": [end_words(quarter) for quarter in QUARTERS],
        "unit": "% of countries",
        "starts": end_words(QUARTERS[0]),
        "against": "" if reference is None else "the reference",
        "all": [],
    }


def waterfall_terms(p: np.ndarray, chosen: str) -> list[dict]:
    random = np.random.default_rng(ISO.index(chosen) if chosen else 0)
    values = random.normal(0, 0.8, len(TERMS))
    values[5] += 2 * push.value
    return [
        {
            "key": name.lower(),
            "label": name,
            "value": float(v),
            "detail": f"{name}: made-up detail with its source",
        }
        | ({"reference": float(v) - 0.4} if pinned.value and name == "Chips" else {})
        for name, v in zip(TERMS, values, strict=True)
    ]


@solara.component
def Broken():  # noqa: N802
    raise RuntimeError("made-up fault")


@solara.component
def Charts(p: np.ndarray, dark: bool):  # noqa: N802
    colours = state_colours(STATES, dark=dark)
    labels = state_labels(STATES)
    reference = probabilities(0.4).sum(1) if pinned.value else None
    totals = p.sum(1)
    curves = [
        BandLine(labels[s], colours[s], Band(totals[:, s], 0.85 * totals[:, s], 1.15 * totals[:, s]),
              None if reference is None else reference[:, s])
        for s in range(4)
    ]  # fmt: skip
    flow = p[0].T @ p[-1] * 0.3 + np.diag(totals[0] * 0.4)
    x, y = np.linspace(0, 20, 15), np.linspace(0, 1, 11)
    surface = 40 + 30 * np.sin(x[None] / 8) * y[:, None]
    surface[-2:, -3:] = np.nan
    angle = np.linspace(0, 2 * np.pi, 30, endpoint=False)
    nodes = [
        Node(
            label=ISO[i],
            x=float(np.cos(a)),
            y=float(np.sin(a)),
            size=10 + 16 * SIZES[i] ** 0.5,
            colour=colours[int(p[-1, i].argmax())],
            note=f"{ISO[i]}: made-up",
            strong=i == 3,
        )
        for i, a in enumerate(angle)
    ]
    edges = [Edge(i, (i * 7 + 3) % 30, 0.1 + (i % 9) / 10) for i in range(30)]
    with solara.Div(classes=["grid2"]):
        Chart(bands_option(QUARTERS, curves, title="Countries by state", unit="countries", dark=dark))
        who = max(0, ISO.index(selected.value) if selected.value else 0)
        title = f"{ISO[who]}: probability of each state"
        Chart(areas_option(QUARTERS, labels, p[:, who], colours, title=title, dark=dark))
        Chart(
            flows_option([QUARTERS[0], QUARTERS[-1]], labels, colours, [flow], title="Who moves", dark=dark),
            340,
        )
        Chart(network_option(nodes, edges, title="Network of peers", subtitle="made-up ties", dark=dark), 340)
        axes = Axis("Aid budget", "US$ bn/year", x), Axis("Chip access", "share", y)
        members = "China-led members"
        Chart(surface_option(*axes, surface, title=members, unit="countries", mark=(4, 5), dark=dark), 340)
        change = "Change against the reference"
        Chart(surface_option(*axes, surface - 50, title=change, unit="countries", centre=0.0, dark=dark), 340)


@solara.component
def Page():  # noqa: N802
    solara.Style("""
      .grid2 { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr));
        gap: 28px 24px; }
      .page { padding: 16px; max-width: 1440px; margin: 0 auto; width: 100%; box-sizing: border-box; }
    """)
    with solara.AppBar():
        solara.lab.ThemeToggle()
    solara.Button("Begin again", on_click=begin_again)
    if there.value:
        Everything()


@solara.component
def Everything():  # noqa: N802
    dark = solara.lab.use_dark_effective()
    p = solara.use_memo(lambda: probabilities(push.value), [push.value])
    reference = solara.use_memo(lambda: probabilities(0.4), [])
    frames = solara.use_memo(lambda: encode_probabilities(p), [push.value])
    pinned_frames = solara.use_memo(lambda: encode_probabilities(reference), [])
    described = describe_states(STATES)
    with solara.Div(classes=["page"]):
        PageSetup.element(title="Widgets")
        with solara.Row():
            solara.SliderFloat("Push", value=push, min=0, max=1, step=0.05)
            solara.Checkbox(label="Compare", value=pinned)
            solara.Checkbox(label="Break", value=broken)
        Partition.element(bar=partition_bar(p, reference if pinned.value else None), quarter=quarter.value)
        WorldMap.element(
            iso=ISO,
            names=ISO,
            states=described,
            frames=frames,
            reference=pinned_frames if pinned.value else b"",
            reference_label="Reference",
            quarters=QUARTERS,
            lanes=LANES,
            events=EVENTS,
            on_acted=acted.set,
            quarter=quarter.value,
            on_quarter=quarter.set,
            selected=selected.value,
            on_selected=selected.set,
            view=view.value,
            on_view=view.set,
            version=f"{begun.value}: {push.value:.2f}",
        )
        solara.HTML(
            "p", f"{QUARTERS[quarter.value]} {selected.value} {view.value}", attributes={"id": "told"}
        )
        solara.HTML("p", json.dumps(acted.value), attributes={"id": "acted"})
        with solara.Div(classes=["grid2"]):
            Positions.element(
                iso=ISO, names=ISO, states=described, sizes=SIZES, frames=frames, quarter=quarter.value,
                selected=selected.value, on_selected=selected.set, **describe_axes(STATES),
            )  # fmt: skip
            Waterfall.element(
                terms=waterfall_terms(p, selected.value),
                title=f"{selected.value or 'Nobody'}: value of joining the US-led bloc",
                hint="Point at a bar to see what it is made of.",
            )
        Charts(p, dark)
        Guard("Fragile panel", lambda: Broken() if broken.value else solara.Text("A panel that can fail"))
        FileUpload.element(
            label="Open a scenario", max_bytes=2000, on_upload=lambda up: uploaded.set(up["text"])
        )
        Shortcuts.element(
            listens=["Ctrl+z", "Ctrl+Shift+z", "?"], on_pressed=lambda event: pressed.set(event["key"])
        )
        ShareLink.element(query=f"push={push.value:.2f}&q={QUARTERS[quarter.value]}")
        solara.InputText("Free text")
        solara.HTML("p", f"[{uploaded.value}] [{pressed.value}]", attributes={"id": "heard"})
