"""The OpenAPI document is held to the server: schemathesis tries what it promises, on a service of its own."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import settings as hypothesis_settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig

from gateway.http.openapi import document
from gateway.http.permission import TABLE
from gateway.http.server import ROUTES
from tests.gateway.http.office import Office
