"""What leaves the page: files, links, paper; and the page on a phone and for those who use keys or a screen reader.

Usage: sharing.py SCENARIO PAGE.html [FILE...]; the scenarios are the functions below.
"""

import base64
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as XML
from pathlib import Path

from PIL import Image
from selenium.webdriver import ActionChains, Keys

from page import opened


def saved(page, button, directory, ending):
    """The file that a choice of the menu saves."""
    before = set(directory.iterdir())
    page.run("document.getElementById('download-menu').open = true")
    page.element(button).click()
    for _ in range(200):
        new = [path for path in set(directory.iterdir()) - before if path.suffix != ".crdownload" and not path.name.startswith(".")]
        if new and new[0].stat().st_size:
            assert new[0].name.endswith(ending), new
            assert page.run("return document.getElementById('download-menu').open") is False
            return new[0]
        time.sleep(0.02)
    raise AssertionError(f"{button} saved nothing")


def colours(image):
    return len(image.convert("RGB").resize((200, 200)).getcolors(40000))


def files(path, merges_csv, groups_csv):
    """Each file is read by another program: SVG by rsvg-convert and an XML parser, PNG by Pillow, CSV and JSON by Python."""
    expected = list(csv.reader(open(groups_csv, encoding="utf-8")))
    merges = {int(row["node"]): row for row in csv.DictReader(open(merges_csv))}
    names = [row[1] for row in expected[1:] if row[2]]
    with tempfile.TemporaryDirectory() as folder, opened(path, downloads=folder) as page:
        folder = Path(folder)
        page.set_groups(20)
        node = max(merges) - 3
        page.run("window.logitree.goTo(arguments[0])", node)

        svg = saved(page, "save-svg", folder, "out.svg")
        root = XML.parse(svg).getroot()
        texts = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
        assert set(names) <= texts, set(names) - texts
        if shutil.which("rsvg-convert"):
            drawn = subprocess.run(["rsvg-convert", "--zoom", "1", svg], capture_output=True, check=True).stdout
            image = Image.open(io.BytesIO(drawn))
            assert image.size == (round(float(root.get("width"))), round(float(root.get("height")))), image.size
            assert colours(image) > 15

        image = Image.open(saved(page, "save-png", folder, "out.png"))
        image.load()
        width, height = float(root.get("width")), float(root.get("height"))
        assert abs(image.size[0] - 2 * width) <= 1 and abs(image.size[1] - 2 * height) <= 2, (image.size, width, height)
        assert colours(image) > 15

        rows = list(csv.reader(open(saved(page, "save-csv", folder, "out.groups.csv"), encoding="utf-8", newline="")))
        assert rows == expected, next((pair for pair in zip(rows, expected) if pair[0] != pair[1]), len(rows))

        selection = json.load(open(saved(page, "save-json", folder, "out.selection.json"), encoding="utf-8"))
        merge = merges[node]
        assert selection["node"] == node and selection["groups"] == 20 and selection["samples"] == int(merge["samples"])
        assert len(selection["clusters"]) == selection["clusters_below"] == int(merge["clusters"])
        assert {selection["lowest"], selection["partner"]} == {int(merge["lowest"]), int(merge["partner"])}
        group_of = {int(row[0]): int(row[2]) for row in expected[1:] if row[2]}
        for cluster in selection["clusters"]:
            assert cluster["group"] == group_of[cluster["id"]] and cluster["name"] == expected[1 + cluster["id"]][1]


def shown(page):
    """All that a link is to bring back."""
    return page.run(
        """const { view, tree, cut, selected, colouring, shareAs, strips, sizes } = window.logitree;
        return [cut.count, selected, colouring, shareAs, view.scaling, view.unit.toFixed(2), view.layout.tips,
          [...tree.turned], strips.shown.map((strip) => strip.name + strip.isBar), view.chosenNames, sizes.isShown,
          sizes.measure, Math.round(view.scroller.scrollTop / view.unit)]""")


