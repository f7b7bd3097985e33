"""The web surface: the operator page, the audience page and OSCQuery, on one port.

`surface` runs an HTTP server in a thread of the control worker: `server` opens the port and bounds connections, `app`
holds the routes, `access` decides who may do what, and `hub` passes messages between the show and the sockets
(`operator_socket`, `audience`, `oscquery_socket`). The pages are plain HTML, CSS and ES modules in `static/`.
"""
