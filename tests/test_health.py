from api import Api
from apps import another_api
from databases import a_database


async def test_a_served_database_is_alive_and_ready(api: Api) -> None:
    assert await api.nobody().read("/health/live") == {"status": "ok"}
    assert await api.nobody().read("/health/ready") == {"status": "ok"}


async def test_a_database_that_is_not_migrated_is_alive_but_not_ready(server_url: str) -> None:
    async with a_database(server_url) as url, another_api(url) as api:
        assert (await api.nobody().get("/health/live")).status_code == 200
        answer = await api.nobody().get("/health/ready")
        assert answer.status_code == 503
        assert "doska migrate" in answer.json()["detail"]


async def test_a_database_that_is_away_is_alive_but_not_ready() -> None:
    async with another_api("postgres://doska@127.0.0.1:1/doska") as api:
        assert (await api.nobody().get("/health/live")).status_code == 200
        answer = await api.nobody().get("/health/ready")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
