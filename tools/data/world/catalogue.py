"""The sources of the tables, and the notes on single values that a reader should know."""

from __future__ import annotations

from sim.world.record import Source

CUT_OFF = "2025-07-25"
"""Nothing that describes a later day may enter an estimate."""

_CC_BY = "CC BY 4.0"
_CC_BY_SA = "CC BY-SA 4.0"
_PUBLIC = "public domain"
_FACTS = "facts, no licence needed"
_ETALAB = "Etalab open licence 2.0 (licence as remembered, not seen with the copy)"

SOURCES: tuple[Source, ...] = (
    Source("m49", "United Nations Statistics Division", "M49 country classification", "table of May 2026",
           "ODC-PDDL", "UN Statistics Division, M49, through the datasets/country-codes table", CUT_OFF),
    Source("un", "United Nations", "List of member states", "2026", _FACTS, "United Nations", CUT_OFF),
    Source("wb_income", "World Bank", "Income groups, fiscal year 2026", "July 2025", _CC_BY,
           "World Bank country classification", "2025-07-01"),
    Source("gapminder_income", "Gapminder", "Income groups (Taiwan)", "2026", _CC_BY,
           "Gapminder, systema globalis", "2025-07-01"),
    Source("wdi_gdp", "World Bank", "World Development Indicators, NY.GDP.MKTP.CD", "March 2025", _CC_BY,
           "World Bank, World Development Indicators", "2023-12-31"),
    Source("wdi_population", "World Bank", "World Development Indicators, SP.POP.TOTL", "2026", _CC_BY,
           "World Bank, World Development Indicators", "2024-12-31"),
    Source("un_wpp", "United Nations Population Division", "World Population Prospects 2024 (Taiwan)", "2024",
           "CC BY 3.0 IGO", "UN DESA, World Population Prospects 2024, through Gapminder", "2024-12-31"),
    Source("cia", "Central Intelligence Agency", "The World Factbook", "early 2026", _PUBLIC,
           "CIA World Factbook", "2024-12-31"),
    Source("imf_weo", "International Monetary Fund",
           "World Economic Outlook, October 2024 (Taiwan's GDP per head, as quoted)", "October 2024",
           "single figure, quoted with its source", "IMF World Economic Outlook, October 2024", "2024-12-31"),
    Source("itu", "International Telecommunication Union",
           "Internet users, fixed broadband (World Development Indicators)", "late 2025", _CC_BY,
           "ITU through World Bank, World Development Indicators", "2024-12-31"),
    Source("egdi", "United Nations DESA", "E-Government Survey 2024", "2024",
           "free use with attribution (UN DESA)", "UN DESA, E-Government Development Index 2024",
           "2024-12-31"),
    Source("oxford_2024", "Oxford Insights", "Government AI Readiness Index 2024", "2024", _CC_BY_SA,
           "Oxford Insights, Government AI Readiness Index 2024", "2024-12-31"),
    Source("oxford_2023", "Oxford Insights", "Government AI Readiness Index 2023", "2023", "CC BY",
           "Oxford Insights, Government AI Readiness Index 2023", "2023-12-31"),
    Source("bsv", "Bailey, Strezhnev and Voeten", "UN General Assembly ideal points, yearly, to 2024",
           "28 July 2025", "CC0 1.0 (licence as remembered, not seen with the copy)",
           "Bailey, Strezhnev and Voeten 2017, Journal of Conflict Resolution 61(2), doi:10.7910/DVN/LEJUQZ",
           "2024-12-31"),
    Source("vdem", "V-Dem Institute", "V-Dem dataset v15, v2x_libdem and v2x_polyarchy", "March 2025",
           _CC_BY_SA, "V-Dem Institute, Varieties of Democracy v15", "2024-12-31"),
    Source("alliances", "Leeds, Ritter, Mitchell and Long",
           "Alliance Treaty Obligations and Provisions v5.1 (to 2018), with later treaties from the press",
           "2018, 2020-25", "free for research with citation; only facts (who is bound) are used",
           "Leeds et al. 2002, International Interactions 28(3), ATOP v5.1", CUT_OFF),
    Source("mnna", "US Department of State and press", "Major non-NATO allies", "2026", _FACTS,
           "public designations", CUT_OFF),
    Source("baci", "CEPII", "BACI HS22, trade of 2023", "January 2025", _ETALAB,
           "CEPII, BACI (Gaulier and Zignago 2010)", "2023-12-31"),
    Source("trade_mixed", "CEPII, World Bank, IMF, CIA",
           "Flow from BACI or from the US and Chinese reports to the IMF; total from World Development "
           "Indicators, the factbook or BACI", "2025",
           "CC BY 4.0, Etalab 2.0, IMF data terms (attribution), public domain",
           "CEPII BACI; World Bank WDI; IMF International Trade in Goods; CIA World Factbook", "2023-12-31"),
    Source("us_aid", "US Department of State and USAID", "ForeignAssistance.gov, disbursements by country",
           "December 2025", _PUBLIC, "ForeignAssistance.gov", "2024-09-30"),
    Source("us_aid_2025", "US Department of State and USAID",
           "ForeignAssistance.gov, fiscal year 2025, not complete", "December 2025", _PUBLIC,
           "ForeignAssistance.gov", "2025-09-30"),
    Source("aiddata", "AidData", "Global Chinese Development Finance v3.0", "November 2023", "ODC-By 1.0",
           "AidData, Global Chinese Development Finance Dataset v3.0", "2021-12-31"),
    Source("bis", "US Bureau of Industry and Security",
           "Export Administration Regulations, country groups; AI Diffusion Framework of 13 January 2025",
           "groups as of July 2026 with the changes since July 2025 undone", _PUBLIC,
           "15 CFR 740, 15 CFR 748, 90 FR 4544", CUT_OFF),
    Source("epoch_clusters", "Epoch AI",
           "GPU clusters, in operation by the end of 2024; share by location, May 2025", "December 2025",
           _CC_BY, "Epoch AI, GPU clusters", "2025-05-31"),
    Source("epoch_models", "Epoch AI", "Notable AI models, published 2023 and 2024", "July 2026", _CC_BY,
           "Epoch AI, notable AI models", "2024-12-31"),
    Source("epoch_chips", "Epoch AI", "AI chip counts", "April 2026", _CC_BY,
           "Epoch AI, AI chip sales and owners", "2025-12-31"),
    Source("epoch_hardware", "Epoch AI", "Machine learning hardware", "December 2025", _CC_BY,
           "Epoch AI, ML hardware", "2025-12-31"),
    Source("epoch_compute", "Epoch AI, World Bank, Oxford Insights",
           "Stock from AI chip counts; location from GPU clusters; the rest by GDP x AI readiness",
           "April 2026", _CC_BY_SA, "Epoch AI; World Bank; Oxford Insights", "2025-12-31"),
    Source("huawei_press", "Bloomberg and SemiAnalysis, as quoted in the press",
           "Huawei's output of AI chips", "September 2025", _FACTS,
           "Bloomberg, September 2025; SemiAnalysis, 8 September 2025", "2025-09-30"),
    Source("ascend_export", "Bloomberg, as quoted in the press", "Offers of Ascend chips abroad", "July 2025",
           _FACTS, "Bloomberg, July 2025", CUT_OFF),
    Source("natural_earth", "Natural Earth", "Admin-0 countries, 1:50 million, version 5.1.1", "2022",
           _PUBLIC, "Natural Earth", CUT_OFF),
    Source("geodist", "CEPII", "GeoDist (official languages)", "2011", _ETALAB,
           "CEPII, GeoDist (Mayer and Zignago 2011)", CUT_OFF),
    Source("memory", "the compilers",
           "Public member lists and legal texts, as remembered; checked against the CIA World Factbook where"
           " it has a list", "2026", _FACTS, "", CUT_OFF),
    Source("rule", "this project", "The rule for gaps, stated in SOURCES.md", "", _CC_BY_SA, "", CUT_OFF),
)  # fmt: skip

