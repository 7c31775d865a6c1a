"""Several requests at once, as many as a place bears."""

import concurrent.futures
import itertools


def parallel_map(store, things, deed, tick=lambda part: None):
    """Do it to each, as many at a time as the store bears: most of it is waiting for a disk or a
    network. The first fall ends it and is raised."""
    with concurrent.futures.ThreadPoolExecutor(store.several) as pool:
        waiting = iter(things)
        running = {
            pool.submit(deed, thing) for thing in itertools.islice(waiting, store.several * 4)
        }
        done, total = 0, len(things)
        try:
            while running:
                ended, running = concurrent.futures.wait(
                    running, return_when=concurrent.futures.FIRST_COMPLETED
                )
                for one in ended:
                    one.result()
                    done += 1
                    if not (done % 20):
                        tick(done / total)
                running |= {
                    pool.submit(deed, thing) for thing in itertools.islice(waiting, len(ended))
                }
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
