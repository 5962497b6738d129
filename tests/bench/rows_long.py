"""Rows of what takes seconds and minutes: making a service, and moving data."""
import os
import shutil
import subprocess
import time

from measure import Figure, Peak, median, settled, timed
from world import Failed, longest, say

here = os.path.dirname(os.path.abspath(__file__))
# what a row of the data set's first table brings with it in all of them, without indexes
bytes_per_user = 4780


# --- create

def bare_service(world, timer, template, number):
    """What create does, by the bare tools: the same image, mounts, environment and labels, until libpq logs in."""
    name = f"floor{number}-{world.id}"
    place = f"{world.folder}/{name}"
    os.makedirs(place + "/data")
    mine, theirs = place, f"{world.services}/{template}"
    shutil.copytree(theirs + "/run", mine + "/run")
    shown = world.inspect(f"dokku.postgres.{template}")
    words = [world.docker_program, "container", "run", "--detach", "--pull=never", f"--name={name}", "--restart=always"]
    for key, value in shown["Config"]["Labels"].items():
        words.append(f"--label={key}={value}")
    for variable in shown["Config"]["Env"]:
        if variable.startswith(("POSTGRES_PASSWORD_FILE=", "POSTGRES_DB=")):
            words.append(f"--env={variable}")
    for mount in shown["HostConfig"]["Mounts"]:
        source = mount["Source"].replace(theirs, mine)
        words.append(f"--mount=type=bind,source={source},target={mount['Target']}" + (",readonly" if mount.get("ReadOnly") else ""))
    words.append(shown["Config"]["Image"])
    database = next(each for each in shown["Config"]["Env"] if each.startswith("POSTGRES_DB=")).split("=", 1)[1]
    with open(f"{theirs}/PASSWORD") as file:
        password = file.read().strip()

    def work():
        world.call(words)
        address = world.docker("container", "inspect", "--format={{.NetworkSettings.Networks.bridge.IPAddress}}", name).strip()
        world.call([timer.login, f"host={address} user=postgres dbname={database} connect_timeout=5"],
                   env={**os.environ, "PGPASSWORD": password})

    took = timed(work)
    world.docker("container", "rm", "--force", "--volumes", name)
    shutil.rmtree(place)
    return took


def create(world, timer, options):
    for major in options.majors:
        template = world.create(f"template{major}", "--image-version", major)
        ours, floor = [], []
        for number in range(options.rounds(7)):
            settled()
            name = world.name(f"made{major}-{number}")
            ours.append(timed(lambda: world.run(world.command("create", name, "--image-version", major))))
            world.destroy(name)
            settled()
            floor.append(bare_service(world, timer, template, number))
        world.destroy(template)
        figure = Figure("create", f"`create` until a client can log in, PostgreSQL {major} (floor: `docker run` with the same "
                        "mounts, `docker inspect` for the address, libpq)", "s", ours, floor)
        yield figure.check("≤ 1.2 x its floor", f"{figure.ratio():.2f} x", figure.ratio() <= 1.2)


# --- data

