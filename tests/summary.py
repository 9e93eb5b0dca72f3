"""Adds up the JUnit reports of the given build folders and prints what was skipped and failed.

Usage: summary.py STATUS FOLDER...   (STATUS: 0 when every test runner succeeded)
"""
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path


def outcome(case):
    """The outcome of one <testcase> and the reason given for it."""
    for kind in ("failure", "error", "skipped"):
        element = case.find(kind)
        if element is not None:
            reason = (element.get("message") or element.text or
                      case.findtext("system-out") or "").strip()
            return ("skipped" if kind == "skipped" else "failed"), reason
    if case.get("status") == "notrun":
        return "skipped", "disabled"
    return "passed", ""


def main():
    runner_status, folders = sys.argv[1], sys.argv[2:]
    count = Counter()
    skipped, failed = {}, []
    for folder in folders:
        report = Path(folder, "meson-logs", "testlog.junit.xml")
        if not report.exists():
            failed.append(f"{folder}: no report was written")
            count["failed"] += 1
            continue
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            result, reason = outcome(case)
            count[result] += 1
            name = f"{case.get('classname') or ''} {case.get('name')}".strip()
            if result == "skipped":
                skipped.setdefault(reason.splitlines()[-1] if reason else "no reason given",
                                   []).append(name)
            elif result == "failed":
                failed.append(f"{folder}: {name}: {reason}")
    for reason, names in sorted(skipped.items()):
        print(f"skipped ({len(names)}): {reason}: {', '.join(sorted(set(names)))}")
    for line in failed:
        print("FAILED", line)
    if runner_status != "0" and count["failed"] == 0:
        print("FAILED: a test program ended without a report; see meson-logs/testlog.txt")
        count["failed"] += 1
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 1 if count["failed"] or count["passed"] == 0 else 0


sys.exit(main())
