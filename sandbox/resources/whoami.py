"""`/auth/whoami`: which team and key this is (SDK page "js"). Any key, no team in the path."""

from sandbox.api import Call, Reply


def whoami(call: Call) -> Reply:
    return Reply(
        {
            "teamId": str(call.team.uuid),
            "teamName": call.team.name,
            "teamSlug": call.team.slug,
            "keyType": "secret" if call.key.is_secret else "publishable",
            "environment": call.key.environment,
        }
    )