class Database:
    """A service with the mixed rows, and the same moved by hand."""

    def __init__(self, world, major, megabytes, script=None):
        self.world, self.major = world, major
        self.service = world.create(f"{'other' if script else 'data'}{major}", "--image-version", major)
        self.container = f"dokku.postgres.{self.service}"
        self.name = self.service.replace("-", "_")
        if script:
            self.sql(script)
            return
        say(f"Filling PostgreSQL {major} with {megabytes} MB")
        with open(here + "/data.sql") as script:
            self.tool(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-v", f"users={megabytes * 1000000 // bytes_per_user}",
                       "-d", self.name, "-f", "-"], stdin=script)
        self.megabytes = int(self.sql("select sum(pg_table_size(oid)) from pg_class where relkind = 'r' "
                                      "and relnamespace = 'public'::regnamespace")) / 1e6
        self.rows = self.count(self.name)

    def exec(self, words, flags=()):
        return [self.world.docker_program, "container", "exec", *flags, "--user=postgres", self.container, *words]

    def tool(self, words, stdin=None, stdout=None, settings=""):
        flags = (["--interactive"] if stdin else []) + ([f"--env=PGOPTIONS={settings}"] if settings else [])
        done = subprocess.run(self.exec(words, flags), stdin=stdin or subprocess.DEVNULL, stdout=stdout or subprocess.PIPE,
                              stderr=subprocess.PIPE, text=stdout is None, timeout=longest)
        if done.returncode != 0:
            raise Failed(f"{' '.join(words)}: exit {done.returncode}\n{str(done.stderr)[-2000:]}")
        return done.stdout

    def sql(self, text, database=None):
        return self.tool(["psql", "-XAt", "-v", "ON_ERROR_STOP=1", "-d", database or self.name, "-c", text]).strip()

    def count(self, database):
        return self.sql("select (select count(*) from users) || ' ' || (select count(*) from events) || ' ' || "
                        "(select count(*) from files) || ' ' || (select sum(length(content)) from files)", database)

    def verify(self, database):
        if self.count(database) != self.rows:
            raise Failed(f"{database} does not hold the rows that were exported")

    def settle(self):
        self.sql("checkpoint")
        settled()

    def fresh(self):
        """An empty database beside the service's own."""
        self.sql("drop database if exists beside", "template1")
        self.sql("create database beside template template0", "template1")

    def remove(self):
        self.world.destroy(self.service)


def in_turns(database, rounds, *works):
    """Each does its work once a round and returns the seconds: a list for each."""
    columns = [[] for _ in works]
    for _ in range(rounds):
        for column, work in zip(columns, works):
            database.settle()
            column.append(work())
    return columns


def moved(world, words, peaks, source=None, target=None):
    """Seconds of a command of ours; the most megabytes that its process held go to `peaks`."""
    with open(source or os.devnull, "rb") as stdin, open(target or os.devnull, "wb") as stdout:

        def work():
            process = subprocess.Popen(words, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, **world.as_dokku())
            peak = Peak(process.pid)
            try:
                errors = process.communicate(timeout=longest)[1]
            except BaseException:
                process.kill()
                raise
            if process.returncode != 0:
                raise Failed(f"{' '.join(words)}: exit {process.returncode}\n{errors.decode(errors='replace')[-2000:]}")
            peaks.append(peak.kilobytes * 1024 / 1e6)

        return timed(work)


def to_file(database, words, path):
    with open(path, "wb") as out:
        return timed(lambda: database.tool(words, stdout=out))


def check_memory(figure, peaks, most=20):
    figure.check(f"our memory ≤ {most} MB", f"{max(peaks):.1f} MB", max(peaks) <= most)
    figure.facts["peak_megabytes"] = max(peaks)


def export_row(world, database, options, places):
    peaks, jobs = [], os.cpu_count()
    by_several = world.command("export", database.service, "--jobs", str(jobs))
    several, ours, floor, usual = in_turns(
        database, options.rounds(3),
        lambda: moved(world, by_several, peaks, target=places["ours"]),
        lambda: moved(world, world.command("export", database.service), peaks, target=places["ours"]),
        lambda: to_file(database, ["pg_dump", "-Fc", "--compress=zstd:1", "-d", database.name], places["floor"]),
        lambda: to_file(database, ["pg_dump", "-Fc", "-d", database.name], places["usual"]))
    sizes = {name: os.path.getsize(path) / 1e6 for name, path in places.items()}
    figure = Figure(f"export-{database.major}", f"`export`, {database.megabytes / 1000:.2f} GB of mixed rows, PostgreSQL "
                    f"{database.major} (floor: `pg_dump -Fc --compress=zstd:1`, usual: `pg_dump -Fc`)", "s", ours, floor, usual)
    figure.faster("≥ 3 x the usual way", 3)
    figure.check("not larger", f"{sizes['ours']:.0f} MB, usual {sizes['usual']:.0f} MB", sizes["ours"] <= sizes["usual"])
    check_memory(figure, peaks)
    figure.check("≤ 1.1 x the floor", f"{figure.ratio():.2f} x", figure.ratio() <= 1.1)
    figure.facts.update({f"{name}_megabytes": size for name, size in sizes.items()})
    figure.facts.update({"megabytes": database.megabytes, "floor_faster": median([u / f for u, f in zip(usual, floor)])})
    yield figure
    yield Figure(figure.row, f"the same with `--jobs {jobs}`", "s", several, floor, usual)


