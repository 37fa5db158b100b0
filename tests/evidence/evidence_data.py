"""Small raw folders and design data that several tests of the evidence share."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np

COUNTRIES = {
    "CHN": "China",
    "KEN": "Kenya",
    "NAM": "Namibia",
    "PSE": "Palestine",
    "STP": "São Tomé and Príncipe",
    "SLE": "Sierra Leone",
    "TZA": "Tanzania",
    "USA": "United States",
}


def write_csv(path: Path, header: str, rows: list[str]) -> None:
    """Write a CSV given as lines of text."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def raw_folder(folder: Path, clubs: list[str]) -> Path:
    """A folder of collected files: eight countries, the given club rows, two short other lists."""
    shanghai = {"CHN": "1,0", "TZA": "0,1"}
    write_csv(
        folder / "countries.csv",
        "iso3,name,sco,sco_partner",
        [f"{code},{name},{shanghai.get(code, '0,0')}" for code, name in COUNTRIES.items()],
    )
    past_tables(folder)
    columns = "initiative_id,iso3,status,date,source,confidence"
    write_csv(folder / "participation.csv", columns, clubs)
    write_csv(
        folder / "participation_2026.csv", columns, ["WAICO,KEN,founding_signatory,2026-07-16,official,high"]
    )
    write_csv(
        folder / "bri.csv",
        "iso3,joined_year,joined_month,left_year,source,confidence,status,left_month,gfdc2025_year"
        ",sw2022_not_signed",
        [
            "CHN,2013,9,,initiator,high,initiator,,2013,0",
            "KEN,2017,6,,GFDC2025,low,member,,2017,0",
            "NAM,2016,3,2024,official_text,high,left,5,2016,0",
            "PSE,,,,GFDC listing,low,listed_no_date,,,1",
            "TZA,2018,,,GFDC2025,medium,member,,2018,1",
            "USA,,,,,high,never,,,0",
            "HKG,2017,1,,GFDC2025,high,member,,2017,0",
        ],
    )
    columns = (
        "aiib_member,aiib_approved_year,aiib_approved_month,aiib_source,dsr_initiative_2017,"
        "gdi_friends_seen,gdi_friends_seen_year"
    )
    write_csv(
        folder / "infrastructure.csv",
        f"iso3,{columns},brf3_digital_green_2023",
        [
            "CHN,1,2015,4,seen,1,,,1",
            "KEN,1,2018,5,memory,0,1,2022,1",
            "NAM,0,,,,0,,,",
            "SLE,0,,,,0,,,1",
            "STP,0,,,,0,,,",
            "TZA,1,2023,9,seen,0,,,",
            "USA,0,,,,0,,,",
        ],
    )
    return folder


def past_tables(folder: Path) -> None:
    """The collected yearly records of two countries; the others have none."""
    write_csv(folder / "ideal_points_panel.csv", "iso3,year,ideal_point", ["KEN,2013,-0.4", "KEN,2015,-0.5"])
    write_csv(
        folder / "country_panel.csv",
        "iso3,year,variable,value",
        ["KEN,2013,gdp_usd,6.2e10", "KEN,2013,internet_users_pct,13.0", "NAM,2014,vdem_polyarchy,0.7"],
    )
    write_csv(
        folder / "aid_panel.csv",
        "iso3,year,variable,value",
        [
            "KEN,2012,us_disb_const_usd_m,500",
            "KEN,2011,us_disb_const_usd_m,100",
            "KEN,2012,cn_gcdf_oda_usd2021_m,50",
            "KEN,2012,cn_gcdf_oof_usd2021_m,25",
        ],
    )
    write_csv(
        folder / "ties.csv",
        "iso3,nato,defpact_us_core,mnna,mnna_year",
        [f"{code},0,0,{'1,2024' if code == 'KEN' else '0,'}" for code in COUNTRIES],
    )


def world_of(values: dict[str, list[float]], iso3: tuple[str, ...], ties: list[tuple[int, int, float, bool]]):
    """The little of a world that the utility terms read."""
    i, j, share, pact = (np.array(column) for column in zip(*ties, strict=True))
    return SimpleNamespace(
        iso3=iso3,
        values={name: np.array(column, dtype=float) for name, column in values.items()},
        index=iso3.index,
        ties=SimpleNamespace(i=i, j=j, trade_share=share, pact=pact),
    )
