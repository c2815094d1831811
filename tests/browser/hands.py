"""Two people at the same portal: one has a keyboard and nothing else, the other a mouse and no scripts."""

import re

from django.core import mail

#: Where the focus is: is it on `target`, can it be seen, and is it free of the bars that stay in place?
LOOK = """async target => {
  // What a person sees: after the browser has scrolled and drawn.
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  const at = document.activeElement, box = at.getBoundingClientRect(), faults = [];
  const look = getComputedStyle(at.closest('.pick') ?? at);  // an answer wears the ring of its button
  if (at === document.body) return {there: false, faults};
  if (look.outlineStyle === 'none' || parseFloat(look.outlineWidth) < 2) faults.push('shows no focus');
  const fits = box.height < innerHeight / 2;
  if (box.top < -1 || fits && box.bottom > innerHeight + 1) faults.push('is outside of the window');
  const middle = box.left + box.width / 2, points = [box.top + 2, box.top + box.height / 2, box.bottom - 2];
  const bars = points.map(y => document.elementFromPoint(middle, y)?.closest('header.bar, nav.tabs'));
  const covered = bars.filter(bar => bar && !bar.contains(at));
  if (covered.length > (fits ? 0 : 2)) faults.push(`is under ${covered[0].className}`);
  const name = `${at.tagName.toLowerCase()} "${(at.innerText || at.name || '').trim().slice(0, 40)}"`;
  return {there: at === target, faults: faults.map(fault => `${name} ${fault} at ${location.pathname}`)};
}"""


class Hands:
    """Does one thing at a time, each named as the person would name it."""

    def __init__(self, page):
        self.page = page
        self.faults = []  # what made the way hard, such as a focus that could not be seen

    def open(self, path):
        self.page.goto(path)

    def follow(self, name):
        self.press(name, role="link")

    def field(self, label):
        return self.page.locator("main").get_by_label(label, exact=True)

    def sign_in(self, user):
        """With the code from the mail."""
        self.open("/account/login/")
        self.write("Your email", user.email)
        self.press("Send me a code")
        self.page.wait_for_url("**/code/confirm/**")
        self.write("Your code", re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE)[1])
        self.press("Sign in")
        self.page.wait_for_url(lambda url: "/account/" not in url)

    def change(self, text):
        """The link "Change" of the part that says this."""
        self.press_this(self.page.get_by_role("link", name=re.compile(f"^Change ?: {re.escape(text)}")))

    def follow_to(self, end):
        """The link whose address ends like this, where several have the same words."""
        self.press_this(self.page.locator(f'main a[href$="{end}"]').first)

    def press_this(self, target):
        raise NotImplementedError

    def press(self, name, role="button"):
        self.press_this(self.page.get_by_role(role, name=name).first)

    def write_merged(self, text):
        """Two people wrote: writes what it is to be, and saves."""
        label = self.page.locator("main textarea:visible").first
        self.write_in(label, text)
        self.press_this(label.locator("xpath=ancestor::form").locator("[type=submit]").first)

    def write(self, label, text):
        self.write_in(self.field(label), text)

    def reads(self, *words):
        """All of this stands on the page."""
        for text in words:
            self.page.locator("main").get_by_text(text).locator("visible=true").first.wait_for()


class Keyboard(Hands):
    """Tab, Enter, Space and letters. At every stop, the focus must be seen."""

    def go_to(self, target):
        handle = target.element_handle()
        for stop in range(250):
            seen = self.page.evaluate(LOOK, handle)
            if stop or seen["there"]:  # before the first key, a form that was just opened may not have the focus yet
                self.faults += [fault for fault in seen["faults"] if fault not in self.faults]
            if seen["there"]:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No key leads to {target}.")

    def press_this(self, target):
        self.go_to(target)
        self.page.keyboard.press("Enter")

    def write_in(self, field, text):
        self.go_to(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, label):
        self.go_to(self.field(label))
        self.page.keyboard.press("Space")

    def set_day(self, label, day):
        self.go_to(self.field(label))
        self.page.keyboard.type(day.strftime("%m%d%Y"))

    def set_time(self, label, time):
        self.go_to(self.field(label))
        self.page.keyboard.type(time.strftime("%I%M%p"))


class Mouse(Hands):
    """Clicks, in a browser whose scripts are off."""

    def press_this(self, target):
        target.click()

    def write_in(self, field, text):
        field.fill(text)

    def tick(self, label):
        self.field(label).check()

    def set_day(self, label, day):
        self.field(label).fill(day.isoformat())

    def set_time(self, label, time):
        self.field(label).fill(time.isoformat("minutes"))