def restored(database, work):
    """A restore by hand into an empty database, looked at afterwards."""
    database.fresh()
    database.settle()
    took = timed(work)
    database.verify("beside")
    database.sql("drop database beside", "template1")
    return took


def restore_by_hand(database, dump, jobs):
    """A file on the container's own disk, several sessions, and the settings that a session may have."""
    place = '"$PGDATA/bench.dump"'
    settings = "-c maintenance_work_mem=256MB -c max_parallel_maintenance_workers=2 -c synchronous_commit=off"

    def work():
        with open(dump, "rb") as stdin:
            database.tool(["sh", "-c", f"cat >{place}"], stdin=stdin)
        database.tool(["sh", "-c", f"exec pg_restore --no-owner --exit-on-error --jobs={jobs} -d beside {place}"], settings=settings)
        database.tool(["sh", "-c", f"rm {place}"])

    return restored(database, work)


def restore_usual(database, dump):
    def work():
        with open(dump, "rb") as stdin:
            database.tool(["pg_restore", "-d", "beside"], stdin=stdin)

    return restored(database, work)


def import_row(world, database, options, places):
    peaks, jobs = [], os.cpu_count()

    def import_it():
        took = moved(world, world.command("import", database.service), peaks, source=places["ours"])
        database.verify(database.name)
        return took

    ours, floor, usual = in_turns(database, options.rounds(3), import_it, lambda: restore_by_hand(database, places["ours"], jobs),
                                  lambda: restore_usual(database, places["usual"]))
    figure = Figure(f"import-{database.major}", f"`import` of it, PostgreSQL {database.major} (floor: the file on the container's "
                    f"disk, `pg_restore --jobs={jobs}` with session settings; usual: `pg_restore`)", "s", ours, floor, usual)
    figure.faster("≥ 1.35 x the usual way", 1.35)
    check_memory(figure, peaks, 32)
    figure.facts["floor_faster"] = median([u / f for u, f in zip(usual, floor)])
    yield figure
    yield piped_row(world, database, options, places)
    yield around_row(world, options, database.major)
    yield table_row(world, options, database.major)


def piped_row(world, database, options, places):
    """The same dump through a pipe that is slower than the server. The floor: the transfer, then what is built on the rows."""
    speed, peaks, jobs = 20e6, [], os.cpu_count()
    transfer = os.path.getsize(places["ours"]) / speed

    def slowly():
        words = world.command("import", database.service)
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **world.as_dokku())
        peak, begin, sent = Peak(process.pid), time.monotonic(), 0
        with open(places["ours"], "rb") as dump, process.stdin as pipe:
            while part := dump.read(65536):
                pipe.write(part)
                sent += len(part)
                time.sleep(max(0, begin + sent / speed - time.monotonic()))
        errors = process.stderr.read()
        if process.wait(timeout=longest) != 0:
            raise Failed(f"import: {errors.decode(errors='replace')[-2000:]}")
        peaks.append(peak.kilobytes * 1024 / 1e6)
        took = time.monotonic() - begin
        database.verify(database.name)
        return took

    def built_by_hand():
        def work():
            with open(places["ours"], "rb") as stdin:
                database.tool(["sh", "-c", 'cat >"$PGDATA/bench.dump"'], stdin=stdin)
            for section in ("pre-data", "data"):
                database.tool(["sh", "-c", f'pg_restore --no-owner --section={section} -d beside "$PGDATA/bench.dump"'])
        database.fresh()
        work()
        database.settle()
        took = timed(lambda: database.tool(["sh", "-c", 'exec pg_restore --no-owner --section=post-data '
                                            f'--jobs={jobs} -d beside "$PGDATA/bench.dump"'],
                                           settings="-c maintenance_work_mem=128MB"))
        database.tool(["sh", "-c", 'rm "$PGDATA/bench.dump"'])
        database.sql("drop database beside", "template1")
        return transfer + took

    ours, floor = in_turns(database, options.rounds(3), slowly, built_by_hand)
    figure = Figure(f"import-{database.major}", f"the same through a pipe of 20 MB/s, PostgreSQL {database.major} (floor: the transfer, then "
                    f"`pg_restore --section=post-data --jobs={jobs}`)", "s", ours, floor)
    figure.limit("≤ transfer + indexes + 1 s", lambda seconds: seconds + 1)
    check_memory(figure, peaks, 32)
    return figure


