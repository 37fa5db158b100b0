"""The files of ``data/``, each made from the collected tables: what is kept, and in which layout."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.replications import citations as cite

Row = Mapping[str, str]
Document = dict[str, Any]

YEARS = ("1936", "1937", "1938", "1939")


def alliances(raw: Path) -> Document:
    """Seventeen European nations 1936-39: sizes, propensities and stable alignments."""
    rows = _rows(raw / "landscape_ww2_nations.csv")
    known = _json(raw / "landscape_ww2_expected.json")
    published = known["published"]
    realist = {check["id"]: check for check in known["checks_with_published_inputs_only"]}
    jitter = realist["realist17"]["ours_with_uniform_jitter_half_a_rounding_unit"]
    ours = known["checks_with_reconstructed_propensities"]
    return {
        "source": f"{cite.AXELROD_BENNETT}; sizes cinc_*: {cite.COW}",
        "nations": [row["nation"] for row in rows],
        "historical_side": [row["actual_side"] for row in rows],
        "sizes": {
            "published_1936": [float(row["size_published_1936_pct"]) for row in rows],
            **{f"cinc_{year}": [float(row[f"cinc_nmc7_{year}_pct"]) for row in rows] for year in YEARS},
        },
        "propensities": {
            "reconstructed": _dyads(raw / "landscape_ww2_factors_tuned.csv"),
            "first_draft": _dyads(raw / "landscape_ww2_factors_untuned_first_draft.csv"),
        },
        "published": {
            "minima_1936": [published["config1_vs"], published["config2_vs"]],
            "minima_1938": [published["config1_vs"]],
            "minima_1939": [sorted([*published["config1_vs"], "Poland"])],
            "basins_1936": [published["basin_config1"], published["basin_config2"]],
            "size_share_right": realist["size_share"]["published"],
            "size_share_tolerance": realist["size_share"]["tolerance"],
            "within_two_errors": published["n_configs_with_at_most_2_errors"],
            "within_one_error": published["n_configs_with_at_most_1_error"],
            "realist_minima": published["realist_all_minus1_17_nations_n_minima"],
            "realist_five_powers_minima": published["realist_all_minus1_five_powers_n_minima"],
        },
        "known": {
            "realist_five_powers": realist["realist5"]["minima_side_containing_britain"],
            "realist_strict": realist["realist17"]["ours_with_rounded_sizes_strict"],
            "realist_weak": realist["realist17"]["ours_with_rounded_sizes_weak_ties_allowed"],
            "realist_jittered_range": [jitter["min"], jitter["max"]],
            "reconstructed": _minima(ours["tuned"]),
            "first_draft": _minima(ours["untuned_first_draft"]),
        },
    }


def _dyads(file: Path) -> list[list[Any]]:
    """Return ``[nation, nation, propensity to 1937, propensity from 1938]`` for every pair."""
    return [
        [row["nation_i"], row["nation_j"], float(row["propensity_1936"]), float(row["propensity_1938"])]
        for row in _rows(file)
    ]


def _minima(cases: Mapping[str, Sequence[Document]]) -> Document:
    """Return, by size table, the minima with the nations on the Soviet side, energies and basins."""
    tables = {"1936_published_sizes": "published_1936", **{f"{year}_nmc7": f"cinc_{year}" for year in YEARS}}
    return {
        tables[case]: [
            {
                "with_soviet_union": minimum["side_with_soviet_union"],
                "energy": minimum["energy"],
                "basin": minimum["basin_steepest_energy"],
                "basin_own_frustration": minimum["basin_steepest_own_frustration"],
            }
            for minimum in minima
        ]
        for case, minima in cases.items()
    }


def middle_east(raw: Path) -> Document:
    """Eleven actors of the Middle East in 2016, with Syria strong and weak."""
    known = _json(raw / "landscape_mideast2016_expected.json")
    actors = _rows(raw / "landscape_mideast2016_actors.csv")
    names = [row["actor"] for row in actors]
    propensity = _rows(raw / "landscape_mideast2016_propensity.csv")
    variants = {}
    for variant, column in (("strong_syria", "strength"), ("weak_syria", "strength_weak_syria")):
        energies = sorted(
            (int(row["other_side_bitmask"]), int(row["energy"]))
            for row in _rows(raw / f"landscape_mideast2016_energies_{variant}.csv")
        )
        expected = known["expected"][variant]
        variants[variant] = {
            "sizes": [int(row[column]) for row in actors],
            "minimum_energy": int(expected["global_min_energy"]),
            "side_without_us": expected["other_side"],
            "energies": [energy for _, energy in energies],
        }
    return {
        "source": cite.AXELROD_FURNAS,
        "actors": names,
        "propensity": [[int(row[name]) for name in names] for row in propensity],
        "variants": variants,
    }


def social_interaction(raw: Path) -> Document:
    """Equilibria and critical points of the logit with spillovers."""
    known = _json(raw / "social_interaction_expected.json")
    binary, three, networks = known["binary"], known["three_options"], known["networks"]
    inertia, bonus = binary["inertia_as_probability_of_no_revision"], binary["inertia_as_status_quo_bonus"]
    fold = three["fold_where_an_asymmetric_equilibrium_first_exists"]
    return {
        "source": "; ".join((cite.BROCK_DURLAUF, cite.BROCK_DURLAUF_MANY, cite.BETHE, cite.ONSAGER)),
        "equilibria": [
            [float(row[key]) for key in ("beta_h", "beta_J", "m", "slope")] + [row["stability"]]
            for row in _rows(raw / "brock_durlauf_binary.csv")
        ],
        "critical_bJ": binary["critical_point"]["beta_J_c"],
        "folds": [[f["beta_J"], f["m_at_fold"], f["beta_h_fold"]] for f in binary["fold_points"]],
        "simulated": binary["finite_N"]["simulated_here_N10000"],
        "simulated_tolerance": {
            "10000": binary["finite_N"]["tolerance_mean_N10000"],
            "195": binary["finite_N"]["tolerance_mean_N195"],
        },
        "no_revision": [
            {"m0": c["m0"], "bh": c["bh"], "bJ": c["bJ"], "inertia": c["lam"], "m": c["m"]}
            for c in inertia["cases"]
        ],
        "status_quo_bonus_critical_bJ": bonus["critical_values"],
        "status_quo_bonus_m": [[c["bh"], c["bJ"], c["kappa"], c["m"]] for c in bonus["stable_m"]],
        "three_options": {
            "unstable_from": three["uniform_share_loses_stability_at_K"],
            "fold": [fold["K"], fold["leading_share"]],
            "equal_potential": three["equal_potential_point_K"]["value"],
            "shares": {
                K: roots["branch_roots_share_of_leading_option"] for K, roots in three["roots"].items()
            },
        },
        "regular_graph_critical_bJ": {
            k: value for k, value in networks["random_regular_graph_critical_bJ"].items() if k.isdigit()
        },
        "regular_graph_m": [
            [int(name.split("_")[0][1:]), float(name.split("_bJ")[1]), m]
            for name, m in networks["random_regular_graph_m"].items()
        ],
        "square_lattice_critical_bJ": networks["square_lattice_critical_bJ"]["value"],
        "tolerance": three["tolerance"],
    }


def thresholds(raw: Path) -> Document:
    """Granovetter's crowds."""
    known = _json(raw / "threshold_and_diffusion_expected.json")["granovetter"]
    normal = known["case_normal"]
    return {
        "source": cite.GRANOVETTER,
        "people": known["case_uniform"]["n"],
        "uniform_final": known["case_uniform"]["expected_final"],
        "perturbed_final": known["case_perturbed"]["expected_final"],
        "normal_mean": 25.0,
        "normal_critical_sigma": normal["critical_sigma"],
        "normal_final": normal["final_by_sigma"],
        "normal_tolerance": normal["tolerance"],
    }


