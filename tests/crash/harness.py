"""A host with services and apps on an engine of our own: what every kill begins with, and what must be so after it."""

import functools
import json
import pathlib
import shutil
import subprocess
import tempfile

import invariants
from attack import Measure, settle
from engine import Engine, into_memory, wipe
from scenarios import PROGRAMS, ROWS, rows_of
from world import Fault, World, beside


class Harness:
    def __init__(self, tree, state):
        self.tree = tree
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="dokku-postgres-crash."))
        in_memory = into_memory(self.place)
        self.place.chmod(0o755)
        self.engine = Engine((self.place if in_memory else state) / "engine", self.place)
        self.world = None
        self.measured = state / "measures.json"
        self.measures = json.loads(self.measured.read_text()) if self.measured.exists() else {}

    def up(self):
        self.engine.start()
        wipe(self.engine.address)
        self.build()

    def build(self):
        """db and two with b and web linked to db; a and c have no link."""
        self.world = world = World(self.tree, self.engine.address, self.place)
        world.apps = ["a", "b", "c", "web"]
        for name in ("crash-one", "crash-two"):
            world.docker("network", "create", name)
        beside(lambda: world.must("create", "db"), lambda: world.must("create", "two"), self.make_apps)
        for app in ("b", "web"):
            world.must("link", "db", app, "--no-restart")
        beside(lambda: world.dokku("git:from-image", "web", "dokku-postgres-test/app:latest"), self.make_dumps)

    def make_apps(self):
        for app in self.world.apps:
            self.world.dokku("apps:create", app)
            self.world.dokku("config:set", "--no-restart", app, f"UNRELATED=kept by {app}")

    def make_dumps(self):
        world = self.world
        self.fill("dumped")
        world.dumped = rows_of(world, "db")
        for form in ("custom", "plain", "tar"):
            world.dumps[form] = world.place / f"db.{form}"
            world.dumps[form].write_bytes(world.must("export", "db", "--format", form).out)

    def fill(self, word):
        self.world.sql("db", "create table if not exists more (word text); create table if not exists rows (word text); "
                       f"insert into rows select '{word}' from generate_series(1, 20000); "
                       f"insert into more select '{word}' from generate_series(1, 20000)")

    def rebuild(self):
        self.world.remove()
        wipe(self.engine.address)
        self.build()

    def down(self):
        if self.world:
            self.world.remove()
        self.engine.stop()
        subprocess.run(["umount", "--lazy", self.place], capture_output=True)
        shutil.rmtree(self.place, ignore_errors=True)

    def ground(self, iteration):
        """Rows that only this iteration wrote, in a service that is up; returns them all."""
        more = f"insert into rows values ('iteration {iteration}'); {ROWS}"
        try:
            return self.world.sql("db", more)[0]
        except Fault:
            self.fill(f"filled {iteration}")
            return self.world.sql("db", more)[0]

    def measure(self, scenario, rows):
        """Once for each command: an unharmed run, which must do its work."""
        if scenario.name not in self.measures:
            scenario.before(self.world)
            run, measure = Measure.of(self.world, scenario)
            if run.code != 0:
                raise Fault(f"this fails without a kill:\n{run}")
            scenario.after(self.world)
            self.bring_up()
            self.good(scenario, rows)
            self.measures[scenario.name] = vars(measure)
            self.measured.write_text(json.dumps(self.measures))
        return Measure(**self.measures[scenario.name])

    def kill(self, attack, scenario):
        """Runs the command and kills; Missed when it was over before."""
        return attack.run(self.world, self.engine, scenario.words, scenario.stdin, scenario.as_root,
                          f"dokku.postgres.{scenario.service}")

    def again(self, scenario, attack, rows, runs):
        """The same command a second time: it finishes, everything is up, and nothing is lost or left."""
        world = self.world
        shown = [("list",), *([("info", scenario.service)] if world.there(scenario.service) else [])]
        beside(lambda: scenario.between(world, rows), *(functools.partial(world.must, *words) for words in shown))
        run = world.run(*scenario.words, stdin=scenario.stdin, as_root=scenario.as_root)
        runs.append(run)
        if run.code != 0 and not any(text in run.text for text in scenario.finished):
            raise Fault("the second run fails")
        scenario.finish(world, run)
        if left := settle():
            raise Fault(f"still running: {left}")
        if not scenario.ends_down:
            # who alone was killed leaves nothing down that the same command does not bring up
            if attack.victim in PROGRAMS:
                self.all_run()
            else:
                self.bring_up()
        scenario.after(world)
        if scenario.ends_down:
            self.bring_up()
        self.good(scenario, rows)

    def bring_up(self):
        world = self.world
        for name in invariants.services(world):
            # a server that was killed stays down, and so does what was stopped: start is the way back
            if world.containers().get(f"dokku.postgres.{name}") != "running":
                world.must("start", name)
            else:
                world.must("wait", name)

    def all_run(self):
        there = self.world.containers()
        down = [name for name in invariants.services(self.world) if there.get(f"dokku.postgres.{name}") != "running"]
        if down:
            raise Fault(f"the second run leaves {down} down")

    def good(self, scenario, rows):
        """Everything is as it was promised, with these rows or those that the command gave it."""
        world, wanted = self.world, scenario.rows(rows)

        def same():
            if wanted is not None and (now := rows_of(world, "db")) != wanted:
                yield f"rows of db: {wanted} wanted, {now} there"

        invariants.check(world, same)
