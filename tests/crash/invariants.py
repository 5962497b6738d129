"""What must be true of the whole host after a command was killed and run again."""

import fcntl
import functools
import itertools
import json
import os
import pathlib

from world import Fault, beside

SERVERS_OWN = {"postgres", "template0", "template1"}


def check(world, rows):
    """Throws Fault with everything that is not true. `rows`: a question more, about the rows of `db`."""
    view = world.view()
    if "web.web.1" not in view:
        # a deploy of Dokku's own that was killed between two names: its next deploy does without them
        world.dokku("ps:restart", "web")
        view = world.view()

    def asked(question):
        try:
            return list(question())
        except Fault as fault:
            return [str(fault)]

    every = (shown, statuses, containers, networks, databases, files, locks, links)
    wrong = beside(*(functools.partial(asked, functools.partial(one, world, view)) for one in every), functools.partial(asked, rows))
    if wrong := list(itertools.chain(*wrong)):
        raise Fault("\n".join(wrong))


def services(world):
    return sorted(entry.name for entry in world.services.iterdir() if not entry.name.startswith("."))


def shown(world, view):
    """list works and agrees with the engine."""
    listed = json.loads(world.must("list", "--format", "json").out)
    names = [row["name"] for row in listed]
    if names != services(world):
        yield f"list says {names}, there is {services(world)}"
    if missing := {"db", "two"} - set(names):
        yield f"lost: {sorted(missing)}"
    for row in listed:
        if row["status"] != (state := state_of(row["name"], view)):
            yield f"{row['name']}: list says {row['status']}, the engine {state}"


def state_of(name, view):
    container = view.get(f"dokku.postgres.{name}")
    return container["State"]["Status"] if container else "missing"


def statuses(world, view):
    """info works and agrees with the engine."""
    for name in services(world):
        told = world.must("info", name, "--status").out.decode().strip()
        if told != (state := state_of(name, view)):
            yield f"{name}: info says {told}, the engine {state}"


def containers(world, view):
    wanted = {f"dokku.postgres.{name}" for name in services(world)}
    wanted |= {f"dokku.postgres.{name}.ambassador" for name in services(world) if (world.services / name / "PORT").exists()}
    wanted |= {"web.web.1"}
    for name, one in view.items():
        # a deploy of Dokku's own that lost its engine: not ours, and its next deploy does without it
        if name.startswith("web.web.1.upcoming-"):
            world.docker("rm", "-f", name)
        elif name not in wanted:
            yield f"left container: {name} ({one['State']['Status']})"
        elif one["State"]["Status"] != "running":
            yield f"container {name} is {one['State']['Status']}"
    for name in wanted - set(view):
        yield f"there is no container {name}"


def networks(world, view):
    ids = {one["Id"] for one in view.values()}
    for network in world.networks():
        for end in set(network["Containers"]) - ids:
            yield f"network {network['Name']} has an end of no container: {end}"
    for service in services(world):
        end = view.get(f"dokku.postgres.{service}", {}).get("NetworkSettings", {}).get("Networks", {}).get("dokku-postgres")
        if not end or f"dokku-postgres-{service}" not in end["Aliases"]:
            yield f"{service} has no name on the network: {end}"


def databases(world, _):
    for name in services(world):
        there = set(world.sql(name, "select 'database ' || datname from pg_database union all "
                              "select 'role ' || rolname from pg_roles where rolname like 'dokku_postgres%' union all "
                              "select 'slot ' || slot_name from pg_replication_slots union all "
                              "select 'file ' || file from pg_ls_dir('.') file where file like 'dokku_postgres%'", "postgres"))
        wanted = {f"database {one}" for one in (*SERVERS_OWN, name)}
        if there != wanted:
            yield f"{name} has too much: {sorted(there - wanted)}, too little: {sorted(wanted - there)}"


def files(world, _):
    for name in services(world):
        journal = world.services / name / "operation.json"
        if journal.exists():
            yield f"{name} has an unfinished operation: {journal.read_text().strip()}"
    for root in (world.services, world.locks.parent, world.folder / "lib/config/postgres"):
        for folder, inner, names in os.walk(root):
            inner[:] = [name for name in inner if not (name == "data" and pathlib.Path(folder).parent == world.services)]
            for name in [*inner, *names]:
                if name.startswith(".") or name.endswith((".new", ".next", ".tmp")):
                    yield f"left: {folder}/{name}"


def locks(world, _):
    for file in world.locks.iterdir():
        with open(file) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield f"held: {file}"


def links(world, _):
    """LINKS, links.yml and the apps' config say the same; what else is in a config is left alone."""
    config = {app: world.config(app) for app in world.apps}
    for service in services(world):
        linked, detail = world.linked(service), world.detail(service)
        if linked != set(detail):
            yield f"{service}: LINKS has {sorted(linked)}, links.yml {sorted(detail)}"
        url = world.url(service).split("://")[1]
        for app in world.apps:
            named = set(detail.get(app, []))
            held = {key for key, value in config[app].items() if value.split("://")[-1].split("?")[0] == url}
            if named != held:
                yield f"{service}: links.yml has {sorted(named)} of {app}, its config {sorted(held)}"
    for app in world.apps:
        if config[app].get("UNRELATED") != f"kept by {app}":
            yield f"{app} lost a variable of its own: {sorted(config[app])}"
