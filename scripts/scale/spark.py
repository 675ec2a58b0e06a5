"""Apache Spark: the files as rows (`binaryFile`), scanned by `mapInPandas` in Spark's Python workers.

spark.py FOLDER OUT CORES [MARKER]     with MARKER, a worker is killed in the middle
"""

import json
import os
import sys
import time

import pandas
import verdicts
from pyspark.sql import SparkSession

SCHEMA = "path string, level string, reading string, findings long, sha256 string"


def scanner(folder, killing):
    def scan(batches):
        for batch in batches:
            rows = []
            for path, content in zip(batch["path"], batch["content"]):
                killing.perhaps(path)
                rows.append(verdicts.verdict(verdicts.relative(path, folder), bytes(content)))
            yield pandas.DataFrame(rows, columns=verdicts.COLUMNS)

    return scan


def main():
    folder, out, cores = sys.argv[1:4]
    killing = verdicts.Killing(sys.argv[4] if len(sys.argv) > 4 else None)
    begin = time.perf_counter()
    spark = (
        SparkSession.builder.appName("picklescope")
        # The second number is how often a task is tried: what `spark.task.maxFailures` is on a cluster.
        .master(f"local[{cores},4]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        # A hundred folders are listed by a job of a hundred tasks otherwise.
        .config("spark.sql.sources.parallelPartitionDiscovery.threshold", "100000")
        # A small file counts as 4 MiB by default, which makes a task of every 32 of them.
        .config("spark.sql.files.openCostInBytes", str(128 << 10))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "256")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    spark.sparkContext.addPyFile(os.path.abspath(verdicts.__file__))
    started = time.perf_counter()
    files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(folder)
    rows = files.select("path", "content").mapInPandas(scanner(folder, killing), SCHEMA).collect()
    took = {"start": started - begin, "seconds": time.perf_counter() - started}
    verdicts.write(map(tuple, rows), out)
    print(json.dumps(took))
    spark.stop()


if __name__ == "__main__":
    main()
