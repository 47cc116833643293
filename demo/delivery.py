"""One delivery: its rows, and what taking it in must come to."""
import collections
import dataclasses


@dataclasses.dataclass
class Delivery:
    """Rows are added with the faults that were put into them on purpose; a second row with the key of an earlier good one of the
    same delivery is a duplicate without being told."""
    resource: str
    file: str
    columns: list
    note_zh: str
    note_en: str
    expect: str = "published"
    received: str = ""  # the day on which it came, where that matters; otherwise it comes when the demo is made

    def __post_init__(self):
        self.rows = []
        self.keys, self.deleted = {}, set()
        self.reasons, self.warnings = collections.Counter(), collections.Counter()
        self.quarantined = 0

    def add(self, row, key, *faults, warn=(), deletes=False):
        """Returns whether the row is good.  A fault is "code" or "code:item"; warnings count in refused rows too."""
        self.warnings.update(warn)
        if not faults and (key in self.keys or key in self.deleted):
            faults = ("row.duplicate",)
        self.rows.append(row)
        if faults:
            self.quarantined += 1
            self.reasons.update(set(faults))
            return False
        if deletes:
            self.deleted.add(key)
        else:
            self.keys[key] = row
        return True

    def add_raw(self, row, fault):
        """A record that cannot be decoded."""
        self.add(row, None, fault)

    def expected(self):
        return {"file": self.file, "resource": self.resource, "expect": self.expect, "received": len(self.rows),
                "published": len(self.rows) - self.quarantined, "quarantined": self.quarantined, "deletes": len(self.deleted),
                "reasons": dict(sorted(self.reasons.items())), "warnings": dict(sorted(self.warnings.items()))}


class Records:
    """What each resource holds after the deliveries so far: keys only."""

    def __init__(self):
        self.of = collections.defaultdict(set)

    def take(self, delivery, mode):
        if delivery.expect != "published":
            return
        held = self.of[delivery.resource]
        if mode == "snapshot":
            held.clear()
        held |= set(delivery.keys)
        held -= delivery.deleted
