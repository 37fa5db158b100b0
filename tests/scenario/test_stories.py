"""The library as people choose from it."""

from sim.scenario.library import library
from sim.scenario.loader import load
from sim.scenario.stories import ANNOUNCED, BOTH, GROUPS, SIDES, THIRD, WORLD, stories


def test_every_scenario_is_a_story_with_a_question_of_its_own():
    found = stories()
    assert set(found) == set(library())
    questions = [story.question for story in found.values()]
    assert len(set(questions)) == len(questions)
    assert all(question.endswith("?") for question in questions)


def test_stories_stand_by_who_acts():
    groups = {name: story.group for name, story in stories().items()}
    assert set(groups.values()) == set(GROUPS)
    for name, group in {
        "baseline": ANNOUNCED, "july-2025": ANNOUNCED, "us-open-export": SIDES["us"], "waico-surge": SIDES["china"],
        "signing-round-2027": SIDES["china"], "us-aid-retreat-china-fills": BOTH, "third-pole": THIRD, "un-divide-fund": WORLD,
        "gulf-must-choose": WORLD,
    }.items():  # fmt: skip
        assert groups[name] == group, name
    for name, group in groups.items():
        assert (len(load(name).scenario.blocs) > 2) == (group == THIRD), name
