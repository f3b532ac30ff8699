"""The application on a real port: the transport that other tests use keeps back what streams send."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from api import Api
from doska.http.protocol import HEAD_BYTES_MAX, Protocol


@asynccontextmanager
async def port_of(
    api: Api, send_buffer_bytes: int = 0, protocol: type[asyncio.Protocol] = Protocol
) -> AsyncIterator[str]:
    """Serve an application whose lifespan runs already; gives its address."""
    listening = socket.socket()
    if send_buffer_bytes:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_bytes)
    listening.bind(("127.0.0.1", 0))
    listening.listen(2048)
    config = uvicorn.Config(
        api.app,
        lifespan="off",
        log_config=None,
        http=protocol,
        server_header=False,
        access_log=False,
        h11_max_incomplete_event_size=HEAD_BYTES_MAX,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    port = listening.getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
