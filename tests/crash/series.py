"""Kills at random: the seed decides which command is run, who is killed and when."""

import collections
import json
import random
import subprocess
import time

from attack import Attack, Missed
from scenarios import choose
from world import Fault


class Totals:
    """The series that is on its way, and what all runs together did: kills and failures by command and by victim."""

    def __init__(self, folder):
        self.file = folder / "totals.json"
        self.all = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.all.setdefault("series", None)
        for key in ("commands", "victims", "moments"):
            self.all.setdefault(key, {})
        self.all.setdefault("failures", [])

    def series(self, kills):
        series = self.all["series"]
        if not series or series["done"] >= series["kills"] or series["kills"] != kills:
            self.all["series"] = {"seed": str(random.SystemRandom().randrange(10**9)), "next": 0, "done": 0, "kills": kills}
        return self.all["series"]

    def count(self, scenario, attack, failure):
        for key, name in (("commands", scenario), ("victims", attack.victim), ("moments", attack.moment[0])):
            self.all[key][name] = self.all[key].get(name, 0) + 1
        if failure:
            self.all["failures"].append(failure)

    def save(self):
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(self.all, indent=1) + "\n")
        fresh.replace(self.file)


def iteration(harness, seed, number, command):
    """One kill; returns (scenario, attack, what failed), attack None when nobody could be hit."""
    choice = random.Random(f"{seed}:{number}")
    scenario = choose(choice, command)
    attack, runs = None, []
    try:
        # another of the same: what is measured must not be what is attacked
        twin = choose(random.Random(f"{seed}:{number}"), command)
        measure = harness.measure(twin, harness.ground(number))
        for _ in range(5):
            rows = harness.ground(number)
            attack = Attack.chosen(choice, measure, [v for v in scenario.victims if v != "client" or measure.calls])
            scenario.before(harness.world)
            try:
                runs.append(harness.kill(attack, scenario))
                break
            except Missed:
                scenario.after(harness.world)
                harness.bring_up()
                harness.good(scenario, rows)
                attack = None
        if attack:
            harness.again(scenario, attack, rows, runs)
        return scenario, attack, None
    except (Fault, subprocess.SubprocessError, OSError, ValueError) as fault:
        return scenario, attack, "\n".join(map(str, [*runs, fault or repr(fault)]))


def run(harness, options):
    """Goes on with the series until its kills are done; returns whether all was well, and whether it is to be left as it fell."""
    totals = Totals(options.state)
    if options.seed:
        series = {"seed": options.seed, "next": options.only or 0, "done": 0,
                  "kills": 1 if options.only is not None else options.kills}
    else:
        series = totals.series(options.kills)
    print(f"seed {series['seed']}, from iteration {series['next']}: {series['kills'] - series['done']} kills", flush=True)
    failed, kept, done = 0, False, collections.Counter()
    end = time.monotonic() + options.seconds if options.seconds else float("inf")
    try:
        harness.up()
        while not kept and series["done"] < series["kills"] and time.monotonic() < end:
            number, begin = series["next"], time.monotonic()
            scenario, attack, failure = iteration(harness, series["seed"], number, options.command)
            series["next"] += 1
            if attack is None and not failure:
                continue
            series["done"] += 1
            what = f"{number}: {' '.join(scenario.words)}: {attack or 'before any kill'}"
            print(f"{'not ok' if failure else 'ok'} {what} ({time.monotonic() - begin:.1f} s)", flush=True)
            if attack:
                done[attack.victim] += 1
                totals.count(scenario.name, attack, failure and f"seed {series['seed']} iteration {what}")
                totals.save()
            if failure:
                failed += 1
                print(f"{failure}\nrepeat it: tests/crash/run --seed {series['seed']} --only {number}", flush=True)
                kept = options.keep
                if not kept:
                    harness.rebuild()
    except KeyboardInterrupt:
        print("stopped; the same command goes on from here", flush=True)
    finally:
        totals.save()
    over = series["done"] < series["kills"] and time.monotonic() >= end
    if over:
        print(f"no time for {series['kills'] - series['done']} of {series['kills']} kills")
    print(", ".join(f"{count} {victim}" for victim, count in sorted(done.items())))
    print(f"{sum(done.values()) - min(failed, sum(done.values()))} passed, {failed} failed")
    return failed == 0 and bool(done or over), kept
