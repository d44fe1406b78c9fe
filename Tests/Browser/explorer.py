"""Opens pages of `export --format html` in headless Chromium, uses them as people do, and checks what they show.

Usage: explorer.py SCENARIO PAGE.html [FILE...]; the scenarios are the functions below.
"""

import csv
import json
import sys

from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

from page import opened


def check_matrix(page, names, merges):
    """The matrix is seen beside the tree; its cells select by mouse and keys; what is selected is marked in it."""
    matrix = page.element("matrix")
    assert page.run(
        """const [box, tree] = [...arguments].map((element) => element.getBoundingClientRect());
        return box.top >= 0 && box.bottom <= innerHeight && box.left >= tree.right""", matrix, page.element("tree"))
    parent = {int(child): node for node, merge in merges.items() for child in (merge["lowest"], merge["partner"])}

    def above(node):
        path = [node]
        while path[-1] in parent:
            path.append(parent[path[-1]])
        return path

    order = page.run("return [...window.logitree.tree.leaves]")
    box = page.run("return document.getElementById('matrix').getBoundingClientRect().toJSON()")
    row, column = order.index(names["Danish"]), order.index(names["Irish"])
    actions = ActionChains(page.driver)
    actions.w3c_actions.pointer_action.move_to_location(
        *(int(box[corner] + (place + 0.5) * box["width"] / len(order)) for corner, place in (("x", column), ("y", row))))
    actions.perform()
    assert page.text("matrix-readout").startswith("Danish → Irish: ")
    actions = ActionChains(page.driver)
    actions.w3c_actions.pointer_action.click()
    actions.perform()
    common = next(node for node in above(names["Danish"]) if node in above(names["Irish"]))
    assert page.state()["selected"] == common and page.figures()["Node"] == str(common)

    # From the selected leaf on the diagonal, two to the right.
    page.search("danish")
    page.press(Keys.ENTER)
    page.run("document.getElementById('matrix').focus()")
    page.press(Keys.ARROW_RIGHT)
    page.press(Keys.ARROW_RIGHT)
    neighbour = order[min(row + 2, len(order) - 1)]
    name = next(name for name, cluster in names.items() if cluster == neighbour)
    assert page.text("matrix-readout").startswith(f"Danish → {name}: ")
    page.press(Keys.ENTER)
    assert page.state()["selected"] == next(node for node in above(names["Danish"]) if node in above(neighbour))

    # A selected leaf's row and column have another colour than without it.
    pixel = """window.logitree.matrix.leave(); window.logitree.select(arguments[0]); window.logitree.matrix.draw();
      const side = arguments[1].width, at = ((arguments[2] + 0.5) * side) / arguments[3];
      const context = new OffscreenCanvas(side, side).getContext("2d", { willReadFrequently: true });
      context.drawImage(arguments[1], 0, 0);
      const strip = (x, y, width, height) => String(context.getImageData(x, y, width, height).data);
      return [strip(0, at, side, 1), strip(at, 0, 1, side)]"""
    root = max(merges)
    marked, plain = (page.run(pixel, node, matrix, row, len(order)) for node in (names["Danish"], root))
    assert marked[0] != plain[0] and marked[1] != plain[1]


def levels(path, groups):
    """The curve of levels says where it stands out; a click there, and one on the curve, cut the tree."""
    with opened(path) as page:
        page.element("levels-tab").click()
        curve = page.element("level-curve")
        assert curve.is_displayed()
        buttons = page.run("return [...document.querySelectorAll('#levels [data-groups]')].map((e) => e.textContent)")
        assert buttons == [f"{groups} groups"], buttons
        page.run("document.querySelector('#levels [data-groups]').click()")
        assert page.state()["groups"] == int(groups)
        at = page.run(
            """const box = document.querySelector('.level-cut').getBoundingClientRect();
            return [box.left + box.width / 2, box.top + 20]""")
        page.run(
            """window.logitree.setGroups(2);
            document.getElementById("level-curve").dispatchEvent(
              new MouseEvent("click", {clientX: arguments[0], clientY: arguments[1], bubbles: true}))""", *at)
        assert page.state()["groups"] == int(groups), page.state()["groups"]
        page.picture("levels")
        page.emulate("dark")
        page.picture("levels-dark")


