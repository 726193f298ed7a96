"""Values for the environment variables that config.example.yaml and the guides name."""

_SIGNING_KEY = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

ENVIRONMENT = {
    "TELEGRAM_TOKEN": "123456:token",
    "SMTP_PASSWORD": "password",
    "PROXY_PASSWORD": "password",
    "WEBHOOK_SECRET": _SIGNING_KEY,
    "BOT_WEBHOOK_SECRET": "a_word_that_only_telegram_knows",
    "ARCHIVE_URL": "http://archive.example.org/",
    "ARCHIVE_SECRET": _SIGNING_KEY,
    "FEISHU_URL": "https://feishu.example.org/robot",
    "FEISHU_SECRET": "secret",
    "DINGTALK_URL": "https://dingtalk.example.org/robot",
    "DINGTALK_SECRET": "secret",
    "WECOM_URL": "https://wecom.example.org/robot",
    "SLACK_URL": "https://slack.example.org/robot",
    "DISCORD_URL": "https://discord.example.org/robot",
    "TEAMS_URL": "https://teams.example.org/robot",
    "APPRISE_URL": "ntfy://policy-monitor-example",
}
