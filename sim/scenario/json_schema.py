"""The JSON schema of scenario files, from the same models that check them."""

from __future__ import annotations

from typing import Any

from sim.scenario.schema import Scenario


def scenario_schema() -> dict[str, Any]:
    """Return the schema an editor completes and checks a scenario file with: keys, bounds, units, meanings.

    It allows what a file may leave to the scenario it ``extends``.
    """
    schema = Scenario.model_json_schema(mode="validation")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "aiblocs scenario"
    schema["properties"] |= {
        "extends": {"type": "string", "description": "Scenario to start from: a name of the library, or a path"},
        "without": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Names of timeline entries of the extended scenario to leave out",
        },
    }
    del schema["required"]  # a child takes its blocs from the scenario it extends, a file its name from its own
    return schema
