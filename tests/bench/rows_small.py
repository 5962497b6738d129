"""Rows of what ends at once: starts, questions, hooks, links."""
import os
import re
import shutil
import subprocess

from calls import Trace, short
from measure import Figure, median
from world import Failed

listed = ("container", "ls", "--all", "--no-trunc", "--filter=label=dokku.service=postgres", "--format={{.Names}}\t{{.State}}")


def traced(world, words, **environment):
    """What a command starts, itself and through other programs of ours."""
    folder = f"{world.folder}/trace"
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    # as root: our programs let nobody else look into their memory, where the command lines are
    world.call(["strace", "-qq", "-u", "dokku", "-ff", "-o", folder + "/trace", "-s", "65536", "-e", "signal=none",
                "-e", "trace=execve,clone,clone3,fork,vfork", *words],
               stdin=subprocess.DEVNULL, cwd="/", env=world.environment(**environment))
    started = [short(each, world.id) for each in Trace(folder).started_by_ours(words[0])]
    if "(nothing)" in started:
        raise Failed(f"the trace of {words[0]} does not show what it started")
    return started


def engine_calls(started):
    return [words for words in started if words.split()[0] == "docker"]


def some_service(world):
    """A service that the rows of questions share."""
    if not hasattr(world, "service"):
        world.service = world.create("asked")
        world.linked_app = world.app("web")
        world.run(world.command("link", world.service, world.linked_app, "--no-restart"))
    return world.service


def folders(world, count):
    """The root of that many services without containers."""
    place = f"{world.folder}/services-{count}"
    if not os.path.exists(place):
        world.lay_services(place, [f"{world.id}-{number:04}" for number in range(count)],
                           f"{world.services}/{some_service(world)}")
    return place


def start(world, timer, options):
    runs = options.runs(1500)
    service = some_service(world)
    programs = {"help of one command": world.command("exists", "--help"), "a hook that is given nothing": world.hook("pre-start")}
    columns = timer.milliseconds(world, runs, [[timer.nothing], *programs.values()])
    for what, column in zip(programs, columns[1:]):
        figure = Figure("start", f"start of an executable without SQL ({what})", "ms", column, columns[0])
        figure.check("≤ 1.0 ms", f"{median(column):.2f} ms", median(column) <= 1.0)
        figure.check("≤ 3 x a C program that does nothing", f"{figure.ratio():.2f} x", figure.ratio() <= 3)
        yield figure


def questions(world, timer, options):
    service = some_service(world)
    asked = {"info --status": [service], "info": [service], "links": [service], "exists": [service],
             "linked": [service, world.linked_app], "app-links": [world.linked_app]}
    inspect = [world.docker_program, "container", "inspect", f"dokku.postgres.{service}"]
    helper = world.helper("common/common", "--quiet", "verify-app-name", world.linked_app)
    commands = [world.command(*name.split(), *words) for name, words in asked.items()]
    floor, checked, *columns = timer.milliseconds(world, options.runs(100), [inspect, helper, *commands])
    for name, words, column in zip(asked, commands, columns):
        calls = engine_calls(traced(world, words))
        figure = Figure("questions", f"`{name}` of one service", "ms", column, floor)
        figure.check("at most one engine call", f"{len(calls)}", len(calls) <= 1)
        if name == "info":
            figure.limit("≤ 1.15 x that call + 20 ms", lambda call: 1.15 * call + 20)
            figure.note("`info` without a flag asks the server too: one login, one statement.")
        else:
            figure.limit("≤ 1.15 x that call + 1 ms", lambda call: 1.15 * call + 1)
        if name in ("linked", "app-links"):
            figure.note(f"`{name}` asks Dokku's own `common verify-app-name`, which alone takes {median(checked):.1f} ms here "
                        "(the stand-in host's, in bash).")
        yield figure


def many_containers(world, count):
    """Services with containers that were made and not started, with the labels that ours have."""
    service = some_service(world)
    place = folders(world, count)
    image = world.inspect(f"dokku.postgres.{service}")["Config"]["Image"]
    running = []
    for name in sorted(os.listdir(place)):
        if len(running) == 2 and running.pop(0).wait() != 0:
            raise Failed("docker create failed")
        running.append(subprocess.Popen(
            [world.docker_program, "container", "create", "--pull=never", "--network=none", f"--name=dokku.postgres.{name}",
             "--label=dokku=service", "--label=dokku.service=postgres", image], stdout=subprocess.DEVNULL))
    if any(each.wait() != 0 for each in running):
        raise Failed("docker create failed")
    return place


def listing(world, timer, options):
    count = options.services
    place = many_containers(world, count)
    words = world.command("list", "--format", "json")
    rows = world.run(words, POSTGRES_ROOT=place).stdout.count('"status":"created"')
    if rows != count:
        raise Failed(f"list tells the state of {rows} services, not of {count}")
    floor, ours = timer.milliseconds(world, options.runs(30), [[world.docker_program, *listed], words], POSTGRES_ROOT=place)
    calls = engine_calls(traced(world, words, POSTGRES_ROOT=place))
    figure = Figure("list", f"`list --format json`, with states, {count:,} services", "ms", ours, floor)
    figure.check("one engine call", f"{len(calls)}", len(calls) == 1)
    figure.limit("≤ that call + 15 ms", lambda call: call + 15)
    yield figure


