#!/usr/bin/env bash
# Compares GET of a subject by code with nginx serving a static file of the same size: wrk, 32 connections, one after
# the other on this machine. Prints both rates, their ratio (bound: 0.33) and the 99th percentile (bound: 3 ms).
#   bench/http_bench.sh ADDRESS CODE [SECONDS]    a running `mingxin serve`, e.g. 127.0.0.1:8080 91410423MAX0001705
set -eu
address=$1 code=$2 seconds=${3:-10}
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'test -f "$folder/nginx.pid" && kill "$(cat "$folder/nginx.pid")" 2>/dev/null; rm -rf "$folder"' EXIT

curl -sf "http://$address/api/v1/subjects/$code" > "$folder/body.json"
port=$((20000 + RANDOM % 20000))
cat > "$folder/nginx.conf" <<CONF
worker_processes auto;
pid $folder/nginx.pid;
error_log $folder/error.log;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=100;
  client_body_temp_path $folder/1; proxy_temp_path $folder/2; fastcgi_temp_path $folder/3;
  uwsgi_temp_path $folder/4; scgi_temp_path $folder/5;
  server { listen 127.0.0.1:$port reuseport; root $folder; default_type application/json; }
}
CONF
/usr/sbin/nginx -c "$folder/nginx.conf" -e "$folder/error.log"

measure() { wrk -t1 -c32 -d"$seconds"s --latency "$1"; }
rate() { awk '/Requests\/sec/ {print $2}'; }
measure "http://$address/api/v1/subjects/$code" > "$folder/warm"
measure "http://127.0.0.1:$port/body.json" > "$folder/static"
static=$(rate < "$folder/static")
measure "http://$address/api/v1/subjects/$code" > "$folder/ours"
ours=$(rate < "$folder/ours")
p99() { awk '$1 == "99%" {print $2}'; }
errors=$(awk '/Non-2xx/ {print $NF}' "$folder/ours")
awk -v ours="$ours" -v static="$static" -v p99="$(p99 < "$folder/ours")" -v nginx="$(p99 < "$folder/static")" -v size="$(stat -c %s "$folder/body.json")" -v errors="${errors:-0}" \
  'BEGIN { printf "subject by code, %d bytes: %.0f/s, p99 %s (bound 3 ms); nginx static file: %.0f/s, p99 %s; ratio %.2f (bound 0.33); errors %d\n",
           size, ours, p99, static, nginx, ours / static, errors }'
