"""What is attacked: each command with what it needs before, and what must be true when it was run a second time."""

import socket
import time

from world import Fault

PROGRAMS = ["program", "group", "client"]
ALL = [*PROGRAMS, "server", "postmaster", "engine"]


class Scenario:
    """`words` are the command's; `before` brings the host where it can be run; `after` looks at what it did."""

    weight = 2
    victims = ALL
    service = "db"  # whose server is killed
    as_root = False
    stdin = None
    ends_down = False  # what it did is seen while the server is down
    finished = ()  # texts by which a second run says that there was nothing left to do

    def __init__(self, name, choice):
        self.name, self.choice = name, choice
        self.words = (name, "db")

    def before(self, world):
        pass

    def after(self, world):
        pass

    def between(self, world, rows):
        """What is there between the kill and the second run: every row, unless the command is there to change them."""
        same_rows(world, self.service, rows)

    def finish(self, world, run):
        """What a person would do, told by the second run that it cannot do the same again."""

    def rows(self, rows):
        """The rows of `db` that are right in the end, given those before."""
        return rows


def expect(true, what):
    if not true:
        raise Fault(what)


ROWS = "select count(*), sum(hashtext(word)::bigint), min(word), max(word) from rows"
DOWN = "down"


def rows_of(world, service):
    """All rows of our table in one line, how many and which; None: there is no such table."""
    try:
        return world.sql(service, ROWS)[0]
    except Fault as fault:
        if 'relation "rows" does not exist' in str(fault):
            return None
        raise


def same_rows(world, service, rows):
    """Whatever answers has every row; a server that is down is asked after it was started again."""
    now = rows_if_up(world, service)
    expect(now in (rows, DOWN), f"rows of {service}: {rows} before, {now} now")


def rows_if_up(world, service):
    """A server that was killed may be on its way up again, or down; one that runs has its database."""
    end = time.monotonic() + 60
    while world.containers().get(f"dokku.postgres.{service}") == "running":
        try:
            return rows_of(world, service)
        except Fault as fault:
            if "does not exist" in str(fault) or time.monotonic() > end:
                raise
            time.sleep(0.05)
    return DOWN


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def gone(world, name):
    if world.there(name):
        world.must("destroy", name, "--force")


def unlinked(world, service, app):
    if app in world.linked(service):
        world.must("unlink", service, app, "--no-restart")


def linked(world, service, app):
    if app not in world.linked(service):
        world.must("link", service, app, "--no-restart")


class Create(Scenario):
    weight, service = 6, "new"

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("create", "new", *choice.choice([(), ("--memory", "400"), ("--config-options", "-c work_mem=5MB")]))
        self.finished = ("Postgres service new already exists",)

    def before(self, world):
        gone(world, "new")

    def between(self, world, rows):
        pass

    def after(self, world):
        expect(world.there("new"), "the service was not made")
        expect(world.sql("new", "show ssl") == ["on"], "the new server speaks no TLS")


class CreateLinked(Create):
    weight = 3

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("create", "new", "--link", "a")

    def before(self, world):
        if world.there("new"):
            unlinked(world, "new", "a")
        super().before(world)

    def after(self, world):
        super().after(world)
        expect("a" in world.linked("new"), "a is not linked")
        unlinked(world, "new", "a")


class Destroy(Scenario):
    weight, service = 5, "new"
    words = ("destroy", "new", "--force")
    finished = ("Postgres service new does not exist",)

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = Destroy.words

    def before(self, world):
        if not world.there("new"):
            world.must("create", "new")

    def between(self, world, rows):
        pass

    def finish(self, world, run):
        left = [lock.name for lock in world.locks.iterdir() if lock.name.endswith("-new")]
        expect(run.code != 0 or not left, f"its locks are still there: {left}")

    def after(self, world):
        expect(not world.there("new"), "the service is still there")


class Link(Scenario):
    weight = 5

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("link", "db", "a", "--no-restart",
                      *choice.choice([(), (), ("--alias", "STORE"), ("--querystring", "pool=5")]))
        self.finished = ("Already linked as",)

    def before(self, world):
        unlinked(world, "db", "a")

    def after(self, world):
        expect("a" in world.linked("db"), "a is not linked")
        expect(world.run("linked", "db", "a").code == 0, "the command linked does not know it")
        expect(len(world.detail("db")["a"]) == 1, f"a has more than one variable: {world.detail('db')['a']}")