def diffusion(raw: Path) -> Document:
    """Bass's new products."""
    known = _json(raw / "threshold_and_diffusion_expected.json")["bass"]
    return {
        "source": cite.BASS,
        "products": [
            {key: case[key] for key in ("name", "p", "q", "t_peak", "F_at_peak", "f_at_peak", "F")}
            | ({"published_t_peak": case["published_t_peak"]} if "published_t_peak" in case else {})
            for case in known["cases"]
        ],
        "published_t_peak_tolerance": known["tolerance"]["published_t_peak"],
    }


def bargaining(raw: Path) -> Document:
    """Positions, power and salience of actors in four negotiations."""
    known = _json(raw / "spatial_bargaining_expected.json")
    emission, sultan, reform = (
        known[name] for name in ("emission_standards", "sultan_oil_price", "ktab_soe_policy")
    )
    competition = known["ktab_soe_policy_competition"]
    cases = [
        _negotiation("emission standards", cite.EMISSIONS, raw / "bdm_emission_standards.csv", emission),
        _negotiation("oil price", cite.SULTAN, raw / "bdm_sultan.csv", sultan),
        _negotiation("energy reform", cite.KTAB, raw / "ktab_soe_policy.csv", reform, power="influence"),
    ]
    for issue in ("policy", "competition"):
        expected = {
            "weighted_median": competition["expected"][f"weighted_median_{issue}"],
            "weighted_mean": competition["expected"][f"weighted_mean_{issue}"],
        }
        cases.append(
            _negotiation(
                f"energy reform, {issue} of 13 actors",
                cite.KTAB,
                raw / "ktab_soe_policy_competition.csv",
                {"expected": expected},
                power="influence",
                prefix=f"{issue}_",
            )
        )
    return {"tolerance": emission["tolerance"], "cases": cases}


