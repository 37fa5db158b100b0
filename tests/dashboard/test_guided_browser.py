"""A guided question in a real browser: guess, answer, a class, reload, the next one, the page, French, a small screen."""

import re

from page_steps import FIRST, fits, picture, soon, whole
from playwright.sync_api import expect
from test_access_browser import COLOURS, TAGS, faults

RUNS = "runs=40"
SAID = re.compile(r"The model's answer: \+\d+; nine futures in ten lie between .+ and \+\d+\.")


def told(page):
    """Wait for the answer and return what is said of it, in three paragraphs."""
    lines = page.locator(".page-told p")
    expect(lines).to_have_count(3)
    return lines.all_inner_texts()


def test_a_question_is_guessed_answered_and_left_for_the_next_one(url, open_page, shots):
    page = open_page(f"{url}/?question=")
    first = page.get_by_role("link", name="Begin with the first question")
    expect(first).to_have_attribute("href", "?question=money-alone")
    expect(page.locator(".page-questions li")).to_have_count(10)
    page.goto(f"{url}/?question=money-with-strings&{RUNS}")
    slider = page.get_by_role("slider", name="Your guess")
    slider.wait_for()
    expect(page.locator("#ab-guess-what")).to_contain_text("how many more (+) or fewer (−)")
    page.get_by_text("At the start: ").wait_for(timeout=FIRST)
    for hidden in (".ab-map", ".ab-scale", ".ab-parts", ".page-told p"):
        expect(page.locator(hidden).filter(visible=True)).to_have_count(0)  # nothing gives the answer away
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "+3")
    exact = page.get_by_role("spinbutton", name="Your guess, exact number")
    exact.fill("900")
    exact.press("Enter")
    refused = page.locator(".ab-guessing [role=alert]")
    expect(refused).to_have_text("“900” was not taken: whole numbers from −50 to +50 are allowed.")
    exact.fill("4")
    exact.press("Enter")
    expect(refused).to_have_text("")
    expect(slider).to_have_value("4")
    page.get_by_text("Guesses of a class").click()
    group = page.get_by_label("One number for each person")
    group.fill("-5 3 many")
    page.get_by_role("button", name="Show the answer").press("Enter")
    expect(refused).to_contain_text("“many” was not taken")
    group.fill("-5, 3 3 −2")
    page.get_by_role("button", name="Show the answer").press("Enter")
    answer, guess, group_said = told(page)
    assert SAID.fullmatch(answer)
    assert re.match(r"Your guess is \d+ states away\.", guess)
    assert group_said.startswith("4 guesses: from −5 to +3, the middle one ±0.")
    expect(page.locator(".ab-scale-dot")).to_have_count(4)
    expect(page.locator(".ab-scale-guess span")).to_have_text("you +4")
    page.get_by_text("Each alone, for the China-led bloc").wait_for(timeout=FIRST)
    soon(page, lambda: picture(page), bool)
    expect(page.locator(".page-grade")).to_contain_text("Evidence: weak.")
    page.locator(".page-reading a[href='https://foreignassistance.gov/']").wait_for()
    page.get_by_role("link", name="And money in grants").and_(page.locator(".page-answered")).wait_for()
    assert faults(page, TAGS) == []
    whole(page, shots / "question-answered.png")

    page.reload()  # what was guessed is kept in the browser
    expect(page.locator(".page-told p")).to_have_text([answer, guess, group_said])
    page.get_by_role("button", name="Guess again").click()
    slider.wait_for()
    expect(slider).to_have_value("4")
    page.wait_for_function("!document.querySelector('.page-told p')")
    page.get_by_role("button", name="Show the answer").click()
    told(page)
    page.get_by_role("link", name="Open this future on the page").click()
    page.wait_for_selector(".ab-world [data-state]", state="attached", timeout=FIRST)
    page.locator(".ab-map[data-version*='blocs.china.conditionality.aid=1']").wait_for()
    page.get_by_role("link", name="Questions", exact=True).click()
    page.locator(".page-questions a.page-answered").wait_for()


def test_questions_speak_french_on_a_small_screen_and_say_when_there_is_none(url, open_page, shots):
    page = open_page(f"{url}/?question=what-really-hapened&lang=fr", width=390, height=844, dark=True)
    page.get_by_text("Vouliez-vous dire what-really-happened").wait_for(timeout=FIRST)
    page.get_by_role("link", name="Là où le modèle s’est trompé").click()
    page.get_by_role("button", name="Afficher la réponse").click()
    expect(page.locator(".page-told p").first).to_have_text(
        "23 États ont signé\u202f; la prévision figée en attendait 8,5."
    )
    page.locator(".ab-scale-forecast span").wait_for()
    page.locator(".ab-map [data-state]").first.wait_for(state="attached", timeout=FIRST)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    fits(page, 390)
    before = page.get_by_role("link", name="Question précédente")
    expect(before).to_have_attribute("href", re.compile("lang=fr"))
    assert faults(page, COLOURS) == []
    whole(page, shots / "question-small-dark.png", width=390)