def official(database, dump):
    """How the official plugin imports: pg_restore --clean into the service's own database."""
    with open(dump, "rb") as stdin:
        return timed(lambda: database.tool(["pg_restore", "-cO", "--if-exists", "-d", database.name, "-w"], stdin=stdin))


def beside_official(world, major, rounds, script, what):
    """Import of what the script makes, in turns with the official plugin's way: the figure, and our peaks."""
    database = Database(world, major, 0, script)
    dump, peaks = f"{world.folder}/beside.dump", []
    to_file(database, ["pg_dump", "-Fc", "-d", database.name], dump)
    ours, usual = in_turns(database, rounds, lambda: moved(world, world.command("import", database.service), peaks, source=dump),
                           lambda: official(database, dump))
    database.remove()
    os.remove(dump)
    return Figure(f"import-{major}", f"`import` of {what}, PostgreSQL {major} (usual: the official plugin's `pg_restore -cO --if-exists`)",
                  "s", ours, None, usual), peaks


def around_row(world, options, major):
    """A dump with next to nothing in it."""
    figure, _ = beside_official(world, major, options.rounds(9), "create table small as select 1 as one;", "a dump of one row")
    over = median([ours - usual for ours, usual in zip(figure.ours, figure.usual)])
    return figure.check("≤ 0.4 s more than the usual way", f"{over:.2f} s more", over <= 0.4)


def table_row(world, options, major):
    """One table, which several sessions share."""
    rows = 3000 * options.size
    script = ("create table rows as select i, md5(i::text) as a, md5((i * 7)::text) as b, "
              f"'row number ' || i || ' of many that are alike' as c from generate_series(1, {rows}) as i;")
    figure, peaks = beside_official(world, major, options.rounds(5), script, f"one table of {rows:,} rows")
    figure.faster("≥ 1.2 x the usual way", 1.2)
    check_memory(figure, peaks, 32)
    return figure


def clone_row(world, database, options, places):
    other = world.create(f"other{database.major}", "--image-version", database.major)
    copy, peaks = world.name(f"copy{database.major}"), []

    def clone():
        took = moved(world, world.command("clone", database.service, copy), peaks)
        world.destroy(copy)
        return took

    def one_after_the_other():
        return (moved(world, world.command("export", database.service), peaks, target=places["ours"]) +
                moved(world, world.command("import", other), peaks, source=places["ours"]))

    ours, usual = in_turns(database, options.rounds(3), clone, one_after_the_other)
    world.destroy(other)
    figure = Figure("clone", f"`clone`, PostgreSQL {database.major} (usual: our `export`, then our `import`)", "s", ours, None, usual)
    figure.note("The time of `clone` has the making of the new service in it, that of the two others has not; the server's files are copied.")
    return figure.faster("faster than export and import one after the other", 1)


def data(world, timer, options):
    """Export, import and clone share what takes longest to make: the rows."""
    places = {name: f"{world.folder}/{name}.dump" for name in ("ours", "floor", "usual")}
    # the rows, their indexes and what is written about them, each twice while they are imported, and three dumps
    wanted = 8 * options.size
    if shutil.disk_usage(world.folder).free < wanted * 1e6:
        raise Failed(f"moving {options.size} MB wants {wanted} MB of room in {world.folder}: set TMPDIR to a place that has it")
    for major in options.majors:
        wanted = [row for row in ("export", "import") if options.wants(f"{row}-{major}")]
        with_clone = options.wants("clone") and major == options.majors[0]
        if not wanted and not with_clone:
            continue
        database = Database(world, major, options.size)
        if wanted:
            yield from export_row(world, database, options, places)
        if "import" in wanted:
            yield from import_row(world, database, options, places)
        if with_clone:
            yield clone_row(world, database, options, places)
        database.remove()
        for path in places.values():
            if os.path.exists(path):
                os.remove(path)