def hooks_of(world, app):
    """Every hook that a deploy, a start, a copy or an end of an app fires, as Dokku calls it."""
    return {
        "pre-start": [app], "scheduler-deploy": ["docker-local", app, "latest"], "post-extract": [app, "/tmp", "rev"],
        "post-container-create": ["app", "none", app, "deploy", "web"], "pre-delete": [app, "latest"],
        "post-app-clone-setup": [app, "other"], "post-app-rename-setup": [app, "other"],
    }


def idle_hooks(world, timer, options):
    for count, most in ((20, 1.5), (1000, 10.0)):
        place = folders(world, count)
        hooks = {name: world.hook(name, *words) for name, words in hooks_of(world, "idle").items()}
        started = {name: traced(world, words, POSTGRES_ROOT=place) for name, words in hooks.items()}
        floor, *columns = timer.milliseconds(world, options.runs(200), [[timer.nothing], *hooks.values()], POSTGRES_ROOT=place)
        slowest, column = max(zip(hooks, columns), key=lambda each: median(each[1]))
        figure = Figure("hooks-idle", f"a hook for an app without links, {count:,} services (the slowest of "
                        f"{len(hooks)}: `{slowest}`)", "ms", column, floor)
        others = max(len(each) for each in started.values())
        figure.check("one process, no engine call", f"{1 + others}", others == 0)
        figure.check(f"≤ {most:g} ms", f"{median(column):.2f} ms", median(column) <= most)
        figure.facts = {name: median(each) for name, each in zip(hooks, columns)}
        yield figure


def linked_hooks(world, timer, options):
    app = world.app("three")
    services = [world.create(f"linked{number}") for number in (1, 2, 3)]
    for service in services:
        world.run(world.command("link", service, app, "--no-restart"))
    inspect = [world.docker_program, "container", "inspect", *(f"dokku.postgres.{service}" for service in services)]
    named = ("pre-start", "scheduler-deploy", "post-extract")
    hooks = {name: world.hook(name, *words) for name, words in hooks_of(world, app).items() if name in named}
    floor, *columns = timer.milliseconds(world, options.runs(30), [inspect, *hooks.values()])
    for (name, words), column in zip(hooks.items(), columns):
        started = traced(world, words)
        calls = len(engine_calls(started)) / len(services)
        writes = [each for each in started if re.match(r"config_sub (set|unset)|import ", each)]
        figure = Figure("hooks-linked", f"`{name}` for an app with 3 links, all up to date", "ms", column, floor)
        figure.check("≤ 2 engine calls a container", f"{calls:.2f}", calls <= 2)
        figure.check("no config write", f"{len(writes)}", not writes)
        yield figure


def link(world, timer, options):
    service, app = some_service(world), world.app("fresh")
    words = world.command("link", service, app, "--no-restart")
    undo = world.command("unlink", service, app, "--no-restart")
    read = world.helper("config/config_sub", "export", "--format", "json", app)
    write = world.helper("config/config_sub", "set", "--no-restart", app, "OTHER=value")
    ours, floor = [], []
    for _ in range(options.rounds(10)):
        ours.append(timer.milliseconds_once(world, words))
        world.run(undo)
        floor.append(timer.milliseconds_once(world, read) + timer.milliseconds_once(world, write))
    started = traced(world, words)
    world.run(undo)
    reads = [each for each in started if each.startswith("config_sub export")]
    writes = [each for each in started if re.match(r"config_sub set|import ", each)]
    # the one call that asks whether the app has containers which must join
    others = [each for each in engine_calls(started) if not re.match(r"docker (container ls|network)", each)]
    figure = Figure("link", "`link --no-restart` (floor: one read and one write by Dokku's own programs)", "ms", ours, floor)
    figure.check("one read of the app's config", f"{len(reads)}", len(reads) <= 1)
    figure.check("one write", f"{len(writes)}", len(writes) <= 1)
    figure.check("no engine call but what joins networks", f"{len(others)}", not others)
    figure.note(f"`link` of an app that is not deployed starts {len(started)} programs: {', '.join(started)}.")
    yield figure


def instructions(world, timer, options):
    service = some_service(world)
    place = folders(world, 20)
    commands = {
        "exists": world.command("exists", f"{world.id}-0001"), "links": world.command("links", f"{world.id}-0001"),
        "linked": world.command("linked", service, world.linked_app), "list of 20": world.command("list"),
        "a hook without links": world.hook("pre-start", "idle"),
    }
    nothing = counted(world, [timer.nothing])
    for what, words in commands.items():
        root = {} if what == "linked" else {"POSTGRES_ROOT": place}
        yield Figure("instructions", f"instructions of {what}, of our process alone", "instructions",
                     [counted(world, words, **root)], [nothing])


def counted(world, words, **environment):
    said = world.run(["valgrind", "--tool=callgrind", "--trace-children=no", "--callgrind-out-file=/dev/null", *words],
                     **environment).stderr
    found = re.search(r"Collected : (\d+)", said)
    if not found:
        raise Failed(f"callgrind counted nothing: {said[-500:]}")
    return int(found[1])