def _negotiation(
    name: str, source: str, file: Path, known: Document, *, power: str = "capability", prefix: str = ""
) -> Document:
    rows = _rows(file)
    expected = dict(known["expected"])
    winner = expected.get("condorcet_winner_linear_loss")
    return {
        "name": name,
        "source": source,
        "positions": [float(row[f"{prefix}position"]) for row in rows],
        "power": [float(row[power]) for row in rows],
        "salience": [float(row[f"{prefix}salience"]) for row in rows],
        "median": expected["weighted_median"],
        "mean": expected["weighted_mean"],
        "condorcet": winner[0] if isinstance(winner, list) else winner,
    }


def sensitivity(raw: Path) -> Document:
    """Sensitivity indices of two test functions."""
    known = _json(raw / "sensitivity_expected.json")
    keys = ("mean", "variance", "S1", "ST")
    ishigami, g = known["ishigami"], known["sobol_g"]
    return {
        "source": f"{cite.ISHIGAMI}; {cite.SOBOL_G}",
        "ishigami": {"a": 7.0, "b": 0.1} | {key: ishigami[key] for key in keys},
        "sobol_g": {"a": [0, 1, 4.5, 9, 99, 99, 99, 99]} | {key: g[key] for key in keys},
    }


def concentration(raw: Path) -> Document:
    """Effective numbers of parties and polarization of small distributions."""
    known = _json(raw / "polarization_concentration_expected.json")
    parties, polarization = known["effective_number"], known["esteban_ray"]
    return {
        "source": "; ".join((cite.LAAKSO_TAAGEPERA, cite.GOLOSOV, cite.ESTEBAN_RAY, cite.REYNAL_QUEROL)),
        "constellations": parties["constellations"],
        "printed_tolerance": parties["tolerance"],
        "distributions": polarization["cases"],
        "tolerance": polarization["tolerance"],
    }


MODES = ("air", "train", "bus", "car")


def travel_mode(raw: Path) -> Iterator[Sequence[str]]:
    """Greene's travellers, one row each: household income, mode chosen, and cost and waiting time of every mode."""
    travellers: dict[str, dict[str, Row]] = {}
    for row in _rows(raw / "travel_mode.csv"):
        travellers.setdefault(row["individual"], {})[row["mode"]] = row
    yield (
        "traveller",
        "income",
        "chosen",
        *(f"{what}_{mode}" for what in ("cost", "wait") for mode in MODES),
    )
    for traveller, by_mode in travellers.items():
        chosen = next(mode for mode in MODES if float(by_mode[mode]["choice"]) == 1.0)
        numbers = [f"{float(by_mode[mode][column]):g}" for column in ("gc", "ttme") for mode in MODES]
        yield traveller, f"{float(by_mode['air']['hinc']):g}", chosen, *numbers


DOCUMENTS: dict[str, Callable[[Path], Document]] = {
    "alliances": alliances,
    "middle_east": middle_east,
    "social_interaction": social_interaction,
    "thresholds": thresholds,
    "diffusion": diffusion,
    "bargaining": bargaining,
    "sensitivity": sensitivity,
    "concentration": concentration,
}


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _json(file: Path) -> Document:
    with file.open(encoding="utf-8") as stream:
        return dict(json.load(stream))
