"""Which of our values a word of another product means: "Critical" is urgent, "Pending Customer Response" is pending.

In English, and the commonest in German, French and Spanish. What may mean two things is not guessed.
"""

from collections.abc import Mapping

from transfers.tables.phrases import phrase

_HIDDEN = ("private", "internal", "hidden", "agents", "agents only", "false", "no", "0", "intern", "prive", "privado")

# Our value, and what others call it, as `phrase` writes it.
_WORDS = {
    # Priorities
    "urgent": (
        *("urgent", "critical", "blocker", "highest", "very high", "emergency", "immediate", "p0", "p1", "sev1"),
        *("prio 1", "priority 1", "dringend", "kritisch", "sehr hoch", "urgente", "critique", "critico", "critica"),
    ),
    "high": (
        *("high", "major", "important", "p2", "sev2", "prio 2", "priority 2"),
        *("hoch", "wichtig", "haute", "eleve", "elevee", "alta", "alto"),
    ),
    "normal": (
        *("normal", "medium", "moderate", "default", "standard", "regular", "p3", "sev3", "prio 3", "priority 3"),
        *("mittel", "moyenne", "moyen", "normale", "media", "medio"),
    ),
    "low": (
        *("low", "minor", "lowest", "very low", "trivial", "p4", "p5", "sev4", "prio 4", "priority 4"),
        *("niedrig", "gering", "basse", "faible", "baja", "bajo"),
    ),
    # Statuses of tickets
    "new": (
        *("new", "unassigned", "not started", "to do", "todo", "neu", "nouveau", "nouvelle", "nuevo", "nueva"),
        *("submitted", "received"),
    ),
    "open": (
        *("open", "opened", "reopened", "re opened", "in progress", "progress", "active", "assigned", "working"),
        *("work in progress", "wip", "being processed", "waiting on us", "waiting on agent", "waiting for agent"),
        *("offen", "in bearbeitung", "ouvert", "ouverte", "en cours", "abierto", "abierta", "en curso", "en proceso"),
    ),
    "pending": (
        *("pending", "waiting", "awaiting", "on hold", "hold", "paused", "snoozed", "waiting on customer"),
        *(
            "waiting for customer",
            "waiting on contact",
            "waiting on third party",
            "awaiting reply",
            "awaiting response",
        ),
        *("wartend", "wartet", "warten", "ausstehend", "en attente", "pendiente", "en espera"),
    ),
    "resolved": (
        *("resolved", "solved", "done", "fixed", "completed", "complete", "answered"),
        *("gelost", "geloest", "erledigt", "resolu", "resolue", "termine", "resuelto", "resuelta", "solucionado"),
    ),
    "closed": (
        *("closed", "archived", "cancelled", "canceled", "rejected", "spam", "merged", "duplicate"),
        *("geschlossen", "abgeschlossen", "ferme", "fermee", "clos", "cloture", "cerrado", "cerrada"),
    ),
    # Customers
    "active": ("active", "enabled", "subscribed", "true", "yes", "1", "aktiv", "actif", "activo"),
    "inactive": (
        *(
            "inactive",
            "disabled",
            "unsubscribed",
            "suspended",
            "blocked",
            "deactivated",
            "archived",
            "false",
            "no",
            "0",
        ),
        *("inaktiv", "inactif", "inactivo"),
    ),
    "positive": ("positive", "good", "happy", "satisfied", "great", "positiv", "positif", "positivo"),
    "neutral": ("neutral", "okay", "ok", "neutre", "neutro"),
    "negative": ("negative", "bad", "unhappy", "dissatisfied", "unsatisfied", "negativ", "negatif", "negativo"),
    # Articles
    "draft": ("draft", "unpublished", "in review", "entwurf", "brouillon", "borrador"),
    "published": ("published", "live", "active", "veroffentlicht", "publie", "publicado"),
    "archived": ("archived", "outdated", "obsolete", "archiviert", "archive", "archivado"),
    "public": ("public", "everyone", "anyone", "all", "visible", "true", "yes", "1", "offentlich", "publico"),
    "private": _HIDDEN,
    "internal": _HIDDEN,
}
_NOT = {"not", "no", "non", "never", "nicht", "kein", "pas", "sans", "sin"}


def guess_value(text: str, allowed: Mapping[str, str]) -> str | None:
    """The allowed value that this word means, None where that is not sure.

    `allowed` are our values with the labels that people see; one of those, in whatever case, is always meant as such.
    """
    said = phrase(text)
    if not said:
        return None
    own = [value for value, label in allowed.items() if said in (phrase(value), phrase(label))]
    meant = [value for value in allowed if said in _WORDS.get(value, ())]
    return _only(own) or _only(meant) or _only(_within(said, allowed))


def _within(said: str, allowed: Mapping[str, str]) -> list[str]:
    """The values of which a word stands somewhere in what was said, unless that says what it is not."""
    if _NOT & set(said.split()):
        return []
    return [value for value in allowed if any(f" {word} " in f" {said} " for word in _WORDS.get(value, ()))]


def _only(values: list[str]) -> str | None:
    return values[0] if len(values) == 1 else None
