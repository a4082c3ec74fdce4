# The service in one image. Build: docker build -t tallystick . — run: see compose.yaml and docs/operations.md.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
COPY requirements/run.txt requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
RUN python -m venv /opt/tallystick \
 && sed -n '/^\(editables\|hatchling\|packaging\|pathspec\|pluggy\|setuptools\|tomlkit\|trove-classifiers\|wheel\)==/,/[^\\]$/p' requirements/run.txt > build.txt \
 && /opt/tallystick/bin/pip install --no-cache-dir --require-hashes --no-deps -r build.txt \
 && /opt/tallystick/bin/pip install --no-cache-dir --require-hashes --no-build-isolation -r requirements/run.txt
COPY src src
RUN /opt/tallystick/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 tallystick && install -d -o tallystick /book
COPY --from=build /opt/tallystick /opt/tallystick
USER tallystick
ENV PATH=/opt/tallystick/bin:$PATH TALLYSTICK_BOOK=/book/book PYTHONUNBUFFERED=1
VOLUME /book
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "tallystick init && exec tallystick serve --host 0.0.0.0 --processes 2"]
