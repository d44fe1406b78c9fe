"""A page of `export --format html` in headless Chromium, to be used as people do. Nothing is downloaded: the driver is the
one on the PATH. With LOGITREE_SCREENSHOTS=DIRECTORY, pictures are left there."""

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By


class Page:
    """A page in the browser."""

    def __init__(self, driver, address):
        self.driver = driver
        self.address = address

    def open(self, fragment):
        """Opens the page as a link with a fragment does."""
        # If only the fragment were another one, the page would stay, and might write its own there.
        self.driver.get("about:blank")
        self.driver.get(self.address + fragment)

    def element(self, name):
        return self.driver.find_element(By.ID, name)

    def text(self, name):
        # As a reader of the document gets it, whether it is scrolled into view or not.
        return self.element(name).get_property("textContent").strip()

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def state(self):
        return self.run("return window.logitree.describe()")

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def set_groups(self, count):
        number = self.element("count")
        number.send_keys(Keys.CONTROL + "a")
        number.send_keys(str(count), Keys.ENTER)
        assert self.state()["groups"] == count

    def search(self, words):
        box = self.element("search")
        box.clear()
        box.send_keys(words)
        return self.run(
            "return [...document.querySelectorAll('#hits [role=option] .name')].map((hit) => hit.textContent)")

    def groups(self):
        """The labels in the list of groups, scrolled through."""
        labels = {}
        pane = self.element("groups")
        for top in range(0, self.run("return arguments[0].scrollHeight", pane), 300):
            rows = self.run(
                """arguments[0].scrollTop = arguments[1];
                window.logitree.panels[0].list.render();
                return [...arguments[0].querySelectorAll(".row")].map((row) =>
                  [row.getAttribute("aria-posinset"), row.querySelector(".name").textContent,
                   row.querySelector(".facts").textContent])""", pane, top)
            labels.update((int(place), (name, facts)) for place, name, facts in rows)
        return [labels[place] for place in sorted(labels)]

    def figures(self):
        """The figures of the selected node, and those of its merge below."""
        return dict(self.run(
            """return [...document.querySelectorAll("#node-figures > div, #node-more > div, #merge-figures > div")].map((row) =>
              [row.querySelector("dt").textContent, row.querySelector("dd").textContent])"""))

    def click_tip(self, node):
        at = self.state()["positions"][str(node)]
        actions = ActionChains(self.driver)
        actions.w3c_actions.pointer_action.move_to_location(int(at["x"]) + 1, int(at["y"]))
        actions.w3c_actions.pointer_action.click()
        actions.perform()

    def emulate(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def picture(self, name):
        directory = os.environ.get("LOGITREE_SCREENSHOTS")
        if directory:
            Path(directory).mkdir(parents=True, exist_ok=True)
            self.driver.save_screenshot(str(Path(directory) / f"{name}.png"))


@contextmanager
def opened(path, width=1440, height=900, fragment="", downloads=None):
    """The page, in a window of its own. Errors in its console, and requests for anything else, fail. What it saves is put
    into the directory `downloads`."""
    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={width},{height}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        page = Page(driver, Path(path).resolve().as_uri())
        page.emulate("light")
        if downloads:
            driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
        driver.get(page.address + fragment)
        yield page
        errors = driver.get_log("browser")
        assert not errors, errors
        events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
        requests = {e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"}
        # What the page itself has made is not asked for anywhere.
        requests = {request for request in requests if not request.startswith(("blob:", "data:"))}
        assert requests <= {page.address}, requests
    finally:
        driver.quit()
