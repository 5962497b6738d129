"""Kills at fixed points: each command is killed once at each of them, run again, and everything is looked at.

A point is never a moment of time. Our program is killed

    before|amid|after VERB NOUN [N]   instead of, during or after its Nth such call of the engine's client
    SYSCALL PATH [N]                  instead of its Nth such system call: a rename, the removal of a file. Paths begin at the
                                      services' folder, or with locks/ at the locks'
    clone|pidfd_open N                instead of the Nth start of a helper, or just after it
    written PATH [N]                  when it has put such a file in its place for the Nth time
    sent TEXT [N]                     when it has sent such a statement to the server, which goes on with it

What it had started goes on without it. A point that is not reached is a failure: the command does its work in another way now,
and this list is to follow.
"""

import collections
import itertools
import subprocess
import time

from attack import Attack, Missed
from scenarios import SCENARIOS
from world import Fault

def journal(folder, writes):
    """Before and after each of so many writes of an operation's journal, and before its end."""
    file = f"{folder}/operation.json"
    pairs = [(f"rename {folder}/.operation.json.new {n}", f"written {file} {n}") for n in range(1, writes + 1)]
    return [*itertools.chain(*pairs), f"unlink {file}"]


# Those of one group undo each other, and take turns.
TOGETHER = [
    {
        "create": ["rename .creating-new/.operation.json.new", "rename .creating-new/.PASSWORD.new", "rename .creating-new/run/.tls.sh.new",
                   "rename .creating-new", *journal("new", 1),
                   "amid container create", "after container create", "rename new/.ID.new", "after network connect",
                   "after container start", "after container inspect 2"],
        "destroy": [*journal("new", 2), "before container rm", "amid container rm", "after container rm", "amid container run",
                    "after container run", "rmdir new/run", "rmdir new/data 2", "unlink new/service.yml", "rmdir new",
                    "unlink locks/service-new"],
    },
    {
        "clone": ["rename .creating-copy", *journal("copy", 2), "after container create", "after container start", "amid container exec 1",
                  "after container exec 2"],
        "clone (files)": ["after container stop", "amid container run", "rename copy/.PASSWORD.new"],
    },
    {
        "create (linked)": [*journal("new", 2), "rename new/.links.yml.new 2", "rename new/.LINKS.new"],
    },
    {
        # helpers: two look at the app, one reads its config, the fourth changes that, the fifth reads it again
        "link": ["clone 3", "rename db/.links.yml.new", "clone 4", "pidfd_open 4", "pidfd_open 5", "rename db/.LINKS.new", "clone 6"],
        # the third changes the config
        "unlink": ["clone 2", "rename db/.LINKS.new", "clone 3", "pidfd_open 3", "pidfd_open 4", "rename db/.links.yml.new"],
    },
    {"promote": ["rename db/.links.yml.new", "clone 4", "pidfd_open 4", "rename two/.links.yml.new"]},
    {"post-app-clone-setup": ["rename db/.links.yml.new", "rename db/.LINKS.new"]},
    {"pre-delete": ["rename db/.links.yml.new", "rename db/.LINKS.new"]},
    {
        "expose": [*journal("db", 2), "rename db/.PORT.new", "amid container create", "after container create", "after container start"],
        "unexpose": [*journal("db", 1), "before container rm", "after container rm", "unlink db/PORT", "fsync 1"],
    },
    {"set network": ["rename db/.service.yml.new"]},
    {
        "import": [*journal("db", 2), "after container inspect", 'sent create database "dokku_postgres_new_', "sent commit 1",
                   "before container exec", "amid container exec", "after container exec", "sent reassign owned by", "sent drop role if exists",
                   'sent rename to "dokku_postgres_old_', 'sent rename to "db"', "sent commit 4", "sent drop database"],
        "reset": [*journal("db", 2), "sent create database", 'sent rename to "dokku_postgres_old_', 'sent rename to "db"', "sent commit 1", "sent drop database"],
    },
    {
        "stop": ["amid container stop", "after container rm"],
        "start": ["after container create", "after container start"],
    },
    {"pause": ["amid container stop"]},
    {"restart": ["after container restart"]},
    {
        "upgrade": [*journal("db", 4), "before container stop", "after container stop", "after container rm",
                    "amid container create", "after container create", "after network connect", "after container start",
                    "rename db/.CONFIG_OPTIONS.new", "rename db/.SERVICE_MEMORY.new"],
    },
    {
        "set memory": journal("db", 4),
    },
    {
        "mount": [*journal("db", 4), "after container rm"],
        "unmount": [*journal("db", 4), "rename db/.service.yml.new"],
    },
]


