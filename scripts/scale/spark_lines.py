"""Apache Spark without the Python module: the paths as lines to `picklescope scan --stdin`, one program for each task.

The program gives every file to a process that is held to its memory, so no file ends the job.

spark_lines.py FOLDER OUT CORES
"""

import json
import os
import shlex
import shutil
import sys
import time

import verdicts
from pyspark.sql import SparkSession


def main():
    folder, out, cores = sys.argv[1], sys.argv[2], int(sys.argv[3])
    program = shutil.which("picklescope", path=os.path.dirname(sys.executable))
    begin = time.perf_counter()
    spark = SparkSession.builder.master(f"local[{cores},4]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    started = time.perf_counter()
    paths = [os.path.join(root, name) for root, _, names in os.walk(folder) for name in names]
    # What the exit code says of the files is in the reports.
    reports = spark.sparkContext.parallelize(paths, 2 * cores).pipe(f"{shlex.quote(program)} scan --stdin", checkCode=False)
    reports = reports.map(json.loads).map(lambda report: (report["path"], report["level"], report["reading"])).collect()
    took = {"start": started - begin, "seconds": time.perf_counter() - started}
    verdicts.write(((verdicts.relative(path, folder), level, reading) for path, level, reading in reports), out)
    print(json.dumps(took))
    spark.stop()


if __name__ == "__main__":
    main()
