"""What a traced program started: calls.py TRACE PROGRAM [MARK]

TRACE is a folder of `strace -ff -e trace=execve,clone,clone3,fork,vfork`. Prints the programs that PROGRAM started
itself, in order: a name, and the first two words that are neither flags nor hold MARK, the test's own. A helper of
Dokku's is one process on a real host, so what its stand-in starts in turn does not count."""
import ast
import glob
import os
import re
import sys


class Trace:
    def __init__(self, folder):
        self.children, self.ran = {}, {}
        for path in glob.glob(folder + "/trace.*"):
            pid = int(path.rsplit(".", 1)[1])
            self.children[pid] = []
            with open(path, errors="replace") as lines:
                for line in lines:
                    self._read(pid, line)

    def _read(self, pid, line):
        begun = re.match(r"(clone3?|v?fork)\(.*= (\d+)$", line)
        if begun:
            self.children[pid].append((int(begun[2]), "CLONE_THREAD" in line))
        done = re.match(r'execve\("(.*?)", (\[.*\]), 0x.*\) = 0$', line)
        if done and pid not in self.ran:
            self.ran[pid] = (done[1], ast.literal_eval(done[2]))

    def _below(self, pid):
        for child, thread in self.children[pid]:
            if thread:
                yield from self._below(child)
            else:
                yield child

    def _root(self, program):
        return min(pid for pid, (path, _) in self.ran.items() if path == program)

    def started(self, program):
        """The command lines that the program started itself."""
        return [self.ran[pid][1] if pid in self.ran else ["(nothing)"] for pid in self._below(self._root(program))]

    def started_by_ours(self, program):
        """The same, with those that programs of the same plugin among them started."""
        plugin = os.path.dirname(program).removesuffix("/subcommands") + "/"
        found, waiting = [], [self._root(program)]
        while waiting:
            for pid in self._below(waiting.pop(0)):
                words = self.ran[pid][1] if pid in self.ran else ["(nothing)"]
                found.append(words)
                if words[0].startswith(plugin):
                    waiting.append(pid)
        return found


def short(words, mark=None):
    """A name and the first two words that say what it does."""
    told = [word for word in words[1:] if word[0:1] not in ("-", "/") and not (mark and mark in word)]
    return " ".join([os.path.basename(words[0])] + told[:2])


if __name__ == "__main__":
    for line in Trace(sys.argv[1]).started(sys.argv[2]):
        print(short(line, *sys.argv[3:4]))
