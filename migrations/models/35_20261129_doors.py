"""Let boards be imported: imports under way, what came from where, and what is kept aside.

Taken back, boards that were imported stay as they are; an import of the same file makes a new one.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

UP = """
CREATE TABLE imports (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id uuid NOT NULL, -- judged again before anything is written
    format text NOT NULL,
    status text NOT NULL
        CHECK (status IN ('reading', 'planning', 'writing', 'done', 'failed', 'cancelled')),
    done integer NOT NULL DEFAULT 0,
    total integer NOT NULL DEFAULT 0,
    is_dry_run boolean NOT NULL,
    options jsonb NOT NULL,
    file_id uuid, -- null: forgotten
    file_bytes bigint NOT NULL,
    file_sha256 text NOT NULL,
    report jsonb,
    problem jsonb,
    taken_until timestamptz, -- whoever works on it has it until then
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX imports_user_id_idx ON imports (user_id, created_at, id);
CREATE INDEX imports_under_way_idx ON imports (status) WHERE finished_at IS NULL;
CREATE INDEX imports_file_idx ON imports (created_at) WHERE file_id IS NOT NULL;

CREATE TABLE import_refs (
    board_id uuid NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    source text NOT NULL,
    kind text NOT NULL,
    source_id text NOT NULL,
    object_id uuid NOT NULL,
    fields jsonb NOT NULL, -- a digest of each, as last imported
    PRIMARY KEY (board_id, source, kind, source_id)
);
-- For the board that was made from one of the source's.
CREATE INDEX import_refs_board_idx ON import_refs (source, source_id) WHERE kind = 'board';

CREATE TABLE extras (
    object_id uuid PRIMARY KEY,
    board_id uuid NOT NULL REFERENCES boards (id) ON DELETE CASCADE,
    extra jsonb NOT NULL
);
CREATE INDEX extras_board_id_idx ON extras (board_id);
"""

DOWN = """
DROP TABLE extras, import_refs, imports;
"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that makes the tables."""
    return UP


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Give the SQL that drops them."""
    return DOWN


MODELS_STATE = (
    "eJztXXtz2zYS/yoY/XPpjM/j2EmcJjc3IzlOq9axb2zl+h4aEiELNUWqBGhH1/a7HwC+KV"
    "AWqBdJ70zTRCQWon4LLPeNPztTzyYOO7whjFHP7bxDf3ZcPCXiH8VbB6iDZ7P0hrzA8dBR"
    "Y1k4SF3EQ8Z9POLi+hg7jIhLNmEjn854+BWdK5egiOIAeT7yxGc8GokriHv3xH2HiGtT9w"
    "7xCUG+9yg/MvQ4wZw8EB/5ZEx8ORRRfii/0fZG4isFwaYn/9X91f0o5sBubooDdHtLvsyo"
    "T5iF+e0togxRd0xdyueIjgUlctVk0SD1kIFL/wiIxb07Ir7ZF4/6y2/iMnVt8oWw+OPs3h"
    "pT4tg5TlBbTqCuW3w+U9c+f+5/+KhGSgCG1shzgqmbjp7N+cRzk+FBQO1DSSPv3RGX+OL3"
    "2hkWuYHjRNyML4VPLC5wPyDJo9rpBZuMceBIRnf+NQ7ckeQvUt8k//fq39GjZYZZ1uXVwL"
    "o5H1hWZ2FdyEcocDO6NBJLS6wp6nIJ1J9/h/OmgKirHfkFZ992r1+cvPlKQeAxfuermwqu"
    "zt+KEHMckirQU5RHPpGYCI4uov1B3OF0SvSI5ykLyNsR6WH8jyociC+kLEi3VgxuDN9uAR"
    "/0P53fDLqf/iOnnzL2h6Pw6g7O5Z1jdXVeuPoi5I8npEQoPpJJ0A/9wbdIfkQ/X12eF7mY"
    "jBv83JHPhAPuWa73aGE7i0l8Ob4khqZsTjeuKZvzlMDmWrPZJw9CVFfZzXnKDbA5kpbA5c"
    "1zOWDEt7DAX8PlAfnC9RzOUxU4LKBq2dY9/3GQ4+flf7vX6j35qfvjVzmeXlxdfhMPTxl6"
    "eXZx1VMvzxR4pQdZE8wmi8D3qIv9uR76PF0B+uGcE9aqDdWTyGWxF9D3+pfd65/04Mfjs/"
    "uk99PgvFuAX/1tsOLj8ZXWenPg3spSZyNvZgR2QgBom6M99LBvW9Rmi4h3fR+XiJUcVQF2"
    "hzLeKtylLfPLbwXcHMy4JV5sVTSeIi3oPLXXecxcAhmSTfoF6svUJ9wA0tMyvtd6ASRUi9"
    "B+9HxC79zvSSh/+uI5sDvSCfnIa/Y5mqaZkKZX063s48fENZVdUOK3i19MuPr1Z92bs+6H"
    "845CeIhH949SLueglne8Y69wJRm7eGt6PC1ewa7Q3u3oV8hnzqKu8WHG3Ch3YMoftKL3so"
    "tmYmzkXcRo5nt3Pp4iPsEcCUKGMJNOx/fIG4vbITa29B96gcvFHWeuXI9kOuNz5YCkDDlk"
    "rHFlbvWbwB9ZA0F0sMQfKZekqZ6fpQHt01z7jPGz7sm8Cu4xHWC/HvaWN64Kf0QKHDDnAH"
    "gVdoc1mWLqmICdEADa5mjPMGOPnlAv9R7LctQXCAF9c/Txg9BxfCvwjRZ8ngpwN8edMgvb"
    "U+pqXPSe5xDslijsGbKih17QbcusTa7s2EV/dXWRQ77XL0L7+VPv/PrFS8UGMYiGtm7/cq"
    "DBWxgdD5qX6JOAJ3Q7RDw2mxoL+IMwj6PcpDzcfbdEqGQoCkBTdxUvcSWcX24JZPGw4q9/"
    "Hr98dfrq7cmbV2/FEPWUyZXTJXxYhBMyYCqJ7qY5kCeesJTiiImJJ2eBcA2nTnNezU+6cF"
    "JkIxdchQ2Up4QATJ33z8z3xtQh1miC3TuiCVSWvn00lLt7Cx015C1UAMkKXK6zlJfvp9JJ"
    "YGvVbWstBOPKY0eZpIwo4Vyz+3oR6cfvr4mDuV7bW0xub6ZCshCp0yRTqNjWmkD15EwtC2"
    "rmdV9vOiWCYE2czsJpGitFVgLJEtq+Cq5tCK3raLq2ri2O2f26UA3EHC1dVRIeCwtBfOcS"
    "sgmcutFcbV1PmHM8mmxCXHWTmVq6tuh05vlrw9RXs7RpOW0zC0fpCh1NGk5442BZHo7SWF"
    "ZOxFGj36PbW0b+uL1FKu+FISr+kAe5O2ShnpIubjAdEj+s1JMpMTLjEYUX0R0VY2XBH0Zy"
    "rC4NZ2vfA0k4tfDglCfhcModo5h4QgBlJRUiVtnHNAC9QAbQVwsWzoKhQ0fmwauUDsKFBt"
    "ErgaGnyTUuX+YJAQTDzde3YUbfOol8z12UCC1JI0ToXalfPCJojS/86+Pjk5PT46OTN29f"
    "vzo9ff32KHGKL95a5h3v9b+RciOH+KIgyaieBsGIAlVrwN9YIAKyCzYKJ2QXVBLQTQjh5J"
    "xT/mgiLN0qfC6QQqiubnyuFKqDIFRn9fiK3ArrR1XUhmotRjsO1DUZJYjUmcEmHl782jWx"
    "upCTtBUhFgw3Ec68CadpK0o7jPg2Fh8I+ZoCthHpJNFqtYTaU3S8kVgNHW+4tlYu5misKb"
    "YcHvJF3FsXn3M5SZsW0NZzB8raeOTsvydyCKwKHT2Q+A+Hwf7yZhzFQZoQ/i/hI6i78ml/"
    "g5h+nWL6vmcW0o/HQyyoQizod4+6lZyBOULw+dbOF6hr2mcivTZUR9YgthoUkkGPt232eE"
    "veznlsjZu8JfmMzQT1yS5v2S2qb/NWXLMbALVl/v0ipmWd8y6vUPds0L+63FfvvLNYkiyo"
    "3Wk8oVznjiIXq+rb4fCwb12aXMsxD1iaPBt+jtrdqZxZJHRs2fIOCZOcSHZoTwDZ/PRaHT"
    "9kYihLBLIZpd/H7j0o/fVS+iGRd6dqv9oCBmjH4wHsCmBDIuku0Q5d8XRKNSbt8mS7hKhS"
    "cljNYN90epgCx6LMmmiV86U56Au0kIdukIceKkIm8iOlAAFiLkAgr3SjggOcT+AtqYNl/7"
    "S3ZJVsScgc2W3AMc4D1Po9khTBZY6PMB1xdc+HGh9GEcvqjRcHyZNI+5yFboopnqMhQXee"
    "S95JV4aLXG/o2XPECAl9G9EEB+hxQkeTyOPhE4TvBK7ioixEFsPUbOKmhHJFRwd4NWrl1Z"
    "BmhRnUGRJ48xUbFQcCEN8y7YNeIAOduMqxX7ZReWY8HvxFFcCWrwYandadB/y7m6tLPeBZ"
    "mmI0no44+guteM5aJfAzsnoYUIdTlx3K79uHuJYYLWdJEf2C4JETgE0ItYb1EzZNyzshNq"
    "3G5Rwh1BnWmceRcmWm5OaIoEs1OMzAYbZ/P87BWulF4ZbeAKwrJhjVc+s/CWpO8plnGEEF"
    "aTOrjxqyWnfhyk1WWLlLN7sIn3TtpjtgNR/vjTcl0j3xD4ZiyrDrYzTfosN3JQqta3aUuq"
    "jj9Esy9X6n4Ketl582ZMoC0MtO+4sIwMFVyZsIGu5GTYZYFJpBmqcCUKHIA6ywvatgRYPB"
    "zArLKBxr4tq+BjxFZPPir8wWgxKa1pTQhG01NGZH0m+j3NgIe3usZmF0kRqdq2+RzehVyU"
    "KcHUKmMz7XJZcY0ULlS+NtD6h8aXMxxnOHGwqNIHO9qVkK4KYAE7AOCvXmMtehRd1eIh9x"
    "N02N6ZFptFlufMRNPVc1Pxgns9CCKMtg14zQmhLxs4HhAIZDPXfyzpQrygSU05k6B14jP5"
    "84gylHCuWvBuWvYEGABQEWxDO2IBaaO0BB1ZYMsljbW9Mea1l960HBHMssqKcDcmDjbt/G"
    "3abpNiix2wZPGm1GFpsc/D4s/I1PWTpAlKMJZsj1kNRpDlGfy2JgOyAobIlGp2IuVYNs47"
    "n4l49cIl7HOntv4/MbBp6ic+zUxVHSrw6syvpZlcbnFO7jiMItCqxNq4Bgpe/UgIETqp9H"
    "qK+eCfW7W+bi3WteVplSQU1lnWsqJZ908ktyt5yzWtGV42yruCo5VdgVM596PuVGnSqyNC"
    "D2q5wmvuv2hM8dcGgnCx7xxnrEofPHs9Bggpldkc15SmBzrdmcRLWr7OcCLZgkdeZ07DWu"
    "wOgCKfC51nyGdj7QzqfegIYwGdc6Z4gAUkjM3kdtbhz3XBPW9MCvluKa26yrFOZC86mVcN"
    "1Y86k4IX3NQoJM8ntLVvJishpmTKxAQjZRdNGN5mo1YFCisgpUe+pj1histp0TlmzFktyw"
    "7FZdniOWSgg1doVkseig+8eJhx49/56l51C8Rw7BD/JkTHl8hFJPEHFtVnIOZ/WJlhYLqT"
    "YZkNZVq7QusEIhE73OcEKzLUjs37d5VJbYD92g1gC1rBsUVEu0tFqitMtWziZ7Qieu0m4r"
    "e1L8BLPy3lq6gUsVWkUGGi1otPUWG2uqYGqVGwKapQFAwUSAIFUDdYXimgVLYcOWghNrPW"
    "ui2jaPdhHW7NukXq1jM05yjWabd6GXq7YZp/2qqu2YOkRW3mLkUPd+eVOnpWM1Ci7os3XS"
    "ZwNfIyLKk/qj4ZDSb57SDyW5O4V7SmyKQ8wMMM9TwTKvUJhF/6dBvEfvSitXYopKZSs1Qz"
    "sqXPn6+Pjk5PT46OTN29evTk9fvz1KKlgWby0rZen1v5HVLDnUF8tbHqnNJ4uglyKejG8R"
    "5BurFZoI7XiiSTcvRTMlADgX4Yyyv9RHA0FcIANJDDWEUEPYRN0OSlGefSmK4w1NIyYpCa"
    "AJhT1bLuzZ6ymGrVykEIOCGNT+HfsQg9p7DGofJ0PWU6Ju4WBIqSVtQgxE07QT1owqCTV9"
    "danp22bQVC1nTbg0XublgVK5VAxOuxErwlbRz/fokQo4Ah4fnonoOEz3e8QMhdDYh2gwIW"
    "GwVLY/lgUuvvf4D4aojTBTp23KB9Yfm7O9r4IAbQ10vYMlAVo2wcev35i4TlMKCBzWP4BV"
    "N7j3E8HaW7S2bvDverVD6BBCh3WFU3ZsNZIHCQGIgiodXqMw1VDTyXiJIzRHBY5QCBo+w6"
    "Bh4AZM8IrRyCVgwugiLXQqrDOn9xh+aw5XmxPaqCem1SMb4gHQ5eeLi9Uaau2pnU9DQN9q"
    "N5/zL+K7Oho3ZXjjYJmfksghKzoqf5C+QekBZF7gj6RD0EbYtdEHj93j+CC2mYPFrbHnvw"
    "vLN9TyUkevyY+u4LjsyeO52oY+W/mGNdyS3vB3MjIN5+eIwElp6qQk8aLN4/3dzdWlHu+E"
    "oKjt0BFHfyGHsib6zpaAK6FYbrEVjbMCF+QERYsNcoHapY3UFNTGNgbpT2eer62djO4sfc"
    "1SNcawZtJV4bVHPEfULa+WXBgFYbgaSIJlbzhGmEyNNxS2eSoQt4X3l9AHpzrPWLmHN6UA"
    "Fy+cmlZ/wG3P1TgES+NB8fDdRZKPtgT0xg809jjWVKqXIpmMByiLUFJm2f7c8gNNaVjP8x"
    "yC3RLdIUdYAHYoKNslEHpXVxc5gdDrF3f850+98+sXL5V0EIMoL0lv8NRzaQRvuYWcIQEb"
    "eQ0bWSrchlpbhgTc9Ro0h3NOdP7iJSlSeTpIlKqcKKWANM8JLJCBLlflpHkS+wxWleEpxV"
    "oivDmSZCsSfOZ7AoepCfAZEkC+OvIc3xPXClxONar38qyGAikkNdQ5qQFzTqYzrnmnl77Q"
    "syRgYkGviGe5b8bUpWxSic8FUpCPdeYzHBOyzSgrnGixSoz1yRMt9hNi7RKfjiYdXXva8M"
    "7B0ta06ZinIqzlgG44dlqq8mh3s0bZibi3Xsy09mUa5aHS0r5jZxPs66EtbzzWTNeE2C9f"
    "LIe4d1xujePXr5cAGttpYlTRTotuHYf3Cn31xKYyQDga3kJ0Xx4drYCuGFWKrrpXbArkcm"
    "3finKfQ4YEHPaGTocF7WCXL7O//w8jhYB7"
)
