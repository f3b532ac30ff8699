"""Let administrators list the tasks of all boards by an index, however many there are."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False

UP = (
    "DROP INDEX CONCURRENTLY IF EXISTS tasks_created_at_idx",  # of an attempt that was broken off
    """CREATE INDEX CONCURRENTLY tasks_created_at_idx ON tasks (created_at, id)
        WHERE archived_at IS NULL""",
)
DOWN = "DROP INDEX tasks_created_at_idx;"


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Make the index; one statement each, so that no writer waits for it."""
    for statement in UP[:-1]:
        await db.execute_script(statement)
    return UP[-1]


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that takes it away."""
    return DOWN


MODELS_STATE = (
    "eJztXXtz2zYS/yoY/dN2xudx5DhOm5ubkVyndZvYN7Fy1+fQkAhJqClSIUgrurbf/QDwTY"
    "GSQFESSe9M00QkFqJ+Cyz3jT87M8ckFju9J4xRx+58g/7s2HhG+D/yt05QB8/nyQ1xwcND"
    "S45lwSB5EQ+Z5+KRx6+PscUIv2QSNnLp3Au+onNnExRSnCDHRQ7/jEcjfgV5ziOxv0HENq"
    "k9Qd6UINdZiI8MLabYI0/ERS4ZE1cMRdQ7Fd9oOiP+lZyg6sl/s3+z3/I5sJ2Z4gQ9PJDP"
    "c+oSZmDv4QFRhqg9pjb1loiOOSWy5WThIPmQvk0/+cTwnAnh3+zyR/31d36Z2ib5TFj0cf"
    "5ojCmxzAwnqCkmkNcNbzmX1z5+vPn2rRwpABgaI8fyZ3Yyer70po4dD/d9ap4KGnFvQmzi"
    "8t9rplhk+5YVcjO6FDwxv+C5Pokf1UwumGSMfUswuvPPsW+PBH+R/Cbxv5f/Ch8tNcwwbu"
    "8Gxv31wDA6K+tCPEKOm+GlEV9afE1R2xNA/fl3MG8CiLzaEV9w9X3vw5fnr76SEDjMm7jy"
    "poSr87ckxB4OSCXoCcojlwhMOEdX0f6W3/HojKgRz1LmkDdD0tPoH2U4EF1IWJBsrQjcCL"
    "7DAj64eX99P+i9/7eYfsbYJ0vi1RtciztdeXWZu/plwB+HS4lAfMSToP/eDL5H4iP65e72"
    "Os/FeNzgl454Jux7jmE7CwObaUyiy9ElPjRhc7JxddmcpQQ215rNLnniorrMbs5SVsDmUF"
    "oCl6vnss+Ia2COv4LLA/LZU3M4S5XjMIeqZVv3+qdBhp+3/+l9kO/J972fvsrw9N3d7XfR"
    "8ISht1fv7vry5ZkAL/UgY4rZdBX4PrWxu1RDn6XLQT9ceoS1akP1BXJp7Dn0/Zvb3oef1e"
    "BH49P7pP/z4LqXg1/+rbHio/Gl1npz4N7LUmcjZ64FdkwAaOujPXSwaxrUZKuI91wXF4iV"
    "DFUOdosyr1W4C1vm199zuFmYeQZ/sZXRePK0oPPUXufRcwmkSKr0C9SXqRvcAMLTMn5Ueg"
    "EEVKvQvnVcQif2jySQPzf8ObA9Ugn50Gv2MZymmZAmV5Ot7OJF7JpKLyj+2/kvJp789Ve9"
    "+6vet9cdifAQjx4XQi5noBZ3nK6TuxKPXb01687yV7DNtXcz/BXimdOoK3yYETeKHZjiB2"
    "3pveyhOR8behcxmrvOxMUz5E2xhzghQ5gJp+Mb5Iz57QAbU/gPHd/2+B1rKV2PZDb3ltIB"
    "SRmyyFjhytzrN4E/sgaC6GSNP1IsSV09P00D2qe+9hnhZzySZRncIzrAfjfsDWdcFv6QFD"
    "igzwHwKhwOazLD1NIBOyYAtPXRnmPGFg5XL9Uey2LUVwgBfX308RPXcVzDd7UWfJYKcNfH"
    "nTIDmzNqK1z0jmMRbBco7CmyvIee0+3LrI2vHNhFf3f3LoN8/yYP7cf3/esPX76QbOCDaG"
    "Dr3twOFHhzo+NJ8RLdCHhMd0DEI7OpsYA/cfM4zE3Kwn1jFwiVFEUOaGpv4yUuhfOLPYHM"
    "H5b/9Y/ui5eXL1+fv3r5mg+RTxlfuVzDh1U4IQOmlOhumgN56nBLKYqY6HhyVgh3cOo059"
    "W80YWTIBu64EpsoCwlBGDqvH/mrjOmFjFGU2xPiCJQWfj2UVAe7i101pC3UA4kw7c9laW8"
    "fj8VTgJbq25bayUYVxw7SiVlhAnnit3XD0nf/viBWNhTa3urye3NVEhWInWKZAoZ29oRqL"
    "6YqWVBzazu68xmhBPsiNNVME1jpchWIBlc25fBtYrQ+hBO19a15WH2uCtUAz5HS1eVgMfA"
    "XBBPbEKqwKkXztXW9YQ9D4+mVYirXjxTi9bWPjNM5Huwo0gxCW6crMsxkW/jrZNM5Og36O"
    "GBkU8PD0jmdDBE+R/yJDgvitDkzrH92ZC4QRWaSPcQ2XwouIgmlI8VxWwYibGqFJO9fQ8k"
    "mNTCO1GcYOJRz9KK98YEUDJRIhqTfkwN0HNkAH25QNjcH1p0pB+YSeggFKYRmeEYOoo82u"
    "JlHhNAoFd/fWtmq+2SpPbcRQnXkhRChE4Kfb4hQWv8vF93u+fnl92z81evL15eXl68Posd"
    "vqu31nl++zffCbmRQXxVkKRUTw1He46qNeBX5mSHyHmlcELkvJSAbkJ4IuN4cUdTbumW4X"
    "OOFMJQdeNzqTAUBFg628cOxFbYPWIgN1RrMTpwEKrJKEEUSg82/vD81+6I1TsxSVsRYv6w"
    "ilDdfTBNW1E6YDSzsfhAOFMXsEqkk0Cr1RLqSJHfRmI1tJzhzlo5n6OxptgRIuNFDRgy1s"
    "2GCLlRohcD4v/hIJRd3EYhP0gRoP41eAR5Vzzt7xCxrlPE2nX0AtbReIh0lIh0/OFQu5Sr"
    "K0MIHs3aebpU7dZ0pFdFFUANYqtGCRB059pnd6747ZzFVrs9V5yt10xQN/bnSm9RdYOu/J"
    "qtANSWea/zmBb1PLu9Q72rwc3d7bG6nl1FkmRF7U685cU6d+iX31bfDoYHHceS1FEPez5L"
    "UkODz2GjMpkRiriOLZqVIW5wEsEO5dkN1U+v1PEDJgayhCObUvpdbD+C0l8vpR/SVA+q9s"
    "stoIF2NB7ALgE2pEkeEu3A0UxnVGHSrk8li4lKpT7VDPaqk58kOAZlxlSpnK/NsF6hhSxr"
    "jSzrQBHSkR8JBQgQfQECWZOVCg5wPoG3pA6W/WZvyTa5gJAXcdiAY5TlpvR7xAlw6xwfQb"
    "Ld9p4POT6IIhZV064OEmdI3ngscFPM8BINCZo4NvlGuDJsZDtDx1wiRkjg2wgnOEGLKR1N"
    "Q4+HSxCecFz5RVFmy4fJ2fhNAeWWjg7watTKqyHMCj2oUyTw5su3mPU5IK6h28E6RwY6cZ"
    "kDm0yt4sNoPPiLSoAtXg3ROctZwH+4v7tVA56myUfj6chDf6EtT8gqBX5KVg99annUZqfi"
    "+44hrgVG61mSRz8neMQEYBNCJV39hE3T8k6ISctxOUMIVXR15nGoXOkpuRki6C8MDjNwmB"
    "3fj3OyU3pRsKUrgHXLBKN6bv2NoGYkn36GEdRHNrO2piGr9RCu3HiFFbt004two2s32QHb"
    "+XjvnRkR7okvGIoog56G4XyrDt+tKJSu2VHioo7SL8nM+YOCn7ZeftqAKStArzunLSQAB9"
    "cOx7+DhluRyRCJQj1Is1QAKhR5gBV2dBUsbzDoWWEphWNHXNvXXiaPbFb8FdliUELTmhKa"
    "oGmEwuyIu0kUGxtB54rtLIwekqMz9S2i1bosWYiyQ8hs7i1VySVatFD50njbAypf2lyM8d"
    "zhhkIjyFxvapYCuCnABKyDQl1d5jo0YDtK5CPqFakwPVJtJIuNj6hl5bbmB/PIPLAgijLY"
    "FSOUpkT0bGA4gOFQz518MOWKMg7lbC5P8FbIzw0nDGVIofxVo/wVLAiwIMCCeMYWxEpzBy"
    "io2pNBFml7O9pjLatvPcmZY6kFtTkgBzbu/m3cfZpugwK7bbDRaNOy2MTgN0Hhb3SG0Ami"
    "HppihmwHCZ3mFN14ohjY9AkKWqLRGZ9L1iCbeMn/5SKb8Nexyt6rfH7NwFN4Spu8OIr71Y"
    "FVWT+rUvsUvmMcwLdHgVW1CghW+kENGDh/+XmE+uqZUH+4Zc7fvfpllQkV1FTWuaZS8Ekl"
    "vwR3izmrFF0ZzraKq4JTuV0xd6njUk+rU0WaBsR+mbOyD92e8LkDDu1kwSPeWI84dP54Fh"
    "qMPzdLsjlLCWyuNZvjqHaZ/ZyjBZOkzpzOnWyvw+gcKfC51nyGdj7QzqfegAYwadc6p4gA"
    "UkjMPkZtbhT33BHW5MCvluKa2azbFOZC86mtcK2s+VSUkL5jIUEq+b0lK3k1WQ0zxlcgIV"
    "UUXfTCuVoNGJSobAPVkfqYNQarfeeExVuxIDcsvVXX54glEkKO3SJZLDzofjF10MJxH1ly"
    "DsUbZBH8JE7GFMdHSPUEEdtkBedwlp9obbGQbJMBaV21SusCKxQy0esMJzTbgsT+Y5tHRY"
    "n90A1qB1CLukFBtURLqyUKu2xlbLINOnGZdlvpk+KnmBX31lINXKvQSjLQaEGjrbfY2FEF"
    "k6tcE9A0DQAKJgIEqRqoK+TXLFgKFVsKVqT17Ihq2zzaeVjTb5N6tY5NOckVmm3WhV6s2q"
    "ac9tuqtmNqEVF5i5FF7cf1TZ3WjlUouKDP1kmf9V2FiChO6g+HQ0q/fko/lOQeFO4ZMSkO"
    "MNPAPEsFy7xEYRb9nwLxPp0UVq5EFKXKVmqGdli48nW3e35+2T07f/X64uXl5cXrs7iCZf"
    "XWulKW/s13opolg/pqecuCmt50FfRCxOPxLYK8slqhKdeOp4p080I0EwKAcxXOMPtLftQQ"
    "xDkykMRQQwg1hE3U7aAU5dmXoljOUDdikpAAmlDYs+fCnqOeYtjKRQoxKIhBHd+xDzGoo8"
    "egjnEyZD0l6h4OhhRaUhViIJymnbCmVEmo6atLTd8+g6ZyOSvCpdEyLw6UiqWicdoNXxGm"
    "jH6+QQvK4fC96PBMRMdBut8CMxRAY56iwZQEwVLR/lgUuLjO4guGqIkwk6dtigdWH5uzv6"
    "+CAG0NdL2TNQFaNsXdi1c6rtOEAgKH9Q9g1Q3u40SwjhatrRv8h17tEDqE0GFd4RQdW7Xk"
    "QUwAoqBMh9cwTDVUdDJe4wjNUIEjFIKGzzBo6Ns+47xiNHQJ6DA6TwudCuvM6SOG35rD1e"
    "aENuqJafnIBn8AdPvx3bvtGmodqZ1PQ0DfazefHnHpaNpRlXUEd07WlnQkYza5KothqNj1"
    "V2jkKAWfwsAJl8VuLr/amzfFnr7CfL2rKXZ1E/aaafLw/fLZsIg98cTW6F5crAE0snj4qJ"
    "w+EBlD3eBeLh+VbyoNhMPhLUT3xdnZFujyUYXoynv5ZBrbU8Z7f7i/uy3KpIlJ8qovHXno"
    "L2RR1kRH6hpwBRjrzfe8pZ5TpMQEfZUmdciQ29//B1uEBAM="
)