class LinkDeployed(Link):
    weight = 1

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("link", "two", "web")

    def before(self, world):
        unlinked(world, "two", "web")

    def after(self, world):
        expect("web" in world.linked("two"), "web is not linked")


class Unlink(Scenario):
    weight = 5

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("unlink", "db", "a", "--no-restart")
        self.finished = ("Not linked to app a",)

    def before(self, world):
        linked(world, "db", "a")

    def after(self, world):
        expect("a" not in world.linked("db"), "a is still linked")
        expect(world.run("linked", "db", "a").code == 1, "the command linked still knows it")


class Promote(Scenario):
    weight = 3

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("promote", "two", "b", "--no-restart")
        self.finished = ("already promoted as DATABASE_URL",)

    def before(self, world):
        linked(world, "two", "b")
        if "DATABASE_URL" not in world.detail("db")["b"]:
            world.must("promote", "db", "b", "--no-restart")

    def after(self, world):
        config = world.config("b")
        expect(config["DATABASE_URL"] == world.url("two"), "two is not promoted")
        expect(world.url("db") in config.values(), "the URL of db is lost")


class Import(Scenario):
    weight, format = 4, "custom"

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("import", "db")
        self.wanted = None

    def before(self, world):
        self.stdin, self.wanted = str(world.dumps[self.format]), world.dumped

    def between(self, world, rows):
        now = rows_if_up(world, "db")
        expect(now in (rows, self.wanted, DOWN), f"rows of db: {rows} before, {self.wanted} wanted, {now} now")

    def rows(self, rows):
        return self.wanted


class ImportFormat(Import):
    """import (plain), import (tar)."""

    weight = 1

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.format = name.split("(")[1].rstrip(")")


class ImportJobs(Import):
    weight = 2

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("import", "db", "--jobs", "2")


class Reset(Scenario):
    weight = 3

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("reset", "db", "--force")

    def between(self, world, rows):
        now = rows_if_up(world, "db")  # None: there is no table at all
        expect(now in (rows, None, DOWN), f"rows of db: {rows} before, {now} now")

    def after(self, world):
        expect(rows_of(world, "db") is None, "there is still a table")

    def rows(self, rows):
        return None


class Clone(Scenario):
    weight = 4

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("clone", "db", "copy")
        self.service = choice.choice(["db", "copy"])
        self.finished = ("Verify the service name is not already in use",)
        self.wanted = None

    def before(self, world):
        gone(world, "copy")
        self.wanted = rows_of(world, "db")

    def between(self, world, rows):
        same_rows(world, "db", rows)

    def after(self, world):
        expect(rows_of(world, "copy") == self.wanted, "the copy is not the original")
        folder = world.services / "copy"
        expect((folder / "data/server.crt").read_bytes() == (folder / "run/server.crt").read_bytes(), "its certificate is not its own")
        try:
            world.sql("copy", "select 1", password=world.password(self.words[1]))
        except Fault as fault:
            expect("password authentication failed" in str(fault), str(fault))
        else:
            raise Fault("the copy takes the password of the original")


class CloneFiles(Clone):
    """A source so large that its files are copied."""

    weight = 2

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("clone", "large", "copy")
        self.service = choice.choice(["large", "copy"])

    def before(self, world):
        if not world.there("large"):
            world.must("create", "large")
            # as wide as is not compressed yet, because rows cost more than bytes
            world.sql("large", "create table rows as select repeat(md5(i::text), 60) as word from generate_series(1, 72000) i")
        gone(world, "copy")
        self.wanted = rows_of(world, "large")

    def between(self, world, rows):
        same_rows(world, "large", self.wanted)

    def after(self, world):
        super().after(world)
        world.must("destroy", "copy", "--force")


class Export(Scenario):
    weight = 1

    def __init__(self, name, choice):
        super().__init__(name, choice)


class ExportJobs(Export):
    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("export", "db", "--jobs", "2")


