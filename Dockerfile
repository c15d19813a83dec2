# The image of Huddle: the same lock and the same scripts as on anybody's machine, without what only building
# needs. It runs as a user without rights and writes nothing but its volume and /tmp.

FROM python:3.12-slim AS build
WORKDIR /huddle
COPY pyproject.toml requirements-run.txt LICENSE ./
COPY scripts/environment.py scripts/
COPY server/__init__.py server/
COPY deploy/slim deploy/
RUN ["python", "scripts/environment.py", "run"]
RUN ["deploy/slim", ".venv/bin/python"]

FROM python:3.12-slim
WORKDIR /huddle
COPY deploy/ deploy/
RUN ["deploy/slim", "/usr/local/bin/python"]
RUN ["install", "-d", "-m", "0700", "-o", "10001", "-g", "10001", "/var/lib/huddle"]
COPY --from=build /huddle/.venv .venv/
COPY migrations/ migrations/
COPY static/ static/
COPY templates/ templates/
COPY server/ server/
COPY LICENSE ./
ENV HOME=/var/lib/huddle \
    PATH=/huddle/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /var/lib/huddle
EXPOSE 8000
CMD ["deploy/entry", "serve"]
