#!/usr/bin/env bash
# SLURM for tests/slurm, from Debian's packages. Where it cannot be installed the tests are skipped, so this succeeds.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
skip() { echo "tests/slurm: no SLURM here, and $1; its tests will be skipped"; exit 0; }
missing=$(for name in munged slurmctld slurmd sbatch; do command -v "$name" > /dev/null || echo "$name"; done)
if [ -z "$missing" ]; then exit 0; fi
command -v apt-get > /dev/null || skip 'no apt-get to install it'
if [ "$(id -u)" != 0 ]; then skip 'only root can install it'; fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq > /dev/null 2>&1 || true
apt-get install -qq --yes --no-install-recommends slurm-wlm munge > /dev/null 2>&1 \
    || skip 'slurm-wlm and munge could not be installed'