def links(path):
    """The address says what is shown: opened anew it shows the same; Back shows what was before; nonsense does no harm."""
    with opened(path) as page:
        assert page.run("window.logitree.link.write(); return location.hash") == ""
        plain = shown(page)
        page.set_groups(14)
        node = page.run("return window.logitree.tree.root") - 2
        page.run("window.logitree.goTo(arguments[0])", node)
        page.run("document.getElementById('tree').focus()")
        page.press("r")
        assert page.run("return [...window.logitree.tree.turned]") == [node]
        page.press("+", "+")
        page.press(Keys.ARROW_RIGHT)
        page.run("window.logitree.toggle(window.logitree.selected)")
        page.run(
            """const { strips, sizes } = window.logitree;
            strips.change(() => { strips.all.at(-1).isShown = strips.all.at(-1).isBar = true; });
            for (const [id, value] of [["colouring", "strip-" + (strips.all.length - 1)], ["share-as", "tint"], ["overview", "clusters"]]) {
              document.getElementById(id).value = value;
              document.getElementById(id).dispatchEvent(new Event("change"));
            }""")
        page.element("names-splitter").send_keys(Keys.ARROW_LEFT * 2)
        page.run("document.getElementById('tree').scrollTop = 200")
        fragment = page.run("window.logitree.link.write(); return location.hash")
        seen = shown(page)
        assert seen != plain and len(fragment) < 400, fragment
        page.press("/")
        page.press(Keys.ESCAPE)
        page.run("location.hash = '#groups=3'")
        time.sleep(0.2)
        assert page.state()["groups"] == 3 and page.state()["selected"] == -1
    with opened(path, fragment=fragment) as page:
        assert shown(page) == seen, (shown(page), seen)
        assert page.run("return window.logitree.tree.turned.size") == 1
        for nonsense in (
            "#groups=-5&selected=1e99&open=zz.$$.-1&closed=0&turned=0.0.0&strips=x..99b&colour=<b>&zoom=NaN&top=-1&room=a&show=%",
            "#" + "&".join(f"{name}=" for name in ("groups", "selected", "open", "zoom", "colour", "strips", "sizes", "names")),
            "#groups=1e9&selected=4.7&zoom=0&tree=other&sizes=samples", "#%%%", "#=&=&&",
        ):
            page.open(nonsense)
            assert 1 <= page.state()["groups"] <= 97 and page.state()["tips"], nonsense
            if "tree=other" in nonsense:
                assert page.element("note").is_displayed() and page.state()["selected"] == -1


def paper(path):
    """Printed, the tree is whole, in the light colours, with its lists and legend, and swatches keep their colours."""
    with opened(path) as page:
        page.emulate("dark")
        page.set_groups(20)
        names = page.run("return [...window.logitree.tree.leaves].map((leaf) => window.logitree.tree.names[leaf])")
        dark = page.run("return window.logitree.theme.isDark")
        page.run("window.dispatchEvent(new Event('beforeprint'))")
        printed = page.run(
            "return [...document.querySelectorAll('#printed-tree text')].map((text) => text.textContent)")
        assert dark and not page.run("return window.logitree.theme.isDark")
        assert sorted(name for name in printed if name in set(names)) == sorted(names), set(names) - set(printed)
        assert page.run("return document.querySelectorAll('#groups .row').length") == 20
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        is_printed = "return document.getElementById(arguments[0]).checkVisibility()"
        assert page.run(is_printed, "labels-panel") == page.run("return window.logitree.labellings.length > 0")
        assert page.run(is_printed, "levels-panel") and not page.run(is_printed, "matrix-readout")
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        page.emulate("dark")
        assert page.run("return getComputedStyle(document.querySelector('.swatch')).printColorAdjust") in ("economy", "exact")
        page.run("window.dispatchEvent(new Event('afterprint'))")
        assert page.run("return window.logitree.theme.isDark && !document.querySelector('#printed-tree *')")
        pdf = base64.b64decode(page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})["data"])
        assert pdf.startswith(b"%PDF") and 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 8, len(pdf)
        assert page.run("return window.logitree.theme.isDark && !document.querySelector('#printed-tree *')")


