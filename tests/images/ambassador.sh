#!/bin/sh
# Forwards PORT of this container to HOST:PORT; the name is looked up anew for each connection.
set -eu
exec socat "TCP4-LISTEN:$2,fork,reuseaddr" "TCP4:$1:$2"
