"""Are the machine formats what their readers take? Each is read with a parser of its own and compared with --format json.

usage: check.py SFLINT SCRATCH TEMPLATE...      prints `N passed, N failed`
"""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

FORMATS = "json sarif junit github gitlab markdown text".split()
LEVEL = {"error": "error", "warning": "warning", "info": "note"}
COMMAND = {"error": "error", "warning": "warning", "info": "notice"}
GITLAB = {"error": "critical", "warning": "major", "info": "info"}
ORDER = ["info", "warning", "error"]
failures = 0
passes = 0


def expect(good, template, words):
    global passes, failures
    if good:
        passes += 1
    else:
        failures += 1
        print(f"{template}: {words}")


def path_of(name):
    return "stdin" if name == "-" else name[2:] if name.startswith("./") else name


def open_of(findings):
    """Those that are not waived."""
    return [f for f in findings if f["waived"] is None]


def check_sarif(template, text, plain):
    log = json.loads(text)
    run = log["runs"][0]
    results = run["results"]
    expect(log["version"] == "2.1.0" and run["columnKind"] == "unicodeCodePoints", template, "sarif: version, columnKind")
    expect(len(results) == len(plain["findings"]), template, f"sarif: {len(results)} results")
    rules = run["tool"]["driver"]["rules"]
    good = True
    for result, finding in zip(results, plain["findings"]):
        region = result["locations"][0]["physicalLocation"]["region"]
        good = good and rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding["rule"]
        good = good and result["level"] == LEVEL[finding["severity"]]
        good = good and (region["startLine"], region["startColumn"]) == (finding["line"], finding["column"])
        good = good and (region["endLine"], region["endColumn"]) >= (region["startLine"], region["startColumn"])
        good = good and (finding["fix"] is None or "\nFix: " in result["message"]["text"])
        good = good and ("suppressions" in result) == (finding["waived"] is not None)
        good = good and result["partialFingerprints"]["sflint/v1"] == finding["fingerprint"]
    expect(good, template, "sarif: a result is not the finding")
    expect(all(r["help"]["text"] and r["help"]["markdown"] for r in rules), template, "sarif: a rule without help")
    expect(len(rules) == len({r["id"] for r in rules}), template, "sarif: a rule stands twice")
    notes = run["invocations"][0]["toolExecutionNotifications"]
    expect(sum(n["level"] == "error" for n in notes) == len(plain["errors"]), template, "sarif: notifications")


def check_junit(template, text, plain):
    root = ElementTree.fromstring(text)
    cases = root.findall("testsuite/testcase")
    counted = {k: len(root.findall(f"testsuite/testcase/{k}")) for k in ("failure", "error", "skipped")}
    errors = sum(f["severity"] == "error" for f in open_of(plain["findings"]))
    expect(counted["failure"] == errors, template, f"junit: {counted['failure']} failures, {errors} errors found")
    expect(counted["skipped"] == len(plain["findings"]) - errors, template, "junit: skipped")
    expect(counted["error"] == len(plain["errors"]), template, "junit: errors")
    expect(int(root.get("tests")) == len(cases) and int(root.get("failures")) == counted["failure"], template, "junit: sums")
    for suite in root.findall("testsuite"):
        names = [c.get("name") for c in suite]
        expect(len(names) == len(set(names)) == int(suite.get("tests")), template, "junit: names of a suite's cases")


def unescape(text, more=()):
    for code, plain in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, plain)
    return text


def check_github(template, text, plain):
    lines = text.split("\n")[:-1]
    read = []
    for line in lines:
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::([^\r\n]*)", line)
        expect(match is not None, template, f"github: {line}")
        if match is None:
            return
        properties = dict(p.split("=", 1) for p in match[2].split(","))
        read.append((match[1], unescape(properties["file"], (("%3A", ":"), ("%2C", ","))), int(properties["line"]), unescape(match[3])))
    found = [(COMMAND[f["severity"]], f["line"]) for f in open_of(plain["findings"])]
    errors = [r for r in read if r[0] == "error"]
    expect([(r[0], r[2]) for r in read][len(read) - len(found):] == found, template, "github: not the findings")
    expect(len(errors) == len(plain["errors"]) + sum(f["severity"] == "error" for f in open_of(plain["findings"])), template, "github: errors")
    expect({r[1] for r in read} <= {path_of(f["file"]) for f in plain["findings"] + plain["errors"]} or len(read) > len(found), template, "github: files")


def check_gitlab(template, text, plain):
    issues = json.loads(text)
    expect(len(issues) == len(open_of(plain["findings"])) + len(plain["errors"]), template, "gitlab: number of issues")
    prints = [i["fingerprint"] for i in issues]
    expect(len(prints) == len(set(prints)), template, "gitlab: a fingerprint stands twice")
    good = all(i["description"] and i["check_name"] and i["location"]["lines"]["begin"] >= 1 and not i["location"]["path"].startswith("./") for i in issues)
    expect(good, template, "gitlab: an issue without what it needs")
    levels = sorted(i["severity"] for i in issues if i["check_name"] != "unreadable")
    expect(levels == sorted(GITLAB[f["severity"]] for f in open_of(plain["findings"])), template, "gitlab: severities")