def terms(path, comparison):
    """With a taxonomy, groups are found by their terms and listed with typical members; paper has one page of a thousand."""
    with opened(path) as page:
        hits = page.search("Dog")
        assert hits[0] == "dog" and {"dogsled", "working dog", "hotdog"} <= set(hits) and hits[-1] == "hotdog", hits
        facts = page.run("return document.querySelector('#hits .facts').textContent")
        page.press(Keys.ENTER)
        assert page.text("node-title") == "dog, " + facts.removeprefix("group · ").removesuffix(" clusters")
        fits = page.run(
            """const { tree } = window.logitree;
            return [...Array(tree.merges.lowest.length).keys()].map((merge) => tree.termOf(tree.clusterCount + merge))
              .filter((term) => term?.name === "dog").map((term) => term.f1)""")
        assert page.run("const { tree, selected } = window.logitree; return tree.termOf(selected).f1") == max(fits)
        page.search("no such group")
        assert page.text("hits") == "No cluster or group has this in its name"
        page.picture("terms")

        # The root has the clusters that sit strangely, each a link.
        page.run("window.logitree.goTo(window.logitree.tree.root)")
        strange = page.run("return window.logitree.data.strange")
        listed = page.run("return [...document.querySelectorAll('#confusion li')].map((item) => item.textContent)")
        assert len(strange) == 10 and len(listed) == sum(s["strangeness"] > 0.5 for s in strange) > 3 and [s["strangeness"] for s in strange] == sorted((s["strangeness"] for s in strange), reverse=True)
        compared = {row["clusters"][0]: row for row in json.load(open(comparison, encoding="utf-8"))["comparison"]["far_clusters"]}
        for item, entry in zip(listed, strange):
            name = page.run("return window.logitree.tree.names[arguments[0]]", entry["cluster"])
            assert item.startswith(f"{name} ({entry['group']})"), (item, entry)
            assert compared[name]["group"] == entry["group"] and abs(compared[name]["strangeness"] - entry["strangeness"]) < 1e-5
        page.run("document.querySelector('#confusion .link').click()")
        assert page.state()["selected"] == strange[0]["cluster"]

        # No two groups have one name: a typical member tells those of one term apart.
        page.set_groups(20)
        labels = [label for label, _ in page.groups()]
        assert len(set(labels)) == 20 and {"covering (dome)", "covering (bulletproof vest)"} <= set(labels), labels
        page.set_groups(23)
        for _, facts in page.groups():
            assert re.fullmatch(r"[\d,]+ of [\d,]+ clusters? · [\d,]+ samples?.+", facts), facts
        cut = page.run(
            "return [...document.querySelectorAll('#groups .row')].filter((row) => row.scrollHeight > row.clientHeight + 1).length")
        assert cut == 0, cut

        page.run("document.querySelector('[name=show][value=all]').click()")
        for form, pages in (("names", range(9, 16)), ("page", range(1, 2))):
            page.run("document.getElementById('paper-form').value = arguments[0]", form)
            page.run("window.dispatchEvent(new Event('beforeprint'))")
            assert page.run("return document.querySelectorAll('#printed-tree > *').length") in pages, form
            written = page.run("return [...document.querySelectorAll('#printed-tree text')].map((text) => text.textContent)")
            assert ("dalmatian" in written) == (form == "names") and any("terrier" in text for text in written), form
            page.run("window.dispatchEvent(new Event('afterprint'))")


def phone(path):
    """On a phone a tap on a branch brings its figures up, above what is there, and nothing is wider than the screen."""
    with opened(path) as page:
        page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True})
        page.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
        page.driver.refresh()
        details = page.element("details")

        def top():
            return page.run("return document.getElementById('details').getBoundingClientRect().top")

        assert top() > 780, top()
        for place in (3, 40):
            page.run("window.logitree.sheet.set('closed'); window.scrollTo(0, 0)")
            tip = page.state()["tips"][place]
            page.run("window.logitree.view.reveal(arguments[0])", tip)
            at = page.state()["positions"][str(tip)]
            for kind, points in (("touchStart", [{"x": at["x"] - 2, "y": at["y"]}]), ("touchEnd", [])):
                page.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            time.sleep(0.5)
            assert page.state()["selected"] == tip, (page.state()["selected"], tip)
            title = page.run("return document.getElementById('node-title').getBoundingClientRect().toJSON()")
            assert 0 < title["top"] < 844 - 100 and title["bottom"] <= 844, title
            assert page.state()["positions"][str(tip)]["y"] < top(), (page.state()["positions"][str(tip)], top())
        page.picture("phone-sheet")
        assert page.run("return document.documentElement.scrollWidth <= innerWidth")
        button = page.element("sheet-button")
        for expected, label in (("full", "Close the details"), ("closed", "Show details"), ("half", "Show more of the details")):
            button.click()
            assert details.get_attribute("data-sheet") == expected and button.get_attribute("aria-label") == label
            assert button.get_attribute("aria-expanded") == str(expected != "closed").lower()
        time.sleep(0.3)
        page.element("run-tab").send_keys(Keys.ESCAPE)
        assert details.get_attribute("data-sheet") == "closed"