class Offered:
    """In the place of chance: the first that is offered, and a number that nobody had yet."""

    def __init__(self):
        self.number = 0

    def choice(self, offered):
        return offered[0]

    def random(self):
        return 1.0

    def randint(self, low, high):
        self.number += 1
        return low + self.number % (high - low)


def moment(point, world):
    """A point as an attack takes it."""
    first, *rest = point.split(" ")
    number = int(rest.pop()) if rest[-1].isdigit() else 1
    text = " ".join(rest)
    if first in ("before", "amid", "after"):
        return ("call", first, number, text)
    if first == "sent":
        return ("sent", text, number)
    if not text:
        return ("syscall", first, number)
    if first == "written":
        path = world.services / text
        return ("written", str(path.with_name(f".{path.name}.new")), number)
    folder, _, name = text.partition("/")
    return ("syscall", first, number, str(world.locks / name if folder == "locks" else world.services / text))


def is_asked(command, words):
    return not words or command in words or command.split(" ")[0] in words


def unknown(words):
    """Those that are no command with points."""
    commands = [command for one in TOGETHER for command in one]
    return [word for word in words if not any(is_asked(command, [word]) for command in commands)]


def turns(words, share, only, quick=False):
    """Every (command, point) of these commands; of `(1, 2)`, the first share of two, every second line of TOGETHER; `only`: this
    point alone; `quick`: without those just after a write of the journal, and those of its writes where the steps are upgrade's."""
    number, shares = share

    def is_meant(command, point):
        if only:
            return point == only
        is_twice = point.startswith("written ") or (command in ("set memory", "mount", "unmount") and ".operation.json.new" in point)
        return not (quick and is_twice)

    for one in TOGETHER[number - 1::shares]:
        asked = [[(command, point) for point in its if is_meant(command, point)] for command, its in one.items() if is_asked(command, words)]
        for turn in itertools.zip_longest(*asked):
            yield from filter(None, turn)


def kill(harness, scenario, point, number):
    """One kill at a point, and the same command again; returns what failed."""
    runs = []
    try:
        rows = harness.ground(number)
        scenario.before(harness.world)
        attack = Attack("program", moment(point, harness.world))
        runs.append(harness.kill(attack, scenario))
        harness.again(scenario, attack, rows, runs)
        return None
    except Missed as missed:
        return f"it ended without coming to this point:\n{missed}"
    except (Fault, subprocess.SubprocessError, OSError, ValueError) as fault:
        return "\n".join(map(str, [*runs, fault or repr(fault)]))


def prepare(world):
    """What it sends to this server is read on its way."""
    world.sql("db", "alter system set ssl = off")
    world.sql("db", "select pg_reload_conf()")


def run(harness, options):
    """All points; returns whether all was well, and whether it is to be left as it fell."""
    took, passed, failed, kept = collections.Counter(), 0, 0, False
    begin = time.monotonic()
    offered = Offered()
    try:
        harness.up()
        prepare(harness.world)
        took["the world"] = time.monotonic() - begin
        for number, (command, point) in enumerate(turns(options.points, options.share, options.at, options.quick), 1):
            begin = time.monotonic()
            failure = kill(harness, SCENARIOS[command](command, offered), point, number)
            spent = time.monotonic() - begin
            took[command] += spent
            passed += not failure
            print(f"{'not ok' if failure else 'ok'} {command}: killed {point} ({spent:.1f} s)", flush=True)
            if failure:
                failed += 1
                print(f"{failure}\nrepeat it: tests/crash/run --points '{command}' --at '{point}'", flush=True)
                kept = options.keep
                if kept:
                    break
                harness.rebuild()
                prepare(harness.world)
    except KeyboardInterrupt:
        print("stopped", flush=True)
        failed += 1
    print("seconds: " + ", ".join(f"{command} {spent:.1f}" for command, spent in took.most_common()))
    print(f"{passed} passed, {failed} failed")
    return failed == 0 and passed > 0, kept
