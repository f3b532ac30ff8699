"""Files in a bucket, by a server on this machine that speaks like S3."""

from collections.abc import AsyncIterator, Iterator

import pytest

from api import Api
from apps import another_api
from attaching import PNG, content_at, post_file
from checks import refused
from doska.errors import BadRequest
from doska.files.buckets import Bucket
from doska.files.store import Missing, StoreFull
from people import moved
from works import a_task

pytest.importorskip("obstore")
moto = pytest.importorskip("moto.server")
boto3 = pytest.importorskip("boto3")

KEYS = {"access_key_id": "a", "secret_access_key": "b", "region": "us-east-1"}
PART = bytes(5 << 20)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    named = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=address, **named).create_bucket(Bucket="files")
    yield address
    server.stop()


@pytest.fixture
def bucket(endpoint: str) -> Bucket:
    return a_bucket(endpoint, "s3://files")


def a_bucket(endpoint: str, url: str) -> Bucket:
    options = {"client_options": {"allow_http": True}, "retry_config": {"max_retries": 0}}
    return Bucket(url, endpoint=endpoint, **KEYS, **options)


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        yield piece


async def whole(bucket: Bucket, name: str, start: int, count: int) -> bytes:
    return b"".join([piece async for piece in bucket.read(name, start, count)])


async def test_a_file_is_kept_read_in_part_listed_and_removed(bucket: Bucket) -> None:
    await bucket.keep("one", pieces(PART, PART, b"the end"))

    size = 2 * len(PART) + 7
    assert await bucket.size_of("one") == size
    assert await whole(bucket, "one", size - 3, 3) == b"end"
    assert [found.name async for found in bucket.everything()] == ["one"]
    await bucket.remove("one")
    await bucket.remove("one")
    assert await bucket.size_of("one") is None
    with pytest.raises(Missing):
        await whole(bucket, "one", 0, 1)


async def test_what_is_refused_half_way_is_not_there(bucket: Bucket) -> None:
    """Seen to fail when the refusal came as an error of the bucket's."""

    async def broken() -> AsyncIterator[bytes]:
        yield PART
        yield PART
        raise BadRequest

    with pytest.raises(BadRequest):
        await bucket.keep("two", broken())
    assert await bucket.size_of("two") is None


async def test_a_bucket_that_does_not_take_it_is_full(endpoint: str) -> None:
    with pytest.raises(StoreFull):
        await a_bucket(endpoint, "s3://another").keep("three", pieces(b"x"))


async def test_attachments_are_kept_in_a_bucket(api: Api, database_url: str, endpoint: str) -> None:
    anna, _, task = await a_task(api)
    settings = {
        "files_s3_url": "s3://files/of-doska", "files_s3_endpoint": endpoint,
        "files_s3_region": "us-east-1", "files_s3_access_key": "a", "files_s3_secret_key": "b",
    }  # fmt: skip
    async with another_api(database_url, **settings, attachment_mb_max=1) as other:
        person = moved(anna, other)
        made = (await post_file(person, task)).json()
        assert (await person.get(content_at(made))).content == PNG
        part = await person.send("GET", content_at(made), headers={"range": "bytes=1-3"})
        assert (part.status_code, part.content) == (206, b"PNG")
        too_long = pieces(*[bytes(64 << 10)] * 17)
        refused(await post_file(person, task, too_long), 413, "too-large")
        await person.delete(f"/attachments/{made['id']}", erase=True)
        assert [found async for found in other.app.state.store.everything()] == []
