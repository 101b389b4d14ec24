"""Where the bytes of photos and letters are kept, under keys made from their content: a folder, or a bucket."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from flows.core.problem import Problem
from flows.core.text import T
from storage.bucket import Bucket
from storage.media_folder import FolderMedia
from storage.media_store import (
    Media,
    MediaUnreachable,
    MediaUnusable,
    MissingPhoto,
    checked_key,
    content_name,
)

__all__ = [
    "FolderMedia",
    "Media",
    "MediaUnreachable",
    "MediaUnusable",
    "MissingPhoto",
    "checked_key",
    "content_name",
    "open_media",
]


def open_media(setting: str, access: Mapping[str, str] | None = None) -> Media:
    """The store that `THONGTHIN_MEDIA` names: the path of a folder, made if need be, or `s3://bucket/prefix`.

    `access` holds the AWS_* variables of a bucket; by default those of the process. A bucket is tried out, which
    takes some requests: never on the event loop. Raises MediaUnusable.
    """
    scheme, separator, rest = setting.partition("://")
    if not separator:
        return FolderMedia(Path(setting).expanduser())
    if scheme == "file":
        return FolderMedia(Path(rest))
    if scheme == "s3" and (bucket := Bucket.read(setting)):
        return _in_bucket(bucket, os.environ if access is None else access)
    raise MediaUnusable(Problem("media.unknown_place", UNKNOWN_PLACE, {"scheme": scheme}))


def _in_bucket(bucket: Bucket, access: Mapping[str, str]) -> Media:
    try:
        from storage.media_s3 import S3Media  # its library is an extra: a folder needs nothing of it
    except ModuleNotFoundError as error:
        raise MediaUnusable(Problem("media.no_s3", NO_S3)) from error
    media = S3Media(bucket, access)
    media.check()
    return media


UNKNOWN_PLACE = T(
    "THONGTHIN_MEDIA ตั้งเป็น {scheme}:// ซึ่งใช้ไม่ได้ ให้ใส่โฟลเดอร์ เช่น /var/lib/thongthin/media หรือ s3://ชื่อถัง/คำนำหน้า",
    "THONGTHIN_MEDIA is set to {scheme}://, which cannot be used: give a folder, such as /var/lib/thongthin/media, or s3://bucket/prefix.",
)
NO_S3 = T(
    "ยังไม่ได้ติดตั้งส่วนที่ใช้เก็บรูปใน S3 ให้สั่ง: pip install 'thongthin[s3]'",
    "What keeps photos in S3 is not installed; run: pip install 'thongthin[s3]'",
)