class Upgrade(Scenario):
    weight = 6

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.memory = choice.randint(600, 1200)
        self.words = ("upgrade", "db", "--memory", str(self.memory), "--config-options", f"-c work_mem={self.memory}kB",
                      "--custom-env", f"SIZE={self.memory}")

    def after(self, world):
        expect(world.sql("db", "show work_mem") == [f"{self.memory}kB"], "the options are not the new ones")
        there = world.container("dokku.postgres.db")
        expect(there["HostConfig"]["Memory"] == self.memory << 20, "the limit is not the new one")
        expect(f"SIZE={self.memory}" in there["Config"]["Env"], "the environment is not the new one")


class SetMemory(Scenario):
    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.memory = choice.randint(600, 1200)
        self.words = ("set", "db", "memory", str(self.memory))

    def after(self, world):
        limit = world.container("dokku.postgres.db")["HostConfig"]["Memory"]
        expect(limit == self.memory << 20, "the limit is not the new one")


class SetNetwork(Scenario):
    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.other, self.network = choice.choice([("crash-one", "crash-two"), ("crash-two", "crash-one")])
        self.words = ("set", "db", "post-create-network", self.network)

    def before(self, world):
        world.must("set", "db", "post-create-network", self.other)
        world.must("restart", "db")

    def after(self, world):
        world.must("restart", "db")
        on = set(world.container("dokku.postgres.db")["NetworkSettings"]["Networks"])
        expect(self.network in on, "the network was not joined")
        expect(self.other not in on, "the other network was not left")


def mounts_of(world):
    return {one["Destination"] for one in world.container("dokku.postgres.db")["Mounts"]}


class Mount(Scenario):
    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("mount", "db", "/usr/share:/outside:ro")
        self.finished = ("'/outside' is taken by /usr/share",)

    def before(self, world):
        if "/outside" in mounts_of(world):
            world.must("unmount", "db", "/outside")

    def after(self, world):
        expect("/outside" in mounts_of(world), "nothing is mounted")


class Unmount(Scenario):
    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = ("unmount", "db", "/outside")
        self.finished = ("nothing is mounted at '/outside'",)

    def before(self, world):
        if "/outside" not in mounts_of(world):
            world.must("mount", "db", "/usr/share:/outside:ro")

    def after(self, world):
        expect("/outside" not in mounts_of(world), "it is still mounted")


HELD = "Docker may hold it until it is started again"


class Expose(Scenario):
    weight = 4

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.finished = ("already exposed on port(s)", HELD)
        self.named = choice.random() < 0.5

    def before(self, world):
        if (world.services / "db/PORT").exists():
            world.must("unexpose", "db")
        if self.named:
            self.words = ("expose", "db", f"127.0.0.1:{free_port()}")

    def finish(self, world, run):
        # an engine that was killed as it opened the port gives it to nobody until it is started again
        if HELD in run.text:
            world.must("unexpose", "db")
            world.must("expose", "db")

    def after(self, world):
        expect((world.services / "db/PORT").exists(), "it is not exposed")


class Unexpose(Scenario):
    weight = 3

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.finished = ("Service db is not exposed",)

    def before(self, world):
        if not (world.services / "db/PORT").exists():
            world.must("expose", "db")

    def after(self, world):
        expect(not (world.services / "db/PORT").exists(), "it is still exposed")


class Life(Scenario):
    """start, restart, stop, pause."""

    weight = 1

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.ends_down = name in ("stop", "pause")

    def before(self, world):
        if self.name == "start":
            world.must(self.choice.choice(["stop", "pause"]), "db")

    def after(self, world):
        if self.name in ("stop", "pause"):
            wanted = "exited" if self.name == "pause" else None
            now = world.containers().get("dokku.postgres.db")
            expect(now in (wanted, None), f"the container is {now}")


class AppHook(Scenario):
    """pre-start, post-extract, scheduler-deploy and scheduler-run: the services serve, the variables are right."""

    weight = 3
    rest = {"pre-start": (), "post-extract": ("/nowhere", "0"), "scheduler-deploy": ("latest", "web"), "scheduler-run": ("0", "--", "true")}

    def __init__(self, name, choice):
        super().__init__(name, choice)
        first = ("docker-local",) if name.startswith("scheduler-") else ()
        self.words = (name, *first, "b", *self.rest[name])
        self.spoilt = choice.choice(["paused", "removed", "variable", "all"])

    def before(self, world):
        if self.spoilt in ("paused", "all"):
            world.must("pause", "db")
        if self.spoilt in ("removed", "all"):
            world.docker("rm", "-f", "dokku.postgres.db")
        if self.spoilt in ("variable", "all"):
            name = world.detail("db")["b"][0]
            world.dokku("config:set", "--no-restart", "b", f"{name}=postgres://elsewhere/x")


