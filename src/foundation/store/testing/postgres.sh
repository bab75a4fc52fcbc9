#!/bin/sh
# postgres.sh start FOLDER: a PostgreSQL server for tests in FOLDER/cluster, reached through a socket there as user
# mingxin; shared by all test processes of the user, each of which holds a shared lock on FOLDER/users.lock. Exits
# 77 when PostgreSQL is not installed.
# postgres.sh watch FOLDER: stops the server and removes it once nobody holds that lock, however they ended.
set -eu
action=$1
folder=$2
cluster=$folder/cluster

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ ! -x "$bin/initdb" ]; then
    bin=$(dirname "$(command -v initdb || echo /none/initdb)")
fi
[ -x "$bin/initdb" ] || exit 77

# The server refuses to run as root.
as_server() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

if [ "$action" = stop ]; then
    as_server "$bin/pg_ctl" -D "$cluster" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$cluster"
    exit 0
fi

if [ "$action" = watch ]; then
    cd "$folder"
    exec 9>"$folder/watch.lock"
    flock -n 9 || exit 0
    while sleep 5; do
        # Twice, so that the pause between two test programs does not count as the end.
        flock -n "$folder/users.lock" true || continue
        sleep 5
        flock -n "$folder/users.lock" "$0" stop "$folder" && exit 0
    done
    exit 0
fi

exec 8>"$folder/start.lock"
flock 8
if ! as_server "$bin/pg_ctl" -D "$cluster" status >/dev/null 2>&1; then
    rm -rf "$cluster"
    mkdir -m 700 "$cluster"
    [ "$(id -u)" != 0 ] || chown postgres "$cluster"
    cd "$cluster"
    as_server "$bin/initdb" -D "$cluster" -U mingxin -A trust -E UTF8 --locale=C --no-sync >/dev/null
    cat >>"$cluster/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$cluster'
max_connections = 200
shared_buffers = 64MB
fsync = off
full_page_writes = off
log_min_messages = fatal
END
    as_server "$bin/pg_ctl" -D "$cluster" -l "$cluster/log" -w start >/dev/null 8>&-
fi
setsid "$0" watch "$folder" </dev/null >/dev/null 2>&1 8>&- &