def toolbar(path):
    """The toolbar stays on one line whatever is chosen, what fits goes on fitting, and names have their room."""
    with opened(path, width=1400) as page:
        page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": 1400, "height": 900, "deviceScaleFactor": 1, "mobile": False})
        page.element("fit").click()
        height = page.run("return document.querySelector('.toolbar').offsetHeight")
        options = page.run("return [...document.getElementById('colouring').options].map((option) => option.value)")
        for option in options:
            page.run(
                """const choice = document.getElementById("colouring");
                choice.value = arguments[0];
                choice.dispatchEvent(new Event("change"))""", option)
            time.sleep(0.1)
            assert page.run("return document.querySelector('.toolbar').offsetHeight") == height < 60, (option, height)
            assert page.run(
                "const tree = document.getElementById('tree'); return tree.scrollHeight - tree.clientHeight") <= 0, option
            # Every leaf has its name: seen where text is written.
            names = page.run(
                """const { view } = window.logitree;
                const context = view.painter.context, write = context.fillText.bind(context), written = [];
                context.fillText = (text, x, y) => { written.push(text); write(text, x, y); };
                view.draw();
                delete context.fillText;
                return written""")
            leaves = page.run("return [...window.logitree.tree.leaves].map((leaf) => window.logitree.tree.names[leaf])")
            assert set(leaves) <= set(names), (option, set(leaves) - set(names))
        page.picture("fit")

        # Groups in a row of two lines say three members, and how many clusters there are once.
        page.set_groups(21)
        for label, facts in page.groups():
            assert "+" not in label and re.match(r"\d+ cluster", facts), (label, facts)
        tinted = page.run(
            "const { theme } = window.logitree; return [...Array(24).keys()].map((group) => String(theme.group(group)))")
        assert len(set(tinted)) == 24


def check_axe(page):
    """What axe-core finds wrong is nothing: in all views, with menus, lists and dialogs open, in light and dark, wide and narrow.
    It runs if LOGITREE_AXE names the file axe.min.js."""
    if "LOGITREE_AXE" not in os.environ:
        return
    page.run(Path(os.environ["LOGITREE_AXE"]).read_text(encoding="utf-8") + "; window.axe = axe")
    steps = {
        "first": "", "all": "document.querySelector('[name=show][value=all]').click()",
        "groups": "document.querySelector('[name=show][value=groups]').click()",
        "show menu": "document.getElementById('show-menu').open = true",
        "share menu": "document.getElementById('show-menu').open = false; document.getElementById('download-menu').open = true",
        "group": "document.getElementById('download-menu').open = false; logitree.goTo(logitree.cut.nodes[2])",
        "leaf": "logitree.goTo(3)", "levels": "document.getElementById('levels-tab').click()",
        "run": "document.getElementById('run-tab').click()", "sizes": "logitree.sizes.show('samples')",
        "found": "logitree.search.input.value = 'e'; logitree.search.search()",
        "not found": "logitree.search.input.value = 'zzz'; logitree.search.search()",
        "help": "logitree.search.close(); document.getElementById('help').showModal()",
        "link": "document.getElementById('help').close(); document.getElementById('link').showModal()",
        "again": "document.getElementById('link').close(); logitree.sizes.show(''); logitree.select(-1);"
        " document.getElementById('node-tab').click()",
    }
    for width in (1440, 390):
        page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500})
        for scheme in ("light", "dark"):
            page.emulate(scheme)
            for name, step in steps.items():
                page.run(step)
                time.sleep(0.1)
                found = page.driver.execute_async_script(
                    """const done = arguments[0];
                    axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
                      done(violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.target.join(" "))])))""")
                assert not found, (width, scheme, name, found)
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    page.emulate("light")