def check_markdown(template, text, plain):
    rows = [line for line in text.split("\n") if line.startswith("| ") and not line.startswith("| | ") and not line.startswith("| ---")]
    more = re.search(r"^(\d+) more did not fit", text, re.M)
    expect(len(rows) + (int(more[1]) if more else 0) == len(open_of(plain["findings"])), template, f"markdown: {len(rows)} rows")
    expect(all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows), template, "markdown: a row with other than four cells")
    ranks = [ORDER.index(row.split("|")[1].strip(" *")) for row in rows]
    expect(ranks == sorted(ranks, reverse=True), template, "markdown: not the worst first")
    expect(len(text) < 65536, template, f"markdown: {len(text)} characters")
    expect(not re.search(r"(?<!\\)<(?!br>|!-- -->|!-- sflint -->)", text), template, "markdown: markup of the input")


def run(arguments, folder="."):
    done = subprocess.run(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stdout.decode()


def check_baseline(sflint, scratch, template, plain):
    """What is written is known, wherever the run starts and whatever stands above it; what is not in it is new."""
    folder = os.path.join(scratch, "baseline")
    os.makedirs(os.path.join(folder, "sub"), exist_ok=True)
    copy = os.path.join(folder, "sub", os.path.basename(template))
    file = os.path.join(folder, "known.json")
    if os.path.exists(file):
        os.remove(file)
    with open(template, encoding="utf-8") as opened:
        text = opened.read()
    with open(copy, "w", encoding="utf-8") as out:
        out.write(text)
    name = os.path.join("sub", os.path.basename(template))
    status, said = run([sflint, "check", "-fjson", "--write-baseline", "known.json", name], folder)
    expect((status, len(open_of(json.loads(said)["findings"]))) == (0, 0), template, f"baseline: writing it gives {status}")
    with open(file, encoding="utf-8") as opened:
        written = opened.read()
    expect(len(json.loads(written)["findings"]) == len(open_of(plain["findings"])), template, "baseline: number of rows")
    with open(copy, "w", encoding="utf-8") as out:
        out.write("\n\n" + text if text.lstrip().startswith("{") else "# moved\n\n" + text)
    for start, path, known in ((folder, name, "known.json"), (os.path.dirname(copy), os.path.basename(copy), "../known.json"),
                               (scratch, os.path.abspath(copy), os.path.abspath(file)), (folder, "./sub/../sub", "./known.json")):
        status, said = run([sflint, "check", "-fjson", "--fail-on", "info", "--baseline", known, path], start)
        now = json.loads(said)
        new = open_of(now["findings"])
        expect((status, len(new), now["summary"]["known"], now["summary"]["gone"]) == (0, 0, len(open_of(plain["findings"])), 0),
               template, f"baseline from {start}: {status}, {len(new)} new, {now['summary']}")
    run([sflint, "check", "-fjson", "--write-baseline", "known.json", name], folder)
    with open(file, encoding="utf-8") as opened:
        expect(opened.read() == written, template, "baseline: moved lines change the file")
    rows = json.loads(written)
    if rows["findings"]:
        del rows["findings"][0]
        with open(file, "w", encoding="utf-8") as out:
            json.dump(rows, out)
        status, said = run([sflint, "check", "-fjson", "--fail-on", "info", "--baseline", "known.json", name], folder)
        expect((status, len(open_of(json.loads(said)["findings"]))) == (1, 1), template, "baseline: a row less is not one finding more")
    os.remove(copy)


CHECKS = {"sarif": check_sarif, "junit": check_junit, "github": check_github, "gitlab": check_gitlab, "markdown": check_markdown}


def main(sflint, scratch, templates):
    for number, template in enumerate(templates):
        outputs = {f: os.path.join(scratch, f"{number}.{f}") for f in FORMATS}
        arguments = [sflint, "check", "--color", "never"]
        for kind, file in outputs.items():
            arguments += ["--output", f"{kind}={file}"]
        done = subprocess.run([*arguments, template], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        expect(done.returncode in (0, 1, 2), template, f"exit status {done.returncode}")
        texts = {}
        for kind, file in outputs.items():
            with open(file, "rb") as opened:
                try:
                    texts[kind] = opened.read().decode()
                except UnicodeDecodeError as wrong:
                    expect(False, template, f"{kind}: {wrong}")
                    return
        expect(done.stdout.decode() == texts["text"], template, "text on standard output is not the text in a file")
        plain = json.loads(texts["json"])
        for kind, check in CHECKS.items():
            try:
                check(template, texts[kind], plain)
            except Exception as wrong:  # a format that its parser refuses
                expect(False, template, f"{kind}: {wrong!r}")
        if os.path.isfile(template) and not plain["errors"]:
            check_baseline(os.path.abspath(sflint), scratch, template, plain)
    print(f"{passes} passed, {failures} failed")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
