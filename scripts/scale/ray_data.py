"""Ray Data: the paths as rows, scanned by `map_batches` in Ray's workers, which read the files.

`read_binary_files` is not used: it unpacks what is called `.gz` or `.bz2` before anybody sees it, without a limit.

ray_data.py FOLDER OUT CORES [MARKER]     with MARKER, a worker is killed in the middle
"""

import json
import logging
import os
import sys
import time

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import ray
import verdicts
from pyarrow import fs


class Scan:
    """What a worker calls with each batch of paths."""

    def __init__(self, folder, files, killing):
        self.folder = folder
        self.files = files
        self.killing = killing

    def __call__(self, batch):
        rows = []
        for path in map(str, batch["item"]):
            self.killing.perhaps(path)
            with self.files.open_input_file(path) as file:
                rows.append(verdicts.verdict(verdicts.relative(path, self.folder), file.read()))
        return {name: list(column) for name, column in zip(verdicts.COLUMNS, zip(*rows))}


def main():
    folder, out, cores = sys.argv[1], sys.argv[2], int(sys.argv[3])
    killing = verdicts.Killing(sys.argv[4] if len(sys.argv) > 4 else None)
    begin = time.perf_counter()
    ray.init(
        num_cpus=cores,
        include_dashboard=False,
        object_store_memory=256 << 20,
        log_to_driver=False,
        logging_level=logging.ERROR,
    )
    ray.data.DataContext.get_current().enable_progress_bars = False
    started = time.perf_counter()
    # A folder of any file system that Arrow knows: s3://, gs://, hdfs://.
    files, root = fs.FileSystem.from_uri(folder)
    found = files.get_file_info(fs.FileSelector(root, recursive=True))
    paths = [info.path for info in found if info.type == fs.FileType.File]
    # A worker that ends takes its task with it, and Ray gives the task to another one.
    rows = ray.data.from_items(paths, override_num_blocks=8 * cores).map_batches(Scan(root, files, killing), batch_size=256)
    rows = rows.take_all()
    took = {"start": started - begin, "seconds": time.perf_counter() - started}
    verdicts.write((tuple(row[name] for name in verdicts.COLUMNS) for row in rows), out)
    print(json.dumps(took))
    ray.shutdown()


if __name__ == "__main__":
    main()
