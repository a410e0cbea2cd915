# Two stages: the first makes a virtual environment with Pointsman in it, the second carries only that.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/pointsman
ENV PATH=/opt/pointsman/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt ./
RUN pip install --require-hashes --only-binary :all: -r requirements.txt
COPY pyproject.toml requirements.in ./
COPY skills/ skills/
COPY router/ router/
COPY adapters/ adapters/
COPY config/ config/
COPY gateway/ gateway/
RUN pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Pointsman" \
      org.opencontainers.image.description="Customer-service gateway: every channel, the right agent"
# The numeric id lets Kubernetes prove that it is not root.
RUN install -d -o 10001 -g 10001 /data /config
COPY --from=build /opt/pointsman /opt/pointsman
ENV PATH=/opt/pointsman/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    POINTSMAN_CONFIG=/config \
    POINTSMAN_DATA=/data \
    POINTSMAN_LISTEN=0.0.0.0:8080
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["python", "-m", "gateway", "healthcheck"]
# Exec form: SIGTERM reaches Python, which lets conversations in flight finish.
CMD ["pointsman", "run"]
