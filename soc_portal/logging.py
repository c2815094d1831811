"""One JSON line per event on stderr, and never what a person wrote: no bodies, query strings, addresses or names.

A log line may be read by people who may see no record. So a request is named by its route, not by its path; an
exception by its type and the lines of code, not by its message, which can quote a row; and of what libraries log, the
arguments are dropped unless the library is known to log only its own state.
"""

import logging
import logging.config
import os
import sys
import time
import traceback
import uuid

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars

SAYS_ONLY_ITS_OWN_STATE = ("celery.beat.", "celery.worker.", "celery.bootsteps.", "kombu.")


def keep_own_words(_logger, _name, event):
    """Of a record from a library keep the message without its arguments, and what kind of answer it was about."""
    if event["_from_structlog"]:
        return event
    record = event["_record"]
    if not f"{record.name}.".startswith(SAYS_ONLY_ITS_OWN_STATE):
        event["event"] = str(record.msg)
    if status := getattr(record, "status_code", None):
        event["status"] = status
    return event


def describe_exception(_logger, _name, event):
    """Replace `exc_info` by the type of the exception and the places in the code; its message may quote a record."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = type(error).__qualname__
        event["at"] = [
            f"{os.path.basename(f.filename)}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
        ]
    return event


COMMON = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings():
    """The value of Django's LOGGING: everything through one handler."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": COMMON,
                "processors": [
                    keep_own_words,
                    describe_exception,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # RequestLog says it with the route; Django's own lines would say it with the path.
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": ["stderr"], "propagate": False},
            "celery.app.trace": {"level": "WARNING"},  # its lines carry the arguments of tasks
        },
    }


def configure(config):
    """Set up structlog and the standard library's logging; Django calls this once, with LOGGING."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(config)


class RequestLog:
    """Middleware: a request id on every line of a request and on its answer, and one line when it is done."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.log = structlog.get_logger("soc_portal.request")

    def __call__(self, request):
        clear_contextvars()
        request.id = uuid.uuid4().hex
        bind_contextvars(request_id=request.id)
        start = time.perf_counter()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.id
        match = request.resolver_match
        self.log.info(
            "request",
            method=request.method,
            route=match.route if match else None,
            status=response.status_code,
            ms=round((time.perf_counter() - start) * 1000),
        )
        return response
