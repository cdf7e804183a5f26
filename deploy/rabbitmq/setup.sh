#!/bin/sh
# RabbitMQ for the portal: its own virtual host and user with rights in it alone; the user `guest` goes.
#   deploy/rabbitmq/setup.sh < file-with-the-password      (as root; safe to repeat: the password is set anew)
set -eu
read -r password
[ "${#password}" -ge 16 ] || { echo "The first line of the input is to be a password of at least 16 characters." >&2; exit 1; }

rabbitmqctl await_startup
rabbitmqctl list_vhosts --silent | grep -qx mongcai_portal || rabbitmqctl add_vhost mongcai_portal
# The password goes in by the standard input: arguments can be read by every user of the machine.
if rabbitmqctl list_users --silent | cut -f1 | grep -qx mongcai_portal; then
    printf '%s\n' "$password" | rabbitmqctl change_password mongcai_portal
else
    printf '%s\n' "$password" | rabbitmqctl add_user mongcai_portal
fi
rabbitmqctl set_permissions --vhost mongcai_portal mongcai_portal '.*' '.*' '.*'
rabbitmqctl list_users --silent | cut -f1 | grep -qx guest && rabbitmqctl delete_user guest
rabbitmqctl list_permissions --vhost mongcai_portal
