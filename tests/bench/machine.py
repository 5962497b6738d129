"""What was measured on."""
import os
import platform
import re
import subprocess

from world import root


def answer(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True, cwd=root).stdout.strip()


def read(path):
    with open(path) as file:
        return file.read()


def describe(majors):
    processor = re.search(r"^(?:model name|Model)\s*:\s*(.*)$", read("/proc/cpuinfo"), re.M)
    system = re.search(r'^PRETTY_NAME="(.*)"$', read("/etc/os-release"), re.M)
    memory = re.search(r"^MemTotal:\s*(\d+)", read("/proc/meminfo"), re.M)
    version, driver = answer("docker", "info", "--format", "{{.ServerVersion}}\t{{.Driver}}").split("\t")
    servers = [answer("docker", "run", "--rm", "--pull=never", "--network=none", "--entrypoint=postgres", f"postgres:{major}", "--version")
               for major in majors]
    return {
        "processor": processor[1] if processor else platform.machine(),
        "cores": os.cpu_count(),
        "memory": f"{int(memory[1]) / 1048576:.0f} GB",
        "system": system[1] if system else "",
        "kernel": platform.release(),
        "engine": f"Docker {version}",
        "storage": driver,
        "postgres": [re.search(r"\d+(\.\d+)?", each)[0] for each in servers],
        "plugin": re.search(r'^version = "(.*)"$', read(root + "/plugin.toml"), re.M)[1],
    }
