"""What no page may do, checked on every page that any test opens."""

from html.parser import HTMLParser

test_id = ""  # set by tests/conftest.py for each test
DATA = ("application/json", "application/ld+json")


class Page(HTMLParser):
    """Collects what breaks the rules: inline style or script, an event attribute, a POST form without its token."""

    def __init__(self):
        super().__init__()
        self.faults = []
        self.post_form = None
        self.ids = set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "style" or "style" in given:
            self.faults.append(f"inline style in <{tag}>")
        if tag == "script" and "src" not in given and given.get("type") not in DATA:
            self.faults.append("inline <script>")
        self.faults += [f"inline {name} in <{tag}>" for name in given if name.startswith(("on", "hx-on"))]
        if (given.get("href") or "").strip().lower().startswith("javascript:"):
            self.faults.append(f"javascript: address in <{tag}>")
        if given.get("id"):
            if given["id"] in self.ids:
                self.faults.append(f"id {given['id']!r} twice")
            self.ids.add(given["id"])
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.post_form = given.get("action") or "this page"
        if tag == "input" and given.get("name") == "csrfmiddlewaretoken":
            self.post_form = None

    def handle_endtag(self, tag):
        if tag == "form" and self.post_form:
            self.faults.append(f"a POST form to {self.post_form} without a CSRF token")
            self.post_form = None


def faults_of(html):
    """What is wrong with this HTML, in words; empty when nothing is."""
    page = Page()
    page.feed(html)
    page.close()
    return page.faults


def strict_pages(get_response):
    """Middleware for tests: a page that breaks a rule fails the test that opened it."""

    def middleware(request):
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            found = faults_of(response.content.decode())
            assert not found, f"{request.path}: {'; '.join(found)}"
        return response

    return middleware


def cache_key(key, key_prefix, version):
    """The key of a cached value, never the same in two tests."""
    return f"{test_id}:{version}:{key}"
