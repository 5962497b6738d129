"""Times, peaks and what became of them."""
import os
import statistics
import subprocess
import threading
import time


def median(values):
    return statistics.median(values)


class Figure:
    """One line of the table: what was measured, beside what, and which bars it had to meet."""

    def __init__(self, row, what, unit, ours, floor=None, usual=None):
        self.row, self.what, self.unit = row, what, unit
        self.ours, self.floor, self.usual = ours, floor, usual
        self.checks, self.notes, self.facts = [], [], {}

    def check(self, bar, said, met):
        self.checks.append({"bar": bar, "said": said, "met": bool(met)})
        return self

    def limit(self, bar, of_floor):
        """Ours, round by round, against a limit that is computed from the floor of the same round."""
        over = median([ours - of_floor(floor) for ours, floor in zip(self.ours, self.floor or self.ours)])
        return self.check(bar, f"{abs(over):.2f} {self.unit} {'over' if over > 0 else 'below'}", over <= 0)

    def faster(self, bar, times):
        ratio = median([usual / ours for ours, usual in zip(self.ours, self.usual)])
        return self.check(bar, f"{ratio:.2f} x", ratio >= times)

    def ratio(self):
        return median([ours / floor for ours, floor in zip(self.ours, self.floor)]) if self.floor else None

    def note(self, text):
        self.notes.append(text)
        return self

    def as_dict(self):
        return {"row": self.row, "what": self.what, "unit": self.unit, "ours": self.ours, "floor": self.floor,
                "usual": self.usual, "ratio": self.ratio(), "checks": self.checks, "notes": self.notes, "facts": self.facts}


class Peak(threading.Thread):
    """The most memory that one process held. Its children do not count, and wait4 would count them, and what its
    memory was before it became this program. The kernel keeps the mark, so that only its last moments can be missed."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.kilobytes = pid, 0
        self.start()

    def run(self):
        while True:
            try:
                with open(f"/proc/{self.pid}/status") as status:
                    lines = dict(line.split(":", 1) for line in status if ":" in line)
            except OSError:
                return
            if "VmHWM" not in lines:
                return
            self.kilobytes = max(self.kilobytes, int(lines["VmHWM"].split()[0]))
            time.sleep(0.005)


def timed(work):
    begin = time.monotonic()
    work()
    return time.monotonic() - begin


def settled():
    """What the round before left to be written must not count in this one."""
    os.sync()


class Timer:
    """The stopwatch: built once, for what ends within milliseconds."""

    def __init__(self, folder):
        here = os.path.dirname(os.path.abspath(__file__))
        self.program, self.nothing = folder + "/stopwatch", folder + "/nothing"
        self.login = folder + "/login"
        include = subprocess.run(["pg_config", "--includedir"], check=True, capture_output=True, text=True).stdout.strip()
        for name, words in (("stopwatch", []), ("nothing", []), ("login", ["-I" + include, "-lpq"])):
            subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", f"{folder}/{name}", f"{here}/{name}.c"] + words, check=True)

    def milliseconds(self, world, runs, programs, warm=3, **environment):
        """The programs in turns: for each a list of its times, after a few that do not count."""
        words = [self.program, str(warm), str(runs)]
        for number, program in enumerate(programs):
            words += (["--"] if number > 0 else []) + program
        out = world.run(words, **environment).stdout
        rows = [[int(one) / 1e6 for one in line.split()] for line in out.splitlines()]
        return [list(column) for column in zip(*rows)]

    def milliseconds_once(self, world, words, **environment):
        """One run alone, for what cannot be run twice."""
        return self.milliseconds(world, 1, [words], warm=0, **environment)[0][0]
