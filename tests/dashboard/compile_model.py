"""Compile what the page needs, so that no process of the suite has to: python tests/dashboard/compile_model.py."""

import threading

from sim.dashboard.tasks import warm_up

warm_up()
for thread in threading.enumerate():
    if thread.name == "warm-up":
        thread.join()