def reachable(path):
    """A checklist beside axe: names, unique ids, no positive tabindex, all controls in the order of Tab, menus by keys."""
    with opened(path) as page:
        page.driver.execute_cdp_cmd("Accessibility.enable", {})
        check_axe(page)
        ids = page.run("return [...document.querySelectorAll('[id]')].map((e) => e.id)")
        assert len(ids) == len(set(ids))
        assert page.run("return [...document.querySelectorAll('[tabindex]')].every((e) => e.tabIndex <= 0)")
        for reference in ("aria-controls", "aria-labelledby", "aria-describedby"):
            named = page.run(
                "return [...document.querySelectorAll(`[${arguments[0]}]`)].map((e) => e.getAttribute(arguments[0]))", reference)
            assert all(set(name.split()) <= set(ids) for name in named), (reference, named)
        page.run("document.getElementById('show-menu').open = document.getElementById('download-menu').open = true")
        tree = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        for node in tree:
            focusable = any(p["name"] == "focusable" and p["value"]["value"] for p in node.get("properties", []))
            if focusable and not node.get("ignored") and node["role"]["value"] not in ("RootWebArea",):
                assert node.get("name", {}).get("value") or node["role"]["value"] in ("tabpanel", "list", "generic"), node
        page.run("document.getElementById('show-menu').open = document.getElementById('download-menu').open = false")

        page.run("document.activeElement.blur(); window.scrollTo(0, 0)")
        reached = set()
        for _ in range(140):
            page.press(Keys.TAB)
            name = page.run("return document.activeElement.id || document.activeElement.tagName + document.activeElement.className")
            reached.add(name)
        expected = {"search", "slider", "count", "help-button", "groups-splitter", "colouring", "zoom-in", "fit", "zoom-out", "tree",
                    "names-splitter", "aside-splitter", "overview", "node-tab", "SUMMARY"}
        assert expected <= reached, expected - reached

        # Menus: opened, gone through and closed by keys, with the focus back where it was.
        for menu, first in (("download-menu", "link-button"), ("show-menu", None)):
            page.run("document.querySelector(`#${arguments[0]} summary`).focus()", menu)
            page.press(Keys.ENTER)
            assert page.run("return document.getElementById(arguments[0]).open", menu)
            page.press(Keys.ARROW_DOWN)
            if first:
                assert page.run("return document.activeElement.id") == first
            page.press(Keys.ESCAPE)
            assert page.run("return !document.getElementById(arguments[0]).open && document.activeElement.tagName", menu) == "SUMMARY"

        # Splitters: by keys, and they say how wide.
        for splitter in ("groups-splitter", "aside-splitter", "names-splitter"):
            line = page.element(splitter)
            before = int(line.get_attribute("aria-valuenow"))
            line.send_keys(Keys.ARROW_RIGHT)
            assert abs(int(line.get_attribute("aria-valuenow")) - before) == 16, splitter

        # Sizes: arrow keys go from group to group, Enter selects.
        page.run(
            """const choice = document.getElementById("overview");
            choice.value = "samples";
            choice.dispatchEvent(new Event("change"));
            document.getElementById("treemap").focus()""")
        page.press(Keys.ARROW_RIGHT)
        page.press(Keys.ARROW_RIGHT)
        said = page.text("sizes-readout")
        page.press(Keys.ENTER)
        node = page.run("return window.logitree.cut.nodes[1]")
        assert page.state()["selected"] == node and page.figures()["Samples"] in said
        boxes = page.run("return window.logitree.sizes.boxes.ofGroup")
        samples = page.run("return window.logitree.cut.nodes.map((node) => window.logitree.tree.samples[node])")
        area = sum(width * height for _, _, width, height in boxes)
        for (_, _, width, height), own in zip(boxes, samples):
            assert abs(width * height / area - own / sum(samples)) < 1e-6
        page.picture("sizes")

        # Marks of levels cut the tree, and say why.
        mark = page.driver.find_element("css selector", "#slider-marks button")
        assert "doubt" in mark.get_attribute("aria-label")
        ActionChains(page.driver).move_to_element(mark).perform()
        mark.send_keys(Keys.ENTER)
        assert str(page.state()["groups"]) in mark.get_attribute("aria-label")


def clades(tree):
    """The groups of a tree exported as JSON, as sets of names; and of each node its set."""
    sets = {cluster["id"]: frozenset([cluster["name"]]) for cluster in tree["clusters"]}
    for merge in tree["merges"]:
        sets[merge["node"]] = sets[merge["lowest"]] | sets[merge["partner"]]
    return sets


