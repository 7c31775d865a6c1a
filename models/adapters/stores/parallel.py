"""Several requests to a store at once."""

import concurrent.futures
import itertools


def parallel_map(store, items, function, tick=lambda part: None):
    """Call the function on each item, as many at a time as the store allows: most of it is waiting
    for a disk or a network. The first error stops all and is raised. `tick` gets the part done."""
    with concurrent.futures.ThreadPoolExecutor(store.parallel) as pool:
        waiting = iter(items)
        running = {
            pool.submit(function, item) for item in itertools.islice(waiting, store.parallel * 4)
        }
        done, total = 0, len(items)
        try:
            while running:
                ended, running = concurrent.futures.wait(
                    running, return_when=concurrent.futures.FIRST_COMPLETED
                )
                for call in ended:
                    call.result()
                    done += 1
                    if not (done % 20):
                        tick(done / total)
                running |= {
                    pool.submit(function, item) for item in itertools.islice(waiting, len(ended))
                }
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
