"""The yardstick: an aiohttp handler that reads the same body and answers 200, and does nothing else.

Run as `python -m tests.benchmarks.bare PORT`.
"""

import sys

import uvloop
from aiohttp import web


async def _answer(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(text="")


def main() -> None:
    """Serve on the port of the first argument until the process is ended."""
    app = web.Application()
    app.router.add_post("/hooks/{inbox}", _answer)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None, loop=uvloop.new_event_loop())


if __name__ == "__main__":
    main()