def beside(path, own_json, other_json):
    """Two trees side by side: which groups both have is what sets of names say, and lines hardly cross."""
    own, other = (clades(json.load(open(name, encoding="utf-8"))) for name in (own_json, other_json))
    both = {group for group in own.values() if len(group) > 1} & {group for group in other.values() if len(group) > 1}
    with tempfile.TemporaryDirectory() as folder, opened(path, downloads=folder) as page:
        page.run("document.querySelector('[name=show][value=groups]').focus()")
        page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        if not page.run("return window.logitree.view.showsOther"):
            page.run("document.querySelector('[name=show][value=beside]').click()")
        assert page.run("return window.logitree.mode") == "beside" and len(page.state()["tips"]) == 97
        assert page.run("return window.logitree.beside.sharedCount") == len(both)
        for node, group in own.items():
            if len(group) > 1:
                assert page.run("return window.logitree.beside.isShared(arguments[0])", node) == (group in both), group
        for node, group in other.items():
            if len(group) > 1:
                assert page.run("return window.logitree.beside.isSharedThere(arguments[0])", node) == (group in both), group

        # Lines cross less than as the trees come, and fewer would not cross if a node of either were turned.
        crossings = """
          const { tree, beside } = window.logitree, place = new Map([...tree.leaves].map((leaf, index) => [leaf, index]));
          const count = () => {
            const at = new Map([...tree.leaves].map((leaf, index) => [leaf, index]));
            const order = [...beside.other.leaves].map((leaf) => at.get(beside.here[leaf]));
            return order.reduce((sum, a, index) => sum + order.slice(index + 1).filter((b) => b < a).length, 0);
          };
          const turned = (turnable, node) => {
            const [before, set] = [[...turnable.turned], new Set(turnable.turned)];
            if (!set.delete(node)) set.add(node);
            turnable.turn([...set]);
            const crossed = count();
            turnable.turn(before);
            return crossed;
          };"""
        crossed, least = page.run(
            crossings + """const inner = [...Array(tree.merges.lowest.length).keys()].map((merge) => tree.clusterCount + merge);
            return [count(), Math.min(...inner.map((node) => Math.min(turned(tree, node), turned(beside.other, node))))]""")
        assert crossed <= least, (crossed, least)
        order = page.run("window.logitree.setMode('all'); return [...window.logitree.tree.leaves]")
        assert order == page.run("return [...window.logitree.tree.given.leaves]")
        assert crossed < page.run(crossings + "return count()") / 2
        page.run("window.logitree.setMode('beside')")

        # In words: the smallest group there that has all.
        for node in list(own)[-90::7]:
            page.run("window.logitree.goTo(arguments[0])", node)
            smallest = min((group for group in other.values() if own[node] <= group), key=len)
            said = page.figures()["In other.logitree"]
            assert said == "the same group" if own[node] in both else f"among {len(smallest)} of" in said, (said, len(smallest))

        # A press on a name of the other tree selects the cluster here.
        page.element("fit").click()
        at = page.run(
            """const { view, beside } = window.logitree;
            const box = view.scroller.getBoundingClientRect();
            const leaf = beside.other.leaves[5];
            const unit = view.unit * view.layout.height / beside.layout.height;
            return [box.right - box.width * 0.3, box.top + axisHeight + beside.layout.y[leaf] * unit, beside.here[leaf]];
            """.replace("axisHeight", "46"))
        actions = ActionChains(page.driver)
        actions.w3c_actions.pointer_action.move_to_location(int(at[0]), int(at[1]))
        actions.w3c_actions.pointer_action.click()
        actions.perform()
        assert page.state()["selected"] == at[2], (page.state()["selected"], at)
        page.picture("beside")

        svg = saved(page, "save-svg", Path(folder), "out.svg")
        texts = [text.text for text in XML.parse(svg).getroot().iter("{http://www.w3.org/2000/svg}text")]
        assert texts.count("Danish") == texts.count("97") == 2
        if shutil.which("rsvg-convert"):
            drawn = subprocess.run(["rsvg-convert", svg], capture_output=True, check=True).stdout
            assert colours(Image.open(io.BytesIO(drawn))) > 15
        fragment = page.run("window.logitree.link.write(); return location.hash")
        assert "show=beside" in fragment, fragment
    with opened(path, fragment=fragment) as page:
        assert page.run("return window.logitree.mode") == "beside"


def framed(path):
    """Within another page, as a notebook shows it, it works without an address of its own."""
    outer = Path(path).with_name("outer.html")
    page = Path(path).read_text(encoding="utf-8").replace("&", "&amp;").replace('"', "&quot;")
    outer.write_text(f'<!DOCTYPE html><iframe srcdoc="{page}" style="width: 1300px; height: 800px"></iframe>', encoding="utf-8")
    with opened(outer) as page:
        page.driver.switch_to.frame(0)
        page.set_groups(7)
        time.sleep(0.4)
        assert page.state()["groups"] == 7 and page.run("return document.getElementById('link-button').hidden")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
