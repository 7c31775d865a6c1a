"""Several threads that start at the same moment, each with a connection of its own."""

import threading

from models.core.database import db

MANY = 16


def at_once(app, function, count=MANY):
    """Run deed(i) in `count` threads that start together; what each returned or raised."""
    results, barrier = [None] * count, threading.Barrier(count)

    def run(i):
        with app.app_context():
            barrier.wait()
            try:
                results[i] = function(i)
            except Exception as error:  # the test looks at each
                results[i] = error
            finally:
                db.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    [thread.start() for thread in threads]
    [thread.join(120) for thread in threads]
    return results
