"""Moments and victims: a command is run, and somebody is killed by SIGKILL while it is on its way."""

import collections
import os
import re
import signal
import subprocess
import time

from world import LIMIT

SYSCALLS = ["rename", "unlink", "unlinkat", "rmdir", "mkdir", "flock", "fsync", "connect", "sendto", "clone", "pidfd_open"]


class Missed(Exception):
    """The command was over before the moment came."""


class Measure:
    """What an unharmed run of a command told: how long it takes, and how often it calls what."""

    def __init__(self, took, calls, syscalls):
        self.took, self.calls, self.syscalls = took, calls, syscalls

    @staticmethod
    def of(world, scenario):
        """Runs it; returns how it ended, and the measure."""
        trace = world.place / "trace"
        clear(world)
        (world.place / "armed").write_text("none 0\n")
        run = world.run(*scenario.words, stdin=scenario.stdin, as_root=scenario.as_root, extra={"CRASH_TARGET": "1"},
                        trace=("-o", str(trace), "-e", "signal=none", "-e", "trace=" + ",".join(SYSCALLS)))
        syscalls = collections.Counter(re.findall(r"^(\w+)\(", trace.read_text(), re.M))
        measure = Measure(run.took, lines_of(world.place / "calls"), dict(syscalls))
        clear(world)
        return run, measure


class Attack:
    """One kill: who, and when. `moment` is one of

    (time, SHARE)                    at this share of the time that an unharmed run takes
    (call, WHEN, N[, "VERB NOUN"])   before, amid or after the Nth call of the engine's client, or the Nth such call
    (syscall, NAME, N[, PATH])       instead of the Nth such system call, or the Nth with this path
    (written, PATH, N)               when it has put such a file in its place for the Nth time
    (sent, TEXT, N)                  when it has sent a statement with this text to a server for the Nth time, which that goes on with
    """

    def __init__(self, victim, moment, took=None, lasting=True):
        self.victim, self.moment, self.took, self.lasting = victim, moment, took, lasting

    @staticmethod
    def chosen(choice, measure, victims):
        """As the seed chose it."""
        ways = ["time"] * 4 + (["call"] * 4 if measure.calls else []) + (["syscall"] * 3 if measure.syscalls else [])
        way = choice.choice(ways)
        victim = "program" if way == "syscall" else choice.choice(victims)
        if way == "time":
            moment = ("time", choice.random())
        elif way == "call":
            moment = ("call", choice.choice(["before", "amid", "after"]), choice.randint(1, measure.calls))
        else:
            name = choice.choice(sorted(measure.syscalls))
            moment = ("syscall", name, choice.randint(1, measure.syscalls[name]))
        return Attack(victim, moment, measure.took, choice.random() < 0.75)

    def __str__(self):
        moment = f"{self.moment[1]:.3f} of its time" if self.moment[0] == "time" else " ".join(map(str, self.moment))
        return f"{self.victim} killed at {moment}"

    def run(self, world, engine, words, stdin, as_root, container):
        """Runs the command and kills; returns how it ended. Raises Missed when nobody was hit."""
        clear(world)
        self.world, self.engine, self.container = world, engine, container
        self.hit = False
        trace = self._trace()
        if self.moment[0] == "call":
            (world.place / "armed").write_text(" ".join(map(str, self.moment[1:])) + "\n")
        begin = time.monotonic()
        process = world.spawn(words, stdin, as_root, trace, {"CRASH_TARGET": "1"})
        try:
            if self.moment[0] == "time":
                self._at_time(process, begin)
            elif self.moment[0] == "call":
                self._at_call(process)
            elif self.moment[0] in ("sent", "written"):
                self._at_line(process)
        finally:
            if not (world.place / "done").exists():
                (world.place / "done").write_text("go\n")
        run = world.ended(words, process, begin)
        if self.moment[0] == "syscall":
            self.hit = run.code in (-9, 137)
        if not self.hit:
            raise Missed(str(run))
        return run

    def _trace(self):
        """Options of strace; none for a moment without it."""
        if self.moment[0] == "syscall":
            name, number, *path = self.moment[1:]
            return ("-o", "/dev/null", *(("-P", path[0]) if path else ()), "-e", "signal=none", "-e", f"trace={name}",
                    "-e", f"inject={name}:signal=SIGKILL:when={number}")
        if self.moment[0] in ("sent", "written"):
            # It stops when each is done, and goes on when we have read it. Our child is the program itself, strace is not.
            name, path = ("sendto", ()) if self.moment[0] == "sent" else ("rename", ("-P", self.moment[1]))
            os.mkfifo(self.world.place / "sent")
            return ("-D", "-o", str(self.world.place / "sent"), "-s", "400", *path, "-e", "signal=none", "-e", f"trace={name}",
                    "-e", f"inject={name}:signal=SIGSTOP")
        return ()

    def _at_line(self, process):
        _, text, number = self.moment
        with open(self.world.place / "sent") as lines:
            for line in lines:
                number -= text in line.replace('\\"', '"')
                if number == 0:
                    self._kill(process)
                    return
                os.kill(process.pid, signal.SIGCONT)

    def _at_time(self, process, begin):
        moment = begin + self.moment[1] * self.took * 0.8
        try:
            process.wait(max(0, moment - time.monotonic()))
            return
        except subprocess.TimeoutExpired:
            pass
        while process.poll() is None and not self.hit:
            self._kill(process)
            if not self.hit:
                time.sleep(0.002)

    def _at_call(self, process):
        reached = self.world.place / "reached"
        end = time.monotonic() + LIMIT
        while not reached.exists():
            if process.poll() is not None:
                return
            if time.monotonic() > end:
                return
            time.sleep(0.002)
        clients = [int(word) for word in reached.read_text().split()]
        self._kill(process, clients)
        ours = self.victim in ("program", "group")
        (self.world.place / "done").write_text("stop\n" if ours else "go\n")

    def _kill(self, process, clients=None):
        if self.victim == "program":
            process.kill()
            self.hit = True
        elif self.victim == "group":
            os.killpg(process.pid, signal.SIGKILL)
            self.hit = True
        elif self.victim == "client":
            for pid in clients or clients_of(process.pid):
                self.hit |= kill(pid)
        elif self.victim == "server":
            self.hit = subprocess.run(["docker", "-H", self.world.address, "kill", "-s", "KILL", self.container],
                                      capture_output=True).returncode == 0
        elif self.victim == "postmaster":
            there = self.world.container(self.container)
            pid = there["State"]["Pid"] if there else 0
            self.hit = pid > 0 and kill(pid)
        else:
            self.engine.kill()
            self.engine.start_daemon(self.lasting)
            self.hit = True


def clear(world):
    for name in ("armed", "calls", "counter", "reached", "done", "sent"):
        (world.place / name).unlink(missing_ok=True)


def lines_of(path):
    return path.read_text().count("\n") if path.exists() else 0


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False


def processes():
    """Those of the program under attack, itself and all that it started, as {pid: name}."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/environ", "rb") as environment:
                marked = b"CRASH_TARGET=1\0" in environment.read()
            if marked:
                with open(f"/proc/{entry}/comm") as comm:
                    found[int(entry)] = comm.read().strip()
        except OSError:
            continue
    return found


def clients_of(_):
    return [pid for pid, name in processes().items() if name == "docker"]


def settle(limit=60):
    """Waits until nothing that the killed command started runs any more; what still does then is returned."""
    end = time.monotonic() + limit
    while (left := processes()) and time.monotonic() < end:
        time.sleep(0.02)
    return left
