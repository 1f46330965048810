"""Asks an ASGI app in this process. (Starlette's own test client warns about httpx.)"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx


class Client:
    """Sends requests to `app` without a server; `base_url` decides the Host header."""

    def __init__(self, app, base_url="http://127.0.0.1"):
        self.app = app
        self.base_url = base_url

    def request(self, method, url, **options):
        async def ask():
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=self.base_url) as client:
                return await client.request(method, url, **options)

        # On a thread of its own: the browser tests leave an event loop running on this one.
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(asyncio.run, ask()).result()

    def get(self, url, **options):
        return self.request("GET", url, **options)

    def post(self, url, **options):
        return self.request("POST", url, **options)