class PreRestore(Scenario):
    weight = 2

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = (name,)

    def before(self, world):
        linked(world, "two", "b")  # what nobody is linked to stays down
        world.docker("stop", "dokku.postgres.db", "dokku.postgres.two")
        if self.choice.random() < 0.5:
            world.docker("rm", "dokku.postgres.two")


class NewContainer(Scenario):
    """post-container-create: a container of a linked app joins before it starts."""

    weight = 1
    victims = [*PROGRAMS, "engine"]

    def before(self, world):
        self.id = world.docker("create", "--label", "com.dokku.app-name=b", "dokku-postgres-test/app:latest")[0]
        self.words = (self.name, "app", self.id, "b", "deploy")

    def after(self, world):
        on = world.container(self.id)["NetworkSettings"]["Networks"]
        world.docker("rm", "-f", self.id)
        expect("dokku-postgres" in on, "the container did not join")


class CopiedApp(Scenario):
    """post-app-clone-setup and post-app-rename-setup: c gets the links of b."""

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = (name, "b", "c")

    def before(self, world):
        for service in ("db", "two"):
            unlinked(world, service, "c")

    def after(self, world):
        expect("c" in world.linked("db"), "c has not the links of b")


class PreDelete(Scenario):
    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = (name, "c", "latest")

    def before(self, world):
        linked(world, "db", "c")

    def after(self, world):
        # the app goes with its config: only our records are asked for
        expect("c" not in world.linked("db") and "c" not in world.detail("db"), "c is still in the records")
        for name, value in world.config("c").items():
            if "dokku-postgres-" in value:
                world.dokku("config:unset", "--no-restart", "c", name)


class RootHook(Scenario):
    """install, update, dependencies and service-list."""

    weight = 1

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = (name,)
        self.as_root = name != "service-list"


class Uninstall(Scenario):
    """Everything is given back to the official plugin; the hooks of the apps take it over again."""

    weight = 1

    def __init__(self, name, choice):
        super().__init__(name, choice)
        self.words = (name, "postgres")

    def after(self, world):
        for app in sorted(world.linked("db") | world.linked("two")):
            expect("--link dokku.postgres." in world.dokku("docker-options:report", app), f"{app} has no link option")
            world.must("pre-start", app)


SCENARIOS = {
    "create": Create, "create (linked)": CreateLinked, "destroy": Destroy, "link": Link,
    "link (deployed)": LinkDeployed, "unlink": Unlink, "promote": Promote, "import": Import, "import (plain)": ImportFormat,
    "import (tar)": ImportFormat, "import (jobs)": ImportJobs, "reset": Reset, "clone": Clone, "clone (files)": CloneFiles,
    "export": Export, "export (jobs)": ExportJobs, "upgrade": Upgrade, "set memory": SetMemory,
    "set network": SetNetwork, "mount": Mount, "unmount": Unmount, "expose": Expose,
    "unexpose": Unexpose, "start": Life, "restart": Life, "stop": Life, "pause": Life, "pre-start": AppHook,
    "post-extract": AppHook, "scheduler-deploy": AppHook, "scheduler-run": AppHook, "pre-restore": PreRestore,
    "post-container-create": NewContainer, "post-app-clone-setup": CopiedApp, "post-app-rename-setup": CopiedApp,
    "pre-delete": PreDelete, "install": RootHook, "update": RootHook, "dependencies": RootHook,
    "service-list": RootHook, "uninstall": Uninstall,
}


def choose(choice, only=None):
    """A scenario by the seed, each as often as its weight says."""
    names = list(SCENARIOS)
    name = only or choice.choices(names, [SCENARIOS[name].weight for name in names])[0]
    return SCENARIOS[name](name, choice)
