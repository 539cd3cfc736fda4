"""Runs the commonground program: arguments in, what it printed out, progress and cancelling on the way."""

import json
import os
import shutil
import subprocess
import threading

from qgis.core import QgsProcessingException

SETTING = "COMMONGROUND_PROGRAM"


def program():
    """Where the program is: the setting, the environment, or the PATH."""
    from processing.core.ProcessingConfig import ProcessingConfig

    for path in (ProcessingConfig.getSetting(SETTING), os.environ.get(SETTING), shutil.which("commonground")):
        if path and os.path.isfile(path):
            return path
    raise QgsProcessingException(
        "The commonground program was not found. Put it on the PATH, or name it under Settings > Options > Processing > "
        "Providers > Commonground."
    )


def run(arguments, feedback):
    """Runs the program to its end and returns what it printed as JSON, if it did; its errors are raised."""
    command = [program(), *map(str, arguments), "--json", "--progress", "json"]
    feedback.pushCommandInfo(" ".join(command))
    hidden = {"creationflags": subprocess.CREATE_NO_WINDOW} if os.name == "nt" else {}
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, encoding="utf-8", **hidden)
    printed = []
    reader = threading.Thread(target=lambda: printed.append(running.stdout.read()), daemon=True)
    reader.start()
    stop = threading.Event()
    watcher = threading.Thread(target=_stop_when_cancelled, args=(running, feedback, stop), daemon=True)
    watcher.start()
    said = []
    for line in running.stderr:
        if not _is_progress(line, feedback):
            said.append(line.rstrip())
    code = running.wait()
    stop.set()
    reader.join()
    if feedback.isCanceled():
        raise QgsProcessingException("Cancelled; nothing was written.")
    text = "\n".join(line for line in said if line)
    if code != 0:
        raise QgsProcessingException(text or f"the program ended with code {code}")
    if text:
        feedback.pushWarning(text)
    return json.loads(printed[0]) if printed and printed[0].startswith("{") else None


def _is_progress(line, feedback):
    """Passes a line of progress on; False if it is something else."""
    try:
        found = json.loads(line)
    except ValueError:
        return False
    if not isinstance(found, dict):
        return False
    if "step" in found:
        feedback.setProgressText(found["step"])
        feedback.setProgress(0)
    elif found.get("total"):
        feedback.setProgress(100.0 * found["done"] / found["total"])
    return True


def _stop_when_cancelled(running, feedback, stop):
    while not stop.wait(0.1):
        if feedback.isCanceled():
            running.terminate()
            return
