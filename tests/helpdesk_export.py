"""Tickets as another helpdesk exports them: the file that lies beside the project, or one of the same shape.

A clone that stands alone gets the second one, so that no test has to be left out.
"""

import csv
import tempfile
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parents[2] / "shared" / "data" / "helpdesk-export-tickets.csv"

ROWS = 8_469
# Rows of the highest priority.
CRITICAL = 2_129

_HEADER = (
    *("TicketID", "CustomerName", "ProductPurchased", "TicketType", "TicketSubject", "TicketStatus", "Resolution"),
    *("TicketPriority", "TicketChannel", "FirstResponseTime", "TimetoResolution", "CustomerSatisfactionRating"),
)
_STATUSES = ("Pending Customer Response", "Open", "Closed")


@cache
def helpdesk_export() -> Path:
    return _FILE if _FILE.exists() else _made(Path(tempfile.mkdtemp(prefix="desk-export-")) / _FILE.name)


def _made(path: Path) -> Path:
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_HEADER)
        writer.writerows(_row(number) for number in range(1, ROWS + 1))
    return path


def _row(number: int) -> list[object]:
    status = _STATUSES[number % 3]
    priority = "Critical" if number <= CRITICAL else ("Low", "Medium", "High")[number % 3]
    solved = ("It was mended, and the customer told.", "2023-06-02", number % 5 + 1)
    resolution, took, rating = solved if status == "Closed" else ("", "", "")
    subject = ("Product setup", "Network problem", "Refund request", "Battery life")[number % 4]
    person, channel = f"Robin Number{number}", ("Email", "Phone", "Chat", "Social media")[number % 4]
    product, kind = f"Product {number % 42}", ("Technical issue", "Billing inquiry", "Refund request")[number % 3]
    return [
        *(number, person, product, kind, subject, status, resolution, priority),
        *(channel, "2023-06-01", took, rating),
    ]
