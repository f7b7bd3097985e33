"""The UDP sockets of walls in step: multicast groups, or one address for each follower."""

from __future__ import annotations

import socket

from installation.control.walls.settings import WallsSettings, address, is_group

HOPS = 1  # multicast stays in this network
RECEIVE_BYTES = 1 << 20  # a frame of a large generator has several kilobytes


def leader_socket(settings: WallsSettings) -> socket.socket:
    """A socket that sends frames, and is asked for the time. Raises OSError."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.bind((settings.interface, settings.port))
        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(settings.interface))
        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, HOPS)
        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
    except OSError:
        made.close()
        raise
    return made


def follower_socket(settings: WallsSettings) -> socket.socket:
    """A socket that hears the leader; several of a group may be on one machine. Raises OSError."""
    host, port = address(settings.to[0])
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        if is_group(host):
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(("", port))
            member = socket.inet_aton(host) + socket.inet_aton(settings.interface)
            made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        else:
            made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made
