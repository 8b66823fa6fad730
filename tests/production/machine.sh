#!/bin/bash
# A machine that is thrown away: all of this one's files, and on top a layer of its own that takes every change.
# Processes that start in it end with it. Run by `test_readme` as `unshare --mount --pid --fork --kill-child`.
set -euo pipefail
folder=$1 source=$2 python=$3
mount -t tmpfs tmpfs "$folder/disk"
mkdir "$folder"/disk/{changes,work,machine}
machine=$folder/disk/machine
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/disk/changes,workdir=$folder/disk/work" "$machine"
mount --rbind /dev "$machine/dev"
mount -t proc proc "$machine/proc"
rm -rf "$machine"/{opt/cstar-desk,var/lib/cstar-desk,etc/cstar-desk.env,run/nginx.pid}
name=$(cat "$folder/name")
mkdir -p "$machine/etc/letsencrypt/live/$name"
cp "$folder/cert.pem" "$machine/etc/letsencrypt/live/$name/fullchain.pem"
cp "$folder/key.pem" "$machine/etc/letsencrypt/live/$name/privkey.pem"
# What is cloned may be another person's, whom root's git would not trust.
chroot "$machine" git config --system --add safe.directory '*'
path=$source/tests/production/bin:/usr/sbin:/usr/bin:/sbin:/bin
chroot "$machine" env -C /root PATH="$path" bash -euo pipefail "$folder/install.sh"
exec chroot "$machine" env -C "$source" PATH="$path" PYTHONPATH="$source" unshare --net "$python" -m tests.production.machine "$folder"
