"""Runs a command of the binary and watches its anonymous memory, for the tests of this folder."""
import subprocess
import threading
import time

from driver import BINARY


def watch(process, limits):
    """Reads the peak of the process's anonymous memory until it ends; kills it above limits["seconds"]."""
    peak, begun = 0, time.monotonic()
    while process.poll() is None:
        try:
            with open("/proc/%d/status" % process.pid) as status:
                for line in status:
                    if line.startswith("RssAnon:"):
                        peak = max(peak, int(line.split()[1]))
        except (FileNotFoundError, ProcessLookupError):
            break
        if time.monotonic() - begun > limits["seconds"]:
            process.kill()
            limits["late"] = True
        time.sleep(0.004)
    limits["peak_kb"] = peak


def measured(command, seconds=20, **options):
    """(exit status, standard output, standard error, peak RssAnon in KB)"""
    with subprocess.Popen([BINARY, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, **options) as process:
        limits = {"seconds": seconds}
        thread = threading.Thread(target=watch, args=(process, limits))
        thread.start()
        out, err = process.communicate()
        thread.join()
    if limits.get("late"):
        raise AssertionError("not done after %d s: %s" % (seconds, command))
    return process.returncode, out, err, limits["peak_kb"]
