"""`./plumbline bench`: fill an empty database, measure, print one table; 1 when a limit is passed."""

import argparse
import os
import platform

import django

PARTS = ("rescoring", "pages", "trials", "moves", "routing", "models", "reports")


def main() -> None:
    """Measure at the sizes asked for; what shows how things grow also at a tenth of them."""
    parser = argparse.ArgumentParser("./plumbline bench")
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--activities", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure these parts alone")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")  # a line for each request would bury the table
    django.setup()
    machine = f"{platform.platform()}, {os.cpu_count()} cores"
    print(f"{options.leads:,} leads, {options.activities:,} activities; {machine}\n", flush=True)
    from benchmarks.parts import measure  # the apps are ready only now

    measure(options.leads, options.activities, options.only)


if __name__ == "__main__":
    main()
