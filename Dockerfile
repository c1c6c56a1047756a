# The app as a container: `docker compose up`, then open http://127.0.0.1:8501.
FROM python:3.12-slim

RUN useradd --create-home planner \
    && install -d -o planner /home/planner/app /home/planner/pack
USER planner
WORKDIR /home/planner/app

ENV PYTHONUNBUFFERED=1 \
    CHANHE_VENV=/home/planner/venv \
    CHANHE_PACK=/home/planner/pack

# What is installed changes more rarely than the code, so it gets a layer of its own.
COPY --chown=planner pyproject.toml constraints.txt README.md LICENSE ./
COPY --chown=planner geodata/__init__.py geodata/bootstrap.py geodata/
COPY --chown=planner layers/__init__.py layers/_form.py layers/
RUN python -m geodata.bootstrap install

COPY --chown=planner . .

EXPOSE 8501
VOLUME /home/planner/pack
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/healthz', timeout=5)"]
CMD ["/home/planner/venv/bin/python", "-m", "geodata", "serve", "--host", "0.0.0.0", "--port", "8501"]