ADDRESSES: dict[str, str] = {
    "m49": "https://unstats.un.org/unsd/methodology/m49/",
    "un": "https://www.un.org/en/about-us/member-states",
    "wb_income": "https://datahelpdesk.worldbank.org/knowledgebase/articles/906519",
    "gapminder_income": "https://www.gapminder.org/data/",
    "wdi_gdp": "https://data.worldbank.org/indicator/NY.GDP.MKTP.CD",
    "wdi_population": "https://data.worldbank.org/indicator/SP.POP.TOTL",
    "un_wpp": "https://population.un.org/wpp/",
    "cia": "https://www.cia.gov/the-world-factbook/",
    "imf_weo": "https://www.imf.org/en/Publications/WEO",
    "itu": "https://data.worldbank.org/indicator/IT.NET.USER.ZS",
    "egdi": "https://publicadministration.un.org/egovkb/",
    "oxford_2024": "https://oxfordinsights.com/ai-readiness/ai-readiness-index/",
    "oxford_2023": "https://oxfordinsights.com/ai-readiness/ai-readiness-index/",
    "bsv": "https://doi.org/10.7910/DVN/LEJUQZ",
    "vdem": "https://www.v-dem.net/",
    "alliances": "http://www.atopdata.org/",
    "mnna": "https://www.state.gov/major-non-nato-ally-status/",
    "baci": "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
    "trade_mixed": "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
    "us_aid": "https://foreignassistance.gov/",
    "us_aid_2025": "https://foreignassistance.gov/",
    "aiddata": "https://www.aiddata.org/data/aiddatas-global-chinese-development-finance-dataset-version-3-0",
    "bis": "https://www.bis.gov/",
    "epoch_clusters": "https://epoch.ai/data",
    "epoch_models": "https://epoch.ai/data",
    "epoch_chips": "https://epoch.ai/data",
    "epoch_hardware": "https://epoch.ai/data",
    "epoch_compute": "https://epoch.ai/data",
    "natural_earth": "https://www.naturalearthdata.com/",
    "geodist": "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=6",
}
"""Where the publisher shows a source, by its id; what was published nowhere in particular has no address."""

_WEAK = "weak estimate"
_HUB = "inflated by multinational firms or by people who work across the border"
_REGISTER = "inflated by ship registrations"
NOTES: dict[tuple[str, str], str] = {
    ("CUB", "gdp"): "at the official peso rate; not credible per head",
    **{(code, "gdp"): _WEAK for code in ("PRK", "ERI", "SSD", "YEM", "VEN")},
    **{(code, "gdp"): _HUB for code in ("IRL", "LUX", "SGP", "MCO", "LIE")},
    ("PRK", "internet_users"): "estimate of the source",
    ("CHN", "internet_users"): "the series jumps in 2023 (change of source)",
    ("PSE", "liberal_democracy"): "West Bank only",
    ("PSE", "electoral_democracy"): "West Bank only",
    **{(c, f"trade_share_{k}"): _REGISTER for c in ("LBR", "MHL", "PAN", "BHS") for k in ("us", "cn")},
    ("SAU", "brics"): "as the chair lists it; accession not confirmed",
    ("TWN", "mnna_us"): "treated as one, without formal designation",
    ("AZE", "g77"): "uncertain",
    ("BIH", "g77"): "uncertain",
}
"""Doubts about single values, carried to the data command."""
