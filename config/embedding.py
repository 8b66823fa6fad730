"""Reads which portals may show the desk in their frames, and how people sign in there."""

import re

from django.core.exceptions import ImproperlyConfigured

from config.env import env
from config.sign_in import read_json

MODES = ("same-site", "cross-site")
_SHORTEST = 32


def portals(frame_ancestors: list[str]) -> dict[str, str]:
    """EMBED_PORTALS: the secret of each portal that may ask for embed tokens, by the portal's origin."""
    found = read_json("EMBED_PORTALS", env.str("EMBED_PORTALS", default=""), dict[str, str], {})
    secrets = {origin.rstrip("/"): secret for origin, secret in found.items()}
    for origin, secret in secrets.items():
        if origin not in frame_ancestors:
            raise ImproperlyConfigured(f"EMBED_PORTALS: {origin!r} is not in FRAME_ANCESTORS, so nobody could see it.")
        if not re.fullmatch(rf"[!-~]{{{_SHORTEST},}}", secret):
            raise ImproperlyConfigured(
                f"EMBED_PORTALS: the secret of {origin} must have {_SHORTEST} characters or more, and no spaces."
            )
    if len(set(secrets.values())) < len(secrets):
        raise ImproperlyConfigured("EMBED_PORTALS: two portals have the same secret, which says who is asking.")
    return secrets


def cross_site(frame_ancestors: list[str], secrets: dict[str, str], *, https: bool) -> bool:
    """EMBED: whether the portals are on other sites than the desk, where browsers keep partitioned cookies alone."""
    mode = env.str("EMBED", default="").strip() or MODES[0]
    if mode not in MODES:
        raise ImproperlyConfigured(f"EMBED must be {' or '.join(MODES)}.")
    if mode == MODES[0]:
        return False
    if not frame_ancestors:
        raise ImproperlyConfigured("EMBED is cross-site and no portal is named: list them in FRAME_ANCESTORS.")
    if not https:
        raise ImproperlyConfigured(
            "EMBED is cross-site, which needs HTTPS for its cookies: name the site's host in ALLOWED_HOSTS."
        )
    if plain := [origin for origin in frame_ancestors if not origin.startswith("https://")]:
        raise ImproperlyConfigured(f"EMBED is cross-site, which {plain[0]} in FRAME_ANCESTORS cannot be without https.")
    if lacking := [origin for origin in frame_ancestors if origin not in secrets]:
        raise ImproperlyConfigured(
            f"EMBED is cross-site, where a portal signs people in: give {lacking[0]} a secret in EMBED_PORTALS."
        )
    return True
