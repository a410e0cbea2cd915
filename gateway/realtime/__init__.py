"""Connections that stay open: the desk's feed and the widget's sockets."""
