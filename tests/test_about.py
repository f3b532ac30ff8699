"""What anybody may know of a Doska before signing in."""

from api import Api
from apps import another_api
from doska import __version__


async def test_it_says_what_a_sign_up_form_must_know(api: Api) -> None:
    await api.user("anna")
    assert await api.nobody().read("/about") == {
        "version": __version__,
        "registration": "open",
        "password_chars_min": 8,
        "has_people": True,
        "attachment_bytes_max": 25 << 20,
    }


async def test_it_tells_of_settings_and_of_the_first_account(
    database_url: str,
    api: Api,  # noqa: ARG001  # empties the tables afterwards
) -> None:
    settings = {"registration": "closed", "password_min_length": 12, "attachment_mb_max": 3}
    async with another_api(database_url, **settings) as closed:
        closed.app.state.has_people = False
        about = await closed.nobody().read("/about")
        assert (about["registration"], about["password_chars_min"]) == ("closed", 12)
        assert about["attachment_bytes_max"] == 3 << 20
        assert about["has_people"] is False
    async with another_api(database_url) as opened:
        opened.app.state.has_people = False
        await opened.user("anna")
        assert (await opened.nobody().read("/about"))["has_people"] is True
