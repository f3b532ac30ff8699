"""Where pages come from that ask."""

APP, LOCAL = "https://app.example.com", "http://localhost:3000"
