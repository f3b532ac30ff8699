import asyncio, random
from api import Api
from apps import another_api
from people import moved
from tortoise import Tortoise
async def test_it(api: Api, db, database_url):
    anna = await api.user("anna")
    async with another_api(database_url, pool_min=1, pool_max=1) as other:
        person = moved(anna, other)
        for _ in range(5): await person.post("/boards", title="x")
        for n in range(0, 400, 1):
            w = asyncio.ensure_future(person.post("/boards", title="x"))
            k=0
            for k in range(n):
                if w.done(): break
                await asyncio.sleep(0)
            done=w.done()
            w.cancel()
            r=await asyncio.gather(w, return_exceptions=True)
            client = Tortoise.get_connection("default")
            h = client._pool._holders[0] if client._pool else None
            print(n, done, repr(r[0])[:60], h and (h._in_use, h._con and h._con._top_xact, h._con and h._con.is_closed()))
            if done: break
        st=await db.fetch("select state, query from pg_stat_activity where application_name='doska'")
        print(st)
    assert 0
