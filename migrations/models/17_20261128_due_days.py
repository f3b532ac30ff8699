"""Let a task be due on a day, which is the same one in every time zone, or at a moment: not both.

A copy of the release before that still runs beside this one does not know of days: that it sets a
moment for a task that has a day is refused, and all else goes on.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
ALTER TABLE tasks ADD COLUMN due_on date,
    ADD CONSTRAINT tasks_due_once CHECK (due_at IS NULL OR due_on IS NULL);
"""
DOWN = "ALTER TABLE tasks DROP COLUMN due_on;"


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that adds the column."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes it away."""
    return DOWN


MODELS_STATE = (
    "eJztXW1v2zgS/iuEP3WBbJAm6cttFwfYabrr29Y+JO7e7nYLhZZomxeZdEUqqdHrfz+Sep"
    "cp25QdR3YIFE1CzlDyM3wZPjOkv7Wm1EM+O75GjGFKWj+Bby0Cp0j8Uq46Ai04m2UVsoDD"
    "oa9kWSSkCuGQ8QC6XJSPoM+QKPIQcwM849EjWn2CAMNj8iMmR4AGgIq/oeuKNgCnt4j8BB"
    "DxMBkDPkEgoPfyTwbuJ5CjOxQA+YIMYH4sn+ZRVzxOCG+z4b/J36Q/ApAUtI/AzQ36OsMB"
    "Yg7kNzcAC2EywgTzOcAjoQiIaicWUu8XEvwlRA6nYyQeGoi3/PRZFGPioa+IJX/Obp0RRr"
    "5XMAD2ZAOq3OHzmSr7+LH79p2SlJ996LjUD6ckk57N+YSSVDwMsXcsdWTdGBEUiI/q5SxD"
    "Qt+PjZgURW8sCngQovRVvazAQyMY+tK+rZ9HIXGlWYF6kvzv/J/xq+XEHKfXHzjXlwPHaS"
    "10B/kKJUPGRa7oUaIrYcIlUN++R+1mgKjSlnzAxa/tq2dnL39QEFDGx4GqVHC1vitFyGGk"
    "qkDPUHYDJDERFl1E+62o4XiK9IgXNUvIe7HqcfJLHQskBZkJshGVgJvAt1vAB90Pl9eD9o"
    "d/y+anjH3xFV7twaWsOVWl81Lps8g+VEwO0ayRNgL+0x38CuSf4K9+77JsxVRu8FdLvhMM"
    "OXUIvXegl8ckKU6KhGhm5mzgmpq5qGnN3GgzB+hOTNV1RnNRcwtmjmdLa+XtWzlkKHCgwF"
    "9j5QH6yvUWLmqVLCygOrChe/nHoGDP3u/tK7VOfmj/8UPBpu/7vV8S8cygvYv3/Y5aPDPg"
    "lR/kTCCbLALfwQQGcz30Rb0S9MM5R+ygBlRHIpfHXkDf6fbaV3/qwU/k8+Ok8+fgsl2CX/"
    "006PGJfK2+vj9wP0hXZy6dGYGdKli0zdEeUhh4DvbYIuLtIIAV00pBqwS7jxk/KNzlXubT"
    "5xJuPmTcEQtbHY+nrGt9nsb7PGaUQE5lm7xAc426ggaQTMvoVssCSKgWoX1HA4TH5DcUzT"
    "9d8R6QuLpJPibLPsbN7CekWWk2lAN4n1JT+Q4lPrv4xIirT3/Rvr5ov71sKYSH0L29l/Ny"
    "AWpZQ09pqSSVXayank7LJZAI792LP4V85zzqGuoysUY1byk/0JqkZRvMhCyNiEUIZgEdB3"
    "AK+ARyIBQZgEzyjW8AHYnqCBtP8oc0JFzU+HPFOqLpjM8V94gZ8NFIw2I+6JMsH9mAieho"
    "CR8pu6Spn5/Xsd6nufeZ4Ofconkd3BM9i/1m2Dt0VBf+WNVawNwCllXYHdZoCrFvAnaqYN"
    "E2R3sGGbunwr3UM5bVqC8oWvTN0Yd3wscJnDAw6vBFLYu7Oe6YOdCbYqKh6Cn1ESQVDntO"
    "rczQC72H2tamJTum6Pv99wXkO90ytB8/dC6vnj1XZhBCONrrdnsDDd5i03GnWURXAp7q7R"
    "DxZNu0t4Dfie1xnJJUhLtLKiaVnEYJaEzWYYlr4fz8gUAWLyt+/Hj6/PzV+euzl+evhYh6"
    "y7Tk1RI7LMJpM2BqTd37RiBPqNgpJRETEyZnQXEDUmd/luaVFE6GbEzB1RhARU0bgGny+J"
    "kFdIR95LgTSMZIE6isXH00mrtbhU72ZBUqgeSEhOt2ysvHU2Ujdmg1bWgtBOOqY0e5pIw4"
    "z1wz+jqx6rvfrpAPud7bW8xp30+HZCFSp0mmULGtDYHqyJYOLKhZTGiD7HZTkAaijb2dP1"
    "bD40Amz1QgtA2c2nFbh9SfHjK0rQZgSxPbjiqOlgW31TSwdnRbSb8BNzcMfbm5ASqYLA/D"
    "MIDukPhVnn5R3YGE0yEKouMvMs4s04hAVAjGWMgCTgEEUlYX236w59jIdiO2RdWRbY65bx"
    "RoShVsrnYNGjj/mgagl9Qs9PUY+Fk49LFrzghnepaDN6CEBYZUk8BX3c1TBRthMu/fhmky"
    "m2THPPWpRHhJmkkEjyvJpljhYAimf5yenp29Oj05e/n6xfmrVy9en6RM02LVMsqp0/1Fzh"
    "sFxBcnkpzracDwlbQOBvytsXs2ZLdVOG3IrtYEvQ+8aCGDJnAnYqdbx84lVct/N83Otfhv"
    "y+y21qUuo6GwKUwX0YA6UIx2yH7vLT6W/n5s+rvqeFdhCltBgzs1TnoB8Q9GfHX1Ia2ykI"
    "aF/hS9gqqVb/vZ0tJNoqUDasZKJ/KWzqhBZ/yXYlLLny0o2m1L49xZ3WUOJrPXlvIL98is"
    "BgmG9uz/Q579T1fnDQ//pyH5/QR15en//BDVH/8v99ktgHpgW9QyplU3KvT6oH0x6PZ7j3"
    "WnwkUykyy43dmWuNrnjjff6/rbkXh0n0GWH8IhD1mU/3Gv7j5QuR5giFwq72kVPiciHEkz"
    "aC+D3V6zWp8+Mlo0dwgkc05+AMmtdfKb5eTb3JOduvlqCBignchbsGuAbXMfdom24gR9PM"
    "WaLezy+HCqVCue2TDYtx3RVOA4mDkTrTO+NG1qQdemThmkTkUOkcn8kWnYCcR8ArGpEFud"
    "OCzZZNmRJuzkV7Mj6wT4bUR2twHG63AoIW/pvvgmrjpa+sU3kdDaTAfjaBYRElXnYzQSWv"
    "4heTfLNli2oZkjeZfHLVw6namrFAy3DmVVu3Mw2DlYlsduG/Z126AYGbPVMKdiNw3LNw2J"
    "c7LhnuHAPNmj0pYh16GadJ36oMIhHqz0ho1cYSn8BiR56kfy6xMnkAFCgVwnjkGXyxCdFy"
    "KggnRTOkWEH0X5dh6cq9vR1fct6rzo7TZuGACMDwKpQjeNllpHvXmOuvFBr8c447VHLL7d"
    "+Ngj/k8D+p3ufZ54xEQs03XuVky17OG3JmcLSzvp5i9p3WrLaqeugmUPyqrSUgsXJmIaYG"
    "50E0Nex077da5j2HWw/KkDbpObLMm4tySjvabhSXgw4cyraeaipjVzo82cBgrrjOeSrt2S"
    "NNnS9t6VJ2LnUFjH9GRlQcl+FYbNxnxQQCOYDBEtKFlIbYLr7o//ZnHPDWE9uBuYyrgWBm"
    "vVIeDFVWsL0K55trqZC9VKXAvrtPnh6hznF+f4bvqlI1k+8YH05MWEKntX1uOlshcwq0jf"
    "yWO6PI0nM6WSXf/SrPsJBfc0uGVRMk2UiOMjeCcP1MvvcVDrCEDEYxXH9us3tDRR3t691b"
    "z8G7td2PJ2waa12ouXmgWnzRJ+oCzhit2BvXdpHVCr7l3S7mUtQ7AthuBxEtrbKMDuROcT"
    "xzVLvWGYyazygqsR3fKXk1WG47ULjyYSH5tvMw+08YnJ1Y5nZaLDxQQGppkO+5nJI8bLV8"
    "dHZMzl0Dh98WIJoElqiZAqhWuSrJPTqK7oPslBZYBwLH6A6D4/OVkDXSFVia6qK4cGCEdE"
    "E6H813W/VxUYSFXKkUnscvA/4GO2j+cYloArwSjEIxfypMopUSU/VjbQ0Tmyu1zMvv8f15"
    "PbJA=="
)