def support(path, tree, height):
    """Support as figures and colours; no figure touches another, and the panel of a node holds all figures at any width."""
    merges = json.load(open(tree))["merges"]
    with opened(path) as page:
        assert page.element("colouring").get_attribute("value") == "support"
        assert page.run("return [...document.querySelectorAll('#support-legend .key')].map((e) => e.textContent)") == [
            "below 0.5", "0.5 to 0.7", "0.7 to 0.9", "from 0.9"]
        colours = page.run(
            "return arguments[0].map((node) => String(window.logitree.branchColour(node)))",
            [merge["node"] for merge in merges])
        of_class = {}
        for merge, colour in list(zip(merges, colours))[:-1]:
            percent = int(100 * merge["transfer_support"] + 0.5 + 1e-9)
            of_class.setdefault(sum(percent >= edge for edge in (50, 70, 90)), set()).add(colour)
        assert all(len(found) == 1 for found in of_class.values()), of_class
        assert len(set().union(*of_class.values())) == len(of_class) > 2, of_class

        # All that is written on branches, with where: by the context that it is written to.
        boxes = page.run(
            """const { view } = window.logitree;
            const context = view.painter.context, write = context.fillText.bind(context), boxes = [];
            context.fillText = (text, x, y) => {
              if (context.textAlign === "right") boxes.push([x - context.measureText(text).width, x, y - 7, y, text]);
              write(text, x, y);
            };
            view.draw();
            delete context.fillText;
            return boxes""")
        known = {str(int(100 * merge["transfer_support"] + 0.5 + 1e-9)) for merge in merges}
        assert len(boxes) > 5 and {box[4] for box in boxes} <= known, boxes
        for place, (left, right, top, bottom, _) in enumerate(boxes):
            for other in boxes[:place]:
                assert left >= other[1] or right <= other[0] or top >= other[3] or bottom <= other[2], boxes

        # Heights of branches are nothing to the panel.
        for width in (1440, 1300, 1000, 400) if height == "step" else ():
            page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
            # All of them where there is least room.
            for merge in merges if width == 400 else merges[-1::-5]:
                page.run("window.logitree.goTo(arguments[0])", merge["node"])
                sizes = page.run(
                    """const panel = document.getElementById("node-panel");
                    return [panel.scrollWidth - panel.clientWidth,
                      document.documentElement.scrollWidth - innerWidth,
                      ...[...document.querySelectorAll("#node-figures dd, #node-more dd")].map((e) =>
                        Math.ceil(e.getBoundingClientRect().right - e.closest("dl").getBoundingClientRect().right))]""")
                assert max(sizes) <= 0, (width, merge, sizes)
            page.picture(f"support-{height}-{width}")
        node = merges[len(merges) // 2]
        page.run("window.logitree.goTo(arguments[0])", node["node"])
        figures = page.figures()
        assert figures["Support"] == f"{int(100 * node['transfer_support'] + 0.5 + 1e-9) / 100:.2f}", figures
        assert abs(float(figures["Same clade"].split()[0]) - 100 * node["clade_support"]) <= 0.051, figures
        margin, error = (float(part) for part in figures["Margin"].split(" ± "))
        assert abs(margin - node["margin"]) <= 0.00051 and abs(error - node["margin_error"]) <= 0.00051, figures


def languages(path, merges_csv, groups_csv):
    """The example: groups as `cut` says, figures as the merges' CSV says, search, mouse and keys."""
    merges = {int(row["node"]): row for row in csv.DictReader(open(merges_csv))}
    rows = list(csv.DictReader(open(groups_csv)))
    names = {row["name"]: int(row["cluster"]) for row in rows}
    with opened(path) as page:
        assert page.driver.title == page.driver.find_element(By.TAG_NAME, "h1").text == "out.logitree"
        assert page.state()["selected"] == -1 and len(page.state()["tips"]) == 97
        page.picture("languages")

        page.set_groups(20)
        # The list has how many clusters there are beside the names, so names come without how many more.
        expected = {int(row["group"]): row["label"].split(" +")[0] for row in rows}
        assert [label for label, _ in page.groups()] == [expected[group] for group in range(20)]
        slider = page.element("slider")
        slider.send_keys(Keys.ARROW_RIGHT * 3)
        assert page.state()["groups"] == 23
        ActionChains(page.driver).move_to_element(slider).click_and_hold().move_by_offset(60, 0).release().perform()
        assert page.state()["groups"] > 23
        assert page.text("groups-summary") == f"{page.state()['groups']} groups"

        hits = page.search("norw")
        assert hits[0].startswith("Norwegian"), hits
        assert set(hits) == {name for name in names if "norw" in name.lower()}, hits
        assert "Bokmål, Norwegian" in page.search("bokmal")
        page.search("swedish")
        page.press(Keys.ENTER)
        swedish = names["Swedish"]
        assert page.text("node-title") == "Swedish" and page.state()["selected"] == swedish
        assert page.text("path").startswith("All") and page.text("path").endswith("Swedish")
        assert page.text("live").startswith("Swedish, 1 cluster")

        # The node that it was merged into has the figures of that merge.
        page.element("tree").click()
        page.search("swedish")
        page.press(Keys.ENTER)
        page.run("document.getElementById('tree').focus()")
        page.press(Keys.ARROW_LEFT)
        node = page.state()["selected"]
        merge = merges[node]
        assert str(swedish) in (merge["lowest"], merge["partner"])
        figures = page.figures()
        assert (figures["Node"], figures["Clusters"], figures["Samples"]) == (
            str(node), merge["clusters"], merge["samples"])
        assert figures["Step"] == f"{merge['step']} of 96" and figures["Evidence"] == merge["evidence"]
        for name in ("score", "gap", "reassigned", "margin"):
            assert abs(float(figures[name.capitalize()]) / float(merge[name]) - 1) < 1e-3, name

        page.press(Keys.ENTER)
        assert len(page.state()["tips"]) == 97 - int(merge["clusters"]) + 1
        assert page.text("live").endswith("collapsed")
        page.press(Keys.ARROW_RIGHT)
        assert len(page.state()["tips"]) == 97
        page.press(Keys.ARROW_RIGHT)
        assert page.state()["selected"] == min(int(merge["lowest"]), int(merge["partner"]))
        unit = page.state()["unit"]
        page.press("+")
        assert page.state()["unit"] > unit
        page.press("0")
        page.press("[")

        page.run("document.getElementById('tree').scrollTop = 0")
        tip = page.state()["tips"][3]
        page.click_tip(tip)
        assert page.state()["selected"] == tip and page.figures()["Cluster"] == str(tip)

        page.press("?")
        assert page.element("help").is_displayed()
        page.press(Keys.ESCAPE)
        assert not page.element("help").is_displayed()
        page.press("/")
        assert page.driver.switch_to.active_element == page.element("search")
        page.press(Keys.ESCAPE)

        check_matrix(page, names, merges)
        page.picture("languages-matrix")
        light = page.run("return getComputedStyle(document.body).backgroundColor")
        page.emulate("dark")
        assert page.run("return getComputedStyle(document.body).backgroundColor") != light
        page.picture("languages-dark")
        page.run("document.getElementById('tree').focus()")
        page.press(Keys.HOME)
        assert page.state()["selected"] == page.state()["tips"][0]


def awkward(path, names_file):
    """Names that look like markup are text, and none turns the text beside it."""
    names = open(names_file, encoding="utf-8").read().split("\n")[:-1]
    with opened(path) as page:
        assert page.run("return window.broken") is None
        assert page.run("return window.logitree.data.clusters.names") == names, "other names"
        for name in names:
            assert name in page.search(name[:12]), name
        hits = page.search("</script>")
        assert set(hits) == {name for name in names if "</script>" in name}, hits
        page.press(Keys.ENTER)
        assert page.text("node-title") == hits[0]
        assert page.run("return document.scripts.length") == 2 and page.run("return window.broken") is None

        # The figures after a name lie to its right, whatever the name's direction.
        name = next(name for name in names if name == "שלום")
        page.search(name)
        page.press(Keys.ENTER)
        assert page.text("node-title") == name
        assert page.text("live") == f"\u2068{name}\u2069, 1 cluster, " + page.figures()["Samples"] + " samples"
        order = page.run("return [...window.logitree.tree.leaves]")
        place = order.index(names.index(name))
        page.run("window.logitree.matrix.show({ row: arguments[0], column: arguments[0] })", place)
        edges = page.run(
            """const text = document.getElementById("matrix-readout").firstChild;
            return [...arguments[0]].map((part) => {
              const range = document.createRange();
              range.setStart(text, text.data.indexOf(part));
              range.setEnd(text, text.data.indexOf(part) + part.length);
              return range.getBoundingClientRect().left;
            })""", [name, " → ", ": itself"])
        assert edges == sorted(edges), edges
        assert not set("\u202e\u2067") & set(page.run("return document.documentElement.outerHTML"))


def chain(path, leaves):
    """A tree as deep as it has leaves opens, is cut, and searched."""
    with opened(path) as page:
        page.set_groups(500)
        assert len(page.groups()) == 500
        last = f"c{int(leaves) - 1}"
        assert last in page.search(last)
        page.search("c0")
        page.press(Keys.ENTER)
        assert page.text("node-title") == "c0" and len(page.state()["tips"]) == int(leaves)
        assert "more" in page.text("path")
        page.press("0")


def evaluated(path):
    """Figures against labels are shown, and colour the tree."""
    with opened(path) as page:
        assert "Dendrogram purity" in page.text("labellings") and "0.625" in page.text("labellings")
        figures = page.figures()
        assert figures["Majority of letters"] == "<b>vowel</b> · 75.0 %"
        assert "Purity of letters" not in page.text("legend")
        page.element("colouring").send_keys("purity")
        assert page.run("return window.logitree.labelling") == 0 and page.element("purity-legend").is_displayed()
        assert page.text("legend").startswith("Purity of letters0 %100 %")


def labels(path, evaluation):
    """Measures and nodes' figures are those of `evaluate --json`, and nodes of different purity differ in colour."""
    expected = json.load(open(evaluation))["labellings"]
    names = [labelling["name"] for labelling in expected]
    measures = {
        "top-1 accuracy": "top_accuracy", "accuracy": "accuracy", "NMI": "normalized_mutual_information",
        "ARI": "adjusted_rand_index", "leaf purity": "leaf_purity", "dendrogram purity": "dendrogram_purity",
        "least hierarchical distance": "least_hierarchical_distance"}
    with opened(path) as page:
        # By keys: from the first tab to the next.
        page.element("node-tab").click()
        page.press(Keys.ARROW_RIGHT)
        assert page.driver.switch_to.active_element == page.element("labels-tab")
        assert page.element("labels-panel").is_displayed() and not page.element("node-panel").is_displayed()
        header, *rows = page.run(
            "return [...document.querySelectorAll('#labellings tr')].map((r) => [...r.cells].map((c) => c.textContent))")
        assert header[1:] == names and {row[0] for row in rows} == set(measures), (header, rows)
        for measure, *shown in rows:
            for text, labelling in zip(shown, expected, strict=True):
                value = labelling.get(measures[measure])
                assert text == "–" if value is None else float(text) == float(f"{value:.4g}"), (measure, text)
        page.picture("languages-labels")

        # A node that is chosen is shown, whatever tab was.
        clusters = page.run("return window.logitree.tree.clusterCount")
        for node in (0, clusters - 1, clusters, clusters + 40, 2 * clusters - 2):
            page.run("window.logitree.goTo(arguments[0])", node)
            assert page.element("node-panel").is_displayed()
            figures = page.figures()
            for labelling in expected:
                of_node = next(entry for entry in labelling["nodes"] if entry["node"] == node)
                majority, purity = figures[f"Majority of {labelling['name']}"].rsplit(" · ", 1)
                assert majority == of_node["majority"], (node, majority)
                assert abs(float(purity.split()[0]) - 100 * of_node["purity"]) <= 0.05 + 1e-9, (node, purity)

        for place, labelling in enumerate(expected):
            page.run(
                """const choice = document.getElementById("colouring");
                choice.value = arguments[0];
                choice.dispatchEvent(new Event("change"))""", place)
            by_purity = sorted(labelling["nodes"], key=lambda entry: entry["purity"])
            colours = page.run(
                "return arguments[0].map((node) => String(window.logitree.colour(node)))",
                [by_purity[0]["node"], by_purity[-1]["node"]])
            assert colours[0] != colours[1]
        page.picture("languages-purity")


def times(path, limit):
    """How fast the page answers, in milliseconds, from the event to what it has drawn."""
    measure = """
      const [id, values] = arguments;
      const input = document.getElementById(id);
      return values.map((value) => {
        input.value = value;
        const begin = performance.now();
        input.dispatchEvent(new Event("input"));
        window.logitree.view.draw();
        window.logitree.matrix.draw();
        document.body.getBoundingClientRect();
        return performance.now() - begin;
      });"""
    with opened(path) as page:
        page.picture("large")
        first = page.state()["firstView"]
        slider = page.run(measure, "slider", [100, 300, 500, 700, 900, 1000, 200])
        search = page.run(measure, "search", ["f", "fo", "fox", "o", "e", ""])
        page.driver.find_element(By.XPATH, "//span[text()='Every cluster']").click()
        every = page.run(measure, "slider", [100, 300, 500, 700, 900, 1000, 200])
        frame = page.run("const b = performance.now(); window.logitree.view.draw(); return performance.now() - b")
        print(f"first view {first:.0f} ms; slider at most {max(slider):.0f} ms, with every cluster shown "
              f"{max(every):.0f} ms; search at most {max(search):.0f} ms; a frame with every cluster {frame:.0f} ms")
        if limit != "none":
            assert max(slider + search + every) < float(limit) and first < 1000
        page.picture("large-every")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
