#!/usr/bin/env bash
# SLURM for tests/slurm, from Debian's packages. Where it cannot be installed the tests are skipped, so this succeeds.
set -euo pipefail
if command -v sbatch munged slurmctld slurmd > /dev/null; then exit 0; fi
if ! command -v apt-get > /dev/null; then echo 'tests/slurm: no SLURM here and no apt-get to install it; skipped'; exit 0; fi
if [ "$(id -u)" != 0 ]; then echo 'tests/slurm: no SLURM here and only root can install it; skipped'; exit 0; fi
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -qq && apt-get install -qq --yes --no-install-recommends slurm-wlm munge; } > /dev/null 2>&1; then
    echo 'tests/slurm: slurm-wlm and munge could not be installed; skipped'
fi
