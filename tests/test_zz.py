import time, json, statistics
from many import many_tasks
import doska.boards.log as L
async def test_prof(api, db):
    a = await api.user(); b = await a.board(); c = await a.column(b)
    await many_tasks(db, c, 500); await db.execute("vacuum analyze")
    text = "What is to be done, why, and how one sees that it is. " * 2
    body=json.dumps({"operations":[{"op":"create_task","body":{"column_id":c["id"],"title":f"New task {i}","description":text[:100]}} for i in range(100)]}).encode()
    got=[]
    class Conn:
        def __init__(s,c): s.c=c
        def __getattr__(s,n): return getattr(s.c,n)
        async def fetchrow(s,sql,*v):
            rows = await s.c.fetch("explain (analyze, buffers off) "+sql,*v)
            got.append("\n".join(r[0] for r in rows)); raise RuntimeError
    orig=L.Change._write_all
    async def w(self):
        self.connection=Conn(self.connection); await orig(self)
    L.Change._write_all=w
    for _ in range(5):
        r = await a.client.post(f"/boards/{b['id']}/batch", content=body, headers={"content-type":"application/json"})
    L.Change._write_all=orig
    print(got[-1])
    assert 0
